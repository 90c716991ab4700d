// Photos of an entry that is not saved yet: kept hidden under their author's vault, so that a form that was killed gets
// them back. The form itself still holds them; what is kept here is the second copy.

import { sha256Hex } from "../lib/bytes.ts";
import { deleteDraftPhoto, deleteDraftPhotos, deleteStrayPhotos, listDraftPhotos, putDraftPhoto } from "./rows/draft-photos.ts";
import type { PreparedPhoto } from "./rows/photos.ts";
import { hideBytes, opened, revealBytes } from "./vault.ts";

/** The name of each begins with this: `photo:<entry id>:<when it was added, in ms>:<photo id>`, so they sort by age. */
const PREFIX = "photo:";

/** A form that was begun in another window may not have been kept for the first time. */
const STRAY_AFTER_MS = 60 * 60 * 1000;

/** Keep a photo with the entry it is for. Throws Locked, or what the browser throws where there is no room. */
export async function keepDraftPhoto(entry: string, photo: PreparedPhoto): Promise<void> {
  await putDraftPhoto(`${PREFIX}${entry}:${Date.now()}:${photo.claim.id}`, await hideBytes(photo.bytes));
}

/** The photos kept with an entry of the open person, as they were added. One that does not open is passed over. */
export async function draftPhotosOf(entry: string): Promise<PreparedPhoto[]> {
  const person = (await opened())?.person;
  if (person === undefined) {
    return [];
  }
  const rows = await listDraftPhotos(person, `${PREFIX}${entry}:`);
  const photos = await Promise.all(rows.map((row) => revealed(photoIn(row.name), revealBytes(row))));
  return photos.filter((photo) => photo !== null);
}

export async function forgetDraftPhoto(entry: string, photo: string): Promise<void> {
  const person = (await opened())?.person;
  if (person !== undefined) {
    await deleteDraftPhoto(person, `${PREFIX}${entry}:`, (name) => photoIn(name) === photo);
  }
}

/** Forget all photos of an entry: it is saved, or its draft is thrown away. */
export async function forgetDraftPhotos(entry: string): Promise<void> {
  const person = (await opened())?.person;
  if (person !== undefined) {
    await deleteDraftPhotos(person, `${PREFIX}${entry}:`);
  }
}

/** Forget what a page that was killed between saving and tidying up has left. */
export async function forgetStrayPhotos(): Promise<void> {
  const person = (await opened())?.person;
  if (person !== undefined) {
    await deleteStrayPhotos(person, PREFIX, isOld, entryIn);
  }
}

async function revealed(id: string, opening: Promise<Uint8Array<ArrayBuffer>>): Promise<PreparedPhoto | null> {
  const bytes = await opening.catch(() => null);
  return bytes && { claim: { id, sha256: await sha256Hex(bytes), size: bytes.length }, bytes };
}

function entryIn(name: string): string {
  return name.split(":")[1] ?? "";
}

function photoIn(name: string): string {
  return name.split(":")[3] ?? "";
}

function isOld(name: string): boolean {
  return Date.now() - Number(name.split(":")[2]) > STRAY_AFTER_MS;
}
