// Seals what is queued to the server's public key (HPKE, RFC 9180): from then on this phone cannot read it either.
// A sealed blob is 8 bytes that name the key, then the encapsulated key, then the ciphertext.

import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";

import type { SealingKey } from "../generated/shapes.ts";
import { fromBase64, fromHex, joined, sha256Hex, toBytes } from "../lib/bytes.ts";
import type { Wrapped } from "./parcel.ts";
import type { Parcel } from "./rows/items.ts";

/** This phone has no key of the server that its browser can seal to. */
export class NoSealingKey extends Error {}

/** What a seal is for is bound into it: one that is moved to another id does not open. */
type Purpose = "entry" | "photo";

/** The length of a text says something of what it says: it is rounded up to a multiple of this. */
const PADDED_TO = 256;
const SPACE = 0x20;

/** Made when it is first wanted: the worker, which sends and never seals, is built without it. */
const suiteOf = {
  X25519: () => new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() }),
  "P-256": () => new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() }),
};

/** Not every browser has X25519 yet. */
const PREFERRED = ["X25519", "P-256"] as const;

interface Usable {
  readonly id: string;
  readonly suite: CipherSuite;
  readonly recipientPublicKey: CryptoKey;
}

const usable = new Map<string, Usable>();

/** An entry as it is kept: padded, and sealed to the newest of `keys`. Throws NoSealingKey. */
export async function sealedEntry(id: string, wrapped: Wrapped, keys: readonly SealingKey[]): Promise<Parcel> {
  const bytes = await seal("entry", id, padded(wrapped.bytes), keys);
  return { id, sha256: wrapped.sha256, bytes, digest: await sha256Hex(bytes) };
}

/** A sealed blob, to the newest of `keys` that this browser can seal to. Throws NoSealingKey. */
export async function seal(
  purpose: Purpose,
  id: string,
  plain: Uint8Array<ArrayBuffer>,
  keys: readonly SealingKey[],
): Promise<Uint8Array<ArrayBuffer>> {
  const key = await newestUsable(keys);
  const info = toBytes(`ap-log ${purpose} v1 ${id}`);
  const { enc, ct } = await key.suite.seal({ recipientPublicKey: key.recipientPublicKey, info }, plain);
  return joined(fromHex(key.id), new Uint8Array(enc), new Uint8Array(ct));
}

/** Load and compile what a seal takes. Throws NoSealingKey. */
export async function prepareToSeal(keys: readonly SealingKey[]): Promise<void> {
  await seal("entry", "", new Uint8Array(), keys);
}

/** The server gives one of each kind; where it gives more, the newest comes last. */
async function newestUsable(keys: readonly SealingKey[]): Promise<Usable> {
  for (const kem of PREFERRED) {
    const key = keys.findLast((one) => one.kem === kem);
    const found = key && (usable.get(key.id) ?? (await toUsable(key)));
    if (found) {
      return found;
    }
  }
  throw new NoSealingKey("There is no key to seal to");
}

async function toUsable({ id, kem, public: raw }: SealingKey): Promise<Usable | null> {
  try {
    const suite = suiteOf[kem]();
    const found = { id, suite, recipientPublicKey: await suite.kem.importKey("raw", fromBase64(raw).buffer, true) };
    usable.set(id, found);
    return found;
  } catch {
    return null;
  }
}

function padded(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(Math.ceil(bytes.length / PADDED_TO) * PADDED_TO).fill(SPACE);
  whole.set(bytes);
  return whole;
}
