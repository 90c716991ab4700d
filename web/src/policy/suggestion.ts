// What the policy suggests for an entry that is still being written, from what this phone knows. Always provisional: the
// server judges again with everything it knows, and a person decides.

import type { Entry, Reference, ResidentReference } from "../generated/shapes.ts";
import { codeOf, isIntoxicated } from "../lib/entries.ts";
import { saidTime } from "../lib/said.ts";
import { Contradiction, versionsOf } from "./episodes.ts";
import { evaluate } from "./evaluate.ts";
import { reasonFor, stepWords } from "./reasons.ts";
import type { EpisodeAnswer, EventFact, Policy, Timeline } from "./shapes.ts";

/**
 * `step` is null where nothing is suggested; `isNow` where somebody has to be called, `isForManager` where a manager has
 * to decide and nobody is called by the policy itself. `source`: what it rests on.
 */
export interface Suggestion {
  readonly step: string | null;
  readonly reason: string;
  readonly source: string;
  readonly isNow: boolean;
  readonly isForManager: boolean;
}

const NOTE = "No sign is ticked, so this is kept as a note and counts for nothing.";
const CANNOT_TELL = "This phone cannot tell. The server works it out when the entry arrives.";
const CALL_NOW = 5;
const FOR_THE_MANAGER = [3, 4];

/** For `draft` about `resident`, whose entries that the server does not hold yet are `unsent`. */
export function suggest(
  reference: Reference,
  resident: ResidentReference,
  unsent: readonly Entry[],
  draft: Entry,
  now: Date,
): Suggestion {
  const nothing = { step: null, source: sourceOf(reference, draft.occurred_at, now), isNow: false, isForManager: false };
  if (codeOf(draft) === null) {
    return { ...nothing, reason: NOTE };
  }
  const timeline = timelineWith(resident, [...unsent.filter((entry) => entry.id !== draft.id), draft]);
  const episode = episodeOf(reference, timeline, draft.id);
  if (episode === null) {
    return { ...nothing, reason: CANNOT_TELL };
  }
  return {
    step: `Provisional: ${stepWords(episode.step)}`,
    reason: reasonFor(episode, timeline.facts ?? [], now),
    source: sourceOf(reference, episode.started_at, now),
    isNow: episode.step === CALL_NOW,
    isForManager: FOR_THE_MANAGER.includes(episode.step),
  };
}

/** An entry that was sent a moment ago may be in the timeline already; what was written last wins. */
function timelineWith(resident: ResidentReference, entries: readonly Entry[]): Timeline {
  const timeline = resident.timeline as unknown as Timeline;
  const written = new Set(entries.map((entry) => entry.id));
  const known = (timeline.facts ?? []).filter((fact) => !written.has(fact.id));
  return { ...timeline, facts: [...known, ...entries.flatMap(factOf)] };
}

/** A note makes no fact. */
function factOf(entry: Entry): EventFact[] {
  const code = codeOf(entry);
  if (code === null) {
    return [];
  }
  const { id, occurred_at, help_seeking = false, aggravators = [], mitigators = [] } = entry;
  const intoxicated = isIntoxicated(entry);
  return [{ id, type: "event", code, occurred_at, intoxicated, help_seeking, aggravators, mitigators }];
}

/** Null where the facts contradict each other, which only a person can resolve; the server says how. */
function episodeOf(reference: Reference, timeline: Timeline, entryId: string): EpisodeAnswer | null {
  try {
    const answer = evaluate(reference.policies, timeline);
    return answer.episodes.find((episode) => episode.events.includes(entryId)) ?? null;
  } catch (error) {
    if (error instanceof Contradiction) {
      return null;
    }
    throw error;
  }
}

function sourceOf(reference: Reference, startedAt: string, now: Date): string {
  const read = saidTime(new Date(reference.read_at), now);
  return `Policy version ${versionAt(reference, startedAt)}, and what this phone knew ${read}. A manager decides.`;
}

/** The number of the version that judges what began then; versions still to come are known here too. */
function versionAt(reference: Reference, startedAt: string): string {
  const inForce = versionsOf(reference.policies as unknown as readonly Policy[]).findLast(
    ({ effectiveFrom }) => effectiveFrom <= Date.parse(startedAt),
  );
  return String(inForce?.policy.version ?? "unknown");
}
