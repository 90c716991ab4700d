// The entries saved on this phone, until the server has them. "On this phone" is said here; who sends is `drain`.
// What they say is read by their author alone, while their vault is open here; anybody else's are only counted.

import { type Entry, ENTRY_BYTES_LIMIT, type SealingKey } from "../generated/shapes.ts";
import { isSame } from "../lib/bytes.ts";
import { newId } from "../lib/ids.ts";
import { announce, listen } from "../lib/news.ts";
import { isoWithOffset } from "../lib/times.ts";
import { again, isRetryable, isUnsent, type Key, keyOf, type OutboxItem } from "./item.ts";
import { sealAnew } from "./older.ts";
import { asNotSaved, isFull, NotSaved, WHY_NOT } from "./not-saved.ts";
import { isWhole, wrap } from "./parcel.ts";
import { findBroken, sealPhotos } from "./photo-parcel.ts";
import { isListed } from "./receipts.ts";
import { current } from "./reference.ts";
import { deleteUnfinished, type Unfinished } from "./rows/drafts.ts";
import {
  addItem,
  changeItems,
  findItem,
  findParcel,
  listItems,
  listItemsOf,
  type Parcel,
  removeBroken,
  replaceUntried,
} from "./rows/items.ts";
import type { PhotoRows, PreparedPhoto } from "./rows/photos.ts";
import type { Hidden } from "./rows/vaults.ts";
import { isSameSaid, type Label, read, type Said, type WholeSaid } from "./said.ts";
import { prepareToSeal, sealedEntry } from "./sealing.ts";
import { hideAs, opened } from "./vault.ts";

export type { Key, OutboxItem, OutboxState } from "./item.ts";
export { NotSaved } from "./not-saved.ts";
export type { Label, Said, WholeSaid } from "./said.ts";

/** `entry.photos` are those that an earlier version of the entry has brought, `photos` the ones that are new with it. */
export interface Saving {
  readonly entry: Entry;
  readonly label: Label;
  readonly fields: Said["fields"];
  readonly photos?: readonly PreparedPhoto[];
}

/** An entry and what it says; null where the open vault cannot read it. */
export interface Listed {
  readonly item: OutboxItem;
  readonly said: Said | null;
}

/** `arePhotosKept`: false where the phone was too full for the photos; then the entry is saved as one that has none. */
export interface Saved extends Listed {
  readonly said: WholeSaid;
  readonly arePhotosKept: boolean;
}

/** Whoever saves is shown that it is saved before the rest of the page follows, and before this page begins to send it. */
const SEEN_MS = 100;

const saves = new Map<string, Promise<unknown>>();

/**
 * Resolves when the entry is on this phone: sealed, written with strict durability, read back and compared. Rejects with
 * NotSaved; the form has to stay as it is then. What says the same as the last version of this id is that version, because
 * a double tap means one entry; anything else is the next version.
 */
export function save(saving: Saving): Promise<Saved> {
  const { id } = saving.entry;
  const before = saves.get(id) ?? Promise.resolve();
  const now = before.catch(() => null).then(() => saved(saving));
  saves.set(id, now);
  const forget = () => (saves.get(id) === now ? saves.delete(id) : false);
  now.then(forget, forget);
  return now;
}

/** The first seal of a page is slow. Have that done before somebody waits for it; never rejects. */
export async function prepareToSave(): Promise<void> {
  await sealingKeys().then(prepareToSeal).catch(() => null);
}

/**
 * Take back what nobody has tried to send yet, and keep the draft it was made from in the same transaction. False where
 * it may be on its way, or cannot be read here: then it stays, and saving the form again makes its next version.
 */
export async function takeBack(key: Key, draft: Unfinished): Promise<boolean> {
  const photos = await photosOfOnly(key);
  const isBack = photos !== null && (await replaceUntried(key, draft, photos));
  announce("outbox");
  return isBack;
}

/** The entries of the person whose vault is open, newest first: unsent ones, and those sent in the last 14 days. */
export async function list(): Promise<Listed[]> {
  const mine = (await itemsOfOpen()).filter((item) => isListed(item, Date.now()));
  mine.sort((one, other) => Date.parse(other.savedAt) - Date.parse(one.savedAt) || other.version - one.version);
  return Promise.all(mine.map(async (item) => ({ item, said: await read(item) })));
}

/** How many entries of other people wait on this phone. */
export async function othersUnsentCount(): Promise<number> {
  const person = (await opened())?.person;
  return (await listItems()).filter((item) => isUnsent(item) && item.author !== person).length;
}

/** The open person's entries about a resident that the server does not hold yet, in the order they were saved. */
export async function unsentEntriesOf(residentId: string): Promise<Entry[]> {
  const unsent = (await list()).filter(({ item }) => isUnsent(item)).reverse();
  const entries = unsent.map(({ said }) => said?.entry ?? null).filter((entry) => entry !== null);
  return entries.filter((entry) => entry.resident === residentId);
}

/**
 * Send an entry that was refused once more, unless a later version may be there already. Where its own bytes were the
 * reason it is sealed anew, if that can be.
 */
export async function retry(id: string, sha256: string): Promise<void> {
  const versions = await listItemsOf(id);
  const retried = versions.filter((item) => item.sha256 === sha256 && isRetryable(item, versions)).map(keyOf);
  await Promise.all(retried.map(sealAnew));
  await changeItems(retried, (item) => again(item));
  tellOfUnsent();
}

