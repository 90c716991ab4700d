// Weighing one event: its base, its climb over the warnings it meets, aggravators and caps, in that order. Every number
// and list is the policy's own.

import { type Episode, type Happened, relieves } from "./episodes.ts";
import type { CodeRules } from "./rules.ts";
import type { Policy, RepeatRule, Resident } from "./shapes.ts";

const FINAL_WARNING = 3;
const HIGHEST_CLIMB = 4;
const CONDUCT = "CON";
const NONE: readonly never[] = [];
const REPEAT_INTOXICATED_AGGRESSION = "repeat-intoxicated-aggression";

/** Active from `issuedAt` until just before `endsAt`. `id` is the decision's, else the deciding event's. */
export interface Warning {
  readonly id: string;
  readonly place: number;
  readonly stream: string;
  readonly step: number;
  readonly issuedAt: number;
  readonly endsAt: number;
  readonly isVoided: boolean;
}

/**
 * What events are weighed against besides warnings. `holders` are the episodes that hold a code, the earliest first;
 * episodes taken `away` make no warning and count for no repeat rule.
 */
export interface Background {
  readonly resident: Resident;
  readonly assumeIssued: boolean;
  readonly episodes: readonly Episode[];
  readonly holders: ReadonlyMap<string, readonly Episode[]>;
  readonly away: ReadonlySet<number>;
}

/**
 * One event, weighed. Of the warnings active at its time, `own` are those of its stream and `crossing` those that meet
 * the final-warning rule's condition. `restsOn` are the places of one highest warning, one crossing final warning and the
 * counted episodes: as long as those stand, taking any other away changes no step.
 */
export interface Weighed {
  readonly event: Happened;
  readonly base: number;
  readonly climb: number;
  readonly aggravatedBy: readonly string[];
  readonly step: number;
  readonly own: readonly Warning[];
  readonly crossing: readonly Warning[];
  readonly restsOn: readonly number[];
}

export function holdersOf(episodes: readonly Episode[]): Map<string, Episode[]> {
  const holders = new Map<string, Episode[]>();
  for (const episode of episodes) {
    for (const event of episode.events) {
      const held = holders.get(event.fact.code) ?? [];
      if (!relieves(episode, event) && held.at(-1) !== episode) {
        held.push(episode);
        holders.set(event.fact.code, held);
      }
    }
  }
  return holders;
}

/** Whether a warning is active at a time. */
export function isActive(warning: Warning, at: number): boolean {
  return warning.issuedAt <= at && at < warning.endsAt;
}

/** `warnings` are those of earlier episodes that may be active at the event's time. */
export function weigh(event: Happened, episode: Episode, warnings: readonly Warning[], background: Background): Weighed {
  const { rules } = event;
  const { base, counted } = baseOf(event, episode, background);
  const { own, crossing } = metBy(event, warnings, base > 0 ? rules.crosses : NONE);
  const [highest, final] = [firmest(own), firmest(crossing)];
  const climb = climbOf(rules, base, highest, final);
  const { step, aggravatedBy } = aggravated(Math.max(base, climb), event, base, episode.policy, background.resident);
  return {
    event,
    base,
    climb,
    aggravatedBy,
    step: Math.min(step, rules.cap),
    own,
    crossing,
    restsOn: placesOf(highest, final, counted),
  };
}

/** In one go through them: a resident may have dozens, and this is asked for every event. */
function metBy(event: Happened, warnings: readonly Warning[], crosses: readonly string[]) {
  const own: Warning[] = [];
  const crossing: Warning[] = [];
  for (const warning of warnings) {
    if (isActive(warning, event.at)) {
      if (warning.stream === event.rules.stream) {
        own.push(warning);
      }
      if (warning.step === FINAL_WARNING && crosses.includes(warning.stream)) {
        crossing.push(warning);
      }
    }
  }
  return { own, crossing };
}

function placesOf(highest: Warning | undefined, final: Warning | undefined, counted: readonly number[]): number[] {
  const places = counted.slice();
  if (highest !== undefined) {
    places.push(highest.place);
  }
  if (final !== undefined) {
    places.push(final.place);
  }
  return places;
}

/** One of the highest, and rather one that was never voided. */
function firmest(warnings: readonly Warning[]): Warning | undefined {
  let found = warnings[0];
  for (const warning of warnings) {
    found = found !== undefined && firmness(warning) > firmness(found) ? warning : found;
  }
  return found;
}

function firmness(warning: Warning): number {
  return warning.step * 2 + (warning.isVoided ? 0 : 1);
}

function baseOf(event: Happened, episode: Episode, background: Background): { base: number; counted: readonly number[] } {
  if (relieves(episode, event)) {
    return { base: 0, counted: NONE };
  }
  let found: { base: number; counted: readonly number[] } = { base: event.rules.base, counted: NONE };
  for (const rule of event.rules.repeat) {
    if (rule.base > found.base) {
      const counted = neededFor(rule, event, episode, background);
      found = counted === null ? found : { base: rule.base, counted };
    }
  }
  return found;
}

/** The latest earlier episodes that, with this one, are as many as the rule asks for; null if there are fewer. */
function neededFor(rule: RepeatRule, event: Happened, episode: Episode, background: Background): number[] | null {
  const since = episode.clock.daysAfter(episode.startedAt, -rule.days);
  const counted: number[] = [];
  const holders = background.holders.get(rule.code) ?? [];
  for (let latest = countBefore(episode, holders) - 1; latest >= 0 && counted.length + 1 < rule.count; latest -= 1) {
    const earlier = holders[latest];
    if (earlier === undefined || earlier.startedAt <= since) {
      break;
    }
    if (earlier.voidedAt > event.at && !background.away.has(earlier.place)) {
      counted.push(earlier.place);
    }
  }
  return counted.length + 1 >= rule.count ? counted : null;
}

/** How many of the holders come before an episode: halved until found, for they are in order and may be hundreds. */
function countBefore(episode: Episode, holders: readonly Episode[]): number {
  let [from, to] = [0, holders.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const isBefore = (holders[middle]?.place ?? Infinity) < episode.place;
    [from, to] = isBefore ? [middle + 1, to] : [from, middle];
  }
  return from;
}

function climbOf(rules: CodeRules, base: number, highest: Warning | undefined, final: Warning | undefined): number {
  if (base === 0 || (highest === undefined && final === undefined)) {
    return 0;
  }
  const climb = highest === undefined || final !== undefined ? HIGHEST_CLIMB : highest.step + 1;
  return Math.min(climb, rules.lowCap);
}

function aggravated(
  step: number,
  event: Happened,
  base: number,
  policy: Policy,
  resident: Resident,
): { step: number; aggravatedBy: readonly string[] } {
  const { min_base: minBase, add, max, any_of: anyOf } = policy.aggravator;
  const { aggravators = NONE, intoxicated = false } = event.fact;
  if (base < minBase || (aggravators.length === 0 && !intoxicated)) {
    return { step, aggravatedBy: NONE };
  }
  const raised = Math.min(step + add, max);
  const holding = new Set(aggravators.filter((word) => anyOf.includes(word)));
  const repeats = resident.recalled_for_intoxicated_aggression === true && intoxicated;
  if (repeats && event.rules.stream === CONDUCT && anyOf.includes(REPEAT_INTOXICATED_AGGRESSION)) {
    holding.add(REPEAT_INTOXICATED_AGGRESSION);
  }
  if (holding.size === 0 || raised <= step) {
    return { step, aggravatedBy: NONE };
  }
  return { step: raised, aggravatedBy: [...holding].sort() };
}
