// From what stands in the log form to an entry, or to the faults that keep it from being one. Pure: no page, no storage.

import { type Entry, type Fault, WORDS_LIMIT } from "../generated/shapes.ts";
import { isoWithOffset } from "./times.ts";

/** What is settled when the form opens, so that saving twice is saving the same entry. */
export interface Opening {
  readonly id: string;
  readonly author: string;
  readonly device: string;
  readonly openedAt: Date;
  /** The same by a clock that nobody can set (`performance.now()`); null where the app has been started since. */
  readonly openedTick: number | null;
  /** Digests of the versions of the entry that were saved by then: none where it is new. */
  readonly over: readonly string[];
}

/** The fields of a form by name, as FormData gives them. */
export interface Fields {
  get(name: string): unknown;
  getAll(name: string): unknown[];
}

/** What the ready choices of time mean, counted back from when the form was opened. */
export const MINUTES_AGO: ReadonlyMap<string, number> = new Map([["now", 0], ["15", 15], ["60", 60]]);

const MINUTE_MS = 60_000;

export function minutesBefore(at: Date, minutes: number): Date {
  return new Date(at.getTime() - minutes * MINUTE_MS);
}

/** The entry these fields make. What cannot be left out but is missing yet stays an empty text. */
export function draftFrom(fields: Fields, resident: string, opening: Opening, savedAt: Date): Entry {
  const occurredAt = occurred(fields, opening.openedAt) ?? opening.openedAt;
  return {
    id: opening.id,
    author: opening.author,
    device: opening.device,
    resident,
    happening: text(fields, "happening"),
    occurred_at: isoWithOffset(occurredAt),
    recorded_at: isoWithOffset(savedAt),
    signs: texts(fields, "signs"),
    alternatives_considered: isTicked(fields, "alternatives_considered"),
    intoxicated: isTicked(fields, "intoxicated"),
    help_seeking: isTicked(fields, "help_seeking"),
    aggravators: texts(fields, "aggravators"),
    mitigators: texts(fields, "mitigators"),
    reported: text(fields, "reported") || null,
    suspected: text(fields, "suspected") || null,
    confirmed: text(fields, "confirmed") || null,
    done: texts(fields, "done"),
    words: text(fields, "words").replaceAll("\r\n", "\n").trim(),
  };
}

/**
 * What keeps these fields from being an entry; the fields are those of the form. `now` is the time as the server's clock
 * has it, where this phone knows: only a typed time is held to it, since the ready choices are this phone's own.
 */
export function faultsIn(fields: Fields, draft: Entry, openedAt: Date, now: Date): Fault[] {
  const faults: Fault[] = [];
  if (draft.resident === "") {
    faults.push({ field: "resident", message: "Choose who it is about" });
  }
  if (draft.happening === "") {
    faults.push({ field: "happening", message: "Choose what happened" });
  }
  const at = occurred(fields, openedAt);
  if (at === null) {
    faults.push({ field: "occurred_date", message: "Enter the date and time it happened" });
  } else if (!MINUTES_AGO.has(text(fields, "when")) && at.getTime() > now.getTime() + MINUTE_MS) {
    faults.push({ field: "occurred_time", message: "The time it happened must be in the past" });
  }
  if ([...(draft.words ?? "")].length > WORDS_LIMIT) {
    faults.push({ field: "words", message: `Words must be ${WORDS_LIMIT.toLocaleString("en-GB")} characters or fewer` });
  }
  return faults;
}

/** Whether the time it happened was counted back from the phone's clock, or typed by the person. */
export function occurredFrom(fields: Fields): "person" | "phone" {
  return MINUTES_AGO.has(text(fields, "when")) ? "phone" : "person";
}

/** When it happened, counted back from when the form was opened, or as typed; null where that is no time. */
function occurred(fields: Fields, openedAt: Date): Date | null {
  const minutes = MINUTES_AGO.get(text(fields, "when"));
  if (minutes !== undefined) {
    return minutesBefore(openedAt, minutes);
  }
  const typed = new Date(`${text(fields, "occurred_date")}T${text(fields, "occurred_time")}`);
  return Number.isNaN(typed.getTime()) ? null : typed;
}

function text(fields: Fields, name: string): string {
  const value = fields.get(name);
  return typeof value === "string" ? value : "";
}

function texts(fields: Fields, name: string): string[] {
  return fields.getAll(name).filter((value) => typeof value === "string");
}

function isTicked(fields: Fields, name: string): boolean {
  return text(fields, name) !== "";
}
