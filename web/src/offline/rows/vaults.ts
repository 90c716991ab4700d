// The rows of `vaults` and `hidden`: each person's keys, each locked by a passkey of theirs, and what only those open.

import { isSame } from "../../lib/bytes.ts";
import { using, write, type Writing } from "../database.ts";
import type { OutboxItem } from "../item.ts";
import type { Unfinished } from "./drafts.ts";

/** AES-256-GCM under a person's vault key; `iv` is 96 random bits, never used twice. */
export interface Hidden {
  readonly person: string;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The passkey whose lock opens it, null where its key was in memory alone. Rows of before do not say. */
  readonly lock?: string | null;
}

/** `credential` is the passkey's id in base64url; `locked` the vault key under the key that its PRF output gives. */
export interface Lock {
  readonly credential: string;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly locked: Uint8Array<ArrayBuffer>;
  /** ISO 8601. */
  readonly madeAt: string;
}

/** A person's vault. `earlier`: the locks of other passkeys that they used here before, each with a key of its own. */
export interface Vault extends Lock {
  readonly person: string;
  readonly earlier?: readonly Lock[];
}

export interface HiddenFact extends Hidden {
  readonly name: string;
}

/** All locks of a vault, that of the newest passkey first. */
export function locksOf({ credential, iv, locked, madeAt, earlier = [] }: Vault): readonly Lock[] {
  return [{ credential, iv, locked, madeAt }, ...earlier];
}

export async function listVaults(): Promise<Vault[]> {
  return using((database) => database.getAll("vaults"));
}

export async function findVault(person: string): Promise<Vault | null> {
  return using(async (database) => (await database.get("vaults", person)) ?? null);
}

/** Whether one of these locks may open it: of a row of before nobody knows which one does. */
export function mayOpen(locks: readonly Lock[], { lock }: Hidden): boolean {
  return lock === undefined ? locks.length > 0 : locks.some(({ credential }) => credential === lock);
}

/** The locked keys of these people go, in a transaction of their own, before anything that they hid. */
export async function deleteVaults(people: readonly string[]): Promise<void> {
  await write(["vaults"], ({ store }) => Promise.all(people.map((person) => store.delete(person))));
}

/** A person's locked key goes, and in the same breath it is written down under `owed` that they signed out. */
export async function destroyKey(person: string, owed: string): Promise<void> {
  await write(["vaults", "facts"], async (transaction) => {
    await transaction.objectStore("vaults").delete(person);
    await transaction.objectStore("facts").put(true, owed);
  });
}

/** Everything that only these people's keys opened, but for entries: what is sealed for the server stays. */
export async function deleteHiddenOf(people: readonly string[]): Promise<void> {
  await write(["hidden", "unfinished"], async (transaction) => {
    for (const person of people) {
      await transaction.objectStore("hidden").delete(ownOf(person));
      await transaction.objectStore("unfinished").delete(ownOf(person));
    }
  });
}

/** The fact that was the readable reference of an older version of the app. */
export const OLD_REFERENCE = "reference";

/** The name of the roster, hidden, while a phone kept one for each person and not for each passkey. */
export const OLD_ROSTER = "reference";

/** What an older version of the app left readable of these people, but for the entries themselves, which are to be sent. */
export async function deleteReadableOf(people: readonly string[]): Promise<void> {
  await write(["facts", "drafts", "outbox"], async (transaction) => {
    await transaction.objectStore("facts").delete(OLD_REFERENCE);
    await Promise.all(people.map((person) => transaction.objectStore("drafts").delete(person)));
    for (let row = await transaction.objectStore("outbox").openCursor(); row !== null; row = await row.continue()) {
      const { readable, ...rest } = row.value;
      await (readable !== undefined && people.includes(rest.author) ? row.update(rest) : null);
    }
  });
}

/** The name of the roster under this lock: each has its own, so that none is written over what another one opens. */
export function rosterOf(lock: string | null): string {
  return `${OLD_ROSTER}:${lock ?? ""}`;
}

const SETTLED = ["vaults", "hidden", "unfinished", "outbox"] as const;
type Settling = Writing<[...typeof SETTLED]>;

/** What is hidden anew, by its place, and the `iv` of what it was. */
export type Moved = ReadonlyMap<string, { readonly was: Hidden["iv"]; readonly hidden: Hidden }>;

/** All that this person has hidden, by its place: single values, photos, unfinished entries, what their entries say. */
export async function listHiddenOf(person: string): Promise<[place: string, hidden: Hidden][]> {
  return using(async (database) => {
    const transaction = database.transaction(["hidden", "unfinished", "outbox"]);
    const facts = await transaction.objectStore("hidden").getAll(ownOf(person));
    const unfinished = await transaction.objectStore("unfinished").getAll(ownOf(person));
    const items = (await transaction.objectStore("outbox").getAll()).filter(({ author }) => author === person);
    const all = [
      ...facts.map((fact) => [placeOfFact(fact), fact] as const),
      ...unfinished.map((draft) => [placeOfDraft(draft), draft.hidden] as const),
      ...items.map((item) => [placeOfItem(item), item.hidden] as const),
    ];
    return all.flatMap(([place, hidden]) => (hidden === null ? [] : [[place, hidden]]));
  });
}

