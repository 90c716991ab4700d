// The rows of `unfinished`: forms that somebody has begun and not saved, which only their author's vault opens. And the
// one row of `drafts` for each author that an older version of the app kept readable, until it is hidden too.

import { using, write } from "../database.ts";
import type { Hidden } from "./vaults.ts";

/** A draft as version 2 of the database kept it, readable. It is hidden, and removed here, when its author unlocks. */
export interface OldDraft {
  readonly id: string;
  readonly author: string;
  readonly openedAt: string;
  readonly resident: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/**
 * `id` is that of the entry it will be; `keptAt` ISO 8601. `over`: digests of the versions of that entry which were saved
 * when the form was begun, none for a new entry. `hidden` is a `Draft` of `../drafts.ts`.
 */
export interface Unfinished {
  readonly author: string;
  readonly id: string;
  readonly keptAt: string;
  readonly over: readonly string[];
  readonly hidden: Hidden;
}

export async function findUnfinished(author: string, id: string): Promise<Unfinished | null> {
  return using(async (database) => (await database.get("unfinished", [author, id])) ?? null);
}

/** All of this author's, the last one kept first. */
export async function listUnfinished(author: string): Promise<Unfinished[]> {
  const rows = await using((database) => database.getAll("unfinished", IDBKeyRange.bound([author], [author, []])));
  return rows.sort((one, other) => Date.parse(other.keptAt) - Date.parse(one.keptAt));
}

/**
 * Keep a draft, unless its form has been saved since it was begun; whether it is kept. A key that arrives after the save
 * must not bring the form back as an unfinished one. Nor does what was hidden in memory alone, and comes late, take the
 * place of what a passkey opens.
 */
export async function putUnfinished(row: Unfinished): Promise<boolean> {
  return write(["outbox", "unfinished"], async (transaction) => {
    const versions = await transaction.objectStore("outbox").getAllKeys(IDBKeyRange.bound([row.id], [row.id, []]));
    const isSaved = versions.some(([, sha256]) => !row.over.includes(sha256));
    const there = await transaction.objectStore("unfinished").get([row.author, row.id]);
    const isLate = row.hidden.lock === null && typeof there?.hidden.lock === "string";
    if (isSaved || isLate) {
      return false;
    }
    await transaction.objectStore("unfinished").put(row);
    return true;
  });
}

export async function deleteUnfinished(author: string, id: string): Promise<void> {
  await write(["unfinished"], ({ store }) => store.delete([author, id]));
}

/** The digests of the versions of an entry that are saved on this phone. */
export async function listVersions(id: string): Promise<string[]> {
  const keys = await using((database) => database.getAllKeys("outbox", IDBKeyRange.bound([id], [id, []])));
  return keys.map(([, sha256]) => sha256);
}

export async function findOldDraft(author: string): Promise<OldDraft | null> {
  return using(async (database) => (await database.get("drafts", author)) ?? null);
}

/**
 * Put the hidden row in the readable one's place, in one transaction. One that was saved meanwhile only goes; where another
 * page was first nothing is done, since the row may have been written on there.
 */
export async function replaceOldDraft(row: Unfinished): Promise<void> {
  await write(["outbox", "unfinished", "drafts"], async (transaction) => {
    const old = await transaction.objectStore("drafts").get(row.author);
    const saved = await transaction.objectStore("outbox").getKey(IDBKeyRange.bound([row.id], [row.id, []]));
    if (old?.id === row.id && saved === undefined) {
      await transaction.objectStore("unfinished").put(row);
    }
    if (old?.id === row.id) {
      await transaction.objectStore("drafts").delete(row.author);
    }
  });
}
