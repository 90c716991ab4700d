// What this phone does by itself when it has been out of reach for too long: somebody may have it who should not.

import { lastContact } from "./connection.ts";
import { listVaults } from "./rows/vaults.ts";

/** A weekend without signal passes. A phone that is gone has by then shown nobody anything for three days. */
export const ALONE_LIMIT_MS = 72 * 60 * 60 * 1000;

/**
 * Whether the server has not been heard of for 72 hours: by the phone's own clock or, where that was wrong then and has
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
