// The rows of `vaults` and `hidden`: each person's key, locked by their passkey, and what only that key opens.

import { using, write } from "../database.ts";
import type { OutboxItem } from "../item.ts";
import type { Unfinished } from "./drafts.ts";

/** AES-256-GCM under a person's vault key; `iv` is 96 random bits, never used twice. */
export interface Hidden {
  readonly person: string;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** `credential` is the passkey's id in base64url; `locked` the vault key under the key that its PRF output gives. */
export interface Lock {
  readonly credential: string;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly locked: Uint8Array<ArrayBuffer>;
  /** ISO 8601. */
  readonly madeAt: string;
}

/**
 * A person's vault under the passkey they used last. `earlier`: the locks of keys under which they have unfinished
 * entries still, and which only those other passkeys of theirs open.
 */
export interface Vault extends Lock {
  readonly person: string;
  readonly earlier?: readonly Lock[];
}

export interface HiddenFact extends Hidden {
  readonly name: string;
}

/** All locks of a vault, that of the passkey that was used last first. */
export function locksOf({ credential, iv, locked, madeAt, earlier = [] }: Vault): readonly Lock[] {
  return [{ credential, iv, locked, madeAt }, ...earlier];
}

export async function listVaults(): Promise<Vault[]> {
  return using((database) => database.getAll("vaults"));
}

export async function findVault(person: string): Promise<Vault | null> {
  return using(async (database) => (await database.get("vaults", person)) ?? null);
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

/** All that one vault hides: single values and photos, unfinished entries, and what the entries on this phone say. */
export interface HiddenOf {
  readonly facts: readonly HiddenFact[];
  readonly unfinished: readonly Unfinished[];
  readonly items: readonly OutboxItem[];
}

export async function findHiddenOf(person: string): Promise<HiddenOf> {
  return using(async (database) => {
    const transaction = database.transaction(["hidden", "unfinished", "outbox"]);
    const facts = await transaction.objectStore("hidden").getAll(ownOf(person));
    const unfinished = await transaction.objectStore("unfinished").getAll(ownOf(person));
    const items = await transaction.objectStore("outbox").getAll();
    return { facts, unfinished, items: items.filter(({ author }) => author === person) };
  });
}

/** Put these rows in place of theirs, and that vault. What none of its locks opens any more goes. */
export async function replaceHiddenOf(person: string, rows: HiddenOf, kept: Vault): Promise<void> {
  await write(["vaults", "hidden", "unfinished", "outbox"], async (transaction) => {
    await transaction.objectStore("vaults").put(kept);
    if (locksOf(kept).length === 1) {
      await transaction.objectStore("hidden").delete(ownOf(person));
      await transaction.objectStore("unfinished").delete(ownOf(person));
    }
    await Promise.all(rows.facts.map((row) => transaction.objectStore("hidden").put(row)));
    await Promise.all(rows.unfinished.map((row) => transaction.objectStore("unfinished").put(row)));
    for (const { id, sha256, hidden } of rows.items) {
      const now = await transaction.objectStore("outbox").get([id, sha256]);
      await (now === undefined ? null : transaction.objectStore("outbox").put({ ...now, hidden })); // It may be sent by now.
    }
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
