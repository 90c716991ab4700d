// What is said of photos: why one was not added, and how their sending goes. Pure.

import { PHOTOS_LIMIT } from "../generated/shapes.ts";
import type { WhyNot } from "../offline/photo-drawing.ts";
import type { PhotoProgress } from "../offline/photos.ts";
import type { PhotoItem } from "../offline/rows/photos.ts";

const BYTES_OF_KB = 1000;

/** `full`: the browser gives no room for it. `not-kept`: it could not be kept for another reason. */
export type WhyNotAdded = WhyNot | "full" | "not-kept";

const WHY_NOT: Readonly<Record<WhyNotAdded, string>> = {
  "no-picture": "This phone cannot read it as a picture. Take a photo of it instead.",
  "too-large": "It is too large for this phone to open. Take it again with a smaller picture size, or take a screenshot of it.",
  full:
    "This phone is nearly full. You can save the entry without it, or delete something else from the phone and add it again.",
  "not-kept": "This phone did not keep it. Try again, or save the entry without it.",
};

/** `name` is what the file is called on the phone. It is shown here and kept nowhere. */
export function whyNotWords(name: string, why: WhyNotAdded): string {
  return `${name || "The photo"} was not added. ${WHY_NOT[why]}`;
}

export function limitWords(tooMany: number): string {
  const those = tooMany === 1 ? "1 photo was" : `${tooMany} photos were`;
  return `${those} not added. An entry can have ${PHOTOS_LIMIT}.`;
}

export function sizeWords(bytes: number): string {
  return `${Math.max(1, Math.round(bytes / BYTES_OF_KB)).toLocaleString("en-GB")} kB`;
}

/** Of one entry's photos: how many the server has, what goes now, and what needs a person. Empty where it has none. */
export function photosWords(photos: readonly PhotoItem[], progress: PhotoProgress | null): string {
  if (photos.length === 0) {
    return "";
  }
  const sent = photos.filter(({ state }) => state === "sent").length;
  const stuck = photos.find(({ state }) => state === "needs-person");
  const going = photos.some(({ id }) => id === progress?.id) && progress ? ` ${goingWords(progress)}` : "";
  const problem = stuck?.problem ? ` ${stuck.problem.title}. ${stuck.problem.way_on}` : "";
  return `${countWords(photos.length, sent)}${going}${problem}`;
}

/** What goes now, for example in the line about everything on this phone. */
export function goingWords({ photo, of, percent }: PhotoProgress): string {
  return of === 1 ? `Sending the photo: ${percent} %.` : `Sending photo ${photo} of ${of}: ${percent} %.`;
}

function countWords(all: number, sent: number): string {
  if (all === sent) {
    return all === 1 ? "Photo sent." : `All ${all} photos sent.`;
  }
  if (all === 1) {
    return "1 photo to send.";
  }
  return sent === 0 ? `${all} photos to send.` : `${sent} of ${all} photos sent.`;
}
