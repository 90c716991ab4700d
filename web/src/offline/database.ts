// The phone's database: opening it, its stores, and how an older one becomes this one. What the rows mean is in `rows/`.
//
// `outbox` holds what is known of each entry, `parcels` its bytes, which the phone itself cannot read: sealed for the
// server. They are apart so that a list is read without the bytes. `photos` and `photo_bytes` are the same for photos.
// `vaults` holds each person's key, itself locked by their passkey; `hidden` and `unfinished` what only that key opens.
// `facts` holds single values that say nothing of anybody: device, last contact. `drafts` is what an older version left.

import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from "idb";

import { announce } from "../lib/news.ts";
import { firstVersion, type OutboxItem } from "./item.ts";
import type { OldDraft, Unfinished } from "./rows/drafts.ts";
import type { Parcel } from "./rows/items.ts";
import type { PhotoBytes, PhotoItem } from "./rows/photos.ts";
import type { HiddenFact, Vault } from "./rows/vaults.ts";

const NAME = "ap-log";
const VERSION = 3;
const OPEN_LIMIT_MS = 5_000;

/** WebKit has been seen never to answer, and another page that is stopped can hold what this one wants to change. */
const WORK_LIMIT_MS = 10_000;

/** The browser has taken the database away: it only closed it, or it has deleted what was in it. */
export const STORAGE_ENDED = "storage-ended";

/** The default in Chromium is a write that a power cut can undo. */
const STRICT = { durability: "strict" } as const;

export interface Stores extends DBSchema {
  outbox: { key: [string, string]; value: OutboxItem };
  parcels: { key: [string, string]; value: Parcel };
  photos: { key: string; value: PhotoItem };
  photo_bytes: { key: string; value: PhotoBytes };
  vaults: { key: string; value: Vault };
  hidden: { key: [string, string]; value: HiddenFact };
  unfinished: { key: [string, string]; value: Unfinished };
  facts: { key: string; value: unknown };
  drafts: { key: string; value: OldDraft };
}

export type Database = IDBPDatabase<Stores>;
type Name = StoreNames<Stores>;
export type Writing<Names extends Name[]> = IDBPTransaction<Stores, Names, "readwrite">;
type Upgrading = IDBPTransaction<Stores, Name[], "versionchange">;

/** The browser does not give the database out, or not what is in it. `message` is a sentence for the person. */
export class StorageStuck extends Error {
  constructor() {
    super("This phone's storage does not answer. Close other AP Log windows, or close the app and open it again.");
  }
}

let opening: Promise<Database> | null = null;

/** Close the database, for example before a test starts afresh. The next use opens it again. */
export async function close(): Promise<void> {
  const closing = opening;
  opening = null;
  (await closing?.catch(() => null))?.close();
}

/** Do `work`, and nothing that waits for anything but the database. Throws StorageStuck where that does not answer. */
export function using<Result>(work: (database: Database) => Promise<Result>): Promise<Result> {
  return repeated((database) => inTime(work(database)));
}

/** WebKit ends the storage of pages in the background: then the database is opened once more and the work repeated. */
async function repeated<Result>(work: (database: Database) => Promise<Result>): Promise<Result> {
  try {
    return await work(await opened());
  } catch (error) {
    if (!isConnectionLost(error)) {
      throw error;
    }
    await close();
    const result = await work(await opened());
    announce(STORAGE_ENDED);
    return result;
  }
}

/**
 * Do `work` in one strict transaction over these stores: all of it is on the disk afterwards, or none of it. Where that
 * fails, the reason is the transaction's own, such as QuotaExceededError, rather than that a request was called off. What
 * does not come to its end in time is called off too, so that it cannot happen after it was said not to have.
 */
export function write<Names extends Name[], Result>(
  names: [...Names],
  work: (transaction: Writing<Names>) => Promise<Result>,
): Promise<Result> {
  return repeated(async (database) => {
    const transaction = database.transaction(names, "readwrite", STRICT) as Writing<Names>;
    const done = transaction.done.catch((error: unknown) => Promise.reject(transaction.error ?? error));
    done.catch(() => null); // It is waited for below, unless the work itself fails.
    try {
      return await inTime(work(transaction).then((result) => done.then(() => result)));
    } catch (error) {
      abort(transaction);
      throw error instanceof StorageStuck ? error : (transaction.error ?? error);
    }
  });
}

/** What does not answer now may do so on a new connection: the next use opens one. */
async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await within(WORK_LIMIT_MS, work);
  } catch (error) {
    await (error instanceof StorageStuck ? close() : null);
    throw error;
  }
}

async function within<Result>(limitMs: number, work: Promise<Result>): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StorageStuck()), limitMs);
  });
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already.
  }
}

/** What browsers say of a connection that they have ended: before a transaction, in its middle, and Chromium then. */
const ENDED = ["InvalidStateError", "AbortError", "UnknownError"];

function isConnectionLost(error: unknown): boolean {
  return error instanceof DOMException && ENDED.includes(error.name);
}

function opened(): Promise<Database> {
  opening ??= open().catch((error: unknown) => {
    opening = null;
    throw error;
  });
  return opening;
}

async function open(): Promise<Database> {
  const request = openDB<Stores>(NAME, VERSION, {
    upgrade,
    // A newer version in another tab wants to upgrade. Whoever uses this connection next opens another.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    terminated: () => {
      opening = null;
      announce(STORAGE_ENDED);
    },
  });
  try {
    return await within(OPEN_LIMIT_MS, request);
  } catch (error) {
    request.then((late) => late.close()).catch(() => null);
    throw error;
  }
}

/** Steps from any older version to this one. A step only adds: no store that can hold unsent entries is made anew. */
function upgrade(database: Database, from: number, _to: number | null, transaction: Upgrading): void {
  if (from < 1) {
    database.createObjectStore("outbox", { keyPath: ["id", "sha256"] });
    database.createObjectStore("parcels", { keyPath: ["id", "sha256"] });
    database.createObjectStore("facts");
  }
  if (from < 2) {
    database.createObjectStore("drafts", { keyPath: "author" });
  }
  if (from < 3) {
    database.createObjectStore("photos", { keyPath: "id" });
    database.createObjectStore("photo_bytes", { keyPath: "id" });
    database.createObjectStore("vaults", { keyPath: "person" });
    database.createObjectStore("hidden", { keyPath: ["person", "name"] });
    database.createObjectStore("unfinished", { keyPath: ["author", "id"] });
    // What fails in here fails the upgrade as a whole: the database stays as it was, and the next opening tries again.
    transaction.done.catch(() => null);
    markOld(transaction).catch(() => abort(transaction));
  }
}

/** Entries that are here already were kept in the clear. Which they are is written down; they stay as they are. */
async function markOld(transaction: Upgrading): Promise<void> {
  for (let row = await transaction.objectStore("outbox").openCursor(); row !== null; row = await row.continue()) {
    await row.update(firstVersion(row.value));
  }
  for (let row = await transaction.objectStore("parcels").openCursor(); row !== null; row = await row.continue()) {
    await row.update({ ...row.value, isPlain: true });
  }
}
