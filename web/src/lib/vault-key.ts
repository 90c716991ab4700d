// Vault keys: made at random, and locked by what a passkey gives to this phone alone.

import { toBytes } from "./bytes.ts";

/** A passkey as it was used on this phone: its id in base64url, and its secret, null where it gave none. */
export interface UsedPasskey {
  readonly credential: string;
  readonly secret: Uint8Array<ArrayBuffer> | null;
}

const LOCK_INFO = toBytes("ap-log vault lock v1");
const IV_BYTES = 12;
const KEY_BYTES = 32;

/** A vault key under lock. */
export interface LockedKey {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly locked: Uint8Array<ArrayBuffer>;
}

/** A new vault key, and the same under the lock of this secret. `owner` is bound to it. */
export async function newLockedKey(
  secret: Uint8Array<ArrayBuffer>,
  owner: string,
): Promise<LockedKey & { readonly key: CryptoKey }> {
  const raw = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const lock = await lockOf(secret);
  const locked = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: toBytes(owner) }, lock, raw);
  const key = await vaultKey(raw);
  raw.fill(0);
  return { key, iv, locked: new Uint8Array(locked) };
}

/** The vault key; null where this secret, or this owner, does not open the lock. */
export async function openKey(
  secret: Uint8Array<ArrayBuffer>,
  owner: string,
  { iv, locked }: LockedKey,
): Promise<CryptoKey | null> {
  const lock = await lockOf(secret);
  const opening = crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: toBytes(owner) }, lock, locked);
  const raw = await opening.then((bytes) => new Uint8Array(bytes)).catch(() => null);
  if (raw === null) {
    return null;
  }
  const key = await vaultKey(raw);
  raw.fill(0);
  return key;
}

/** A vault key for the memory of this phone alone. */
export async function passingKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: KEY_BYTES * 8 }, false, ["encrypt", "decrypt"]);
}

async function lockOf(secret: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const derived = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: LOCK_INFO };
  return crypto.subtle.deriveKey(derived, material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function vaultKey(raw: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}
