"""Judging one episode: its deciding event, step and outcome, what may reduce it, and the warning it makes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from operator import attrgetter

import msgspec

from ap_log.domain.policy.active import Sweep, Warning, rather_standing
from ap_log.domain.policy.calendar import days_after, hours_after
from ap_log.domain.policy.episodes import Episode
from ap_log.domain.policy.language import WARNING_STEPS
from ap_log.domain.policy.timeline import Event
from ap_log.domain.policy.weighing import Background, Weighed, weigh


class Outcome(StrEnum):
    SUPPORT = "support"
    WARN = "warn"
    CONSIDER = "consider"
    CASE_CONFERENCE = "case-conference"
    ACT_NOW = "act-now"


_RANK = attrgetter("step", "base")
_ROUTED = (Outcome.CONSIDER, Outcome.ACT_NOW)
_OUTCOMES = (Outcome.SUPPORT, Outcome.WARN, Outcome.WARN, Outcome.WARN, Outcome.CONSIDER, Outcome.ACT_NOW)


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """An event that meets the evidence guard, and the warning it came in by, unless it is of the episode itself."""

    event: Event
    warning: Warning | None


class Judgement(msgspec.Struct, frozen=True, gc=False):
    """What an episode calls for and the warning it makes, if any.

    As long as the episodes at the places it `rests_on` stay as they are, taking any other away changes none of it.
    """

    episode: Episode
    deciding: Weighed
    outcome: Outcome
    evidence: Evidence | None
    warning: Warning | None
    rests_on: tuple[int, ...]

    @property
    def step(self) -> int:
        return self.deciding.step


def judge(episode: Episode, sweep: Sweep, background: Background) -> Judgement:
    """What an episode calls for, given the warnings of earlier episodes."""
    weighed = [weigh(event, episode, sweep.at(event.occurred_at), background) for event in episode.events]
    # Events are in order and `max` answers the first of equals: the earlier, then the smaller id.
    deciding = max(weighed, key=_RANK) if len(weighed) > 1 else weighed[0]
    guarded = deciding.step == episode.policy.evidence_guard.step
    evidence = _evidence(deciding, episode, background) if guarded else None
    return Judgement(
        episode=episode,
        deciding=deciding,
        outcome=Outcome.CASE_CONFERENCE if guarded and evidence is None else _OUTCOMES[deciding.step],
        evidence=evidence,
        warning=None if episode.place in background.away else _warning(deciding, episode, background),
        rests_on=_rests_on(weighed, evidence),
    )


def route(judgement: Judgement, background: Background) -> str | None:
    """Where a consideration or an immediate danger goes; None for every other outcome."""
    if judgement.outcome not in _ROUTED:
        return None
    return judgement.episode.policy.routes[background.resident.legal_status]


def may_reduce_to(judgement: Judgement) -> int | None:
    """The step a person may reduce to because of a mitigator, with a reason."""
    deciding, rule = judgement.deciding, judgement.episode.policy.mitigator
    if deciding.aggravated_by or not deciding.event.mitigators or not 1 <= deciding.step <= rule.max_step:
        return None
    return max(deciding.step - rule.subtract, 0)


def warn_not_before(judgement: Judgement) -> datetime | None:
    """When the resident is fit to be warned; None when nobody was intoxicated or no warning is recommended."""
    if judgement.step not in WARNING_STEPS:
        return None
    intoxicated = [event.occurred_at for event in judgement.episode.events if event.intoxicated]
    return hours_after(max(intoxicated), judgement.episode.policy.fit_to_warn_hours) if intoxicated else None


def counted_warnings(judgement: Judgement) -> tuple[str, ...]:
    """The ids, sorted, of the warnings behind the climb: those of the stream, and final ones that cross into it."""
    deciding = judgement.deciding
    own = deciding.met.of(deciding.rules.stream).warnings
    return tuple(sorted({warning.id for warning in (*own, *deciding.crossing)}))


def _evidence(deciding: Weighed, episode: Episode, background: Background) -> Evidence | None:
    """What meets the evidence guard: rather in the episode itself, then where a warning that is not voided leads."""
    codes = episode.policy.evidence_guard.any_of
    holding = background.holders.of_any(codes)
    if episode.place in holding:
        return Evidence(_first_of(codes, episode), None)
    warning = rather_standing([each for each in deciding.met if each.place in holding]) if holding else None
    return None if warning is None else Evidence(_first_of(codes, background.episodes[warning.place]), warning)


def _first_of(codes: Sequence[str], episode: Episode) -> Event:
    """The first event with one of these codes that help-seeking did not relieve, in an episode that holds one."""
    return next(event for event in episode.events if event.code in codes and not episode.relieves(event))


def _warning(deciding: Weighed, episode: Episode, background: Background) -> Warning | None:
    decision = episode.decision
    if decision is None and not background.assume_issued:
        return None
    step = deciding.step if decision is None else decision.step
    if step not in WARNING_STEPS:
        return None
    issued_at = deciding.event.occurred_at if decision is None else decision.decided_at
    expires_at = days_after(issued_at, episode.policy.warning_days[step], episode.policy.zone)
    return Warning(
        id=deciding.event.id if decision is None else decision.id,
        place=episode.place,
        deciding_event=deciding.event.id,
        stream=deciding.rules.stream,
        step=step,
        issued_at=issued_at,
        expires_at=expires_at,
        voided_at=episode.voided_at,
        ends_at=expires_at if episode.voided_at is None else min(expires_at, episode.voided_at),
    )


def _rests_on(weighed: Iterable[Weighed], evidence: Evidence | None) -> tuple[int, ...]:
    places: list[int] = []
    for each in weighed:
        if each.highest is not None:
            places.append(each.highest.place)
        if each.final is not None:
            places.append(each.final.place)
        if each.repeat is not None:
            places.extend(each.repeat.earlier)
    if evidence is not None and evidence.warning is not None:
        places.append(evidence.warning.place)
    return tuple(places)
