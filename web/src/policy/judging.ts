// Judging one episode: its deciding event, step and outcome, what may reduce it, and the warning it makes.

import { hoursAfter } from "./clock.ts";
import { type Episode, type Happened, relieves } from "./episodes.ts";
import type { Outcome } from "./shapes.ts";
import { type Background, isActive, type Warning, weigh, type Weighed } from "./weighing.ts";

const OUTCOMES: readonly Outcome[] = ["support", "warn", "warn", "warn", "consider", "act-now"];

/** As long as the episodes it `restsOn` stay as they are, taking any other away changes none of it. */
export interface Judgement {
  readonly episode: Episode;
  readonly deciding: Weighed;
  readonly outcome: Outcome;
  readonly warning: Warning | null;
  readonly restsOn: readonly number[];
}

/** `warnings` are those of earlier episodes that may be active at one of its events. */
export function judge(episode: Episode, warnings: readonly Warning[], background: Background): Judgement {
  const weighed = episode.events.map((event) => weigh(event, episode, warnings, background));
  // Events are in order: the first of equals is the earlier, then the one with the smaller id.
  const deciding = weighed.reduce((top, each) => (isAbove(each, top) ? each : top));
  const guarded = deciding.step === episode.policy.evidence_guard.step;
  const evidence = guarded ? evidencePlace(deciding, episode, warnings, background) : null;
  const restsOn = weighed.flatMap((each) => each.restsOn);
  if (evidence !== null) {
    restsOn.push(evidence);
  }
  return {
    episode,
    deciding,
    outcome: guarded && evidence === null ? "case-conference" : (OUTCOMES[deciding.step] ?? "support"),
    warning: background.away.has(episode.place) ? null : warningOf(deciding, episode, background),
    restsOn,
  };
}

/** Where a consideration or an immediate danger goes. */
export function routeOf({ outcome, episode }: Judgement, background: Background): string | null {
  const isRouted = outcome === "consider" || outcome === "act-now";
  return isRouted ? (episode.policy.routes[background.resident.legal_status] ?? null) : null;
}

/** The step a person may reduce to because of a mitigator, with a reason. */
export function mayReduceTo({ deciding, episode }: Judgement): number | null {
  const { subtract, max_step: maxStep } = episode.policy.mitigator;
  const isMitigated = (deciding.event.fact.mitigators ?? []).length > 0 && deciding.aggravatedBy.length === 0;
  return isMitigated && deciding.step >= 1 && deciding.step <= maxStep ? Math.max(deciding.step - subtract, 0) : null;
}

/** When the resident is fit to be warned. */
export function warnNotBefore({ outcome, episode }: Judgement): number | null {
  const latest = episode.events.findLast((event) => event.fact.intoxicated === true);
  return latest === undefined || outcome !== "warn" ? null : hoursAfter(latest.at, episode.policy.fit_to_warn_hours);
}

/** The ids of the warnings behind the climb: those of the stream, and final warnings that cross into it. */
export function countedWarnings({ deciding }: Judgement): string[] {
  const { event, own, crossing } = deciding;
  const counted = own.map((warning) => warning.id);
  for (const warning of crossing) {
    if (warning.stream !== event.rules.stream) {
      counted.push(warning.id);
    }
  }
  return counted.sort();
}

function isAbove(one: Weighed, other: Weighed): boolean {
  return one.step > other.step || (one.step === other.step && one.base > other.base);
}

/** The place of an episode that meets the evidence guard: this one, else rather one whose warning was never voided. */
function evidencePlace(
  deciding: Weighed,
  episode: Episode,
  warnings: readonly Warning[],
  background: Background,
): number | null {
  const codes = episode.policy.evidence_guard.any_of;
  const isFirm = (each: Episode) =>
    each.events.some((event: Happened) => codes.includes(event.fact.code) && !relieves(each, event));
  if (isFirm(episode)) {
    return episode.place;
  }
  const firm = warnings.filter((warning) => {
    const earlier = background.episodes[warning.place];
    return earlier !== undefined && isActive(warning, deciding.event.at) && isFirm(earlier);
  });
  return (firm.find((warning) => !warning.isVoided) ?? firm[0])?.place ?? null;
}

function warningOf(deciding: Weighed, episode: Episode, background: Background): Warning | null {
  const { decision, policy, voidedAt } = episode;
  const step = decision?.step ?? deciding.step;
  const days = policy.warning_days[String(step)];
  if ((decision === null && !background.assumeIssued) || days === undefined) {
    return null;
  }
  const issuedAt = decision?.at ?? deciding.event.at;
  return {
    id: decision?.id ?? deciding.event.id,
    place: episode.place,
    stream: deciding.event.rules.stream,
    step,
    issuedAt,
    endsAt: Math.min(episode.clock.daysAfter(issuedAt, days), voidedAt),
    isVoided: voidedAt !== Infinity,
  };
}
