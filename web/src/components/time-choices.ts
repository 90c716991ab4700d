// Writes the clock time beside "Now", "15 minutes ago" and "1 hour ago", counted from when the form was opened.

import { MINUTES_AGO, minutesBefore } from "../lib/entry-draft.ts";
import { made, part } from "../lib/page.ts";
import { dateValue, saidClock, saidTime } from "../lib/said.ts";

/** Also sets the other time ready at the present one. `now` is later than `openedAt` for a form that has come back. */
export function showTimes(form: HTMLFormElement, openedAt: Date, now = openedAt): void {
  for (const [value, minutes] of MINUTES_AGO) {
    const label = part(form, `input[name=when][value="${value}"]`).closest("label");
    label?.querySelector(".app-tile__hint")?.remove();
    label?.querySelector(".app-tile__words")?.append(made("span", "app-tile__hint", clockWords(openedAt, minutes, now)));
  }
  part<HTMLInputElement>(form, "#occurred_date").value = dateValue(openedAt);
  part<HTMLInputElement>(form, "#occurred_time").value = saidClock(openedAt);
}

/** The clock alone, unless midnight lies between. */
function clockWords(openedAt: Date, minutes: number, now: Date): string {
  const at = minutesBefore(openedAt, minutes);
  return dateValue(at) === dateValue(now) ? saidClock(at) : saidTime(at, now);
}
