// The entries saved on this phone, until the server has them. "On this phone" is said here; who sends is `drain`.

import { type Entry, ENTRY_BYTES_LIMIT, type Problem, type PushedEntry } from "../generated/shapes.ts";
import { isSame, sha256Hex, toBytes } from "../lib/bytes.ts";
import { announce, listen } from "../lib/news.ts";
import { isoWithOffset } from "../lib/times.ts";
import { addItem, changeItems, findBytes, findItem, forgetSent, listItems, StorageStuck } from "./database.ts";
import { again, isSendable, isUnsent, type Key, keyOf, type OutboxItem, refused } from "./item.ts";
import { toPushed, unwrap, wrap } from "./parcel.ts";
import { me } from "./reference.ts";

export type { OutboxItem, OutboxState } from "./item.ts";

/** What the list says of an entry: it never shows the entry's own words. */
export interface Label {
  readonly residentName: string;
  readonly words: string;
}

/** The entry is not on this phone. `message` is a sentence for the person; the form has to stay as it is. */
export class NotSaved extends Error {}

const SENT_IS_LISTED_MS = 14 * 24 * 60 * 60 * 1000;
const KEEP_IT_OPEN = "Keep this page open, and write down the main points on paper.";
const NOT_KEPT = `Not saved. This phone did not keep the entry. ${KEEP_IT_OPEN} Then try again.`;
const FULL = `Not saved. This phone is full. ${KEEP_IT_OPEN} Then delete something else from the phone and try again.`;
const ANOTHER_PERSON =
  "Not saved. This phone does not know that it is still you who is signed in. Sign in once with signal, then save again.";
const TOO_LONG = "Not saved. The words are too long. Shorten them and save again.";

/** A bad item's bytes are not there to be sent, or not what they were. */
const BYTES_LOST: Problem = {
  code: "bytes-lost",
  title: "This phone has lost what this entry said",
  way_on: "Write it again from memory or from paper, and tell your manager.",
  status: 0,
  reference: "",
};

const saves = new Map<string, Promise<OutboxItem>>();

/**
 * Resolves when the entry is on this phone: written with strict durability, read back and compared. Rejects with
 * NotSaved, also where its author is not the person confirmed to be signed in. A second call with the same entry id in this page is the same save, because a double tap means one entry.
 */
export function save(entry: Entry, label: Label): Promise<OutboxItem> {
  const known = saves.get(entry.id);
  if (known !== undefined) {
    return known;
  }
  const saving = keep(entry, label).catch((error: unknown) => {
    saves.delete(entry.id);
    throw asNotSaved(error);
  });
  saves.set(entry.id, saving);
  return saving;
}

/** The entries of the person signed in here, newest first: unsent ones, and those sent in the last 14 days. */
export async function list(): Promise<OutboxItem[]> {
  const person = (await me())?.id;
  const mine = (await listItems()).filter((item) => item.author === person);
  return mine.sort((one, other) => Date.parse(other.savedAt) - Date.parse(one.savedAt));
}

/** How many entries of the person signed in here the server does not hold yet. */
export async function unsentCount(): Promise<number> {
  return (await list()).filter(isUnsent).length;
}

/** How many entries of other people wait on this phone until their authors sign in. */
export async function othersUnsentCount(): Promise<number> {
  const person = (await me())?.id;
  return (await listItems()).filter((item) => isUnsent(item) && item.author !== person).length;
}

/** This person's entries about a resident that the server does not hold yet, oldest first. */
export async function unsentEntriesOf(residentId: string): Promise<Entry[]> {
  const items = (await list()).filter((item) => isUnsent(item) && item.residentId === residentId).reverse();
  const bytes = await Promise.all(items.map((item) => findBytes(keyOf(item))));
  return bytes.filter((found) => found !== null).map(unwrap);
}

/** Send an entry that was refused once more. */
export async function retry(id: string, sha256: string): Promise<void> {
  await changeItems([[id, sha256]], (item) => (item.state === "needs-person" ? again(item) : item));
  announce("outbox");
  announce("unsent");
}

