// The rows of `outbox` and `parcels`: entries saved on this phone, and their bytes.

import { using, write, type Writing } from "../database.ts";
import { isUnsent, type Key, type OutboxItem } from "../item.ts";
import type { Unfinished } from "./drafts.ts";
import { addPhotos, type PhotoRows } from "./photos.ts";
import type { Hidden } from "./vaults.ts";

/**
 * `bytes` as they are sent: sealed for the server or, `isPlain`, as an older version of the app kept them. `digest` is
 * their SHA-256, where they are sealed: WebKit has been seen to give back others than were kept.
 */
export interface Parcel {
  readonly id: string;
  readonly sha256: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly digest?: string;
  readonly isPlain?: boolean;
}

/**
 * Add an entry, its bytes and its photos, in one strict transaction; what is there already stays as it is. The draft it
 * was made from goes in the same one, so that a saved form never comes back as an unfinished one. Answers the item as it
 * is kept: it is the next version of its id.
 */
export async function addItem(item: OutboxItem, parcel: Parcel, photos: readonly PhotoRows[]): Promise<OutboxItem> {
  return write(["outbox", "parcels", "unfinished", "photos", "photo_bytes"], async (transaction) => {
    const kept = await transaction.objectStore("outbox").getAll(versionsOf(item.id));
    const before = kept.find(({ sha256 }) => sha256 === item.sha256);
    const added = before ?? { ...item, version: 1 + Math.max(0, ...kept.map(({ version }) => version)) };
    await Promise.all([
      before === undefined ? transaction.objectStore("outbox").add(added) : null,
      before === undefined ? transaction.objectStore("parcels").put(parcel) : null,
      addPhotos(transaction, photos),
      transaction.objectStore("unfinished").delete([item.author, item.id]),
    ]);
    return added;
  });
}

/**
 * Take an item back that nobody has tried to send, with the photos that no other version has, and keep its draft in the
 * same transaction. False where it is not there, or may be on its way: then nothing changes.
 */
export async function replaceUntried(key: Key, draft: Unfinished, photos: readonly string[]): Promise<boolean> {
  return write(["outbox", "parcels", "unfinished", "photos", "photo_bytes"], async (transaction) => {
    const item = await transaction.objectStore("outbox").get(place(key));
    const isUntried = item?.state === "waiting" && item.attempts === 0;
    if (isUntried) {
      await transaction.objectStore("outbox").delete(place(key));
      await transaction.objectStore("parcels").delete(place(key));
      await transaction.objectStore("unfinished").put(draft);
      for (const photo of photos) {
        await transaction.objectStore("photos").delete(photo);
        await transaction.objectStore("photo_bytes").delete(photo);
      }
    }
    return isUntried;
  });
}

/** Remove an item that was not kept as it was given, with those of its `photos` that were not: the next save keeps it anew. */
export async function removeBroken(key: Key, photos: readonly string[]): Promise<void> {
  await write(["outbox", "parcels", "photos", "photo_bytes"], async (transaction) => {
    const item = await transaction.objectStore("outbox").get(place(key));
    if (item !== undefined && isUnsent(item)) {
      await transaction.objectStore("outbox").delete(place(key));
      await transaction.objectStore("parcels").delete(place(key));
      await Promise.all(photos.map((photo) => transaction.objectStore("photos").delete(photo)));
      await Promise.all(photos.map((photo) => transaction.objectStore("photo_bytes").delete(photo)));
    }
  });
}

/** The bytes of an entry, or null where they are not kept (any more). */
export async function findParcel(key: Key): Promise<Parcel | null> {
  return using(async (database) => (await database.get("parcels", place(key))) ?? null);
}

export async function findItem(key: Key): Promise<OutboxItem | null> {
  return using(async (database) => (await database.get("outbox", place(key))) ?? null);
}

export async function listItems(): Promise<OutboxItem[]> {
  return using((database) => database.getAll("outbox"));
}

