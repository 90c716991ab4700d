"""The worked examples of a policy's draft: what is expected, what the draft says and why, and one example as a form."""

from collections.abc import Iterable, Sequence
from uuid import uuid4

import msgspec

from ap_log.domain import vocabulary
from ap_log.domain.policy.drafting import Document
from ap_log.domain.policy.examples import Example, ExampleEvent, Tried
from ap_log.domain.policy_drafts import Draft
from ap_log.domain.vocabulary import Term
from ap_log.presenters import words
from ap_log.presenters.policy_questions import AGGRAVATORS, STEPS, codes_in, known_or, names_at
from ap_log.presenters.words import Step

NEW = "new"
"""Stands in an address for an example that is not saved yet."""

EXPECTED: tuple[Term, ...] = (
    Term("0-support", STEPS[0].words),
    Term("1-warn", STEPS[1].words),
    Term("2-warn", STEPS[2].words),
    Term("3-warn", STEPS[3].words),
    Term("4-consider", STEPS[4].words),
    Term("4-case-conference", "4: Case conference, for want of firm evidence"),
    Term("5-act-now", STEPS[5].words),
)
"""What a policy can say of an episode: a step and its outcome, in one choice."""


class TypedEvent(msgspec.Struct, frozen=True):
    """One event as typed."""

    day: str = ""
    at: str = ""
    code: str = ""
    intoxicated: bool = False
    help_seeking: bool = False
    aggravators: tuple[str, ...] = ()
    mitigators: tuple[str, ...] = ()


class TypedExample(msgspec.Struct, frozen=True):
    """An example as typed. `expected` is one of EXPECTED, or empty."""

    id: str
    title: str = ""
    legal_status: str = ""
    recalled: bool = False
    events: tuple[TypedEvent, ...] = ()
    expected: str = ""


class EventRow(msgspec.Struct, frozen=True):
    """One event on the form: its number from 1, what was typed, and the choices that are in use.

    `is_new` rows are empty; the last of them, `goes_on`, is where the page goes on when one more is asked for.
    """

    number: int
    typed: TypedEvent
    codes: tuple[Term, ...]
    aggravators: tuple[Term, ...]
    mitigators: tuple[Term, ...]
    is_new: bool
    goes_on: bool


class Result(msgspec.Struct, frozen=True):
    """What a draft says of an example. `got` is None where it cannot be judged, and `faults` say why."""

    passes: bool
    expected: Step
    got: Step | None
    reasons: tuple[str, ...]
    faults: tuple[str, ...]


class ExampleRow(msgspec.Struct, frozen=True):
    """One example on the list. `result` is None while the draft has faults and can judge nothing."""

    id: str
    title: str
    resident: str
    events: tuple[str, ...]
    result: Result | None


class ExamplesPage(msgspec.Struct, frozen=True):
    draft: str
    version: int
    rows: tuple[ExampleRow, ...]
    failing: int
    is_judged: bool


class ExamplePage(msgspec.Struct, frozen=True):
    """Everything on the page of one example. `address` is its own, or that of a new one."""

    draft: str
    version: int
    revision: int
    address: str
    is_new: bool
    typed: TypedExample
    rows: tuple[EventRow, ...]
    statuses: tuple[Term, ...]
    expected: tuple[Term, ...]
    result: Result | None
    is_judged: bool


def examples_page(draft: Draft, tried: Sequence[Tried] | None) -> ExamplesPage:
    """Every example with its result, those that fail first; `tried` is None where the draft has faults."""
    results = [result_of(each) for each in tried] if tried is not None else [None] * len(draft.examples)
    rows = [_row(example, result) for example, result in zip(draft.examples, results, strict=True)]
    return ExamplesPage(
        draft=draft.id,
        version=draft.version,
        rows=tuple(sorted(rows, key=lambda row: row.result is not None and row.result.passes)),
        failing=sum(1 for result in results if result and not result.passes),
        is_judged=tried is not None,
    )


