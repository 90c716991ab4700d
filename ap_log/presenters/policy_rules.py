"""What the editor asks about the rules of which a policy may have any number, and about the codes an area has added.

Codes of an area's own are keys of the base table. To be typed and corrected they are rules of a list here, `own`, which
`opened` makes of a document and `closed` puts back.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from ap_log.domain import vocabulary
from ap_log.domain.people import ROLE_NAMES, Role
from ap_log.domain.policy.drafting import Document
from ap_log.domain.policy.words import mid_sentence
from ap_log.domain.vocabulary import Term
from ap_log.presenters.policy_questions import (
    Kind,
    Question,
    codes_in,
    field,
    known_or,
    names_at,
    number,
    own_codes,
    step,
    value_at,
)
from ap_log.presenters.policy_rule_words import OWN, rule_words
from ap_log.presenters.policy_spans import span_words

RULES_OF: dict[str, str] = {"base": OWN, "repeat": "repeat", "notify": "notify"}
"""The chapters with rules, and the list that holds them."""

MOST_RULES = 50
"""Rules in one chapter: many times those of any policy, and no more than a form has fields for."""

DUTIES = tuple(
    Term(role, ROLE_NAMES[role])
    for role in (
        Role.KEY_WORKER,
        Role.PROBATION_PRACTITIONER,
        Role.SENIOR_PROBATION_OFFICER,
        Role.ON_DUTY_MANAGER,
        Role.MANAGER,
        Role.DEPUTY,
        Role.AREA_MANAGER,
    )
)
ANSWERS = (
    Term("seen", "That they have seen it"),
    Term("comment", "A plan or comment"),
    Term("decision", "A decision, with a reason"),
)
_SPANS = "Such as 15 minutes, 2 working days, same day, or 12:00 on the next working day."


class Rule(msgspec.Struct, frozen=True):
    """One rule of a list. `remove` is the name of the box that takes it out; an empty rule has none.

    `words` are the rule in words, once it is whole.
    """

    title: str
    questions: tuple[Question, ...]
    remove: str | None = None
    words: str | None = None


def opened(chapter: str, document: Document) -> dict[str, Any]:
    """The document as the form of a chapter shows it; what was typed into one is as it shows it already."""
    if chapter != "base" or OWN in document:
        return dict(document)
    rows = [{"code": code, "step": value_at(document, ("base", code))} for code in own_codes(document)]
    return {**document, OWN: rows}


def closed(chapter: str, shown: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of a chapter as the document has them; no code may be there `twice`."""
    if chapter != "base":
        return dict(shown)
    return {"base": {**shown.get("base", {}), **{row["code"]: row["step"] for row in shown[OWN]}}}


def twice(shown: Mapping[str, Any]) -> tuple[int, ...]:
    """The numbers, counted from 0, of the own codes that the form has before: a document holds each code once."""
    codes = [*shown.get("base", {}), *(row["code"] for row in shown.get(OWN, ()))]
    before = len(codes) - len(shown.get(OWN, ()))
    return tuple(place - before for place in range(before, len(codes)) if codes[place] in codes[:place])


def rules(chapter: str, shown: Mapping[str, Any]) -> tuple[Rule, ...]:
    """The rules of a chapter."""
    rows = shown.get(RULES_OF.get(chapter, ""))
    return tuple(_rule(RULES_OF[chapter], index, shown, row) for index, row in enumerate(_listed(rows)))


def empty_rule(chapter: str, shown: Mapping[str, Any]) -> Rule | None:
    """One more rule, to be filled in. A full chapter has none, nor has one without rules."""
    if chapter not in RULES_OF:
        return None
    key = RULES_OF[chapter]
    there = len(_listed(shown.get(key)))
    return Rule(_TITLES[key][1], questions_of_rule(key, there, shown)) if there < MOST_RULES else None


def questions_of_rule(key: str, index: int, shown: Document) -> tuple[Question, ...]:
    """What is asked about the rule with this number, counted from 0."""
    return _QUESTIONS[key](index, shown)


def remove_field(key: str, index: int) -> str:
    """The name of the box that takes a rule out."""
    return field((key, index, "remove"))


def _listed(rows: object) -> list[Any]:
    return rows if isinstance(rows, list) else []


def _rule(key: str, index: int, shown: Document, row: Any) -> Rule:
    return Rule(
        title=f"{_TITLES[key][0]} {index + 1}{_said_about(key, index, shown)}",
        questions=questions_of_rule(key, index, shown),
        remove=remove_field(key, index),
        words=rule_words(key, row),
    )


def _said_about(key: str, index: int, shown: Document) -> str:
    """Which step a rule of telling is about, so that it is found on a long page."""
    about = str(value_at(shown, (key, index, "step")))
    words = {term.code: term.words for term in vocabulary.STEPS}
    return f": step {about}, {mid_sentence(words[about])}" if key == "notify" and about in words else ""


