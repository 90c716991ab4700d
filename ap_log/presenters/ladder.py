"""Where a resident stands: the ladder with its active warnings, what became of every warning, and what counts."""

from datetime import datetime

import msgspec

from ap_log.domain.policy.active import Warning
from ap_log.domain.policy.calendar import days_after
from ap_log.domain.policy.language import Policy
from ap_log.domain.policy.words import stream_words
from ap_log.domain.records import DecisionRecord, Record
from ap_log.presenters import words
from ap_log.presenters.times import Moment, day, moment
from ap_log.presenters.words import Step


class Rung(msgspec.Struct, frozen=True):
    """One rung: `notes` say which warnings stand on it and until when; `is_recommended` where a decision is due."""

    step: Step
    notes: tuple[str, ...]
    is_standing: bool
    is_recommended: bool


class WarningCard(msgspec.Struct, frozen=True):
    """A warning and its state: `tone` green while it counts, grey when it has expired or is void."""

    decision: str
    step: Step
    stream: str
    issued: Moment
    by: str
    state: str
    tone: str
    explanation: str | None
    can_be_voided: bool


class Count(msgspec.Struct, frozen=True):
    """Something that still counts, and until when."""

    what: str
    until: Moment


def standing(record: Record, now: datetime) -> str:
    """Where the resident stands, in one sentence: the figure's text alternative."""
    if not record.warnings_known:
        return "The policy cannot judge the facts as they are, so it is not known which warnings count."
    active = record.active_warnings(now)
    if not active:
        return "No warning is active."
    highest = active[0]
    others = f", and {len(active) - 1} more" if len(active) > 1 else ""
    return f"{words.step(highest.step).name} active until {day(highest.ends_at, now)}{others}."


def rungs(record: Record, now: datetime) -> tuple[Rung, ...]:
    """The ladder from the top rung down, as it is drawn."""
    active = record.active_warnings(now)
    highest = active[0].step if active else 0
    recommended = {each.step for each in record.recommendations if each.is_open}
    return tuple(
        Rung(
            step=step,
            notes=tuple(_note(warning, now) for warning in active if warning.step == step.number),
            is_standing=record.warnings_known and step.number == highest,
            is_recommended=step.number in recommended,
        )
        for step in reversed(words.ladder())
    )


def warning_cards(record: Record, now: datetime) -> tuple[WarningCard, ...]:
    """Every warning, newest first."""
    decisions = {decision.id: decision for decision in record.decisions}
    issued = sorted(record.warnings, key=lambda warning: warning.issued_at, reverse=True)
    return tuple(_card(warning, decisions[warning.id], now) for warning in issued if warning.id in decisions)


def counts(record: Record, policy: Policy, now: datetime) -> tuple[Count, ...]:
    """What counts towards a next step and until when, soonest to end first: warnings, and what a repeat rule counts."""
    found = [
        (warning.ends_at, f"{words.step(warning.step).name}: {stream_words(warning.stream)}")
        for warning in record.active_warnings(now)
    ]
    found += _repeats(record, policy, now)
    return tuple(Count(what, moment(until, now)) for until, what in sorted(found))


def _repeats(record: Record, policy: Policy, now: datetime) -> list[tuple[datetime, str]]:
    codes = {each.entry.id: each.code for each in record.entries}
    found = []
    for rule in policy.repeat:
        for episode in record.recommendations:
            until = days_after(episode.started_at, rule.days, policy.zone)
            if until > now and any(codes.get(entry) == rule.code for entry in episode.episode):
                what = f"{words.code_words(rule.code)} {day(episode.started_at, now)}: {rule.count} in {rule.days} days"
                found.append((until, f"{what} make step {rule.base}"))
    return found


def _note(warning: Warning, now: datetime) -> str:
    return f"{stream_words(warning.stream).capitalize()}, active until {day(warning.ends_at, now)}"


def _card(warning: Warning, decision: DecisionRecord, now: datetime) -> WarningCard:
    state, tone, explanation = _state(warning, decision, now)
    return WarningCard(
        decision=decision.id,
        step=words.step(warning.step),
        stream=stream_words(warning.stream).capitalize(),
        issued=moment(warning.issued_at, now),
        by=decision.by,
        state=state,
        tone=tone,
        explanation=explanation,
        can_be_voided=decision.void is None,
    )


def _state(warning: Warning, decision: DecisionRecord, now: datetime) -> tuple[str, str, str | None]:
    if decision.void is not None:
        said = f"{decision.void.by}: {decision.void.reason}"
        return f"Void since {day(decision.void.at, now)}", "grey", said
    if warning.ends_at <= now:
        return f"Expired on {day(warning.ends_at, now)}", "grey", None
    return f"Active until {day(warning.ends_at, now)}", "green", None