/** Put what has moved to this passkey in place of what it was. False where its lock is gone: they have signed out. */
export async function moveIn(person: string, credential: string, moved: Moved): Promise<boolean> {
  return write([...SETTLED], async (transaction) => {
    const locks = await locksIn(transaction, person);
    const isThere = locks.some((lock) => lock.credential === credential);
    await (isThere ? settle(transaction, person, locks, moved) : null);
    return isThere;
  });
}

/** The same with a new lock. One that this passkey had before goes, with what only that opened. */
export async function addLock(person: string, lock: Lock, moved: Moved): Promise<void> {
  await write([...SETTLED], async (transaction) => {
    const locks = await locksIn(transaction, person);
    const earlier = locks.filter(({ credential }) => credential !== lock.credential);
    const again = locks.filter(({ iv }) => isSame(iv, lock.iv)); // Storage ended just after, and this is repeated.
    await transaction.objectStore("vaults").put({ person, ...lock, earlier });
    await settle(transaction, person, [...again, ...earlier], moved);
  });
}

/** What no lock of this person opens any more goes, but for entries. */
export async function deleteDeadOf(person: string): Promise<void> {
  await write([...SETTLED], async (transaction) => {
    await settle(transaction, person, await locksIn(transaction, person), new Map());
  });
}

/** Everybody of whom something hidden is on this phone. */
export async function listHidingPeople(): Promise<string[]> {
  return using(async (database) => {
    const transaction = database.transaction(["hidden", "unfinished"], "readonly");
    const keys = [
      ...(await transaction.objectStore("hidden").getAllKeys()),
      ...(await transaction.objectStore("unfinished").getAllKeys()),
    ];
    return [...new Set(keys.map(([person]) => person))];
  });
}

export async function findHiddenFact(person: string, name: string): Promise<HiddenFact | null> {
  return using(async (database) => (await database.get("hidden", [person, name])) ?? null);
}

export async function keepHiddenFact(fact: HiddenFact): Promise<void> {
  await write(["hidden"], ({ store }) => store.put(fact));
}

function ownOf(person: string): IDBKeyRange {
  return IDBKeyRange.bound([person], [person, []]);
}

async function locksIn(transaction: Settling, person: string): Promise<readonly Lock[]> {
  const vault = await transaction.objectStore("vaults").get(person);
  return vault === undefined ? [] : locksOf(vault);
}

/**
 * What has moved takes the place of what it was. The roster is copied: no passkey is left without one. What has not
 * moved and none of these locks may open goes, but for entries.
 */
async function settle(transaction: Settling, person: string, locks: readonly Lock[], moved: Moved): Promise<void> {
  await settleFacts(transaction, person, locks, moved);
  for (const draft of await transaction.objectStore("unfinished").getAll(ownOf(person))) {
    const hidden = movedOf(draft.hidden, placeOfDraft(draft), moved);
    if (hidden !== null) {
      await transaction.objectStore("unfinished").put({ ...draft, hidden });
    } else if (!mayOpen(locks, draft.hidden)) {
      await transaction.objectStore("unfinished").delete([person, draft.id]);
    }
  }
  for (const item of moved.size > 0 ? await transaction.objectStore("outbox").getAll() : []) {
    const hidden = item.hidden && movedOf(item.hidden, placeOfItem(item), moved);
    await (hidden && transaction.objectStore("outbox").put({ ...item, hidden }));
  }
}

async function settleFacts(transaction: Settling, person: string, locks: readonly Lock[], moved: Moved): Promise<void> {
  const store = transaction.objectStore("hidden");
  const facts = await store.getAll(ownOf(person));
  for (const fact of facts.filter((one) => !mayOpen(locks, one))) {
    await store.delete([person, fact.name]);
  }
  for (const fact of facts) {
    const hidden = movedOf(fact, placeOfFact(fact), moved);
    await (hidden && store.put({ ...hidden, name: isRoster(fact) ? rosterOf(hidden.lock ?? null) : fact.name }));
  }
}

/** Null also where it was written anew meanwhile, by a slow tab: its own lock opens that, unless it has none. */
function movedOf(row: Hidden, place: string, moved: Moved): Hidden | null {
  const found = moved.get(place);
  return found !== undefined && (row.lock === null || isSame(row.iv, found.was)) ? found.hidden : null;
}

function isRoster({ name }: HiddenFact): boolean {
  return name === OLD_ROSTER || name.startsWith(rosterOf(null));
}

const placeOfFact = ({ name }: HiddenFact) => `hidden ${name}`;
const placeOfDraft = ({ id }: Unfinished) => `unfinished ${id}`;
const placeOfItem = ({ id, sha256 }: OutboxItem) => `outbox ${id} ${sha256}`;
