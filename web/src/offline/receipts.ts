// What the server has a receipt for, and this phone still keeps: the sealed bytes stay until the server says that they are
// in a backup it has checked. After a restore the server may have lost them; then the receipts are offered again.

import { type Kept, RECEIPTS_LIMIT, type ReceiptsAnswer, type ReceiptsOffer } from "../generated/shapes.ts";
import { announce } from "../lib/news.ts";
import { type Answer, ask, hasTexts, noteContact } from "./connection.ts";
import { isSendable, isUnsent, type Key, keyOf, lostByServer, nameOf, type OutboxItem } from "./item.ts";
import { dropBackedUp, offerPhotosAgain } from "./photos.ts";
import { findFact, keepFact } from "./rows/facts.ts";
import { changeSent, forgetBytes, forgetSent, listItems, listParcelKeys } from "./rows/items.ts";
import { listPhotos } from "./rows/photos.ts";

/** What the server says of itself: its `restore_epoch`, and up to when it has a backup that it has checked. */
export interface Server {
  readonly restore_epoch?: string;
  readonly backed_up_to?: string | null;
}

interface Known {
  readonly epoch: string;
  readonly backedUpTo: string | null;
}

/** `sign-in`: nobody is signed in who could offer them. `trying-again`: the server did not answer. */
type Ended = "done" | "sign-in" | "trying-again";

/** `unsure`: the entries of which it is not known whether the server has what it had of them. */
export interface Offered {
  readonly ended: Ended;
  readonly unsure: ReadonlySet<string>;
}

const SERVER = "server";
const PHOTOS_OFFERED = "photos-offered";
const DAY_MS = 24 * 60 * 60 * 1000;

/** How long what was sent is listed. */
const LISTED_MS = 14 * DAY_MS;

/** Note what an answer of the server says of it. What it does not say stays as it was. */
export async function noteServer({ restore_epoch: epoch = "", backed_up_to: backedUpTo }: Server): Promise<void> {
  const known = await knownServer();
  if (epoch === "") {
    return;
  }
  const isNew = epoch !== known.epoch;
  const next = { epoch, backedUpTo: backedUpTo ?? (isNew ? null : known.backedUpTo) } satisfies Known;
  if (isNew || next.backedUpTo !== known.backedUpTo) {
    await keepFact(SERVER, next);
  }
  if (isNew && known.epoch !== "") {
    announce("unsent"); // The drainer offers what is kept.
  }
}

/**
 * Offer the server what it may have lost, and put back in the queue what it has: what an earlier epoch of it had, and any
 * entry that is about to be changed. A change that arrives before what it changes would be taken for the older one.
 */
export async function offerReceipts(): Promise<Offered> {
  const { epoch } = await knownServer();
  if (epoch !== "") {
    await queuePhotosAgain(epoch);
  }
  const changing = new Set((await listItems()).filter(isSendable).map(({ id }) => id));
  const doubtful = (await listKept()).filter((item) => item.epoch !== epoch || changing.has(item.id));
  for (let from = 0; from < doubtful.length; from += RECEIPTS_LIMIT) {
    const answer = await offer(doubtful.slice(from, from + RECEIPTS_LIMIT));
    if (answer !== "done") {
      return { ended: answer, unsure: new Set(doubtful.slice(from).map(({ id }) => id)) };
    }
  }
  return { ended: "done", unsure: new Set() };
}

/** Forget the bytes of what is safe in a backup, and stop listing what was sent long ago. `now` in ms by this phone. */
export async function forgetWhatIsSafe(now: number): Promise<void> {
  const known = await knownServer();
  const kept = await listKept();
  await forgetBytes(kept.filter((item) => isSafe(item, known)).map(keyOf));
  if (known.backedUpTo !== null && known.epoch === (await findFact(PHOTOS_OFFERED))) {
    await dropBackedUp(known.backedUpTo);
  }
  const items = await listItems();
  const unsent = new Set([...items.filter(isUnsent).map(({ id }) => id), ...(await listEntriesOfUnsentPhotos())]);
  const old = items.filter((item) => !unsent.has(item.id) && !isListed(item, now));
  if (old.length > 0) {
    await forgetBytes(await listReplacedForGood(old));
    await forgetSent(old.map(keyOf));
  }
}

/** Whether the list shows it: unsent, or sent in the last 14 days. `now` in ms. */
export function isListed(item: OutboxItem, now: number): boolean {
  return isUnsent(item) || now - Date.parse(item.lastTriedAt ?? item.savedAt) <= LISTED_MS;
}

/** A later version is at the server and in its backup: nothing is kept here any more that it may ask for again. */
async function listReplacedForGood(old: readonly OutboxItem[]): Promise<Key[]> {
  const stillKept = new Set((await listKept()).map(({ id }) => id));
  return old.filter((item) => item.state === "replaced" && !stillKept.has(item.id)).map(keyOf);
}

/** A photo goes once its entry has a receipt here: without the entry's row it would never go. */
async function listEntriesOfUnsentPhotos(): Promise<string[]> {
  return (await listPhotos()).filter(({ state }) => state !== "sent").map(({ entry }) => entry);
}

async function knownServer(): Promise<Known> {
  return ((await findFact(SERVER)) as Known | undefined) ?? { epoch: "", backedUpTo: null };
}

/** Sent, and their bytes are still here. */
async function listKept(): Promise<OutboxItem[]> {
  const here = new Set((await listParcelKeys()).map(([id, sha256]) => nameOf({ id, sha256 })));
  return (await listItems()).filter((item) => item.state === "sent" && here.has(nameOf(item)));
}

/** After a restore nothing is, before the server was asked for it again. */
function isSafe({ receipt, epoch }: OutboxItem, known: Known): boolean {
  return epoch === known.epoch && Date.parse(receipt?.received_at ?? "") <= Date.parse(known.backedUpTo ?? "");
}

async function offer(items: readonly OutboxItem[]): Promise<Ended> {
  const receipts: Kept[] = items.map(({ id, sha256 }) => ({ id, sha256 }));
  const answer = await ask("/api/receipts", { receipts } satisfies ReceiptsOffer);
  if (!isReceiptsAnswer(answer)) {
    return answer.status === 401 ? "sign-in" : "trying-again";
  }
  const { missing, restore_epoch: epoch, server_time: time } = answer.value;
  const lost = new Set(missing.map(nameOf));
  await changeSent(items.map(keyOf), (item) => (lost.has(nameOf(item)) ? lostByServer(item) : { ...item, epoch }));
  await noteContact(time);
  await noteServer({ restore_epoch: epoch });
  announce("outbox");
  return "done";
}

/** Of a photo the server itself says how much it has: it is enough to ask again. */
async function queuePhotosAgain(epoch: string): Promise<void> {
  if ((await findFact(PHOTOS_OFFERED)) !== epoch) {
    await offerPhotosAgain();
    await keepFact(PHOTOS_OFFERED, epoch);
  }
}

function isReceiptsAnswer(answer: Answer): answer is Answer & { readonly value: ReceiptsAnswer } {
  const found = answer.value as Partial<ReceiptsAnswer> | null | undefined;
  const isListed = Array.isArray(found?.missing) && found.missing.every((one) => hasTexts(one, "id", "sha256"));
  const isWhole = isListed && hasTexts(found, "restore_epoch");
  return answer.status === 200 && isWhole && !Number.isNaN(Date.parse(String(found.server_time)));
}
