// All that this phone holds, in one look: what waits, what is kept until a backup has it, and whose. Nothing in it says
// what anybody wrote, so that it needs no unlocking.

import { using } from "./database.ts";
import { DEVICE } from "./device.ts";
import { isUnsent, keyOf, type OutboxItem } from "./item.ts";
import type { PhotoItem } from "./rows/photos.ts";

export interface Held {
  readonly unsent: readonly OutboxItem[];
  readonly photos: readonly PhotoItem[];
  /** Entries that the server has, whose sealed bytes stay here until it has a backup of them. */
  readonly copies: number;
  /** The author of each unfinished entry. */
  readonly unfinished: readonly string[];
  /** Whose vaults are on this phone. */
  readonly people: readonly string[];
}

const STORES = ["outbox", "parcels", "photos", "unfinished", "vaults"] as const;

/** What is not sent, and the id of the phone that it was not sent from: both of one moment. */
export async function lookAtUnsent(): Promise<{ readonly device: string | null; readonly unsent: readonly OutboxItem[] }> {
  return using(async (database) => {
    const transaction = database.transaction(["outbox", "facts"]);
    const [items, device] = await Promise.all([
      transaction.objectStore("outbox").getAll(),
      transaction.objectStore("facts").get(DEVICE) as Promise<string | undefined>,
    ]);
    return { device: device ?? null, unsent: items.filter(isUnsent) };
  });
}

export async function lookAtAll(): Promise<Held> {
  return using(async (database) => {
    const transaction = database.transaction(STORES);
    const [items, parcels, photos, unfinished, people] = await Promise.all([
      transaction.objectStore("outbox").getAll(),
      transaction.objectStore("parcels").getAllKeys(),
      transaction.objectStore("photos").getAll(),
      transaction.objectStore("unfinished").getAllKeys(),
      transaction.objectStore("vaults").getAllKeys(),
    ]);
    const sent = new Set(items.filter((item) => !isUnsent(item)).map((item) => keyOf(item).join(" ")));
    const copies = parcels.filter((key) => sent.has(key.join(" "))).length;
    return { unsent: items.filter(isUnsent), photos, copies, unfinished: unfinished.map(([author]) => author), people };
  });
}
