// The queue of photos: they follow their entries, after every text has gone, one at a time. What becomes of a photo here
// is decided by a receipt or by an answer of the server; nothing is deleted because of an error.

import type { Problem } from "../generated/shapes.ts";
import { announce, listen } from "../lib/news.ts";
import type { DrainState } from "./drain.ts";
import { isSendable, isUnsent } from "./item.ts";
import { findWhole } from "./photo-parcel.ts";
import { type Outcome, sendPhoto, type Watch } from "./photo-pieces.ts";
import { listItems } from "./rows/items.ts";
import {
  changePhotos,
  deleteBytesOfSent,
  forgetSentPhotos,
  listPhotos,
  listPhotosWithBytes,
  type PhotoItem,
} from "./rows/photos.ts";

/** What goes now: photo 2 of 3, 40 per cent of it. */
export interface PhotoProgress {
  readonly id: string;
  readonly entry: string;
  readonly photo: number;
  readonly of: number;
  readonly percent: number;
}

const TOPIC = "photos";

/** So often the server may not know the entry that this phone has a receipt for: then no waiting will help. */
const UNKNOWN_TRIES = 50;

const BYTES_LOST: Problem = {
  code: "bytes-lost",
  title: "This phone has lost this photo",
  way_on: "Take it again if you can, and tell your manager.",
  status: 0,
  reference: "",
};

const ENTRY_UNKNOWN: Problem = {
  code: "entry-unknown",
  title: "The server does not know which entry this photo is for",
  way_on: "It stays on this phone. Send its entry again, then the photo.",
  status: 404,
  reference: "",
};

let shown: PhotoProgress | null = null;
let sentSoFar = 0;

listen(TOPIC, (progress) => {
  shown = progress as PhotoProgress | null;
});

/**
 * Send the photos whose entries the server has, piece after piece; `sending` where it made way for a text that was saved
 * meanwhile, or for the run that has begun in this one's place (`isOver`). Never rejects.
 */
export async function drainPhotos(isOver: () => boolean = () => false): Promise<DrainState> {
  let isTextWaiting = false;
  const stop = listen("unsent", () => {
    isTextWaiting = true;
  });
  try {
    return await sendAll(await listReady(), () => !isTextWaiting && !isOver());
  } catch {
    return "trying-again"; // The phone's own storage: it is tried as often as the network.
  } finally {
    stop();
    announce(TOPIC, null);
  }
}

/** What goes now, wherever in this browser it is sent; null where nothing does. */
export function progress(): PhotoProgress | null {
  return shown;
}

/** Hear of every change to a photo and of how its sending goes; call what is returned to stop. */
export function onPhotos(listener: () => void): () => void {
  return listen(TOPIC, listener);
}

/** Send a photo that was refused once more. */
export async function retryPhoto(id: string): Promise<void> {
  await changePhotos([id], (item) => (item.state === "needs-person" ? { ...item, state: "waiting", attempts: 0 } : item));
  announce(TOPIC, shown);
  announce("unsent");
}

/** Remove the bytes of photos that the server had by this time, ISO 8601, and what is known of those not listed now. */
export async function dropBackedUp(backedUpTo: string): Promise<void> {
  const sent = (await listPhotos()).filter(({ state }) => state === "sent");
  const safe = sent.filter(({ receivedAt }) => Date.parse(receivedAt ?? "") <= Date.parse(backedUpTo));
  if (safe.length > 0) {
    const listed = new Set((await listItems()).map(({ id }) => id));
    await deleteBytesOfSent(safe.map(({ id }) => id));
    await forgetSentPhotos(safe.filter(({ entry }) => !listed.has(entry)).map(({ id }) => id));
  }
}

/** The server's database was restored: what is kept here waits again, and the server is asked what it has of each. */
export async function offerPhotosAgain(): Promise<void> {
  const kept = await listPhotosWithBytes();
  await changePhotos(kept, (item) => (item.state === "sent" ? { ...waiting(item), sent: 0, receivedAt: null } : item));
  announce(TOPIC, shown);
}

async function sendAll(queue: readonly PhotoItem[], isWanted: () => boolean): Promise<DrainState> {
  const of = sentSoFar + queue.length;
  let state: DrainState = "idle";
  for (const [place, item] of queue.entries()) {
    const photo = of - queue.length + place + 1;
    const { kind } = await sendOne(item, (sent) => announce(TOPIC, progressOf(item, sent, photo, of)), isWanted);
    if (kind === "interrupted") {
      return "sending";
    }
    if (kind === "sign-in" || kind === "silence") {
      return kind === "sign-in" ? "sign-in" : "trying-again";
    }
    sentSoFar += kind === "received" ? 1 : 0;
    state = kind === "unknown" || kind === "failed" ? "trying-again" : state;
  }
  sentSoFar = 0;
  return state;
}

/** One photo's bytes are in memory at a time: here, and nowhere else. */
async function sendOne(item: PhotoItem, tell: (sent: number) => void, isWanted: () => boolean): Promise<Outcome> {
  const watch: Watch = {
    isWanted,
    heard: () => announce(TOPIC, shown),
    sent: async (sent) => {
      await changePhotos([item.id], (now) => ({ ...now, sent }));
      tell(sent);
    },
  };
  await changePhotos([item.id], begun);
  tell(item.sent);
  const outcome = await sendKept(item, watch);
  await changePhotos([item.id], (now) => settled(now, outcome));
  announce(TOPIC, null);
  return outcome;
}

async function sendKept(item: PhotoItem, watch: Watch): Promise<Outcome> {
  const bytes = await findWhole(item);
  return bytes === null ? { kind: "refused", problem: BYTES_LOST } : sendPhoto(item, bytes, watch);
}

/** Photos whose entries have a receipt: what was tried least first, then as their entries were saved. */
async function listReady(): Promise<PhotoItem[]> {
  const [photos, items] = await Promise.all([listPhotos(), listItems()]);
  const sent = new Map(items.filter((item) => !isUnsent(item)).map((item) => [item.id, Date.parse(item.savedAt)]));
  const ready = photos.filter((photo) => isSendable(photo) && sent.has(photo.entry));
  return ready.sort((one, other) => one.attempts - other.attempts || savedAt(one) - savedAt(other));

  function savedAt(photo: PhotoItem): number {
    return sent.get(photo.entry) ?? 0;
  }
}

function begun(item: PhotoItem): PhotoItem {
  return { ...item, state: "sending", attempts: item.attempts + 1, lastTriedAt: new Date().toISOString() };
}

function waiting(item: PhotoItem, problem: Problem | null = null): PhotoItem {
  return { ...item, state: "waiting", problem };
}

function settled(item: PhotoItem, outcome: Outcome): PhotoItem {
  switch (outcome.kind) {
    case "received":
      return { ...item, state: "sent", sent: item.size, problem: null, receivedAt: outcome.receipt.received_at };
    case "refused":
      return { ...item, state: "needs-person", problem: outcome.problem };
    case "failed":
      return waiting(item, outcome.problem);
    case "unknown":
      return item.attempts < UNKNOWN_TRIES ? waiting(item) : { ...item, state: "needs-person", problem: ENTRY_UNKNOWN };
    case "interrupted":
    case "sign-in":
    case "silence":
      return waiting(item);
  }
}

function progressOf({ id, entry, size }: PhotoItem, sent: number, photo: number, of: number): PhotoProgress {
  return { id, entry, photo, of, percent: Math.floor((100 * sent) / Math.max(1, size)) };
}
