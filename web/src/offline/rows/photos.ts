// The rows of `photos` and `photo_bytes`: photos that follow an entry, and their sealed bytes.

import type { PhotoClaim, Problem } from "../../generated/shapes.ts";
import { using, write, type Writing } from "../database.ts";

/** A photo as it was drawn on this phone: a JPEG, unsealed, with what its entry says of it. */
export interface PreparedPhoto {
  readonly claim: PhotoClaim;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** `waiting` for its entry or its turn, `sending`, `sent` against its receipt, or refused: it `needs-person`. */
export type PhotoState = "waiting" | "sending" | "sent" | "needs-person";

/** What is known of one photo besides its bytes. `size` and `sent` count sealed bytes, `sha256` is of the picture. */
export interface PhotoItem {
  readonly id: string;
  readonly entry: string;
  readonly author: string;
  readonly sha256: string;
  readonly size: number;
  readonly sent: number;
  readonly state: PhotoState;
  readonly attempts: number;
  readonly lastTriedAt: string | null;
  readonly problem: Problem | null;
  /** When the server had it, ISO 8601. */
  readonly receivedAt: string | null;
}

/** `sha256` is of these sealed bytes: WebKit has been seen to give back others than were kept. */
export interface PhotoBytes {
  readonly id: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
}

/** What one photo is in the database, to be added in the transaction that adds its entry. */
export interface PhotoRows {
  readonly item: PhotoItem;
  readonly bytes: PhotoBytes;
}

export async function listPhotos(): Promise<PhotoItem[]> {
  return using((database) => database.getAll("photos"));
}

export async function findPhoto(id: string): Promise<PhotoItem | null> {
  return using(async (database) => (await database.get("photos", id)) ?? null);
}

type Adding = Writing<["outbox", "parcels", "unfinished", "photos", "photo_bytes"]>;

/**
 * Add photos in the transaction that adds their entry. One that is there already stays as it is: the next version of an
 * entry has the photos that the one before had.
 */
export async function addPhotos(transaction: Adding, photos: readonly PhotoRows[]): Promise<void> {
  for (const { item, bytes } of photos) {
    if ((await transaction.objectStore("photos").getKey(item.id)) === undefined) {
      await transaction.objectStore("photos").add(item);
      await transaction.objectStore("photo_bytes").put(bytes);
    }
  }
}

/** The sealed bytes of a photo, or null once they are gone. */
export async function findPhotoBytes(id: string): Promise<PhotoBytes | null> {
  return using(async (database) => (await database.get("photo_bytes", id)) ?? null);
}

/** Which photos have their bytes here still. */
export async function listPhotosWithBytes(): Promise<string[]> {
  return using((database) => database.getAllKeys("photo_bytes"));
}

/** Change what is known of photos, each from what is stored now; unknown ids are passed over. Bytes stay. */
export async function changePhotos(ids: readonly string[], change: (item: PhotoItem) => PhotoItem): Promise<void> {
  await write(["photos"], async (transaction) => {
    const photos = transaction.objectStore("photos");
    for (const id of ids) {
      const item = await photos.get(id);
      if (item !== undefined) {
        await photos.put(change(item));
      }
    }
  });
}

/** Remove the bytes of photos that are sent. Those of one in any other state are kept whatever is asked. */
export async function deleteBytesOfSent(ids: readonly string[]): Promise<void> {
  await write(["photos", "photo_bytes"], async (transaction) => {
    for (const id of ids) {
      if ((await transaction.objectStore("photos").get(id))?.state === "sent") {
        await transaction.objectStore("photo_bytes").delete(id);
      }
    }
  });
}

/** Forget sent photos whose bytes are gone. Any other is kept whatever is asked. */
export async function forgetSentPhotos(ids: readonly string[]): Promise<void> {
  await write(["photos", "photo_bytes"], async (transaction) => {
    for (const id of ids) {
      const isSent = (await transaction.objectStore("photos").get(id))?.state === "sent";
      if (isSent && (await transaction.objectStore("photo_bytes").getKey(id)) === undefined) {
        await transaction.objectStore("photos").delete(id);
      }
    }
  });
}
