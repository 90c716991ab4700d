// A phone for the tests of what it says of itself: its cookies, its rows, and a server that answers its reports.

import { deleteDB } from "idb";
import { vi } from "vitest";

import type { PhoneAnswer, PhoneReport } from "../../web/src/generated/shapes.ts";
import type { OutboxItem } from "../../web/src/offline/item.ts";
import type { PhotoItem } from "../../web/src/offline/rows/photos.ts";
import type { Vault } from "../../web/src/offline/rows/vaults.ts";
import { ASHA, SERVER_TIME } from "./phone.ts";

export const SAVED_AT = "2026-11-20T01:40:00+00:00";

export interface Reporter {
  readonly database: typeof import("../../web/src/offline/database.ts");
  readonly device: typeof import("../../web/src/offline/device.ts");
  readonly held: typeof import("../../web/src/offline/held.ts");
  readonly keyring: typeof import("../../web/src/offline/keyring.ts");
  readonly losses: typeof import("../../web/src/offline/losses.ts");
  readonly marker: typeof import("../../web/src/offline/marker.ts");
  readonly news: typeof import("../../web/src/lib/news.ts");
  readonly report: typeof import("../../web/src/offline/report.ts");
}

let cookies = new Map<string, string>();

/** A page with cookies like a browser's. Everything on the phone is gone. */
export async function newPhone(origin = "https://log.example"): Promise<Reporter> {
  const toFake = ["setTimeout", "clearTimeout", "Date"] as const;
  const now = Date.parse("2026-11-20T02:00:00Z");
  vi.useFakeTimers({ toFake: [...toFake], now, shouldAdvanceTime: true }); // A page waits for other tabs' answers.
  cookies = new Map();
  vi.stubGlobal("location", new URL(origin));
  vi.stubGlobal("document", page());
  await deleteDB("ap-log");
  return start();
}

/** The app started once more. */
export async function start(): Promise<Reporter> {
  vi.clearAllTimers();
  vi.resetModules();
  return {
    database: await import("../../web/src/offline/database.ts"),
    device: await import("../../web/src/offline/device.ts"),
    held: await import("../../web/src/offline/held.ts"),
    keyring: await import("../../web/src/offline/keyring.ts"),
    losses: await import("../../web/src/offline/losses.ts"),
    marker: await import("../../web/src/offline/marker.ts"),
    news: await import("../../web/src/lib/news.ts"),
    report: await import("../../web/src/offline/report.ts"),
  };
}

/** The browser clears its storage while nobody looks, and leaves the cookies. */
export async function evict(phone: Reporter): Promise<Reporter> {
  await phone.database.close();
  await deleteDB("ap-log");
  return start();
}

export function writtenCookies(): ReadonlyMap<string, string> {
  return cookies;
}

function page(): object {
  return {
    scripts: [{ src: "https://log.example/static/app-0123abcdef.js" }],
    get cookie() {
      return [...cookies].map(([name, written]) => `${name}=${written.split(";")[0]}`).join("; ");
    },
    set cookie(written: string) {
      const [name = "", ...rest] = written.split("=");
      cookies.set(name, rest.join("="));
    },
  };
}

export function anItem(changes: Partial<OutboxItem> = {}): OutboxItem {
  const unsent = { state: "waiting", attempts: 0, lastTriedAt: null, problem: null, receipt: null } as const;
  const known = { id: crypto.randomUUID(), sha256: "ab".repeat(32), size: 400, author: ASHA, savedAt: SAVED_AT };
  return { ...known, version: 1, epoch: "", hidden: null, ...unsent, ...changes };
}

export function aPhoto(changes: Partial<PhotoItem> = {}): PhotoItem {
  const unsent = { state: "waiting", attempts: 0, lastTriedAt: null, problem: null, receivedAt: null } as const;
  const known = { id: crypto.randomUUID(), entry: crypto.randomUUID(), author: ASHA, sha256: "ab".repeat(32) };
  return { ...known, size: 1000, sent: 0, ...unsent, ...changes };
}

export function aVault(person: string): Vault {
  return { person, credential: "c", iv: new Uint8Array(12), locked: new Uint8Array(48), madeAt: SAVED_AT };
}

/** Put these into the outbox, as a save does: with their bytes, and everybody told. */
export async function put(phone: Reporter, ...items: OutboxItem[]): Promise<void> {
  await phone.database.using(async (database) => {
    for (const item of items) {
      await database.put("outbox", item);
      await database.put("parcels", { id: item.id, sha256: item.sha256, bytes: new Uint8Array(4) });
    }
  });
  phone.news.announce("outbox");
}

/** Answer every report with what `answer` makes of it; any other request finds nobody. Returns the reports as they come. */
export function answering(answer: (report: PhoneReport) => Partial<PhoneAnswer> | null): PhoneReport[] {
  const reports: PhoneReport[] = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    if (path !== "/api/phone") {
      throw new TypeError("No signal");
    }
    const report = JSON.parse(String(init.body)) as PhoneReport;
    reports.push(report);
    const found = answer(report);
    if (found === null) {
      throw new TypeError("No signal");
    }
    const whole = { server_time: SERVER_TIME, restore_epoch: "e1", backed_up_to: null, wipe: [], is_shared: false, losses: [] };
    return new Response(JSON.stringify({ ...whole, ...found }), { headers: { "Content-Type": "application/json" } });
  });
  return reports;
}

/** Put these photos with their bytes beside the entries they are of, and everybody told. */
export async function putPhotos(phone: Reporter, ...photos: PhotoItem[]): Promise<void> {
  await phone.database.using(async (database) => {
    for (const photo of photos) {
      await database.put("photos", photo);
      await database.put("photo_bytes", { id: photo.id, bytes: new Uint8Array(4), sha256: "ef".repeat(32) });
    }
  });
  phone.news.announce("photos");
}
