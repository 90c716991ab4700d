// All that this phone holds, in one look: what waits, what is kept until a backup has it, and whose. Nothing in it says
// what anybody wrote, so that it needs no unlocking.

import { using } from "./database.ts";
import { DEVICE } from "./device.ts";
import { isUnsent, keyOf, type OutboxItem } from "./item.ts";
import type { PhotoItem } from "./rows/photos.ts";

export interface Held {
  readonly unsent: readonly OutboxItem[];
  readonly photos: readonly PhotoItem[];
  /** The ids of the photos whose bytes are here, sent or not. */
  readonly pictures: readonly string[];
  /** Entries that the server has, whose sealed bytes stay here until it has a backup of them. */
  readonly copies: number;
  /** The author of each unfinished entry. */
  readonly unfinished: readonly string[];
  /** Whose vaults are on this phone. */
  readonly people: readonly string[];
}

/** Entries that are not sent, and how many photos of entries that are; `device`: the phone that has them. */
export interface UnsentHere {
  readonly device: string | null;
  readonly unsent: readonly OutboxItem[];
  readonly photos: number;
}

const STORES = ["outbox", "parcels", "photos", "photo_bytes", "unfinished", "vaults"] as const;

/** All of it of one moment. */
export async function lookAtUnsent(): Promise<UnsentHere> {
  return using(async (database) => {
    const transaction = database.transaction(["outbox", "photos", "facts"]);
    const [items, photos, device] = await Promise.all([
      transaction.objectStore("outbox").getAll(),
      transaction.objectStore("photos").getAll(),
      transaction.objectStore("facts").get(DEVICE) as Promise<string | undefined>,
    ]);
    const unsent = items.filter(isUnsent);
    const entries = new Set(unsent.map(({ id }) => id));
    const owed = photos.filter(({ state, entry }) => state !== "sent" && !entries.has(entry));
    return { device: device ?? null, unsent, photos: owed.length };
  });
}

export async function lookAtAll(): Promise<Held> {
  return using(async (database) => {
    const transaction = database.transaction(STORES);
    const [items, parcels, photos, pictures, unfinished, people] = await Promise.all([
      transaction.objectStore("outbox").getAll(),
      transaction.objectStore("parcels").getAllKeys(),
      transaction.objectStore("photos").getAll(),
      transaction.objectStore("photo_bytes").getAllKeys(),
      transaction.objectStore("unfinished").getAllKeys(),
      transaction.objectStore("vaults").getAllKeys(),
    ]);
    const sent = new Set(items.filter((item) => !isUnsent(item)).map((item) => keyOf(item).join(" ")));
    const copies = parcels.filter((key) => sent.has(key.join(" "))).length;
    const authors = unfinished.map(([author]) => author);
    return { unsent: items.filter(isUnsent), photos, pictures, copies, unfinished: authors, people };
  });
}
