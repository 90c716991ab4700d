// What only one person on this phone may read: hidden under their vault key, and found again while their vault is open.
// Who the person is that this phone works for follows from here: it is whose vault is open.

import { toBytes, toText } from "../lib/bytes.ts";
import { hiddenIn, revealedIn } from "./hiding.ts";
import { hasBeenTooLongAlone } from "./expiry.ts";
import {
  beforeKeyGoes,
  drop,
  findVaultKey,
  giveNoMore,
  lockOf,
  onKeyChange,
  type OpenVault,
  vaultNow,
} from "./keyring.ts";
import {
  deleteHiddenOf,
  deleteReadableOf,
  deleteVaults,
  findVault,
  type Hidden,
  listHidingPeople,
  listVaults,
  type Lock,
  locksOf,
} from "./rows/vaults.ts";

/** No vault is open, or another one than what is asked for belongs to. `message` is a sentence for the person. */
export class Locked extends Error {
  constructor() {
    super("This phone is locked. Unlock it with your passkey to go on.");
  }
}

/** `isKept`: what is hidden now can be read again after a lock. Without, it is gone when the key goes from memory. */
export interface Opened {
  readonly person: string;
  readonly isKept: boolean;
}

let finding: Promise<unknown> | null = null;

/** A key that was found is no use before it is known that this phone has not been alone for too long. */
let isChecked = false;

/** Whose vault is open on this phone, or null. The first call of a page asks the other pages and takes a moment. */
export async function opened(): Promise<Opened | null> {
  const vault = isChecked ? vaultNow() : await found();
  return vault === null ? null : { person: vault.person, isKept: vault.isKept };
}

/** Hide plain data, as JSON. Throws Locked. */
export async function hide(value: unknown): Promise<Hidden> {
  return hideBytes(toBytes(JSON.stringify(value)));
}

/** As `hide`, for this person alone. Throws Locked where the open vault is another's by now. */
export async function hideAs(person: string, value: unknown): Promise<Hidden> {
  const hidden = await hide(value);
  if (hidden.person !== person) {
    throw new Locked();
  }
  return hidden;
}

/** What was hidden. Throws Locked unless the open vault is that of the person who hid it, and still has that key. */
export async function reveal(hidden: Hidden): Promise<unknown> {
  return JSON.parse(toText(await revealBytes(hidden))) as unknown;
}

/** As `hide`. A page that is going may still call it: the key is taken in hand at once. */
export async function hideBytes(bytes: Uint8Array<ArrayBuffer>): Promise<Hidden> {
  const vault = vaultNow() ?? (await found());
  if (vault === null) {
    throw new Locked();
  }
  return hiddenIn(vault, bytes);
}

/** As `reveal`. */
export async function revealBytes(hidden: Hidden): Promise<Uint8Array<ArrayBuffer>> {
  const vault = isChecked ? vaultNow() : await found();
  const bytes = vault?.person === hidden.person ? await revealedIn(vault, hidden) : null;
  if (bytes === null) {
    throw new Locked();
  }
  return bytes;
}

/** Under which lock the open vault hides: a passkey's, or null where it is in memory alone, or none is open. */
export function openLock(): string | null {
  const vault = vaultNow();
  return vault && lockOf(vault);
}

/** The locks of this person on this phone besides the open one. */
export async function otherLocks(person: string): Promise<readonly Lock[]> {
  const vault = await findVault(person);
  return vault === null ? [] : locksOf(vault).filter(({ credential }) => credential !== openLock());
}

/** Whether somebody can unlock this phone without signal. */
export async function hasVaults(): Promise<boolean> {
  return (await listVaults()).length > 0;
}

/** Drop the key, here and in every other tab. What is kept stays hidden until its person unlocks again. */
export async function lock(): Promise<void> {
  await drop();
}

/** Destroy this person's key on this phone, then everything that only it opened. Entries not sent yet stay, sealed. */
export async function forget(person: string): Promise<void> {
  await forgetThese([person]);
}

/** The same for everybody. */
export async function forgetAll(): Promise<void> {
  await drop();
  const vaults = await listVaults();
  await forgetThese([...new Set([...vaults.map(({ person }) => person), ...(await listHidingPeople())])]);
}

/** Hear when a vault was opened, locked or changed for another, in whichever tab; call what is returned to stop. */
export const onVaultChange: (listener: () => void) => () => void = onKeyChange;

/** Have something kept before a lock takes effect; it has a moment for it. Call what is returned to stop. */
export const beforeLock: (work: () => Promise<unknown>) => () => void = beforeKeyGoes;

async function forgetThese(people: readonly string[]): Promise<void> {
  const open = vaultNow();
  const isOpen = open === null || people.includes(open.person);
  if (isOpen) {
    giveNoMore(); // Whoever leaves this page now does not take the key along.
  }
  await deleteVaults(people).finally(() => (isOpen ? drop() : null)); // Storage that fails keeps nobody's key in memory.
  await deleteHiddenOf(people);
  await deleteReadableOf(people);
}

async function found(): Promise<OpenVault | null> {
  finding ??= findUnlessTooLongAlone().catch((error: unknown) => {
    finding = null; // Storage that does not answer now is asked again.
    throw error;
  });
  await finding;
  return vaultNow();
}

/** Both at once: storage takes its time on a cold start, and so do pages that may have the key. */
async function findUnlessTooLongAlone(): Promise<void> {
  const [isTooLongAlone] = await Promise.all([hasBeenTooLongAlone(), findVaultKey()]);
  await (isTooLongAlone ? forgetAll() : null);
  isChecked = true;
}
