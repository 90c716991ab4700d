// This phone's own id, which goes into every entry made on it, and the secret that proves that a report under that id
// comes from the same phone. Whoever copies the disk has both; they open nothing and sign nobody in.

import { newId } from "../lib/ids.ts";
import { findFact, keepFactOnce } from "./rows/facts.ts";

export const DEVICE = "device";
const TOKEN = "device-token";
const TOKEN_BYTES = 32;

/** `token`: 64 hexadecimal digits. */
export interface Identity {
  readonly device: string;
  readonly token: string;
}

/** The id of this browser on this phone: made once, and the same until its storage is cleared. */
export async function deviceId(): Promise<string> {
  return (await keepFactOnce(DEVICE, newId())) as string;
}

/** The id that this phone has, or null where it has never needed one. */
export async function knownDevice(): Promise<string | null> {
  return ((await findFact(DEVICE)) as string | undefined) ?? null;
}

/** The id with its secret, made where they are not there yet. */
export async function identity(): Promise<Identity> {
  return { device: await deviceId(), token: (await keepFactOnce(TOKEN, newToken())) as string };
}

/** What a person reads out so that a manager finds this phone: "1a2b 3c4d". */
export function shortName(device: string): string {
  return `${device.slice(0, 4)} ${device.slice(4, 8)}`;
}

function newToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
