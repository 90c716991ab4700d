"""The faults of a chapter in the words of its form: each names what was asked, and stands beside its field."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ap_log.domain.errors import Fault
from ap_log.domain.policy.faults import PlacedFault, printable
from ap_log.domain.policy.words import mid_sentence, stream_words
from ap_log.presenters.policy_questions import Kind, Question, field, place, value_at
from ap_log.presenters.policy_rule_words import OWN
from ap_log.presenters.policy_rules import twice
from ap_log.presenters.policy_spans import SPAN_EXAMPLES

WHOLE = "section"
"""The field of a fault that is beside no question: the form itself."""

_SHOWN_AT_MOST = 40  # characters of a wrong value, as in the faults of a policy
_QUOTED = re.compile(r'"([^"]*)"')
_LAST_NUMBER = re.compile(r" [0-9]+$")
_LAST_TURN = re.compile(r"(?<=then)-[0-9]+$")
_CHOSEN = (Kind.CHOICE, Kind.STEP)
_LISTS = (Kind.TICKS, Kind.LINE)


def faults_beside(
    questions: Iterable[Question], shown: Mapping[str, Any], placed: Iterable[PlacedFault]
) -> tuple[Fault, ...]:
    """The placed faults of a chapter as faults of its fields. `shown` is what the form shows."""
    at = _by_place(questions, shown)
    return tuple(_beside(at, shown, fault) for fault in placed)


def in_order(questions: Iterable[Question], faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The faults in the order of the questions they are about; those of the whole form come last."""
    order = {field(question.path): turn for turn, question in enumerate(questions)}
    return tuple(sorted(faults, key=lambda fault: order.get(_LAST_TURN.sub("", fault.field), len(order))))


def faults_of_codes_twice(shown: Mapping[str, Any]) -> tuple[Fault, ...]:
    """A fault beside each code of an area's own that the form has before; such a form cannot be kept."""
    return tuple(_code_twice(index, str(shown[OWN][index]["code"])) for index in twice(shown))


def _code_twice(index: int, code: str) -> Fault:
    words = f"“{_short(code)}” is in this policy twice: change one of them or take it out"
    return Fault(field((OWN, index, "code")), words if code else _of_own_code(code))


def _by_place(questions: Iterable[Question], shown: Mapping[str, Any]) -> dict[str, Question]:
    """The questions by the place that faults give them; the two of an own code, the key and its step, by `key` too."""
    at: dict[str, Question] = {}
    for question in questions:
        if question.path[0] == OWN:
            code = str(value_at(shown, (*question.path[:2], "code")) or "")
            end = " key" if question.path[-1] == "code" else ""
            at[f"base.{printable(code)}{end}"] = at[f"base.{code}{end}"] = question
        else:
            at[place(question.path)] = question
    return at


def _beside(at: Mapping[str, Question], shown: Mapping[str, Any], fault: PlacedFault) -> Fault:
    key = f"{fault.place} key"
    if key in at and "three capitals" in fault.words:
        return Fault(field(at[key].path), _of_own_code(str(value_at(shown, at[key].path) or "")))
    if fault.place in at:
        return _of(at[fault.place], value_at(shown, at[fault.place].path), fault.words)
    whole = _LAST_NUMBER.sub("", fault.place)
    if whole in at and at[whole].kind in _LISTS:
        return _of_entry(at[whole], shown, int(fault.place[len(whole) :]))
    return Fault(WHOLE, f"{fault.place}: {_plain(fault.words)}")


def _of(question: Question, value: object, words: str) -> Fault:
    """The fault of one answer: "How long … must be a whole number from 1 to 3650, not “abc”"."""
    name, said = field(question.path), question.said
    right = f"must be a time such as {SPAN_EXAMPLES}" if question.kind is Kind.SPAN else words.partition(", not ")[0]
    if value is None or value == "":
        if question.kind in _CHOSEN:
            return Fault(name, f"Choose {mid_sentence(said)}")
        return Fault(name, f"Enter {mid_sentence(said)}: {_plain(right).removeprefix('must be ')}")
    if question.path[0] == "cap" and right == words:
        stream = stream_words(str(question.path[1]))
        return Fault(name, f"{said}: choose “No highest step”. This policy has no codes for {stream}")
    return Fault(name, f"{said} {_plain(right)}, not “{_short(value)}”")


def _of_entry(question: Question, shown: Mapping[str, Any], number: int) -> Fault:
    """The fault of one entry of a list. A line of choices has a field for each; ticks are one field."""
    entry = _short(value_at(shown, (*question.path, number - 1)))
    if question.kind is Kind.LINE:
        return Fault(f"{field(question.path)}-{number}", f"{question.said}: choose somebody else than “{entry}”")
    return Fault(field(question.path), f"{question.said}: untick “{entry}”, which this policy does not have")


def _of_own_code(code: str) -> str:
    right = "three capitals, a dash and one or two digits, such as SUB-10"
    return f"A code of your own must be {right}, not “{_short(code)}”" if code else f"Enter the code: {right}"


def _plain(words: str) -> str:
    """The words of the language for people who do not read its files."""
    return _QUOTED.sub("“\\1”", words.replace("that [base] holds", "that this policy has"))


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= _SHOWN_AT_MOST else f"{text[:_SHOWN_AT_MOST]}…"
