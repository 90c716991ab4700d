"""A whole policy in plain English, chapter by chapter: every key is said, so that nobody has to read the file."""

from collections import defaultdict
from collections.abc import Iterator

import msgspec

from ap_log.domain.policy.language import WARNING_STEPS, Notify, Policy, RepeatRule
from ap_log.domain.policy.phrases import (
    answer_asked,
    aside,
    code_label,
    code_labels,
    in_time,
    opening,
    people_in_turn,
    people_listed,
    stream_labels,
    term_labels,
)
from ap_log.domain.policy.words import (
    STATUS_WORDS,
    STEP_NAMES,
    count_words,
    mid_sentence,
    step_words,
    stream_words,
    term_words,
)

TITLES = {
    "times": "Times",
    "base": "Where each event starts",
    "repeat": "What counts for more when it is repeated",
    "climb": "How far a step climbs",
    "raising": "What raises a step, and what speaks for a resident",
    "guard": "Firm evidence, and decisions that depart",
    "routes": "Where it goes from step 4",
    "notify": "Who is told",
}
"""The chapters of a policy, in the order in which they are read and edited."""


class Chapter(msgspec.Struct, frozen=True):
    """A part of a policy that is read and edited together; each line is a sentence."""

    key: str
    title: str
    lines: tuple[str, ...]


def describe(policy: Policy) -> tuple[Chapter, ...]:
    """Everything a policy says but its name, version and beginning."""
    lines = {
        "times": _times(policy),
        "base": _base(policy),
        "repeat": _repeat(policy),
        "climb": _climb(policy),
        "raising": _raising(policy),
        "guard": _guard(policy),
        "routes": _routes(policy),
        "notify": _notify(policy),
    }
    return tuple(Chapter(key, title, tuple(lines[key])) for key, title in TITLES.items())


def times_words(rule: RepeatRule) -> str:
    """Such as "2 times within 14 days"."""
    return f"{count_words(rule.count, 'time')} within {count_words(rule.days, 'day')}"


def repeat_words(rule: RepeatRule) -> str:
    """Such as "SUB-1 (suspected use) 2 times within 14 days starts at step 1, verbal warning"."""
    return f"{code_label(rule.code)} {times_words(rule)} starts at {step_words(rule.base)}"


def notice_words(notify: Notify) -> str:
    """Who is told of a step, how soon, what they are asked and who comes after them, in one or two sentences."""
    told = f"{people_listed(notify.who)} are told {in_time(notify.tell_within)}"
    asked = f"are asked {answer_asked(notify.answer)} {in_time(notify.answer_within)}"
    onwards = f" If they do not answer it goes to {people_in_turn(notify.then)}." if notify.then else ""
    return f"{opening(step_words(notify.step))}: {told} and {asked}.{onwards}"


def _times(policy: Policy) -> Iterator[str]:
    yield f"Days are counted on the clock of {policy.zone.key}."
    window = count_words(policy.episode_window_hours, "hour")
    yield f"An episode takes in what happens within {window} of its first event."
    fit = count_words(policy.fit_to_warn_hours, "hour")
    yield f"A warning waits {fit} after the resident was last under the influence."
    for step in WARNING_STEPS:
        yield f"A {STEP_NAMES[step]} stays active for {count_words(policy.warning_days[step], 'day')}."


def _base(policy: Policy) -> Iterator[str]:
    codes: dict[int, list[str]] = defaultdict(list)
    for code, step in policy.base.items():
        codes[step].append(code)
    for step in sorted(codes):
        yield f"{opening(step_words(step))}: {code_labels(codes[step])}."
    if not codes:
        yield "The policy holds no events."


def _repeat(policy: Policy) -> Iterator[str]:
    for rule in policy.repeat:
        yield f"{repeat_words(rule)}."
    if not policy.repeat:
        yield "Nothing starts higher because it is repeated."


def _climb(policy: Policy) -> Iterator[str]:
    climb = policy.climb
    yield "An event that starts at step 1 or above climbs one step above the highest active warning of its own stream."
    yield f"Final warnings count for each other across these streams: {stream_labels(climb.final_crosses)}."
    most = step_words(climb.low_cap_max)
    yield f"These climb to {most}, at most: {code_labels(climb.low_cap_codes)}."
    for stream, step in policy.cap.items():
        yield f"Events about {stream_words(stream)} never go above {step_words(step)}."
    if not policy.cap:
        yield "No stream has a highest step of its own."


def _raising(policy: Policy) -> Iterator[str]:
    worse, lighter, help_seeking = policy.aggravator, policy.mitigator, policy.help_seeking
    yield f"These make an event worse: {term_labels(worse.any_of)}."
    adds = count_words(worse.add, "step")
    yield (
        f"From a start at {aside(worse.min_base)} any of them adds {adds}, once, "
        f"and raises to {step_words(worse.max)}, at most."
    )
    yield f"These speak for a resident: {term_labels(lighter.any_of)}."
    less = count_words(lighter.subtract, "step")
    yield f"Up to {aside(lighter.max_step)} any of them lets a person give {less} less, with a reason."
    yield (
        f"Where help was asked for first, events about these are support: {stream_labels(help_seeking.streams)}. "
        f"These keep their step: {code_labels(help_seeking.excepted)}."
    )


def _guard(policy: Policy) -> Iterator[str]:
    guard = policy.evidence_guard
    yield f"These are firm enough evidence for {step_words(guard.step)}: {code_labels(guard.any_of)}."
    yield f"Without any of them, step {guard.step} is a case conference."
    steps = count_words(policy.needs_area_manager_at, "step")
    yield f"A decision needs an area manager’s sight from {steps} of difference."


def _routes(policy: Policy) -> Iterator[str]:
    for status, route in policy.routes.items():
        yield f"For a resident on {STATUS_WORDS[status]} the way is {mid_sentence(term_words(route))}."


def _notify(policy: Policy) -> Iterator[str]:
    yield from (notice_words(notify) for notify in policy.notify)
    untold = [f"step {step}" for step in range(len(STEP_NAMES)) if not policy.notify_at(step)]
    if untold:
        yield f"Nobody is told of {' or '.join(untold)}."
