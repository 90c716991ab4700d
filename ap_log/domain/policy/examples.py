"""Worked examples that belong to a policy: what happened, and what the policy must say of it before it is published.

An example counts its days from a fixed Monday, so that it says the same whenever its policy takes effect.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from ap_log.domain.errors import Fault
from ap_log.domain.policy.calendar import days_after
from ap_log.domain.policy.contradictions import REPEAT_INTOXICATED_AGGRESSION
from ap_log.domain.policy.evaluate import EpisodeAnswer, evaluate
from ap_log.domain.policy.explain import explain
from ap_log.domain.policy.faults import NAME, Refused
from ap_log.domain.policy.language import LEGAL_STATUSES, Policy, PolicyBook
from ap_log.domain.policy.rules import Outcome
from ap_log.domain.policy.timeline import Event, Resident, Timeline

LONGEST_TITLE = 200  # characters
MOST_EVENTS = 20
LAST_DAY = 400

OUTCOMES_OF_STEPS: tuple[tuple[Outcome, ...], ...] = (
    (Outcome.SUPPORT,),
    (Outcome.WARN,),
    (Outcome.WARN,),
    (Outcome.WARN,),
    (Outcome.CONSIDER, Outcome.CASE_CONFERENCE),
    (Outcome.ACT_NOW,),
)
"""The outcomes each step can have."""

_DAY_1 = date(2025, 6, 2)
"""A Monday in summer; each policy reads it on the clock of its own zone."""

_LONG_BEFORE = datetime(2000, 1, 1, tzinfo=UTC)
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class ExampleEvent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that happens in an example: on which day, 1 to 400, and at which clock reading, such as "22:15"."""

    day: int
    at: str
    code: str
    intoxicated: bool = False
    help_seeking: bool = False
    aggravators: tuple[str, ...] = ()
    mitigators: tuple[str, ...] = ()


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A worked example. `step` and `outcome` are what the policy must say of the last episode.

    Every earlier episode counts as issued as recommended.
    """

    id: str
    title: str
    legal_status: str
    recalled_for_intoxicated_aggression: bool
    events: tuple[ExampleEvent, ...]
    step: int
    outcome: str


class Tried(msgspec.Struct, frozen=True):
    """What a policy says of an example: the answer for its last episode and the reasons in English.

    With `faults` it could not be judged, and there is no answer. It passes when step and outcome are as expected.
    """

    example: Example
    answer: EpisodeAnswer | None
    reasons: tuple[str, ...]
    faults: tuple[str, ...]
    passes: bool


def try_example(policy: Policy, example: Example) -> Tried:
    """Judge an example by this policy alone, whenever it takes effect."""
    faults = tuple(fault.message for fault in faults_of_example(example, policy))
    if faults:
        return Tried(example, None, (), faults, passes=False)
    book = PolicyBook.of(msgspec.structs.replace(policy, effective_from=_LONG_BEFORE))
    timeline = _timeline(example, policy.zone)
    last = evaluate(book, timeline).episodes[-1]
    return Tried(
        example=example,
        answer=last,
        reasons=tuple(reason.text for reason in explain(book, timeline, last)),
        faults=(),
        passes=(last.step, last.outcome) == (example.step, example.outcome),
    )


def faults_of_example(example: Example, policy: Policy) -> list[Fault]:
    """Everything that keeps an example from being judged by this policy, or from ever passing.

    Each names its field, such as `title` or `events 2.code`.
    """
    faults = list(_faults_of_the_whole(example))
    for number, event in enumerate(example.events, start=1):
        faults += [Fault(f"events {number}.{key}", words) for key, words in _faults_of_event(event, policy)]
    return faults


def examples_json(examples: Sequence[Example]) -> list[dict[str, Any]]:
    """Examples as JSON may hold them."""
    plain: list[dict[str, Any]] = msgspec.json.decode(msgspec.json.encode(examples))
    return plain


def read_examples(content: Sequence[object]) -> tuple[Example, ...]:
    """The examples `examples_json` made. Raises Refused when that cannot be what they are."""
    try:
        return msgspec.convert(list(content), tuple[Example, ...])
    except msgspec.ValidationError as error:
        raise Refused([f"not examples: {error}"]) from None


def _timeline(example: Example, zone: ZoneInfo) -> Timeline:
    return Timeline(
        case="example",
        resident=Resident(example.legal_status, example.recalled_for_intoxicated_aggression),
        assume_issued=True,
        facts=tuple(_event(number, event, zone) for number, event in enumerate(example.events, start=1)),
    )


def _event(number: int, event: ExampleEvent, zone: ZoneInfo) -> Event:
    first_day = datetime.combine(_DAY_1, time.fromisoformat(event.at), zone)
    return Event(
        id=f"e{number:02}",  # so that the order of ids is the order in which they are written
        code=event.code,
        occurred_at=days_after(first_day, event.day - 1, zone),
        intoxicated=event.intoxicated,
        help_seeking=event.help_seeking,
        aggravators=event.aggravators,
        mitigators=event.mitigators,
    )


def _faults_of_the_whole(example: Example) -> Iterator[Fault]:
    if NAME.read(example.id) is None:
        yield Fault("id", "The example has no usable number. Start it again.")
    if not 1 <= len(example.title.strip()) <= LONGEST_TITLE:
        yield Fault("title", f"Say what the example shows, in 1 to {LONGEST_TITLE} characters.")
    if example.legal_status not in LEGAL_STATUSES:
        yield Fault("legal_status", "Choose the resident’s legal status.")
    if not 1 <= len(example.events) <= MOST_EVENTS:
        yield Fault("events", f"Give 1 to {MOST_EVENTS} events.")
    if not 0 <= example.step < len(OUTCOMES_OF_STEPS):
        yield Fault("step", "Choose the step the policy must recommend.")
    elif example.outcome not in OUTCOMES_OF_STEPS[example.step]:
        yield Fault("outcome", f"Choose an outcome that step {example.step} can have.")


def _faults_of_event(event: ExampleEvent, policy: Policy) -> Iterator[tuple[str, str]]:
    if not 1 <= event.day <= LAST_DAY:
        yield "day", f"Give the day as a whole number from 1 to {LAST_DAY}."
    if not _CLOCK.fullmatch(event.at):
        yield "at", "Give the time as hours and minutes, such as 22:15."
    if event.code not in policy.base:
        yield "code", f"{event.code or 'No code'}: choose something this policy has a step for."
    yield from _faults_of_terms(event, policy)


def _faults_of_terms(event: ExampleEvent, policy: Policy) -> Iterator[tuple[str, str]]:
    for word in event.aggravators:
        if word == REPEAT_INTOXICATED_AGGRESSION:
            yield "aggravators", f"{word} is worked out from the recall, never entered by hand."
        elif word not in policy.aggravator.any_of:
            yield "aggravators", f"{word}: this policy does not have it among what makes an event worse."
    for word in event.mitigators:
        if word not in policy.mitigator.any_of:
            yield "mitigators", f"{word}: this policy does not have it among what speaks for a resident."
