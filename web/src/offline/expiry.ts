// What this phone does by itself when it has been out of reach for too long: somebody may have it who should not.

import { ALONE_HOURS } from "../generated/shapes.ts";
import { lastContact } from "./connection.ts";
import { listVaults } from "./rows/vaults.ts";

/** How long that is, in milliseconds. */
export const ALONE_LIMIT_MS = ALONE_HOURS * 60 * 60 * 1000;

/**
 * Whether the server has not been heard of for so long: by the phone's own clock or, where that was wrong then and has
 * been put right since, counted from the server's time of that day; the greater counts.
 */
export async function hasBeenTooLongAlone(): Promise<boolean> {
  const vaults = await listVaults();
  if (vaults.length === 0) {
    return false;
  }
  const contact = await lastContact();
  const made = Math.max(...vaults.map(({ madeAt }) => Date.parse(madeAt)));
  const heard = contact === null ? made : Date.parse(contact.at);
  const heardByServer = heard + (contact?.offsetMs ?? 0);
  return Date.now() - Math.min(heard, heardByServer) >= ALONE_LIMIT_MS;
}
