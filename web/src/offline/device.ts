// This phone's own id, which goes into every entry made on it.

import { newId } from "../lib/ids.ts";
import { keepFactOnce } from "./database.ts";

/** The id of this browser on this phone: made once, and the same until its storage is cleared. */
export async function deviceId(): Promise<string> {
  return (await keepFactOnce("device", newId())) as string;
}
