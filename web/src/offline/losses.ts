// What was lost from this phone, entries and photos: noticed here when the browser has cleared its storage, or named by the server,
// which remembers what this phone said it held. They are shown until somebody says that they have seen it.

import type { Loss as NamedLoss } from "../generated/shapes.ts";
import { announce, listen } from "../lib/news.ts";
import { STORAGE_ENDED } from "./database.ts";
import { deviceId } from "./device.ts";
import { lookAtUnsent } from "./held.ts";
import { type Marker, readMarker, writeMarker } from "./marker.ts";
import { changeLosses, listLosses, type Loss } from "./rows/losses.ts";

export type { Loss } from "./rows/losses.ts";

/** How many of each: entries, and photos whose entries were sent. */
export interface Lost {
  readonly entries: number;
  readonly photos: number;
}

const LOSSES = "losses";

let last: Marker | null = null;
let noting: Promise<void> | null = null;
let isNotedAgain = false;

/** Call once in a page of the app: finds what was lost before, and from then on marks what is held. */
export async function watchForLosses(): Promise<void> {
  listen("outbox", () => void noteHeld());
  listen("photos", (going) => (going === null ? void noteHeld() : undefined)); // Not at every per cent of one.
  listen(STORAGE_ENDED, () => void noteHeld());
  await noteHeld();
}

/** What this person has not yet said they have seen; `person` empty where nobody is unlocked. */
export async function listUnseen(person: string): Promise<Loss[]> {
  return (await listLosses()).filter((loss) => loss.count + loss.photos > 0 && !loss.seenBy.includes(person));
}

export async function markSeen(ids: readonly string[], person: string): Promise<void> {
  const seen = (loss: Loss) => (ids.includes(loss.id) ? { ...loss, seenBy: [...loss.seenBy, person] } : loss);
  await changeLosses((losses) => losses.map(seen));
  announce(LOSSES);
}

/** The cleared storage that the server has to hear of next, or null. */
export async function unreported(): Promise<Loss | null> {
  return (await listLosses()).find((loss) => loss.isCleared && !loss.isReported) ?? null;
}

/** How many of each these are. */
export function countLost(losses: readonly Loss[]): Lost {
  return {
    entries: losses.reduce((sum, loss) => sum + loss.count, 0),
    photos: losses.reduce((sum, loss) => sum + loss.photos, 0),
  };
}

/** The server has heard of `told`, and knows what it names to be lost; that need not be counted twice. */
export async function noteAnswer(told: Loss | null, entries: readonly NamedLoss[], photos: readonly NamedLoss[]): Promise<void> {
  await changeLosses((losses) => {
    const isNew = ({ id }: Loss) => !losses.some((loss) => loss.id === id);
    const added = [...entries.map((each) => asLoss(each, 1, 0)), ...photos.map((each) => asLoss(each, 0, 1))].filter(isNew);
    const kept = losses.map((loss) => (loss.id === told?.id ? reported(loss, countLost(added)) : loss));
    return told === null && added.length === 0 ? losses : [...kept, ...added];
  });
  announce(LOSSES);
}

export function onLossesChange(listener: () => void): () => void {
  return listen(LOSSES, listener);
}

/** Mark what is held now; never rejects. Many calls at once are one, and one more after it. */
export function noteHeld(): Promise<void> {
  isNotedAgain = noting !== null;
  noting ??= note()
    .catch(() => null) // Storage that fails now is looked at again with the next change.
    .then(() => {
      noting = null;
      return isNotedAgain ? noteHeld() : undefined;
    });
  return noting;
}

/** What the last marker says that is gone is kept as a loss before a new one takes its place. */
async function note(): Promise<void> {
  const before = (await readMarker()) ?? last;
  await deviceId(); // It is there from now on, unless storage goes at this moment.
  const { device, unsent, photos } = await lookAtUnsent();
  if (device === null) {
    return;
  }
  if (before !== null && before.device !== device) {
    await noteCleared(before);
  }
  const lastSavedAt = Math.max(0, ...unsent.map((item) => Math.floor(Date.parse(item.savedAt) / 1000)));
  last = { device, unsent: new Set(unsent.map(({ id }) => id)).size, lastSavedAt, photos };
  await writeMarker(last);
}

async function noteCleared(before: Marker): Promise<void> {
  const isKnown = (losses: readonly Loss[]) => losses.some(({ id }) => id === before.device);
  await changeLosses((losses) => (isKnown(losses) ? losses : [...losses, cleared(before)]));
  announce(LOSSES);
}

function cleared({ device, unsent, lastSavedAt, photos }: Marker): Loss {
  const savedAt = new Date(lastSavedAt * 1000).toISOString();
  return { id: device, isCleared: true, count: unsent, photos, author: null, savedAt, isReported: false, seenBy: [] };
}

function asLoss({ id, author, saved_at }: NamedLoss, count: number, photos: number): Loss {
  return { id, isCleared: false, count, photos, author, savedAt: saved_at, isReported: true, seenBy: [] };
}

function reported(loss: Loss, named: Lost): Loss {
  const [count, photos] = [Math.max(0, loss.count - named.entries), Math.max(0, loss.photos - named.photos)];
  return { ...loss, isReported: true, count, photos };
}