/** The versions of one entry. */
export async function listItemsOf(id: string): Promise<OutboxItem[]> {
  return using((database) => database.getAll("outbox", versionsOf(id)));
}

/** Which entries have their bytes on this phone. */
export async function listParcelKeys(): Promise<Key[]> {
  return using((database) => database.getAllKeys("parcels"));
}

/**
 * Change unsent items in one strict transaction, each from what is stored now; answers them as they are then. Unknown
 * ones are passed over, and what is sent stays sent, whatever a slower drainer thinks.
 */
export async function changeItems(
  keys: readonly Key[],
  change: (item: OutboxItem) => OutboxItem,
): Promise<OutboxItem[]> {
  const unsent = (item: OutboxItem) => (isUnsent(item) ? change(item) : null);
  return write(["outbox"], (transaction) => changed(transaction, keys, unsent));
}

/** The same for sent ones, whose receipts the server was asked about. */
export async function changeSent(keys: readonly Key[], change: (item: OutboxItem) => OutboxItem): Promise<void> {
  const sent = (item: OutboxItem) => (item.state === "sent" ? change(item) : null);
  await write(["outbox"], (transaction) => changed(transaction, keys, sent));
}

/** Keep other bytes of the same entry in place of the ones that are there. Bytes that are safe elsewhere do not come back. */
export async function replaceParcel(parcel: Parcel): Promise<void> {
  await write(["outbox", "parcels"], async (transaction) => {
    const key = place([parcel.id, parcel.sha256]);
    const item = await transaction.objectStore("outbox").get(key);
    const isKept = (await transaction.objectStore("parcels").getKey(key)) !== undefined;
    if (item !== undefined && (isKept || isUnsent(item))) {
      await transaction.objectStore("outbox").put({ ...item, size: parcel.bytes.length });
      await transaction.objectStore("parcels").put(parcel);
    }
  });
}

/** What an older version of the app wrote down for all to read, now hidden under its author's vault. */
export async function hideReadable(key: Key, hidden: Hidden): Promise<void> {
  await write(["outbox"], async (transaction) => {
    const item = await transaction.objectStore("outbox").get(place(key));
    if (item !== undefined) {
      const { readable: _, ...rest } = item;
      await transaction.objectStore("outbox").put({ ...rest, hidden });
    }
  });
}

/** Remove the bytes of items that are sent or replaced. Those of any other are kept whatever is asked. */
export async function forgetBytes(keys: readonly Key[]): Promise<void> {
  await write(["outbox", "parcels"], async (transaction) => {
    for (const key of keys) {
      const item = await transaction.objectStore("outbox").get(place(key));
      if (item !== undefined && !isUnsent(item)) {
        await transaction.objectStore("parcels").delete(place(key));
      }
    }
  });
}

/** Forget items that are sent or replaced and whose bytes are gone. Any other is kept whatever is asked. */
export async function forgetSent(keys: readonly Key[]): Promise<void> {
  await write(["outbox", "parcels"], async (transaction) => {
    for (const key of keys) {
      const isKept = (await transaction.objectStore("parcels").getKey(place(key))) !== undefined;
      const item = await transaction.objectStore("outbox").get(place(key));
      if (!isKept && item !== undefined && !isUnsent(item)) {
        await transaction.objectStore("outbox").delete(place(key));
      }
    }
  });
}

async function changed(
  { store }: Writing<["outbox"]>,
  keys: readonly Key[],
  change: (item: OutboxItem) => OutboxItem | null,
): Promise<OutboxItem[]> {
  const items: OutboxItem[] = [];
  for (const key of keys) {
    const item = await store.get(place(key));
    const next = item === undefined ? null : change(item);
    if (next !== null) {
      await store.put(next);
      items.push(next);
    }
  }
  return items;
}

function place(key: Key): [string, string] {
  return [key[0], key[1]];
}

function versionsOf(id: string): IDBKeyRange {
  return IDBKeyRange.bound([id], [id, []]);
}
