// A phone for tests of the vault: one database, any number of tabs with a memory of their own, and passkeys.

import { deleteDB } from "idb";
import { vi } from "vitest";

export const ASHA = "00000000-0000-4000-8000-00000000a54a";
export const BEN = "00000000-0000-4000-8000-0000000000be";

/** Between tabs, as in a browser; Node's own lets no key through. */
class Channel {
  static readonly all = new Set<Channel>();
  onmessage: ((event: { data: unknown }) => void) | null = null;

  constructor(readonly name: string) {
    Channel.all.add(this);
  }

  postMessage(data: unknown): void {
    const others = [...Channel.all].filter((one) => one !== this && one.name === this.name);
    others.forEach((one) => setTimeout(() => one.onmessage?.({ data })));
  }
}

/** What one tab of the app has in memory. */
export interface Tab {
  readonly connection: typeof import("../../web/src/offline/connection.ts");
  readonly database: typeof import("../../web/src/offline/database.ts");
  readonly doors: typeof import("../../web/src/offline/doors.ts");
  readonly drafts: typeof import("../../web/src/offline/drafts.ts");
  readonly facts: typeof import("../../web/src/offline/rows/facts.ts");
  readonly idle: typeof import("../../web/src/offline/idle.ts");
  readonly keyring: typeof import("../../web/src/offline/keyring.ts");
  readonly owed: typeof import("../../web/src/offline/owed.ts");
  readonly reference: typeof import("../../web/src/offline/reference.ts");
  readonly rows: typeof import("../../web/src/offline/rows/vaults.ts");
  readonly signOut: typeof import("../../web/src/offline/sign-out.ts");
  readonly unlock: typeof import("../../web/src/offline/unlock.ts");
  readonly vault: typeof import("../../web/src/offline/vault.ts");
}

/** The first tab on a phone that holds nothing. */
export async function newPhone(): Promise<Tab> {
  await deleteDB("ap-log");
  Channel.all.clear(); // The tabs of the test before are closed.
  return newTab();
}

/**
 * One tab more. Tests of one tab alone stay as they are, like the service worker: with nobody to ask. `isPage`: it asks
 * the others for the open vault, as a page does.
 */
export async function newTab({ isPage = false } = {}): Promise<Tab> {
  vi.resetModules();
  vi.stubGlobal("BroadcastChannel", Channel);
  if (isPage) {
    vi.stubGlobal("document", {});
  }
  return {
    connection: await import("../../web/src/offline/connection.ts"),
    database: await import("../../web/src/offline/database.ts"),
    doors: await import("../../web/src/offline/doors.ts"),
    drafts: await import("../../web/src/offline/drafts.ts"),
    facts: await import("../../web/src/offline/rows/facts.ts"),
    idle: await import("../../web/src/offline/idle.ts"),
    keyring: await import("../../web/src/offline/keyring.ts"),
    owed: await import("../../web/src/offline/owed.ts"),
    reference: await import("../../web/src/offline/reference.ts"),
    rows: await import("../../web/src/offline/rows/vaults.ts"),
    signOut: await import("../../web/src/offline/sign-out.ts"),
    unlock: await import("../../web/src/offline/unlock.ts"),
    vault: await import("../../web/src/offline/vault.ts"),
  };
}

/** The passkey of one person on this phone: the same secret each time, as PRF gives it; `prf: false` gives none. */
export function aPasskey(credential: string, { prf = true } = {}) {
  const secret = new Uint8Array(32).fill(credential.length).map((byte, place) => byte ^ (credential.charCodeAt(place % credential.length) + place));
  return { credential, secret: prf ? secret : null };
}

/** Everything that lies in the database, as text to look for words in. */
export async function everything(tab: Tab): Promise<string> {
  return tab.database.using(async (database) => {
    const stores = [...database.objectStoreNames];
    const rows = await Promise.all(stores.map((name) => database.getAll(name)));
    const decoder = new TextDecoder("latin1");
    return JSON.stringify(rows, (_, value: unknown) => (value instanceof Uint8Array ? decoder.decode(value) : value));
  });
}