/** Hear of every change to the outbox, whichever tab or worker made it; call what is returned to stop. */
export function onChange(listener: () => void): () => void {
  return listen("outbox", listener);
}

/** The first of these items that fit into one push, with what is sent of them. Those whose bytes are gone drop out. */
export async function pack(
  items: readonly OutboxItem[],
  bytesLimit: number,
): Promise<{ items: OutboxItem[]; entries: PushedEntry[] }> {
  const packed: { items: OutboxItem[]; entries: PushedEntry[] } = { items: [], entries: [] };
  let room = bytesLimit;
  for (const item of items) {
    const entry = await pushed(item);
    if (entry !== null) {
      room -= toBytes(JSON.stringify(entry)).length;
      if (room < 0 && packed.items.length > 0) {
        break;
      }
      packed.items.push(item);
      packed.entries.push(entry);
    }
  }
  return packed;
}

/** What this person has to send, in order: what was tried least, then what was saved first. */
export async function listSendable(author: string): Promise<OutboxItem[]> {
  const items = (await listItems()).filter((item) => item.author === author && isSendable(item));
  return items.sort((one, other) => one.attempts - other.attempts || savedBefore(one, other));
}

/** Stop listing what was sent more than 14 days ago. */
export async function forgetOldSent(now: number): Promise<void> {
  const old = (await listItems()).filter(
    (item) => !isUnsent(item) && now - Date.parse(item.lastTriedAt ?? item.savedAt) > SENT_IS_LISTED_MS,
  );
  if (old.length > 0) {
    await forgetSent(old.map(keyOf));
  }
}

async function keep(entry: Entry, label: Label): Promise<OutboxItem> {
  if ((await me())?.id !== entry.author) {
    throw new NotSaved(ANOTHER_PERSON);
  }
  const { bytes, sha256 } = await wrap(entry);
  if (bytes.length > ENTRY_BYTES_LIMIT) {
    throw new NotSaved(TOO_LONG);
  }
  const item = newItem(entry, label, sha256, bytes.length);
  await addItem(item, bytes);
  if (!(await isKept(keyOf(item), bytes))) {
    throw new NotSaved(NOT_KEPT);
  }
  announce("outbox");
  announce("unsent");
  return item;
}

function newItem(entry: Entry, label: Label, sha256: string, size: number): OutboxItem {
  return {
    id: entry.id,
    sha256,
    size,
    author: entry.author,
    residentId: entry.resident,
    residentName: label.residentName,
    words: label.words,
    occurredAt: entry.occurred_at,
    savedAt: isoWithOffset(new Date()),
    state: "waiting",
    attempts: 0,
    lastTriedAt: null,
    problem: null,
    receipt: null,
  };
}

async function isKept(key: Key, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const found = await findBytes(key);
  if (found === null) {
    return (await findItem(key))?.state === "sent"; // Another tab was so quick that the server has it already.
  }
  return isSame(found, bytes) && (await sha256Hex(found)) === key[1];
}

async function pushed(item: OutboxItem): Promise<PushedEntry | null> {
  const bytes = await findBytes(keyOf(item));
  if (bytes !== null && (await sha256Hex(bytes)) === item.sha256) {
    return toPushed(item, bytes);
  }
  await changeItems([keyOf(item)], (lost) => refused(lost, BYTES_LOST));
  announce("outbox");
  return null;
}

function savedBefore(one: OutboxItem, other: OutboxItem): number {
  return Date.parse(one.savedAt) - Date.parse(other.savedAt);
}

function asNotSaved(error: unknown): NotSaved {
  if (error instanceof NotSaved) {
    return error;
  }
  if (error instanceof StorageStuck) {
    return new NotSaved(`Not saved. ${error.message}`);
  }
  const isFull = error instanceof DOMException && error.name === "QuotaExceededError";
  return new NotSaved(isFull ? FULL : NOT_KEPT, { cause: error });
}