def example_page(
    draft: Draft, typed: TypedExample, tried: Tried | None, *, is_new: bool, adds: bool, is_judged: bool
) -> ExamplePage:
    """One example as a form, with an empty row where one is added, and what the draft says of it if that was asked."""
    empty = (0 if typed.events else 1) + (1 if adds else 0)
    events = (*typed.events, *[TypedEvent()] * empty)
    return ExamplePage(
        draft=draft.id,
        version=draft.version,
        revision=draft.revision,
        address=f"/policy-drafts/{draft.id}/examples/{NEW if is_new else typed.id}",
        is_new=is_new,
        typed=typed,
        rows=tuple(
            _event_row(number, event, draft.document, len(typed.events), len(events))
            for number, event in enumerate(events, start=1)
        ),
        statuses=vocabulary.LEGAL_STATUSES,
        expected=EXPECTED,
        result=result_of(tried) if tried else None,
        is_judged=is_judged,
    )


def at_first() -> TypedExample:
    """An example nobody has typed yet, with the number it keeps."""
    return TypedExample(id=str(uuid4()))


def typed_of(example: Example) -> TypedExample:
    """A saved example as its form holds it."""
    return TypedExample(
        id=example.id,
        title=example.title,
        legal_status=example.legal_status,
        recalled=example.recalled_for_intoxicated_aggression,
        events=tuple(_typed_event(event) for event in example.events),
        expected=f"{example.step}-{example.outcome}",
    )


def result_of(tried: Tried) -> Result:
    """A tried example in words."""
    example, answer = tried.example, tried.answer
    return Result(
        passes=tried.passes,
        expected=words.step(example.step, example.outcome),
        got=words.step(answer.step, answer.outcome) if answer else None,
        reasons=tried.reasons,
        faults=tried.faults,
    )


def event_words(event: ExampleEvent) -> str:
    """Such as "Day 1 at 22:15: strongly suspected use (SUB-2), under the influence"."""
    more = [
        *(["under the influence"] if event.intoxicated else []),
        *(["asked for help"] if event.help_seeking else []),
        *(words.aggravator_words(event.aggravators)),
        *(words.mitigator_words(event.mitigators)),
    ]
    return "; ".join([f"Day {event.day} at {event.at}: {event.code} {_code_words(event.code)}".rstrip(), *more])


def _code_words(code: str) -> str:
    return vocabulary.CODE_WORDS.get(code, "")


def _row(example: Example, result: Result | None) -> ExampleRow:
    recalled = ", recalled for aggression under the influence" if example.recalled_for_intoxicated_aggression else ""
    return ExampleRow(
        id=example.id,
        title=example.title,
        resident=f"{words.legal_status_words(example.legal_status)}{recalled}",
        events=tuple(event_words(event) for event in example.events),
        result=result,
    )


def _typed_event(event: ExampleEvent) -> TypedEvent:
    return TypedEvent(
        day=str(event.day),
        at=event.at,
        code=event.code,
        intoxicated=event.intoxicated,
        help_seeking=event.help_seeking,
        aggravators=event.aggravators,
        mitigators=event.mitigators,
    )


def _event_row(number: int, typed: TypedEvent, document: Document, filled: int, total: int) -> EventRow:
    enterable = AGGRAVATORS[1:]  # the first is worked out from the record
    return EventRow(
        number=number,
        typed=typed,
        codes=codes_in(document, chosen=(typed.code,)),
        aggravators=_listed(enterable, names_at(document, ("aggravator", "any_of")), typed.aggravators),
        mitigators=_listed(vocabulary.MITIGATORS, names_at(document, ("mitigator", "any_of")), typed.mitigators),
        is_new=number > filled,
        goes_on=number == total > filled,
    )


def _listed(terms: tuple[Term, ...], held: Iterable[str], chosen: Sequence[str]) -> tuple[Term, ...]:
    """The terms that the policy lists or that are ticked already."""
    listed = [name for name in (*held, *chosen) if name != AGGRAVATORS[0].code or name in chosen]
    known = tuple(term for term in terms if term.code in listed)
    return known_or(known, listed)
