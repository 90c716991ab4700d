// A phone for tests: an empty database, somebody whose vault is open, and a server that answers as the test says and can
// open what is sealed to it.

import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { deleteDB } from "idb";
import { vi } from "vitest";

import type { Entry, Push, PushAnswer, PushedEntry, PushResult, Reference, SealingKey } from "../../web/src/generated/shapes.ts";
import { fromBase64, sha256Hex, toBase64, toBytes, toText } from "../../web/src/lib/bytes.ts";
import { newId } from "../../web/src/lib/ids.ts";
import { isUnsent } from "../../web/src/offline/item.ts";
import type { OpenVault } from "../../web/src/offline/keyring.ts";
import type { PreparedPhoto } from "../../web/src/offline/rows/photos.ts";

export const ASHA = "00000000-0000-4000-8000-00000000a54a";
export const BEN = "00000000-0000-4000-8000-0000000000be";
export const LABEL = { residentName: "Gwilym Tudor", words: "Seems under the influence" };
export const SERVER_TIME = "2026-11-20T01:40:00Z";
export const EPOCH = "first";

const SUITE = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const ID_BYTES = 8;
const AES = { name: "AES-GCM", length: 256 };

/** The app, as it is after it was started. */
export interface App {
  readonly connection: typeof import("../../web/src/offline/connection.ts");
  readonly database: typeof import("../../web/src/offline/database.ts");
  readonly drain: typeof import("../../web/src/offline/drain.ts");
  readonly facts: typeof import("../../web/src/offline/rows/facts.ts");
  readonly items: typeof import("../../web/src/offline/rows/items.ts");
  readonly keyring: typeof import("../../web/src/offline/keyring.ts");
  readonly older: typeof import("../../web/src/offline/older.ts");
  readonly outbox: typeof import("../../web/src/offline/outbox.ts");
  readonly photos: typeof import("../../web/src/offline/rows/photos.ts");
  readonly receipts: typeof import("../../web/src/offline/receipts.ts");
  readonly reference: typeof import("../../web/src/offline/reference.ts");
  readonly vault: typeof import("../../web/src/offline/vault.ts");
}

const TIMERS = { toFake: ["setTimeout", "clearTimeout"] as ("setTimeout" | "clearTimeout")[] };

/** Each person's vault key, as their passkey would give it again after the app was started anew. */
const vaultKeys = new Map<string, CryptoKey>();

/** The server's key pair, for the whole run. */
const pair = SUITE.kem.generateKeyPair();

/** The tabs of one browser. Node's own channel cannot carry keys, and would let an app that was ended go on listening. */
class Channel {
  static open = new Set<Channel>();
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;

  constructor(readonly name: string) {
    Channel.open.add(this);
  }

  postMessage(data: unknown): void {
    const others = [...Channel.open].filter((other) => other !== this && other.name === this.name);
    others.forEach((other) => queueMicrotask(() => (Channel.open.has(other) ? other.onmessage?.({ data }) : null)));
  }
}

/** The app newly started on a phone that holds nothing, with Asha's vault open. Its timers go when a test says so. */
export async function newPhone(): Promise<App> {
  vi.useFakeTimers(TIMERS);
  vi.stubGlobal("BroadcastChannel", Channel);
  vaultKeys.clear();
  await deleteDB("ap-log"); // The last test's app makes way, as it has to for an upgrade.
  const app = await start();
  await unlock(app);
  return app;
}

/** The app started once more: what was only in its memory is gone, and so are its timers. Nobody has unlocked it. */
export async function start(): Promise<App> {
  vi.clearAllTimers();
  Channel.open.clear();
  return loaded();
}

/** The app in another tab of the same phone. It has the open vault of the others once somebody unlocks it here too. */
export async function loaded(): Promise<App> {
  vi.resetModules();
  return {
    connection: await import("../../web/src/offline/connection.ts"),
    database: await import("../../web/src/offline/database.ts"),
    drain: await import("../../web/src/offline/drain.ts"),
    facts: await import("../../web/src/offline/rows/facts.ts"),
    items: await import("../../web/src/offline/rows/items.ts"),
    keyring: await import("../../web/src/offline/keyring.ts"),
    older: await import("../../web/src/offline/older.ts"),
    outbox: await import("../../web/src/offline/outbox.ts"),
    photos: await import("../../web/src/offline/rows/photos.ts"),
    receipts: await import("../../web/src/offline/receipts.ts"),
    reference: await import("../../web/src/offline/reference.ts"),
    vault: await import("../../web/src/offline/vault.ts"),
  };
}

/** The app killed while it sends, and started again with Asha's vault open: the browser gives its lock back. */
export async function crash(): Promise<App> {
  await navigator.locks.request("ap-log-drain", { steal: true }, () => null);
  const app = await start();
  await unlock(app);
  return app;
}

/** A person opens their vault, as with their passkey, and has the reference of the server. */
export async function unlock(app: App, person = ASHA): Promise<void> {
  app.keyring.hold(await vaultOf(person));
  const hidden = await app.vault.hide({ fetchedAt: Date.now(), reference: await referenceOf(person) });
  const { keepHiddenFact } = await import("../../web/src/offline/rows/vaults.ts");
  await keepHiddenFact({ ...hidden, name: "reference" });
}

