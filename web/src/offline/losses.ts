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

/** What the server knows to be lost, and of whom it was asked. */
export interface Named {
  readonly entries: readonly NamedLoss[];
  readonly photos: readonly NamedLoss[];
  readonly people: readonly string[];
}

/**
 * The server has heard of `told`. What it names need not be counted twice; what it named of this phone before, and does
 * not any more, has been found, or its author knows.
 */
export async function noteAnswer(told: Loss | null, named: Named): Promise<void> {
  const own = await deviceId();
  const found = [
    ...named.entries.map((each) => asLoss(each, { count: 1, photos: 0 }, [own, told?.id])),
    ...named.photos.map((each) => asLoss(each, { count: 0, photos: 1 }, [own, told?.id])),
  ];
  const isGone = ({ id, device, author }: Loss) =>
    device === own && named.people.includes(author ?? "") && !found.some((loss) => loss.id === id);
  await changeLosses((losses) => {
    const added = found.filter(({ id }, place) => ![...losses, ...found.slice(0, place)].some((loss) => loss.id === id));
    const kept = losses.filter((loss) => !isGone(loss));
    const isSame = told === null && added.length === 0 && kept.length === losses.length;
    return isSame ? losses : [...kept.map((loss) => (loss.id === told?.id ? reported(loss, named) : loss)), ...added];
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
  const unknown = { device: "", isElsewhere: false, author: null, isReported: false, seenBy: [] };
  return { id: device, isCleared: true, count: unsent, photos, savedAt, ...unknown };
}

type Kind = Pick<Loss, "count" | "photos">;

/** `here`: the ids that this phone has and had. */
function asLoss({ id, author, saved_at: savedAt, device = "" }: NamedLoss, kind: Kind, here: readonly unknown[]): Loss {
  const isElsewhere = device !== "" && !here.includes(device);
  return { id, isCleared: false, ...kind, device, isElsewhere, author, savedAt, isReported: true, seenBy: [] };
}

/** Less what is named of it: each entry once, however many versions of it there were. */
function reported(loss: Loss, { entries, photos }: Named): Loss {
  const count = (named: readonly NamedLoss[]) => new Set(named.filter(({ device }) => device === loss.id).map(({ id }) => id)).size;
  const left = { count: Math.max(0, loss.count - count(entries)), photos: Math.max(0, loss.photos - count(photos)) };
  return { ...loss, isReported: true, ...left };
}
