// How an entry becomes the bytes that are kept on the phone, and how those become what is sent. Only here: whatever
// protects the bytes on the phone belongs between these two.

import type { Entry, PushedEntry } from "../generated/shapes.ts";
import { sha256Hex, toBytes, toText, wellFormed } from "../lib/bytes.ts";
import type { OutboxItem } from "./item.ts";

export interface Parcel {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
}

/** The entry as JSON text in UTF-8, and the digest that the server's receipt has to repeat. */
export async function wrap(entry: Entry): Promise<Parcel> {
  const text = JSON.stringify(entry, (_, value: unknown) => (typeof value === "string" ? wellFormed(value) : value));
  const bytes = toBytes(text);
  return { bytes, sha256: await sha256Hex(bytes) };
}

/** The same text again, to the byte, as it is pushed. */
export function toPushed(item: OutboxItem, bytes: Uint8Array): PushedEntry {
  return { id: item.id, sha256: item.sha256, body: toText(bytes) };
}

/** The entry back from its bytes. */
export function unwrap(bytes: Uint8Array): Entry {
  return JSON.parse(toText(bytes)) as Entry;
}
