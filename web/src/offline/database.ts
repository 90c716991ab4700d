// The phone's database: the only file that knows its stores. Everything is here but what the rows mean.
//
// `outbox` holds what is known of each entry, `parcels` its bytes, opaque here: what is put in comes out. They are
// apart so that a list is read without the bytes. `facts` holds single values: device, reference, last contact.
// `drafts` holds the form that each author has begun and not saved.

import { type DBSchema, type IDBPDatabase, openDB } from "idb";

import type { Draft } from "./drafts.ts";
import { type Key, keyOf, type OutboxItem } from "./item.ts";

const NAME = "ap-log";
const VERSION = 2;
const OPEN_LIMIT_MS = 5_000;

/** The default in Chromium is a write that a power cut can undo. */
const STRICT = { durability: "strict" } as const;

interface Parcel {
  readonly id: string;
  readonly sha256: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

interface Stores extends DBSchema {
  outbox: { key: [string, string]; value: OutboxItem };
  parcels: { key: [string, string]; value: Parcel };
  facts: { key: string; value: unknown };
  drafts: { key: string; value: Draft };
}

type Database = IDBPDatabase<Stores>;

/** The browser does not give the database out. `message` is a sentence for the person. */
export class StorageStuck extends Error {
  constructor() {
    super("This phone's storage does not answer. Close other AP Log windows, or close the app and open it again.");
  }
}

let opening: Promise<Database> | null = null;

/**
 * Add an entry and its bytes, in one strict transaction; an item that is there already stays as it is. The draft it was
 * made from goes in the same transaction, so that a saved form never comes back as an unfinished one.
 */
export async function addItem(item: OutboxItem, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  await using(async (database) => {
    const transaction = database.transaction(["outbox", "parcels", "drafts"], "readwrite", STRICT);
    const outbox = transaction.objectStore("outbox");
    if ((await outbox.getKey(place(keyOf(item)))) === undefined) {
      await outbox.add(item);
      await transaction.objectStore("parcels").put({ id: item.id, sha256: item.sha256, bytes });
    }
    if ((await transaction.objectStore("drafts").get(item.author))?.id === item.id) {
      await transaction.objectStore("drafts").delete(item.author);
    }
    await transaction.done;
  });
}

/** The bytes of an entry, or null once it was sent. */
export async function findBytes(key: Key): Promise<Uint8Array<ArrayBuffer> | null> {
  return using(async (database) => (await database.get("parcels", place(key)))?.bytes ?? null);
}

export async function findItem(key: Key): Promise<OutboxItem | null> {
  return using(async (database) => (await database.get("outbox", place(key))) ?? null);
}

export async function listItems(): Promise<OutboxItem[]> {
  return using((database) => database.getAll("outbox"));
}

/**
 * Change items in one strict transaction, each from what is stored now; unknown keys are passed over. The bytes of an
 * item go when it has become `sent`, and never before. What is sent stays sent, whatever a slower drainer thinks.
 */
export async function changeItems(keys: readonly Key[], change: (item: OutboxItem) => OutboxItem): Promise<void> {
  await using(async (database) => {
    const transaction = database.transaction(["outbox", "parcels"], "readwrite", STRICT);
    for (const key of keys) {
      const item = await transaction.objectStore("outbox").get(place(key));
      if (item !== undefined && item.state !== "sent") {
        const changed = change(item);
        await transaction.objectStore("outbox").put(changed);
        if (changed.state === "sent") {
          await transaction.objectStore("parcels").delete(place(key));
        }
      }
    }
    await transaction.done;
  });
}

/** Forget sent items. One in any other state is kept whatever is asked. */
export async function forgetSent(keys: readonly Key[]): Promise<void> {
  await using(async (database) => {
    const transaction = database.transaction("outbox", "readwrite", STRICT);
    for (const key of keys) {
      if ((await transaction.store.get(place(key)))?.state === "sent") {
        await transaction.store.delete(place(key));
      }
    }
    await transaction.done;
  });
}

/** The author's draft, or null. */
export async function findDraft(author: string): Promise<Draft | null> {
  return using(async (database) => (await database.get("drafts", author)) ?? null);
}

/** Keep the author's one draft, unless what it is about has been saved as an entry already. */
export async function putDraft(draft: Draft): Promise<void> {
  await using(async (database) => {
    const transaction = database.transaction(["outbox", "drafts"], "readwrite", STRICT);
    const saved = IDBKeyRange.bound([draft.id], [draft.id, []]);
    if ((await transaction.objectStore("outbox").getKey(saved)) === undefined) {
      await transaction.objectStore("drafts").put(draft);
    }
    await transaction.done;
  });
}

export async function deleteDraft(author: string): Promise<void> {
  await using((database) => database.delete("drafts", author));
}

export async function findFact(name: string): Promise<unknown> {
  return using((database) => database.get("facts", name));
}

export async function keepFact(name: string, value: unknown): Promise<void> {
  await using(async (database) => {
    const transaction = database.transaction("facts", "readwrite", STRICT);
    await transaction.store.put(value, name);
    await transaction.done;
  });
}

/** Keep a value unless one is there already; answers the one that is kept. */
export async function keepFactOnce(name: string, value: unknown): Promise<unknown> {
  return using(async (database) => {
    const transaction = database.transaction("facts", "readwrite", STRICT);
    const held = await transaction.store.get(name);
    if (held === undefined) {
      await transaction.store.put(value, name);
    }
    await transaction.done;
    return held ?? value;
  });
}

export async function forgetFact(name: string): Promise<void> {
  await using((database) => database.delete("facts", name));
}

/** Close the database, for example before a test starts afresh. The next use opens it again. */
export async function close(): Promise<void> {
  const closing = opening;
  opening = null;
  (await closing?.catch(() => null))?.close();
}

function place(key: Key): [string, string] {
  return [key[0], key[1]];
}

/** WebKit ends the storage of pages in the background: then the database is opened once more and the work repeated. */
async function using<Result>(work: (database: Database) => Promise<Result>): Promise<Result> {
  try {
    return await work(await opened());
  } catch (error) {
    if (!isConnectionLost(error)) {
      throw error;
    }
    await close();
    return work(await opened());
  }
}

function isConnectionLost(error: unknown): boolean {
  return error instanceof DOMException && (error.name === "InvalidStateError" || error.name === "AbortError");
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
    },
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StorageStuck()), OPEN_LIMIT_MS);
  });
  try {
    return await Promise.race([request, tooLong]);
  } catch (error) {
    request.then((late) => late.close()).catch(() => null);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Steps from any older version to this one. A step only adds: no store that can hold unsent entries is made anew. */
function upgrade(database: Database, from: number): void {
  if (from < 1) {
    database.createObjectStore("outbox", { keyPath: ["id", "sha256"] });
    database.createObjectStore("parcels", { keyPath: ["id", "sha256"] });
    database.createObjectStore("facts");
  }
  if (from < 2) {
    database.createObjectStore("drafts", { keyPath: "author" });
  }
}
