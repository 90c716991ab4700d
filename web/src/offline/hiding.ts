// How something is hidden in a vault, found again there, and hidden anew in another vault of the same person.

import { toBytes } from "../lib/bytes.ts";
import { lockOf, type OpenVault } from "./keyring.ts";
import { type Hidden, listHiddenOf, type Moved } from "./rows/vaults.ts";

const IV_BYTES = 12;

export async function hiddenIn(vault: OpenVault, bytes: Uint8Array<ArrayBuffer>): Promise<Hidden> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const hidden = await crypto.subtle.encrypt(under(vault.person, iv), vault.key, bytes);
  return { person: vault.person, iv, bytes: new Uint8Array(hidden), lock: lockOf(vault) };
}

/** Null where it was hidden under another key. */
export async function revealedIn(vault: OpenVault, hidden: Hidden): Promise<Uint8Array<ArrayBuffer> | null> {
  const revealing = crypto.subtle.decrypt(under(hidden.person, hidden.iv), vault.key, hidden.bytes);
  return revealing.then((bytes) => new Uint8Array(bytes)).catch(() => null);
}

/** All that `from` opens, hidden anew in `to`, another vault of the same person. */
export async function movedBetween(from: OpenVault, to: OpenVault): Promise<Moved> {
  const moved = new Map<string, { was: Hidden["iv"]; hidden: Hidden }>();
  for (const [place, hidden] of await listHiddenOf(from.person)) {
    const bytes = await revealedIn(from, hidden); // One after the other: some are photos.
    if (bytes !== null) {
      moved.set(place, { was: hidden.iv, hidden: await hiddenIn(to, bytes) });
    }
  }
  return moved;
}

function under(person: string, iv: Uint8Array<ArrayBuffer>): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: toBytes(person) };
}
