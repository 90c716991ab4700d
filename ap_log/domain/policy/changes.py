"""What one version of a policy changes in another, in plain English sentences that name the old and the new."""

from collections.abc import Callable, Iterator

import msgspec

from ap_log.domain.policy.changed_rules import changed_notices, changed_repeats, members
from ap_log.domain.policy.language import LEGAL_STATUSES, WARNING_STEPS, Policy
from ap_log.domain.policy.phrases import aside, code_label, code_labels, stream_labels, term_label, term_labels
from ap_log.domain.policy.words import (
    STATUS_WORDS,
    STEP_NAMES,
    count_words,
    mid_sentence,
    step_words,
    stream_words,
    term_words,
)


class Change(msgspec.Struct, frozen=True):
    """One difference: the key of the chapter of `describe` it belongs to, and a sentence."""

    chapter: str
    words: str


def changes(old: Policy, new: Policy) -> tuple[Change, ...]:
    """Every difference in what two policies say, in the order of the chapters; their headings do not count."""
    return tuple(Change(chapter, words) for chapter, differ in _CHAPTERS.items() for words in differ(old, new))


def _turned(form: str, old: str, new: str) -> Iterator[str]:
    """The sentence of a value that was one thing and is another; `form` has places for both."""
    if old != new:
        yield form.format(old=old, new=new)


def _times(old: Policy, new: Policy) -> Iterator[str]:
    yield from _turned("Days are now counted on the clock of {new} instead of {old}.", old.zone.key, new.zone.key)
    yield from _turned(
        "An episode now takes in what happens within {new} of its first event, instead of {old}.",
        count_words(old.episode_window_hours, "hour"),
        count_words(new.episode_window_hours, "hour"),
    )
    yield from _turned(
        "A warning now waits {new} after the resident was last under the influence, instead of {old}.",
        count_words(old.fit_to_warn_hours, "hour"),
        count_words(new.fit_to_warn_hours, "hour"),
    )
    for step in WARNING_STEPS:
        days, before = new.warning_days[step], old.warning_days[step]
        if days != before:
            yield f"A {STEP_NAMES[step]} now stays active for {count_words(days, 'day')} instead of {before}."


def _base(old: Policy, new: Policy) -> Iterator[str]:
    for code in {**old.base, **new.base}:
        label = code_label(code)
        match old.base.get(code), new.base.get(code):
            case None, int(step):
                yield f"{label} is new and starts at {step_words(step)}."
            case int(before), None:
                yield f"{label} is taken out of the policy; it started at {step_words(before)}."
            case int(before), int(step) if before != step:
                yield f"{label} now starts at {aside(step)} instead of {step_words(before)}."


def _climb(old: Policy, new: Policy) -> Iterator[str]:
    yield from _turned(
        "Final warnings now count for each other across these streams: {new}; before, these: {old}.",
        stream_labels(old.climb.final_crosses),
        stream_labels(new.climb.final_crosses),
    )
    most = step_words(new.climb.low_cap_max)
    yield from members(
        old.climb.low_cap_codes,
        new.climb.low_cap_codes,
        joins=lambda code: f"{code_label(code)} now climbs to {most}, at most.",
        leaves=lambda code: f"{code_label(code)} now climbs as far as most events do.",
        whole=lambda codes: f"events that climb only so far: {code_labels(codes)}",
    )
    yield from _turned(
        "Events that climb only so far now climb to {new}, at most, instead of {old}.",
        step_words(old.climb.low_cap_max),
        most,
    )
    yield from _caps(old, new)


def _caps(old: Policy, new: Policy) -> Iterator[str]:
    for stream in {**old.cap, **new.cap}:
        about = f"Events about {stream_words(stream)}"
        match old.cap.get(stream), new.cap.get(stream):
            case None, int(step):
                yield f"{about} now never go above {step_words(step)}; before, they had no highest step."
            case int(before), None:
                yield f"{about} no longer have a highest step; it was {step_words(before)}."
            case int(before), int(step) if before != step:
                yield f"{about} now never go above {aside(step)} instead of {step_words(before)}."