/** Hear of every change to the outbox, whichever tab or worker made it; call what is returned to stop. */
export function onChange(listener: () => void): () => void {
  return listen("outbox", listener);
}

/** The photos that came with this version of an entry, and no other has; null where one of them cannot be read here. */
async function photosOfOnly([id, sha256]: Key): Promise<string[] | null> {
  const versions = await listItemsOf(id);
  const saids = await Promise.all(versions.map(read));
  if (saids.includes(null)) {
    return null;
  }
  const photos = saids.map((said) => said?.entry?.photos?.map((photo) => photo.id) ?? []);
  const others = photos.filter((_, place) => versions[place]?.sha256 !== sha256).flat();
  return photos.flat().filter((photo) => !others.includes(photo));
}

async function itemsOfOpen(): Promise<OutboxItem[]> {
  const person = (await opened())?.person;
  return person === undefined ? [] : (await listItems()).filter((item) => item.author === person);
}

async function saved(saving: Saving): Promise<Saved> {
  try {
    return (await savedAgain(saving)) ?? (await keep(saving));
  } catch (error) {
    if (!isFull(error) || (saving.photos ?? []).length === 0) {
      throw asNotSaved(error);
    }
  }
  try {
    return { ...(await keep({ ...saving, photos: [] })), arePhotosKept: false };
  } catch (error) {
    throw asNotSaved(error);
  }
}

/** The last version, where it says the same. If it was refused it goes again: that is what saving it again asks for. */
async function savedAgain(saving: Saving): Promise<Saved | null> {
  const entry = { ...saving.entry, photos: claimsOf(saving) };
  const item = (await listItemsOf(entry.id)).sort((one, other) => other.version - one.version)[0];
  const said = item === undefined ? null : await read(item);
  if (item === undefined || !isSameSaid(said, entry) || !(await isHere(item))) {
    return null;
  }
  await (item.state === "needs-person" ? retry(item.id, item.sha256) : null);
  await deleteUnfinished(item.author, item.id);
  announce("outbox");
  return { item, said, arePhotosKept: true };
}

/** Whether it is on this phone or at the server, now: the app may have been killed before it was read back. */
async function isHere(item: OutboxItem): Promise<boolean> {
  const parcel = await findParcel(keyOf(item));
  return !isUnsent(item) || item.state === "needs-person" || (parcel !== null && (await isWhole(parcel)));
}

async function keep(saving: Saving): Promise<Saved> {
  const { label, fields, photos = [] } = saving;
  await confirmAuthor(saving.entry);
  const entry = { ...saving.entry, photos: claimsOf(saving), blind: newId() };
  const wrapped = await wrap(entry);
  if (wrapped.bytes.length > ENTRY_BYTES_LIMIT) {
    throw new NotSaved(WHY_NOT.tooLong);
  }
  const keys = await sealingKeys();
  const said = { label, entry, fields } satisfies WholeSaid;
  const sealed = Promise.all([sealedEntry(entry.id, wrapped, keys), sealPhotos(entry, photos, keys)]);
  const [[parcel, rows], hidden] = await Promise.all([sealed, hideAs(entry.author, said)]);
  const item = await addItem(newItem(entry.author, parcel, hidden), parcel, rows);
  await confirmKept(parcel, rows);
  setTimeout(tellOfUnsent, SEEN_MS);
  return { item, said, arePhotosKept: true };
}

function tellOfUnsent(): void {
  announce("outbox");
  announce("unsent");
}

/** Who logs on this phone is the person whose vault is open; an entry never goes in anybody else's name. */
async function confirmAuthor({ author }: Entry): Promise<void> {
  if ((await opened())?.person !== author) {
    throw new NotSaved(WHY_NOT.anotherPerson);
  }
}

async function sealingKeys(): Promise<readonly SealingKey[]> {
  return (await current())?.sealing ?? [];
}

function claimsOf({ entry, photos = [] }: Pick<Saving, "entry" | "photos">): NonNullable<Entry["photos"]> {
  const claims = [...(entry.photos ?? []), ...photos.map(({ claim }) => claim)];
  return [...new Map(claims.map((claim) => [claim.id, claim])).values()];
}

function newItem(author: string, parcel: Parcel, hidden: Hidden): OutboxItem {
  return {
    id: parcel.id,
    sha256: parcel.sha256,
    size: parcel.bytes.length,
    author,
    version: 1,
    savedAt: isoWithOffset(new Date()),
    state: "waiting",
    attempts: 0,
    lastTriedAt: null,
    problem: null,
    receipt: null,
    epoch: "",
    hidden,
  };
}

/** Read back what was written. What is not there as it was given is no entry of this phone. */
async function confirmKept(parcel: Parcel, photos: readonly PhotoRows[]): Promise<void> {
  const key = [parcel.id, parcel.sha256] as const;
  const broken = await findBroken(photos);
  if (broken.length > 0 || !(await isKept(key, parcel))) {
    await removeBroken(key, broken);
    throw new NotSaved(WHY_NOT.notKept);
  }
}

async function isKept(key: Key, { bytes, digest }: Parcel): Promise<boolean> {
  const found = await findParcel(key);
  if (found === null) {
    return (await findItem(key))?.state === "sent"; // Another tab was so quick that the server has it in a backup.
  }
  return isSame(found.bytes, bytes) && found.digest === digest;
}
