"""Reads a posted worked example: first word for word, then as the example it makes."""

import re

from ap_log.domain.errors import Fault, Invalid
from ap_log.domain.policy.examples import MOST_EVENTS, Example, ExampleEvent, faults_of_example
from ap_log.domain.policy.language import Policy
from ap_log.domain.policy.words import mid_sentence
from ap_log.handlers.forms import Form
from ap_log.handlers.typed_times import clock
from ap_log.presenters.policy_examples import EXPECTED, TypedEvent, TypedExample

_DIGITS = re.compile(r"[0-9]{1,9}")
_OF_THE_POLICY = ("code", "aggravators", "mitigators")
_NO_STEP = -1


def typed_in(form: Form, example_id: str) -> TypedExample:
    """The example as typed; events of which nothing was filled in, or that are to be taken out, are left away.

    Raises:
        Invalid: the form does not say how many events it has.
    """
    return TypedExample(
        id=example_id,
        title=form.text("title"),
        legal_status=form.text("legal_status"),
        recalled=form.flag("recalled"),
        events=_events(form),
        expected=form.text("step"),
    )


def example_of(typed: TypedExample) -> Example:
    """The example that was typed. What is no number, or not chosen, becomes one that `faults_in` names."""
    step, _, outcome = typed.expected.partition("-") if typed.expected in _EXPECTED else ("", "", "")
    return Example(
        id=typed.id,
        title=typed.title,
        legal_status=typed.legal_status,
        recalled_for_intoxicated_aggression=typed.recalled,
        events=tuple(_event(event) for event in typed.events),
        step=int(step) if step else _NO_STEP,
        outcome=outcome,
    )


def faults_in(example: Example, policy: Policy, *, knows_all: bool) -> list[Fault]:
    """The faults of an example, each naming its field on the form.

    Where `policy` is only the one in force, because the draft has faults, it does not know all that the draft does:
    then what it lacks is no fault.
    """
    faults = faults_of_example(example, policy)
    if not knows_all:
        faults = [fault for fault in faults if not _is_of_the_policy(fault) or _lacks_code(example, fault)]
    return [Fault(fault.field.replace(" ", "-"), _said(fault)) for fault in faults]


def _said(fault: Fault) -> str:
    """The fault as the summary says it, which is read before the field is seen: with the event it is about."""
    where, _, key = fault.field.partition(".")
    words = fault.message.rstrip(".")
    return f"{where.replace('events', 'Event')}: {mid_sentence(words)}" if key else words


def _is_of_the_policy(fault: Fault) -> bool:
    return fault.field.rpartition(".")[2] in _OF_THE_POLICY


def _lacks_code(example: Example, fault: Fault) -> bool:
    where, _, key = fault.field.partition(".")
    return key == "code" and not example.events[int(where.removeprefix("events ")) - 1].code


def _events(form: Form) -> tuple[TypedEvent, ...]:
    count = form.number("rows")
    if not 0 <= count <= MOST_EVENTS + 2:
        raise Invalid(Fault("events", "The form could not be read. Go back, reload the page and try again."))
    rows = [
        _typed_event(form, f"events-{number}")
        for number in range(1, count + 1)
        if not form.flag(f"events-{number}.remove")
    ]
    return tuple(row for row in rows if row != TypedEvent())


def _typed_event(form: Form, row: str) -> TypedEvent:
    return TypedEvent(
        day=form.text(f"{row}.day"),
        at=clock(form.text(f"{row}.at")),
        code=form.text(f"{row}.code"),
        intoxicated=form.flag(f"{row}.intoxicated"),
        help_seeking=form.flag(f"{row}.help_seeking"),
        aggravators=form.all(f"{row}.aggravators"),
        mitigators=form.all(f"{row}.mitigators"),
    )


def _event(typed: TypedEvent) -> ExampleEvent:
    return ExampleEvent(
        day=int(typed.day) if _DIGITS.fullmatch(typed.day) else 0,
        at=typed.at,
        code=typed.code,
        intoxicated=typed.intoxicated,
        help_seeking=typed.help_seeking,
        aggravators=typed.aggravators,
        mitigators=typed.mitigators,
    )


_EXPECTED = frozenset(term.code for term in EXPECTED)
