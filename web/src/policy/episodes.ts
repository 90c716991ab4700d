// From facts to episodes: which events belong together, who decided them, and from when they are void.

import { clockOf, hoursAfter, type ZoneClock } from "./clock.ts";
import { type CodeRules, rulesByCode } from "./rules.ts";
import type { DecisionFact, EventFact, Policy, Timeline, VoidFact } from "./shapes.ts";

/** Facts that contradict each other or the policy: the server refuses them in words, here there is no answer. */
export class Contradiction extends Error {}

export interface Happened {
  readonly id: string;
  readonly at: number;
  readonly fact: EventFact;
  readonly rules: CodeRules;
}

/** `voidedAt` is the earliest void that names the episode or its decision; Infinity where none does. */
export interface Episode {
  readonly place: number;
  readonly policy: Policy;
  readonly clock: ZoneClock;
  readonly events: readonly Happened[];
  readonly startedAt: number;
  readonly endedAt: number;
  readonly helpSeeking: boolean;
  readonly decision: { readonly id: string; readonly step: number; readonly at: number } | null;
  readonly voidedAt: number;
}

/** Whether help-seeking makes the base of this event of the episode 0. */
export function relieves(episode: Episode, event: Happened): boolean {
  return episode.helpSeeking && event.rules.isRelieved;
}

/** A policy, what it says by code, the time it takes effect and the clock its days are counted on. */
export interface Version {
  readonly policy: Policy;
  readonly rules: ReadonlyMap<string, CodeRules>;
  readonly effectiveFrom: number;
  readonly clock: ZoneClock;
}

/** The versions of a policy, the oldest first. */
export function versionsOf(policies: readonly Policy[]): Version[] {
  return policies
    .map((policy) => ({
      policy,
      rules: rulesByCode(policy),
      effectiveFrom: Date.parse(policy.effective_from),
      clock: clockOf(policy.time_zone),
    }))
    .sort((one, other) => one.effectiveFrom - other.effectiveFrom);
}

/** The episodes of a timeline, the earliest first. `versions` are in order. Throws Contradiction. */
export function episodesOf(versions: readonly Version[], timeline: Timeline): Episode[] {
  const facts = timeline.facts ?? [];
  const events = facts.filter((fact) => fact.type === "event").map(timed).sort(inOrder);
  const groups = grouped(versions, events);
  const placeOf = placesOf(groups);
  const decisions = facts.filter((fact) => fact.type === "decision");
  const decisionAt = decisionsByPlace(decisions, placeOf);
  const voidedAt = voidsByPlace(facts.filter((fact) => fact.type === "void"), decisions, placeOf);
  return groups.map(({ version, events }, place) => {
    const startedAt = events[0]?.at ?? 0;
    const decision = decisionAt.get(place);
    return {
      place,
      policy: version.policy,
      clock: version.clock,
      events,
      startedAt,
      endedAt: events.at(-1)?.at ?? startedAt,
      helpSeeking: events.some((event) => event.at === startedAt && event.fact.help_seeking === true),
      decision: decision === undefined ? null : decided(decision),
      voidedAt: voidedAt.get(place) ?? Infinity,
    };
  });
}

function decided({ id, step, decided_at }: DecisionFact): Episode["decision"] {
  return { id, step, at: Date.parse(decided_at) };
}

interface Group {
  readonly version: Version;
  readonly events: Happened[];
}

interface Timed {
  readonly at: number;
  readonly fact: EventFact;
}

function timed(fact: EventFact): Timed {
  return { at: Date.parse(fact.occurred_at), fact };
}

function inOrder(one: Timed, other: Timed): number {
  return one.at - other.at || (one.fact.id < other.fact.id ? -1 : 1);
}

/** An event joins the open group before its window, counted from its first event, ends. */
function grouped(versions: readonly Version[], events: readonly Timed[]): Group[] {
  const groups: Group[] = [];
  let endsAt = -Infinity;
  for (const { at, fact } of events) {
    if (at >= endsAt) {
      const version = inForceAt(versions, at);
      groups.push({ version, events: [] });
      endsAt = hoursAfter(at, version.policy.episode_window_hours);
    }
    const open = groups.at(-1);
    const rules = open?.version.rules.get(fact.code);
    if (rules === undefined) {
      throw new Contradiction(`${fact.id}: unknown code`);
    }
    open?.events.push({ id: fact.id, at, fact, rules });
  }
  return groups;
}

function inForceAt(versions: readonly Version[], at: number): Version {
  const version = versions.findLast((each) => each.effectiveFrom <= at);
  if (version === undefined) {
    throw new Contradiction("an event happened before the earliest policy");
  }
  return version;
}

function placesOf(groups: readonly Group[]): Map<string, number> {
  const placeOf = new Map<string, number>();
  groups.forEach((group, place) => group.events.forEach((event) => placeOf.set(event.id, place)));
  return placeOf;
}

function decisionsByPlace(decisions: readonly DecisionFact[], placeOf: Map<string, number>): Map<number, DecisionFact> {
  const byPlace = new Map<number, DecisionFact>();
  for (const decision of decisions) {
    const place = placeOf.get(decision.event);
    if (place === undefined || byPlace.has(place)) {
      throw new Contradiction(`${decision.id}: decides no episode, or one that is decided already`);
    }
    byPlace.set(place, decision);
  }
  return byPlace;
}

function voidsByPlace(
  voids: readonly VoidFact[],
  decisions: readonly DecisionFact[],
  placeOf: Map<string, number>,
): Map<number, number> {
  const eventOf = new Map(decisions.map((decision) => [decision.id, decision.event]));
  const byPlace = new Map<number, number>();
  for (const each of voids) {
    const place = placeOf.get(each.event ?? eventOf.get(each.decision ?? "") ?? "");
    if (place === undefined) {
      throw new Contradiction(`${each.id}: names nothing that is known`);
    }
    byPlace.set(place, Math.min(Date.parse(each.at), byPlace.get(place) ?? Infinity));
  }
  return byPlace;
}
