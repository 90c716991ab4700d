// Text as bytes, their digest, and whether two byte strings are the same.

const LOSSLESS = { ignoreBOM: true, fatal: true };

export function toBytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** The text these UTF-8 bytes hold. Throws TypeError when they are not UTF-8. */
export function toText(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", LOSSLESS).decode(bytes);
}

/** The SHA-256 in small hexadecimal. */
export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, place) => byte === other[place]);
}

/** Half of a surrogate pair, which a phone's keyboard can leave behind, becomes the replacement character. */
export function wellFormed(text: string): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(toBytes(text));
}
