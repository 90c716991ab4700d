// Weighing one event: its base, its climb over the warnings it meets, aggravators and caps, in that order. Every number
// and list is the policy's own.

import { type Episode, type Happened, relieves } from "./episodes.ts";
import type { Policy, RepeatRule, Resident } from "./shapes.ts";

const FINAL_WARNING = 3;
const HIGHEST_CLIMB = 4;
const CONDUCT = "CON";
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
 * One event, weighed. `restsOn` are the places of one highest warning, one crossing final warning and the counted
 * episodes: as long as those stand, taking any other away changes no step.
 */
export interface Weighed {
  readonly event: Happened;
  readonly base: number;
  readonly climb: number;
  readonly aggravatedBy: readonly string[];
  readonly step: number;
  readonly met: readonly Warning[];
  readonly restsOn: readonly number[];
}

export function holdersOf(episodes: readonly Episode[]): Map<string, Episode[]> {
  const holders = new Map<string, Episode[]>();
  for (const episode of episodes) {
    for (const code of new Set(episode.events.filter((each) => !relieves(episode, each)).map((each) => each.code))) {
      const held = holders.get(code) ?? [];
      held.push(episode);
      holders.set(code, held);
    }
  }
  return holders;
}

/** `met` are the warnings of earlier episodes that are active at the event's time. */
export function weigh(event: Happened, episode: Episode, met: readonly Warning[], background: Background): Weighed {
  const { policy } = episode;
  const { base, counted } = baseOf(event, episode, background);
  const highest = firmest(met.filter((warning) => warning.stream === event.stream));
  const final = firmest(crossingFinalWarnings(event, base, met, policy));
  const climb = climbOf(event, base, highest, final, policy);
  const { step, aggravatedBy } = aggravated(Math.max(base, climb), event, base, policy, background.resident);
  return {
    event,
    base,
    climb,
    aggravatedBy,
    step: Math.min(step, policy.cap[event.stream] ?? step),
    met,
    restsOn: [...[highest, final].flatMap((warning) => (warning === undefined ? [] : [warning.place])), ...counted],
  };
}

/** The final warnings that meet the final-warning rule's condition for this event. */
export function crossingFinalWarnings(
  event: Happened,
  base: number,
  met: readonly Warning[],
  policy: Policy,
): readonly Warning[] {
  const crosses = policy.climb.final_crosses;
  if (base === 0 || !crosses.includes(event.stream)) {
    return [];
  }
  return met.filter((warning) => warning.step === FINAL_WARNING && crosses.includes(warning.stream));
}

/** One of the highest, and rather one that was never voided. */
function firmest(warnings: readonly Warning[]): Warning | undefined {
  const rank = (warning: Warning) => warning.step * 2 + (warning.isVoided ? 0 : 1);
  return warnings.reduce<Warning | undefined>(
    (top, each) => (top === undefined || rank(each) > rank(top) ? each : top),
    undefined,
  );
}

function baseOf(event: Happened, episode: Episode, background: Background): { base: number; counted: number[] } {
  if (relieves(episode, event)) {
    return { base: 0, counted: [] };
  }
  let found = { base: episode.policy.base[event.code] ?? 0, counted: [] as number[] };
  for (const rule of episode.policy.repeat ?? []) {
    if (rule.code === event.code && rule.base > found.base) {
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
  for (let latest = holders.length - 1; latest >= 0 && counted.length + 1 < rule.count; latest -= 1) {
    const earlier = holders[latest];
    if (earlier === undefined || earlier.startedAt <= since) {
      break;
    }
    const stands = earlier.voidedAt > event.at && !background.away.has(earlier.place);
    if (earlier.place < episode.place && stands) {
      counted.push(earlier.place);
    }
  }
  return counted.length + 1 >= rule.count ? counted : null;
}

function climbOf(
  event: Happened,
  base: number,
  highest: Warning | undefined,
  final: Warning | undefined,
  policy: Policy,
): number {
  if (base === 0) {
    return 0;
  }
  const own = highest === undefined ? 0 : highest.step + 1;
  const climb = final === undefined ? own : Math.max(own, FINAL_WARNING + 1);
  const { codes, max } = policy.climb.low_cap;
  return Math.min(climb, codes.includes(event.code) ? max : climb, HIGHEST_CLIMB);
}

function aggravated(
  step: number,
  event: Happened,
  base: number,
  policy: Policy,
  resident: Resident,
): { step: number; aggravatedBy: string[] } {
  const { min_base: minBase, add, max, any_of: anyOf } = policy.aggravator;
  const raised = Math.min(step + add, max);
  const holding = new Set((event.fact.aggravators ?? []).filter((word) => anyOf.includes(word)));
  const repeats = resident.recalled_for_intoxicated_aggression === true && event.fact.intoxicated === true;
  if (repeats && event.stream === CONDUCT && anyOf.includes(REPEAT_INTOXICATED_AGGRESSION)) {
    holding.add(REPEAT_INTOXICATED_AGGRESSION);
  }
  if (base < minBase || holding.size === 0 || raised <= step) {
    return { step, aggravatedBy: [] };
  }
  return { step: raised, aggravatedBy: [...holding].sort() };
}