def _own(index: int, shown: Document) -> tuple[Question, ...]:
    code = str(value_at(shown, (OWN, index, "code")) or "")
    said = f"The step of {code}" if code else f"The step of your code {index + 1}"
    return (
        Question(
            path=(OWN, index, "code"),
            kind=Kind.TEXT,
            label="Code",
            said="The code",
            hint="Such as SUB-10: three capitals, which say what it belongs to, a dash and one or two digits. "
            "The log form does not offer it yet: only rules and worked examples can use it.",
        ),
        step((OWN, index, "step"), "Step it starts at", said=said),
    )


def _repeat(index: int, shown: Document) -> tuple[Question, ...]:
    def at(key: str) -> tuple[str | int, ...]:
        return ("repeat", index, key)

    rule = f"repeat rule {index + 1}"
    return (
        Question(
            path=at("code"),
            kind=Kind.CHOICE,
            label="When this happens again",
            said=f"What {rule} is about",
            options=codes_in(shown, chosen=(str(value_at(shown, at("code")) or ""),)),
        ),
        number(
            at("count"),
            "How often it must have happened",
            "episodes",
            "The newest one is counted too.",
            f"How often it must have happened for {rule}",
        ),
        number(at("days"), "Within how long", "days", said=f"Within how long it must have happened for {rule}"),
        step(at("base"), "Step it then starts at", said=f"The step of {rule}"),
    )


def _notify(index: int, shown: Document) -> tuple[Question, ...]:
    def at(key: str) -> tuple[str | int, ...]:
        return ("notify", index, key)

    rule = f"(rule {index + 1})"
    names = (*names_at(shown, at("who")), *names_at(shown, at("then")))
    duties = known_or(DUTIES, names)
    return (
        step(at("step"), "After this step", said=f"The step {rule}"),
        Question(path=at("who"), kind=Kind.TICKS, label="Who is told", said=f"Who is told {rule}", options=duties),
        _span(at("tell_within"), "How soon they must be told", rule),
        Question(
            path=at("answer"),
            kind=Kind.CHOICE,
            label="What is wanted of them",
            said=f"What is wanted {rule}",
            options=ANSWERS,
        ),
        _span(at("answer_within"), "How soon it must be there", rule),
        Question(
            path=at("then"),
            kind=Kind.LINE,
            label="Who is asked next, if no answer comes",
            said=f"Who is asked next {rule}",
            hint="One after another, from the first.",
            options=duties,
            blank="Nobody",
        ),
    )


def _span(path: tuple[str | int, ...], label: str, rule: str) -> Question:
    return Question(path=path, kind=Kind.SPAN, label=label, said=f"{label} {rule}", hint=_SPANS)


def described(question: Question, value: object) -> str:
    """An answer in words, as a person would say it: "56 days", "Substances and conduct", "nobody"."""
    if question.kind is Kind.SPAN and isinstance(value, str) and value:
        return span_words(value)
    words = {term.code: term.words for term in question.options}
    if isinstance(value, list):
        return ", ".join(words.get(str(name), str(name)) for name in value) or "none"
    if value is None or value == "":
        return mid_sentence(question.blank) if question.may_be_absent else "nothing"
    said = words.get(str(value), str(value))
    if question.kind is Kind.STEP and str(value) in words:
        said = f"step {value}, {mid_sentence(said.partition(': ')[2])}"
    return f"{said} {question.suffix}" if question.suffix else said


def counterpart(chapter: str, path: tuple[str | int, ...], shown: Document, other: Document) -> tuple[str | int, ...]:
    """Where another policy answers the same question: rules are the same when they are about the same thing.

    A rule is about its code or its step; of several about one thing, the first are the same, and so on.
    """
    key, index = path[0], path[1] if len(path) > 1 else None
    if not (isinstance(key, str) and isinstance(index, int)) or key != RULES_OF.get(chapter):
        return path
    about = [_about(shown, key, number) for number in range(index + 1)]
    turn = about.count(about[-1])
    rows = other.get(key)
    others = range(len(_listed(rows)))
    same = [number for number in others if _about(other, key, number) == about[-1]]
    return (key, same[turn - 1] if turn <= len(same) else len(others), *path[2:])


def _about(shown: Document, key: str, index: int) -> object:
    return value_at(shown, (key, index, "step" if key == "notify" else "code"))


_QUESTIONS = {OWN: _own, "repeat": _repeat, "notify": _notify}
_TITLES = {
    OWN: ("Your code", "Add a code of your own"),
    "repeat": ("Repeat rule", "Add a repeat rule"),
    "notify": ("Rule", "Add a rule"),
}
