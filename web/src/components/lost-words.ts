// What is said of entries that were lost from this phone. Pure.

import { saidTime } from "../lib/said.ts";
import type { Loss } from "../offline/losses.ts";

/** A sentence for each loss or kind of loss: those of this person one by one, those of others counted. */
export function lossSentences(losses: readonly Loss[], me: string | null, now: Date): string[] {
  const mine = losses.filter((loss) => loss.author !== null && loss.author === me);
  const others = losses.filter((loss) => loss.author !== null && loss.author !== me);
  return [
    ...losses.filter((loss) => loss.author === null).map((loss) => clearedWords(loss, now)),
    ...mine.map(({ savedAt }) => `Your entry that was saved on this phone ${said(savedAt, now)} is lost.`),
    ...(others.length === 0 ? [] : [othersWords(others, now)]),
  ];
}

function clearedWords({ count, savedAt }: Loss, now: Date): string {
  const why = "The browser deleted what AP Log kept here.";
  return count === 1
    ? `1 entry that was saved on this phone ${said(savedAt, now)} is lost. ${why}`
    : `${count} entries that were saved on this phone are lost, the last of them saved ${said(savedAt, now)}. ${why}`;
}

function othersWords(others: readonly Loss[], now: Date): string {
  const last = others.map(({ savedAt }) => savedAt).sort((one, other) => Date.parse(other) - Date.parse(one))[0] ?? "";
  return others.length === 1
    ? `1 entry of somebody else, saved on this phone ${said(last, now)}, is lost.`
    : `${others.length} entries of other people are lost, the last of them saved on this phone ${said(last, now)}.`;
}

function said(at: string, now: Date): string {
  return saidTime(new Date(at), now);
}
