// Signing out: the key goes first, then what it hid, whether there is signal or not. The server is told when it can be.

import { announce, listen } from "../lib/news.ts";
import { whoSignsOut } from "./doors.ts";
import { giveNoMore } from "./keyring.ts";
import { OWED, payOwed, SIGNED_OUT } from "./owed.ts";
import { keepFact } from "./rows/facts.ts";
import { destroyKey } from "./rows/vaults.ts";
import { forget, lock } from "./vault.ts";

/** Somebody waits for this one to end. */
const AT_ONCE_MS = 1_200;

let isAtIt = false;

/**
 * Sign out here and, where there is signal, at the server. `isSession`: the button was on a page of the server's, so it
 * means whoever is signed in there; otherwise whoever works with this phone. Whether the server knows already.
 */
export async function signOut(isSession: boolean): Promise<boolean> {
  isAtIt = true;
  const person = await destroyed(isSession).finally(lock); // Storage that fails keeps nobody's key in memory.
  announce(SIGNED_OUT);
  await (person === null ? null : forget(person));
  return payOwed(AT_ONCE_MS);
}

/** Whose key is destroyed on the disk, in one step with the note of what is owed; null where there is none. */
async function destroyed(isSession: boolean): Promise<string | null> {
  const person = await whoSignsOut(isSession);
  giveNoMore(); // Whoever leaves this page now does not take the key along.
  await (person === null ? keepFact(OWED, true) : destroyKey(person, OWED));
  return person;
}

/** Whether this page is at it: it goes to another one when it is done. */
export function isSigningOut(): boolean {
  return isAtIt;
}

/** Hear of a sign-out in any tab. */
export function onSignOut(listener: () => void): () => void {
  return listen(SIGNED_OUT, listener);
}
