// From facts to episodes: which events belong together, who decided them, and from when they are void.

import { clockOf, hoursAfter, type ZoneClock } from "./clock.ts";
import type { DecisionFact, EventFact, Policy, Timeline, VoidFact } from "./shapes.ts";

/** Facts that contradict each other or the policy: the server refuses them in words, here there is no answer. */
export class Contradiction extends Error {}

export interface Happened {
  readonly id: string;
  readonly code: string;
  readonly stream: string;
  readonly at: number;
  readonly fact: EventFact;
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
  const relief = episode.policy.help_seeking;
  return episode.helpSeeking && relief.streams.includes(event.stream) && !relief.except.includes(event.code);
}

export function byBeginning(policies: readonly Policy[]): Policy[] {
  return [...policies].sort((one, other) => Date.parse(one.effective_from) - Date.parse(other.effective_from));
}

/** The episodes of a timeline, the earliest first. `policies` are in order. Throws Contradiction. */
export function episodesOf(policies: readonly Policy[], timeline: Timeline): Episode[] {
  const facts = timeline.facts ?? [];
  const events = facts.filter((fact) => fact.type === "event").map(happened).sort(inOrder);
  const groups = grouped(policies, events);
  const placeOf = placesOf(groups);
  const decisions = facts.filter((fact) => fact.type === "decision");
  const decisionAt = decisionsByPlace(decisions, placeOf);
  const voidedAt = voidsByPlace(facts.filter((fact) => fact.type === "void"), decisions, placeOf);
  return groups.map(({ policy, events }, place) => {
    const startedAt = events[0]?.at ?? 0;
    const decision = decisionAt.get(place);
    return {
      place,
      policy,
      clock: clockOf(policy.time_zone),
      events,
      startedAt,
      endedAt: events.at(-1)?.at ?? startedAt,
      helpSeeking: events.some((event) => event.at === startedAt && event.fact.help_seeking === true),
      decision: decision === undefined ? null : { ...decision, at: Date.parse(decision.decided_at) },
      voidedAt: voidedAt.get(place) ?? Infinity,
    };
  });
}

interface Group {
  readonly policy: Policy;
  readonly events: Happened[];
}

function happened(fact: EventFact): Happened {
  return { id: fact.id, code: fact.code, stream: fact.code.slice(0, 3), at: Date.parse(fact.occurred_at), fact };
}

function inOrder(one: Happened, other: Happened): number {
  return one.at - other.at || (one.id < other.id ? -1 : 1);
}

/** An event joins the open group before its window, counted from its first event, ends. */
function grouped(policies: readonly Policy[], events: readonly Happened[]): Group[] {
  const groups: Group[] = [];
  let endsAt = -Infinity;
  for (const event of events) {
    if (event.at >= endsAt) {
      const policy = inForceAt(policies, event.at);
      groups.push({ policy, events: [] });
      endsAt = hoursAfter(event.at, policy.episode_window_hours);
    }
    const open = groups.at(-1);
    if (open?.policy.base[event.code] === undefined) {
      throw new Contradiction(`${event.id}: unknown code`);
    }
    open.events.push(event);
  }
  return groups;
}

function inForceAt(policies: readonly Policy[], at: number): Policy {
  const policy = policies.findLast((each) => Date.parse(each.effective_from) <= at);
  if (policy === undefined) {
    throw new Contradiction("an event happened before the earliest policy");
  }
  return policy;
}

function placesOf(groups: readonly Group[]): Map<string, number> {
  return new Map(groups.flatMap((group, place) => group.events.map((event) => [event.id, place])));
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
