// "Change it": a saved entry as a draft of itself. Saving that makes the next version of the same entry.

import type { Entry } from "../generated/shapes.ts";
import { MINUTES_AGO, minutesBefore } from "../lib/entry-draft.ts";
import { keepDraft, versionsOf } from "../offline/drafts.ts";
import type { Said } from "../offline/outbox.ts";

const LOG = "/app/log";

/** Whether the form can show all of it: not what an older app saved, and no photos, which nobody can open here any more. */
export function isChangeable(said: Said | null): boolean {
  return said !== null && said.entry !== null && said.fields.length > 0 && (said.entry.photos ?? []).length === 0;
}

/** Keep the draft, then open it. */
export async function changeEntry({ label, entry, fields }: Said): Promise<void> {
  if (entry !== null) {
    const { id, author, resident } = entry;
    const opening = { openedAt: openedAt(entry, fields).toISOString(), caret: null, over: await versionsOf(id) };
    await keepDraft({ id, author, resident, residentName: label.residentName, fields, ...opening });
    location.assign(`${LOG}?draft=${id}`);
  }
}

/** When its form was opened: "Now" and "15 minutes ago" go on meaning what they meant then. */
function openedAt(entry: Entry, fields: Said["fields"]): Date {
  const when = fields.find(([name]) => name === "when")?.[1] ?? "";
  const minutes = MINUTES_AGO.get(when);
  return minutes === undefined ? new Date(entry.recorded_at) : minutesBefore(new Date(entry.occurred_at), -minutes);
}
