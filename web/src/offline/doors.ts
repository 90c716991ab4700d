// Which vault opens when somebody comes through a door of AP Log: signs in, takes up an invitation, is somebody in the
// demo, or unlocks this phone without signal.

import { newLockedKey, openKey, passingKey, type UsedPasskey } from "../lib/vault-key.ts";
import { movedBetween } from "./hiding.ts";
import { hold, type OpenVault, vaultNow } from "./keyring.ts";
import { findFact, forgetFact, keepFact } from "./rows/facts.ts";
import { addLock, deleteDeadOf, findVault, listVaults, locksOf, moveIn, type Vault } from "./rows/vaults.ts";
import { lock, opened } from "./vault.ts";

/** Whose session this phone last began: to know whose key a sign-out destroys where no vault is open. */
const SIGNED_IN = "signed-in";

/** Somebody was let in by a tap, and it is not known yet who: their vault opens as soon as the server says it. */
const DEMO_DOOR = "demo-door";

/** The vault that was open before a passkey of nobody knows whom was used: it may be the same person's. */
let before: OpenVault | null = null;

/** The server answers sooner than this, or the key that waits for it goes. */
const ANSWER_MS = 60_000;

/** Somebody is about to be let in by this passkey: until then nobody works here but whose passkey it is. */
export async function approach(used: UsedPasskey): Promise<void> {
  await opened();
  const open = vaultNow();
  if (open !== null && open.credential !== used.credential) {
    before = open;
    setTimeout(() => {
      before = null;
    }, ANSWER_MS);
    await lock();
  }
}

/** The server has let this person in: open their vault, the one they have or a new one. What was open of theirs moves in. */
export async function comeIn(person: string, used: UsedPasskey): Promise<void> {
  await Promise.all([keepFact(SIGNED_IN, person), forgetFact(DEMO_DOOR)]);
  const open = vaultNow() ?? before;
  const own = open?.person === person ? open : null;
  before = null;
  if (own !== null && own.credential === used.credential) {
    hold(own);
  } else if (used.secret === null) {
    hold(own ?? (await newPassing(person, used.credential)));
  } else {
    await comeInKept(person, { ...used, secret: used.secret }, own);
  }
}

/** Open the vault that this passkey locks, whoever is signed in. False where this phone keeps none for it. */
export async function unlockWith({ credential, secret }: UsedPasskey): Promise<boolean> {
  const vault = (await listVaults()).find((one) => locksOf(one).some((lock) => lock.credential === credential)) ?? null;
  const open = vault && secret && (await openWith(vault, { credential, secret }));
  return open !== null && (await settleIn(open, credential, null));
}

/** A tap in the demo lets somebody in: whoever was here makes way. */
export async function approachDemo(): Promise<void> {
  await lock();
  await keepFact(DEMO_DOOR, true);
}

/** Whether somebody came in by a tap and has no vault yet. */
export async function isThroughDemo(): Promise<boolean> {
  return (await findFact(DEMO_DOOR)) !== undefined;
}

/**
 * The server says who came in by a tap: their vault opens, in memory alone, once for each tap and never after a lock.
 * Where they have one that is kept, that one waits for their passkey.
 */
export async function comeInByTap(person: string): Promise<void> {
  await Promise.all([keepFact(SIGNED_IN, person), forgetFact(DEMO_DOOR)]);
  if ((await findVault(person)) === null) {
    hold(await newPassing(person, null));
  }
}

/** Whether anybody has ever signed in on this phone. */
export async function hasBeenSignedInOn(): Promise<boolean> {
  return (await findFact(SIGNED_IN)) !== undefined;
}

/**
 * Whose key a sign-out destroys: of the person who works with this phone or, `isSession`, who signed in last. Where that
 * is nobody, of the other one.
 */
export async function whoSignsOut(isSession: boolean): Promise<string | null> {
  const worker = (await opened())?.person ?? null;
  const signedIn = ((await findFact(SIGNED_IN)) as string | undefined) ?? null;
  return isSession ? (signedIn ?? worker) : (worker ?? signedIn);
}

/** Nothing opens any more what an earlier one in memory hid. */
async function newPassing(person: string, credential: string | null): Promise<OpenVault> {
  await deleteDeadOf(person);
  return { person, credential, key: await passingKey(), isKept: false };
}

/** A passkey that gave its secret. */
type Secret = UsedPasskey & { readonly secret: Uint8Array<ArrayBuffer> };

async function comeInKept(person: string, used: Secret, own: OpenVault | null): Promise<void> {
  const vault = await findVault(person);
  const open = vault && (await openWith(vault, used));
  if (open === null || !(await settleIn(open, used.credential, own))) {
    await openNew(person, used, own);
  }
}

async function openWith(vault: Vault, { credential, secret }: Secret): Promise<OpenVault | null> {
  const lock = locksOf(vault).find((one) => one.credential === credential);
  const key = lock === undefined ? null : await openKey(secret, vault.person, lock);
  return key && { person: vault.person, credential, key, isKept: true };
}

/** A lock of their vault is open. `own` was open before, and moves in. False where they have signed out meanwhile. */
async function settleIn(open: OpenVault, credential: string, own: OpenVault | null): Promise<boolean> {
  const isThere = own === null || (await moveIn(open.person, credential, await movedBetween(own, open)));
  if (isThere) {
    hold(open);
    await deleteDeadOf(open.person).catch(() => null); // A phone that is full opens all the same.
  }
  return isThere;
}

/** Their passkey is another one now. The locks of those before stay: what they hid waits for them. */
async function openNew(person: string, used: Secret, own: OpenVault | null): Promise<void> {
  const { key, ...lock } = await newLockedKey(used.secret, person);
  const open = { person, credential: used.credential, key, isKept: true };
  const made = { ...lock, credential: used.credential, madeAt: new Date().toISOString() };
  await addLock(person, made, own === null ? new Map() : await movedBetween(own, open));
  hold(open);
}
