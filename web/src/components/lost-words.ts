// What is said of entries and photos that were lost from a phone. Pure.

import { saidTime } from "../lib/said.ts";
import type { Loss, Lost } from "../offline/losses.ts";

const BROWSER_DID = "The browser deleted what AP Log kept here.";

/** A sentence for each loss or kind of loss: those of this person one by one, those of others counted. */
export function lossSentences(losses: readonly Loss[], me: string | null, now: Date): string[] {
  const mine = losses.filter((loss) => loss.author !== null && loss.author === me);
  const others = losses.filter((loss) => loss.author !== null && loss.author !== me);
  return [
    ...losses.filter((loss) => loss.author === null).map((loss) => clearedWords(loss, now)),
    ...mine.filter(isEntry).map((loss) => `Your entry that was saved ${placeOf(loss)} ${said(loss.savedAt, now)} is lost.`),
    ...photoWords(mine.filter((loss) => !isEntry(loss)), now),
    ...othersWords(others, now),
  ];
}

/** "2 entries and 1 photo". */
export function lostThings({ entries, photos }: Lost): string {
  return [entries > 0 ? counted(entries, "entry", "entries") : "", photos > 0 ? counted(photos, "photo", "photos") : ""]
    .filter((words) => words !== "")
    .join(" and ");
}

/** Whether it is an entry; a photo otherwise. Only of losses that are one thing. */
function isEntry({ count }: Loss): boolean {
  return count > 0;
}

function clearedWords({ count, photos, savedAt }: Loss, now: Date): string {
  const lostPhotos = photos === 1 ? "1 photo of an entry that was sent" : `${photos} photos of entries that were sent`;
  if (count === 0) {
    return `${lostPhotos} ${photos === 1 ? "is" : "are"} lost. ${BROWSER_DID}`;
  }
  const entries =
    count === 1
      ? `1 entry that was saved on this phone ${said(savedAt, now)} is lost.`
      : `${count} entries that were saved on this phone are lost, the last of them saved ${said(savedAt, now)}.`;
  return photos === 0 ? `${entries} ${BROWSER_DID}` : `${entries} So ${photos === 1 ? "is" : "are"} ${lostPhotos}. ${BROWSER_DID}`;
}

/** The photos of one entry are told together: the time it was saved at is all that tells it from another. */
function photoWords(photos: readonly Loss[], now: Date): string[] {
  const entries = new Map(photos.map((photo) => [photo.savedAt, photo]));
  return [...entries.values()].map((one) => {
    const count = photos.filter((photo) => photo.savedAt === one.savedAt).length;
    const lost = count === 1 ? "A photo" : `${count} photos`;
    return `${lost} of your entry that was saved ${placeOf(one)} ${said(one.savedAt, now)} ${count === 1 ? "is" : "are"} lost.`;
  });
}

function othersWords(others: readonly Loss[], now: Date): string[] {
  const entries = others.filter(isEntry);
  const photos = others.length - entries.length;
  return [
    ...(entries.length === 0 ? [] : [othersEntries(entries, now)]),
    ...(photos === 0 ? [] : [photos === 1 ? "1 photo that somebody else took is lost." : `${photos} photos that other people took are lost.`]),
  ];
}

function othersEntries(others: readonly Loss[], now: Date): string {
  const last = others.map(({ savedAt }) => savedAt).sort((one, other) => Date.parse(other) - Date.parse(one))[0] ?? "";
  return others.length === 1
    ? `1 entry of somebody else, saved on this phone ${said(last, now)}, is lost.`
    : `${others.length} entries of other people are lost, the last of them saved on this phone ${said(last, now)}.`;
}

function placeOf({ isElsewhere }: Loss): string {
  return isElsewhere ? "on another phone" : "on this phone";
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function said(at: string, now: Date): string {
  return saidTime(new Date(at), now);
}
