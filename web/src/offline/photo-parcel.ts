// How the photos of an entry become what is kept on the phone: sealed for the server, so that the phone itself cannot
// show them any more. What is read back is checked each time.

import type { Entry, PhotoClaim, SealingKey } from "../generated/shapes.ts";
import { isSame, sha256Hex } from "../lib/bytes.ts";
import { findPhoto, findPhotoBytes, type PhotoItem, type PhotoRows, type PreparedPhoto } from "./rows/photos.ts";
import { seal } from "./sealing.ts";

/** The rows of an entry's photos, to be added in the transaction that adds the entry. Throws NoSealingKey. */
export async function sealPhotos(
  entry: Pick<Entry, "id" | "author">,
  photos: readonly PreparedPhoto[],
  keys: readonly SealingKey[],
): Promise<PhotoRows[]> {
  const rows: PhotoRows[] = [];
  for (const { claim, bytes } of photos) {
    rows.push(await rowsOf(entry, claim, await seal("photo", claim.id, bytes, keys)));
  }
  return rows;
}

/** All sealed bytes of a photo, or null where this phone has lost them. */
export async function findWhole({ id, size }: PhotoItem): Promise<Uint8Array<ArrayBuffer> | null> {
  const kept = await findPhotoBytes(id);
  const isWhole = kept !== null && kept.bytes.length === size && (await sha256Hex(kept.bytes)) === kept.sha256;
  return isWhole ? kept.bytes : null;
}

/** Read photos back that were just saved: the ids of those that are not on the phone byte for byte. */
export async function findBroken(rows: readonly PhotoRows[]): Promise<string[]> {
  const broken: string[] = [];
  for (const row of rows) {
    if (!(await isKept(row))) {
      broken.push(row.item.id);
    }
  }
  return broken;
}

async function isKept({ item, bytes }: PhotoRows): Promise<boolean> {
  const kept = await findPhotoBytes(item.id);
  if (kept === null) {
    return (await findPhoto(item.id))?.state === "sent"; // An earlier version brought it, and it is in a backup.
  }
  const isWhole = (await sha256Hex(kept.bytes)) === kept.sha256;
  return isWhole && (kept.sha256 !== bytes.sha256 || isSame(kept.bytes, bytes.bytes)); // Or an earlier version's.
}

async function rowsOf(
  entry: Pick<Entry, "id" | "author">,
  claim: PhotoClaim,
  sealed: Uint8Array<ArrayBuffer>,
): Promise<PhotoRows> {
  const whose = { id: claim.id, entry: entry.id, author: entry.author, sha256: claim.sha256, size: sealed.length };
  const untried = { sent: 0, state: "waiting", attempts: 0, lastTriedAt: null, problem: null, receivedAt: null } as const;
  return { item: { ...whose, ...untried }, bytes: { id: claim.id, bytes: sealed, sha256: await sha256Hex(sealed) } };
}