def _raising(old: Policy, new: Policy) -> Iterator[str]:
    yield from _aggravator(old, new)
    yield from _mitigator(old, new)
    yield from members(
        old.help_seeking.streams,
        new.help_seeking.streams,
        joins=lambda stream: f"Asking for help now makes events about {stream_words(stream)} support.",
        leaves=lambda stream: f"Asking for help no longer makes events about {stream_words(stream)} support.",
        whole=lambda streams: f"streams that asking for help makes support: {stream_labels(streams)}",
    )
    yield from members(
        old.help_seeking.excepted,
        new.help_seeking.excepted,
        joins=lambda code: f"{code_label(code)} now keeps its step where help was asked for.",
        leaves=lambda code: f"{code_label(code)} no longer keeps its step where help was asked for.",
        whole=lambda codes: f"events that keep their step where help was asked for: {code_labels(codes)}",
    )


def _aggravator(old: Policy, new: Policy) -> Iterator[str]:
    before, now = old.aggravator, new.aggravator
    yield from members(
        before.any_of,
        now.any_of,
        joins=lambda term: f"{term_label(term)} now makes an event worse.",
        leaves=lambda term: f"{term_label(term)} no longer makes an event worse.",
        whole=lambda terms: f"what makes an event worse: {term_labels(terms)}",
    )
    worse = "What makes an event worse now"
    yield from _turned(
        f"{worse} counts from a start at {{new}}, instead of {{old}}.",
        step_words(before.min_base),
        step_words(now.min_base),
    )
    yield from _turned(
        f"{worse} adds {{new}} instead of {{old}}.", count_words(before.add, "step"), count_words(now.add, "step")
    )
    yield from _turned(
        f"{worse} raises to {{new}}, at most, instead of {{old}}.", step_words(before.max), step_words(now.max)
    )


def _mitigator(old: Policy, new: Policy) -> Iterator[str]:
    before, now = old.mitigator, new.mitigator
    yield from members(
        before.any_of,
        now.any_of,
        joins=lambda term: f"{term_label(term)} now speaks for a resident.",
        leaves=lambda term: f"{term_label(term)} no longer speaks for a resident.",
        whole=lambda terms: f"what speaks for a resident: {term_labels(terms)}",
    )
    lighter = "What speaks for a resident now"
    yield from _turned(
        f"{lighter} lets a person give {{new}} less, instead of {{old}}.",
        count_words(before.subtract, "step"),
        count_words(now.subtract, "step"),
    )
    yield from _turned(
        f"{lighter} counts up to {{new}}, instead of {{old}}.", step_words(before.max_step), step_words(now.max_step)
    )


def _guard(old: Policy, new: Policy) -> Iterator[str]:
    yield from members(
        old.evidence_guard.any_of,
        new.evidence_guard.any_of,
        joins=lambda code: f"{code_label(code)} is now firm enough evidence to put to the officer.",
        leaves=lambda code: f"{code_label(code)} is no longer firm enough evidence to put to the officer.",
        whole=lambda codes: f"evidence firm enough to put to the officer: {code_labels(codes)}",
    )
    yield from _turned(
        "A decision now needs an area manager’s sight from {new} of difference, instead of {old}.",
        count_words(old.needs_area_manager_at, "step"),
        count_words(new.needs_area_manager_at, "step"),
    )


def _routes(old: Policy, new: Policy) -> Iterator[str]:
    for status in LEGAL_STATUSES:
        if old.routes[status] != new.routes[status]:
            now, before = (mid_sentence(term_words(policy.routes[status])) for policy in (new, old))
            yield f"For a resident on {STATUS_WORDS[status]} the way is now {now} instead of {before}."


_CHAPTERS: dict[str, Callable[[Policy, Policy], Iterator[str]]] = {
    "times": _times,
    "base": _base,
    "repeat": lambda old, new: changed_repeats(old.repeat, new.repeat),
    "climb": _climb,
    "raising": _raising,
    "guard": _guard,
    "routes": _routes,
    "notify": lambda old, new: changed_notices(old.notify, new.notify),
}