/** A person's vault, with the key that they had before. */
export async function vaultOf(person: string): Promise<OpenVault> {
  const key = vaultKeys.get(person) ?? (await crypto.subtle.generateKey(AES, false, ["encrypt", "decrypt"]));
  vaultKeys.set(person, key as CryptoKey);
  return { person, credential: null, key: key as CryptoKey, isKept: true };
}

/** The same with a key that nobody has seen before: as after a sign-out. */
export async function unlockAnew(app: App, person = ASHA): Promise<void> {
  vaultKeys.delete(person);
  await unlock(app, person);
}

export async function referenceOf(person: string): Promise<Reference> {
  return { me: { id: person, name: "Asha Rahman" }, read_at: SERVER_TIME, residents: [], policies: [], sealing: [await sealingKey()], restore_epoch: EPOCH };
}

export async function sealingKey(): Promise<SealingKey> {
  const raw = new Uint8Array(await SUITE.kem.serializePublicKey((await pair).publicKey));
  return { id: (await sha256Hex(raw)).slice(0, 2 * ID_BYTES), kem: "X25519", public: toBase64(raw) };
}

/** What was sealed to the server, opened with its private key. Throws where it was sealed as something else. */
export async function opened(blob: Uint8Array, purpose: "entry" | "photo", id: string): Promise<Uint8Array<ArrayBuffer>> {
  const enc = blob.slice(ID_BYTES, ID_BYTES + SUITE.kem.encSize);
  const params = { recipientKey: (await pair).privateKey, enc, info: toBytes(`ap-log ${purpose} v1 ${id}`) };
  return new Uint8Array(await SUITE.open(params, blob.slice(ID_BYTES + SUITE.kem.encSize)));
}

/** The text of a pushed entry as the server reads it. */
export async function textOf({ id, body, sealed }: PushedEntry): Promise<string> {
  return sealed ? toText(await opened(fromBase64(sealed), "entry", id)).trimEnd() : String(body);
}

export function anEntry(changes: Partial<Entry> = {}): Entry {
  return {
    id: newId(),
    author: ASHA,
    device: newId(),
    resident: newId(),
    happening: "under-influence",
    occurred_at: "2026-11-20T01:40:00+00:00",
    recorded_at: "2026-11-20T01:41:00+00:00",
    words: "Swaying, glassy eyes.",
    ...changes,
  };
}

/** An entry as the form gives it to be saved. */
export function saving(changes: Partial<Entry> = {}, photos: readonly PreparedPhoto[] = []) {
  return { entry: anEntry(changes), label: LABEL, fields: [["happening", "under-influence"]] as const, photos };
}

/** A picture of some bytes that are no other picture's. */
export async function aPhoto(size = 1000): Promise<PreparedPhoto> {
  const bytes = crypto.getRandomValues(new Uint8Array(size));
  return { claim: { id: newId(), sha256: await sha256Hex(bytes), size }, bytes };
}

/** How many entries of the person whose vault is open the server does not hold yet, as their list has it. */
export async function unsentCount(app: App): Promise<number> {
  return (await app.outbox.list()).filter(({ item }) => isUnsent(item)).length;
}

type Serve = (push: Push, signal: AbortSignal) => Response | Promise<Response>;

/** Answer every push as `serve` does and every other request with 401; returns the pushes as they arrived. */
export function serve(answer: Serve): Push[] {
  const pushes: Push[] = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    if (path !== "/api/sync") {
      return problem(401, "not-signed-in");
    }
    const push = JSON.parse(String(init.body)) as Push;
    pushes.push(push);
    return answer(push, init.signal as AbortSignal);
  });
  return pushes;
}

/** A server that stores everything, except the entries that `exceptions` has another result for. */
export function storing(exceptions: Readonly<Record<string, PushResult>> = {}): Serve {
  return (push) => answering(push.entries.map((entry) => exceptions[entry.id] ?? stored(entry)));
}

/** The answer to a push with these results. */
export function answering(results: readonly PushResult[], changes: Partial<PushAnswer> = {}): Response {
  return json({ results, server_time: SERVER_TIME, restore_epoch: EPOCH, backed_up_to: null, ...changes } satisfies PushAnswer);
}

export function stored({ id, sha256 }: { id: string; sha256: string }): PushResult {
  return { id, result: "stored", receipt: { id, sha256, sequence: 1, received_at: SERVER_TIME } };
}

export function refusedAs(id: string, code: string, status: number): PushResult {
  return { id, result: "refused", problem: { code, title: "No", way_on: "Ask.", status, reference: "r" } };
}

export function json(value: object, status = 200, type = "application/json"): Response {
  return new Response(JSON.stringify(value), { status, headers: { "Content-Type": type } });
}

export function problem(status: number, code: string): Response {
  return json({ code, title: "No", way_on: "Ask.", status, reference: "r" }, status, "application/problem+json");
}

export function page(status = 200): Response {
  return new Response("<!doctype html><title>Welcome to FreeWiFi</title>", { status, headers: { "Content-Type": "text/html" } });
}
