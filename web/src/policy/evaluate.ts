// What the policy says of a timeline: the twin of ap_log/domain/policy/evaluate.py, for a phone without signal. Both are
// held to the cases in tests/contracts/policy.

import { type Episode, episodesOf, type Version, versionsOf } from "./episodes.ts";
import { countedWarnings, judge, type Judgement, mayReduceTo, routeOf, warnNotBefore } from "./judging.ts";
import type { Answer, EpisodeAnswer, Policy, Timeline } from "./shapes.ts";
import { type Background, holdersOf, type Warning } from "./weighing.ts";

export type { Answer, EpisodeAnswer, Policy, Timeline } from "./shapes.ts";

interface Replay {
  readonly background: Background;
  readonly judgements: readonly Judgement[];
}

/**
 * Every episode's recommendation. `policies` and `timeline` are as the server sends them: a Policy each, in any order,
 * and a Timeline. Throws Contradiction when the facts cannot stand together.
 */
export function evaluate(policies: readonly object[], timeline: object): Answer {
  const versions = versionsOf(policies as readonly Policy[]);
  const told = timeline as Timeline;
  const replayed = replay(versions, told);
  const reopened = reopenedBy(replayed);
  return {
    case: told.case,
    policy: versions.map(({ policy }) => `${policy.name}/${policy.version}`).join(","),
    episodes: replayed.judgements.map((judgement, place) =>
      answerFor(judgement, replayed.background, reopened.get(place) ?? []),
    ),
  };
}

function replay(versions: readonly Version[], timeline: Timeline): Replay {
  const episodes = episodesOf(versions, timeline);
  const background: Background = {
    resident: timeline.resident,
    assumeIssued: timeline.assume_issued === true,
    episodes,
    holders: holdersOf(episodes),
    away: new Set(),
  };
  let running: Warning[] = []; // what has ended once is met by no later episode
  let firstEnd = Infinity;
  const judgements = episodes.map((episode) => {
    if (firstEnd <= episode.startedAt) {
      running = running.filter((warning) => warning.endsAt > episode.startedAt);
      firstEnd = running.reduce((first, warning) => Math.min(first, warning.endsAt), Infinity);
    }
    const judgement = judge(episode, running, background);
    if (judgement.warning !== null) {
      running.push(judgement.warning);
      firstEnd = Math.min(firstEnd, judgement.warning.endsAt);
    }
    return judgement;
  });
  return { background, judgements };
}

/**
 * By place, the voided warnings of earlier episodes without which an episode would have another answer. They are taken
 * away one after another, by time of issue then id, and each stays away.
 */
function reopenedBy(first: Replay): Map<number, string[]> {
  const reopened = new Map<number, string[]>();
  const voided = warningsIn(first.judgements).filter((warning) => warning.isVoided);
  let before = first;
  for (const warning of voided.sort((one, other) => one.issuedAt - other.issuedAt || (one.id < other.id ? -1 : 1))) {
    const after = without(warning.place, before);
    after.judgements.forEach((judgement, place) => {
      if (hasChanged(before.judgements[place], judgement)) {
        reopened.set(place, [...(reopened.get(place) ?? []), warning.id]);
      }
    });
    before = after;
  }
  return reopened;
}

/** The same timeline with one more warning never issued. Only what rests on it, or on what changes by it, is judged again. */
function without(place: number, before: Replay): Replay {
  const background = { ...before.background, away: new Set([...before.background.away, place]) };
  const judgements: Judgement[] = [];
  const changed = new Map<number, Warning | null>();
  for (const old of before.judgements) {
    const { episode } = old;
    const isNew = [...changed.values()].some((warning) => warning !== null && mayMeet(episode, warning));
    const isTouched = isNew || old.restsOn.some((earlier) => changed.has(earlier));
    const judgement = isTouched ? judge(episode, mayBeMet(episode, judgements), background) : old;
    const isAway = episode.place === place;
    judgements.push(isAway ? { ...judgement, warning: null } : judgement);
    if (isAway || (isTouched && !isSame(old.warning, judgement.warning))) {
      changed.set(episode.place, isAway ? null : judgement.warning);
    }
  }
  return { background, judgements };
}

function warningsIn(judgements: readonly Judgement[]): Warning[] {
  return judgements.flatMap((judgement) => (judgement.warning === null ? [] : [judgement.warning]));
}

function mayBeMet(episode: Episode, earlier: readonly Judgement[]): Warning[] {
  return warningsIn(earlier).filter((warning) => mayMeet(episode, warning));
}

function mayMeet(episode: Episode, warning: Warning): boolean {
  return warning.issuedAt <= episode.endedAt && episode.startedAt < warning.endsAt;
}

function hasChanged(old: Judgement | undefined, now: Judgement): boolean {
  return old?.deciding.step !== now.deciding.step || old.outcome !== now.outcome;
}

function isSame(one: Warning | null, other: Warning | null): boolean {
  return (
    one?.id === other?.id &&
    one?.stream === other?.stream &&
    one?.step === other?.step &&
    one?.issuedAt === other?.issuedAt
  );
}

function answerFor(judgement: Judgement, background: Background, reopened: readonly string[]): EpisodeAnswer {
  const { episode, deciding, outcome } = judgement;
  const notBefore = warnNotBefore(judgement);
  const looksAgain = background.assumeIssued || episode.decision !== null;
  return {
    events: episode.events.map((event) => event.id),
    started_at: startOf(episode),
    deciding_event: deciding.event.id,
    stream: deciding.event.rules.stream,
    base: deciding.base,
    climb: deciding.climb,
    step: deciding.step,
    outcome,
    route: routeOf(judgement, background),
    may_reduce_to: mayReduceTo(judgement),
    warn_not_before: notBefore === null ? null : inUtc(notBefore),
    aggravated_by: deciding.aggravatedBy,
    counted_warnings: countedWarnings(judgement),
    reopened_by: looksAgain ? [...reopened].sort() : [],
  };
}

/** The server writes its times as an answer prints them. */
function startOf({ events, startedAt }: Episode): string {
  const written = events[0]?.fact.occurred_at;
  return written?.endsWith("+00:00") ? written : inUtc(startedAt);
}

function inUtc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}+00:00`;
}
