// How sending goes, in a few short sentences that are true: what waits, what goes now, photos in per cent. Pure.

import { saidTime } from "../lib/said.ts";
import type { Contact } from "../offline/connection.ts";
import type { DrainStatus } from "../offline/drain.ts";
import type { Held } from "../offline/held.ts";
import { isSendable, type OutboxItem } from "../offline/item.ts";
import type { Lost } from "../offline/losses.ts";
import type { PhotoProgress } from "../offline/photos.ts";
import type { PhotoItem } from "../offline/rows/photos.ts";
import { lostThings } from "./lost-words.ts";

/** What is known when the words are made. `me`: who is unlocked here; `lost`: what nobody has seen yet to be lost. */
export interface Standing {
  readonly held: Pick<Held, "unsent" | "photos">;
  readonly me: string | null;
  readonly draining: Pick<DrainStatus, "state" | "sending">;
  readonly photo: PhotoProgress | null;
  readonly lost: Lost;
  readonly sendsWhenClosed: boolean;
  readonly now: Date;
}

/** `shown` changes as often as it likes; `told` is for a screen reader, which should hear of steps and not of numbers. */
export interface ProgressWords {
  readonly shown: string;
  readonly told: string;
  /** Whether it goes on once somebody signs in, and not before. */
  readonly wantsSignIn: boolean;
}

/** A send that has shown nothing for so long has died: it is given up and tried again. */
const STALLED_MS = 60_000;

/** Whoever is signed in may not bring entries: they wait for the next person. */
const NOT_ALLOWED = "not-allowed";

const NOTHING = "Nothing waits on this phone.";

export function progressWords(standing: Standing): ProgressWords {
  const { held, lost, me } = standing;
  const refused = held.unsent.filter((item) => item.state === "needs-person");
  const waiting = held.unsent.filter((item) => item.state !== "needs-person");
  const photos = held.photos.filter(isSendable);
  const refusedPhotos = held.photos.filter((photo) => photo.state === "needs-person");
  const standstill = [
    lost.entries + lost.photos > 0 ? `${lostThings(lost)} ${lost.entries + lost.photos === 1 ? "is" : "are"} lost.` : "",
    waiting.length > 0 ? `${entries(waiting.length)} ${waiting.length === 1 ? "waits" : "wait"}.` : "",
    othersWords(waiting, me),
    refused.length > 0 ? `${entries(refused.length)} ${refused.length === 1 ? "needs" : "need"} a person.` : "",
    refusedPhotos.length > 0 ? `${counted(refusedPhotos.length)} ${refusedPhotos.length === 1 ? "needs" : "need"} a person.` : "",
  ];
  if (waiting.length + photos.length === 0) {
    const shown = spaced(standstill) || NOTHING;
    return { shown, told: shown, wantsSignIn: false };
  }
  const now = going(waiting, photos, standing);
  const isWithSomebodyElse = waiting.some(({ problem }) => problem?.code === NOT_ALLOWED);
  const step = now.length > 0 ? "Sending." : comingWords(standing, isWithSomebodyElse);
  const shown = spaced([...standstill, photosWaiting(photos), ...(now.length > 0 ? now : [step])]);
  const wantsSignIn = now.length === 0 && standing.draining.state === "sign-in";
  return { shown, told: spaced([...standstill, step]), wantsSignIn };
}

/** When the server itself last answered this phone. */
export function contactWords(contact: Contact | null, at: Date): string {
  return contact === null ? "No contact with AP Log yet." : `Last contact ${saidTime(new Date(contact.at), at)}.`;
}

/** How far all of these photos are, in whole per cent; 100 only when every byte has gone. */
export function percentSent(photos: readonly PhotoItem[]): number {
  const size = photos.reduce((sum, photo) => sum + photo.size, 0);
  const sent = photos.reduce((sum, photo) => sum + photo.sent, 0);
  return size === 0 ? 0 : Math.floor((100 * sent) / size);
}

/** What is on its way at this moment; nothing where it only seems to be. */
function going(waiting: readonly OutboxItem[], photos: readonly PhotoItem[], standing: Standing): string[] {
  const { photo, now } = standing;
  const { done, of } = standing.draining.sending ?? { done: 0, of: waiting.length };
  const isTextGoing = waiting.some((item) => isGoing(item, now));
  const isPhotoGoing = photo !== null && photos.some((one) => one.id === photo.id);
  return [
    ...(isTextGoing ? [`Sending ${Math.min(done + 1, of)} of ${of}.`] : []),
    ...(isPhotoGoing ? [`Photo ${photo.photo} of ${photo.of}: ${photo.percent} %.`] : []),
  ];
}

function isGoing({ state, lastTriedAt }: OutboxItem, at: Date): boolean {
  return state === "sending" && lastTriedAt !== null && at.getTime() - Date.parse(lastTriedAt) < STALLED_MS;
}

/** What happens next where nothing is on its way. */
function comingWords({ draining, sendsWhenClosed }: Standing, isWithSomebodyElse: boolean): string {
  switch (draining.state) {
    case "sign-in":
      return isWithSomebodyElse ? "Somebody who logs here has to sign in to send." : "Sign in to send.";
    case "sending":
    case "trying-again":
      return "Not sent yet. It is tried again within a minute.";
    case "idle":
      return sendsWhenClosed
        ? "Sent by itself when there is signal, or when you open AP Log."
        : "Open AP Log when you have signal.";
  }
}

function othersWords(waiting: readonly OutboxItem[], me: string | null): string {
  const others = waiting.filter((item) => item.author !== me).length;
  if (me === null || others === 0) {
    return "";
  }
  return others === 1 ? "1 of them is somebody else’s." : `${others} of them are other people’s.`;
}

function photosWaiting(photos: readonly PhotoItem[]): string {
  if (photos.length === 0) {
    return "";
  }
  return `${counted(photos.length)} ${photos.length === 1 ? "waits" : "wait"}.`;
}

function counted(photos: number): string {
  return photos === 1 ? "1 photo" : `${photos} photos`;
}

function entries(count: number): string {
  return count === 1 ? "1 entry" : `${count} entries`;
}

function spaced(sentences: readonly string[]): string {
  return sentences.filter((words) => words !== "").join(" ");
}
