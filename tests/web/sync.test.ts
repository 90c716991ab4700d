// The examples of the sync protocol, as the phone reads them. tests/contracts/test_sync.py and test_sealed.py hold the
// server to the same.

import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { beforeEach, expect, test, vi } from "vitest";

import type { Entry, SealingKey } from "../../web/src/generated/shapes.ts";
import { fromBase64, sha256Hex, toBytes, toText } from "../../web/src/lib/bytes.ts";
import { begun, firstVersion, type OutboxItem } from "../../web/src/offline/item.ts";
import { wrap } from "../../web/src/offline/parcel.ts";
import { send, settled } from "../../web/src/offline/push.ts";
import { NoSealingKey, seal, sealedEntry } from "../../web/src/offline/sealing.ts";
import { answers, item } from "../contracts/sync/answers.json";
import entries from "../contracts/sync/entries.json";
import vector from "../contracts/sync/sealed.json";

const WAITING = firstVersion({ ...item, state: "waiting", attempts: 0, problem: null, receipt: null } as OutboxItem);
const ITEM = begun(WAITING, "2026-11-20T01:41:00Z");
const KEYS = vector.keys.map(({ id, kem, public: key }) => ({ id, kem, public: key })) as SealingKey[];
const ID_BYTES = 8;

beforeEach(() => {
  vi.resetModules();
});

test.each(entries)("$name: the same bytes and the same hash as on the server", async ({ entry, body, sha256 }) => {
  const wrapped = await wrap(entry as unknown as Entry);
  expect(toText(wrapped.bytes)).toBe(body);
  expect(wrapped.sha256).toBe(sha256);
});

test.each(answers)("$name: the entry is $becomes", async ({ status, type, answer, becomes }) => {
  const body = typeof answer === "string" ? answer : JSON.stringify(answer);
  vi.stubGlobal("fetch", async () => new Response(body, { status, headers: { "Content-Type": type } }));
  const outcome = await send([{ ...item, body: "{}" }]);
  expect(settled(ITEM, outcome, true).state).toBe(becomes);
});

test.each(vector.cases)("$name opens with its key, and is what its digest says", async ({ purpose, id, sha256, blob }) => {
  const plain = await opened(fromBase64(blob), purpose, id);
  const content = purpose === "entry" ? toBytes(toText(plain).trimEnd()) : plain;
  expect(await sha256Hex(content)).toBe(sha256);
});

test.each(KEYS)("what is sealed to a key of the kind $kem opens with it, and under its own name alone", async (key) => {
  const id = "11111111-1111-4111-8111-000000000001";
  const { bytes } = await sealedEntry(id, await wrap({ id } as Entry), [key]);
  expect(toText(await opened(bytes, "entry", id))).toBe(`{"id":"${id}"}`.padEnd(256));
  await expect(opened(bytes, "photo", id)).rejects.toThrow();
  await expect(opened(bytes, "entry", id.replace("1", "2"))).rejects.toThrow();
});

test("of several keys the newest X25519 one is used", async () => {
  const [first, point] = KEYS as [SealingKey, SealingKey];
  const blob = await seal("photo", "id", toBytes("picture"), [{ ...first, id: "00".repeat(ID_BYTES) }, first, point]);
  expect(name(blob)).toBe(first.id);
});

test("a browser without X25519 seals to P-256, and one without either does not seal", async () => {
  const importKey = crypto.subtle.importKey.bind(crypto.subtle);
  const sealing = await import("../../web/src/offline/sealing.ts");
  const missing = new Set(["X25519"]);
  vi.spyOn(crypto.subtle, "importKey").mockImplementation((...asked: unknown[]) => {
    const named = (asked[2] as { name?: string }).name ?? "";
    return missing.has(named) ? Promise.reject(new DOMException(named, "NotSupportedError")) : (importKey as Function)(...asked);
  });
  expect(name(await sealing.seal("photo", "id", toBytes("picture"), KEYS))).toBe(KEYS[1]?.id);
  missing.add("ECDH");
  vi.resetModules();
  const again = await import("../../web/src/offline/sealing.ts");
  await expect(again.seal("photo", "id", toBytes("picture"), KEYS)).rejects.toThrow("no key");
});

test("without a key nothing is sealed", async () => {
  await expect(seal("entry", "id", toBytes("text"), [])).rejects.toThrow(NoSealingKey);
});

function name(blob: Uint8Array): string {
  return Array.from(blob.subarray(0, ID_BYTES), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function opened(blob: Uint8Array<ArrayBuffer>, purpose: string, id: string): Promise<Uint8Array<ArrayBuffer>> {
  const pair = vector.keys.find((key) => key.id === name(blob));
  const kem = pair?.kem === "X25519" ? new DhkemX25519HkdfSha256() : new DhkemP256HkdfSha256();
  const suite = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const recipientKey = await kem.importKey("raw", fromBase64(pair?.private ?? "").buffer, false);
  const start = ID_BYTES + kem.encSize;
  const params = { recipientKey, enc: blob.slice(ID_BYTES, start), info: toBytes(`ap-log ${purpose} v1 ${id}`) };
  return new Uint8Array(await suite.open(params, blob.slice(start)));
}
