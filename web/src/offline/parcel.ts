// How an entry becomes the bytes that are kept on the phone, and how those become what is sent.

import type { Entry, PushedEntry } from "../generated/shapes.ts";
import { sha256Hex, toBase64, toBytes, toText, wellFormed } from "../lib/bytes.ts";
import type { Parcel } from "./rows/items.ts";

/** An entry as text in UTF-8, and the digest that the server's receipt has to repeat. */
export interface Wrapped {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
}

export async function wrap(entry: Entry): Promise<Wrapped> {
  const text = JSON.stringify(entry, (_, value: unknown) => (typeof value === "string" ? wellFormed(value) : value));
  const bytes = toBytes(text);
  return { bytes, sha256: await sha256Hex(bytes) };
}

/** Whether these are the bytes that were kept. */
export async function isWhole(parcel: Parcel): Promise<boolean> {
  return (await sha256Hex(parcel.bytes)) === (parcel.isPlain ? parcel.sha256 : parcel.digest);
}

/** The entry as it is pushed. */
export function toPushed({ id, sha256, bytes, isPlain = false }: Parcel): PushedEntry {
  return isPlain ? { id, sha256, body: toText(bytes) } : { id, sha256, sealed: toBase64(bytes) };
}

/** The entry back from what an older version of the app kept in the clear. */
export function unwrap(plain: Parcel): Entry {
  return JSON.parse(toText(plain.bytes)) as Entry;
}
