"""A chapter of a policy's draft as a form: each question with the draft's answer, and beside it that of the version
it follows, where they differ."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from ap_log.domain.errors import Fault
from ap_log.domain.policy.describe import TITLES, describe
from ap_log.domain.policy.drafting import Document, document_of
from ap_log.domain.policy.language import Policy, PolicyBook
from ap_log.domain.policy_coverage import faults_beyond
from ap_log.domain.policy_drafts import Draft, faults_of_chapter
from ap_log.domain.vocabulary import Term
from ap_log.presenters import policy_faults
from ap_log.presenters.policy_chapters import groups
from ap_log.presenters.policy_questions import (
    LONGEST_LINE,
    Kind,
    Question,
    field,
    field_at,
    known_or,
    names_at,
    value_at,
)
from ap_log.presenters.policy_rules import (
    MOST_RULES,
    RULES_OF,
    Rule,
    counterpart,
    described,
    empty_rule,
    opened,
    rules,
)
from ap_log.presenters.policy_spans import span_words

INTRODUCTIONS = {
    "times": "How long things count, and on which clock.",
    "base": "The step each event starts at, before anything that came earlier is looked at. An entry with a code that "
    "is not in the policy is judged by a person alone.",
    "repeat": "Small things that add up: from so many episodes within so many days, an event starts at a higher step.",
    "climb": "While a warning is active, the next event of its kind goes one step above it. These are the exceptions.",
    "raising": "What was worse than usual, what speaks for the resident, and what asking for help is worth.",
    "guard": "What must be certain before anybody’s place is at stake, and when the area manager hears of a decision.",
    "routes": "What steps 4 and 5 are put to the officer as, for each legal status.",
    "notify": "For each step: who is told, how soon, what is wanted of them, and who is asked if no answer comes.",
}

ROW_WORDS = {"base": "code", "repeat": "rule", "notify": "rule"}
"""What the chapters call one of their rows."""


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One question as the page shows it. `name` is its id too; `value` or `chosen` the draft's answer.

    `turns` are the choices of a line, with one more that is empty while it is not full. `notes` say what the version it
    follows says, or was saved meanwhile, where that differs.
    """

    name: str
    kind: Kind
    label: str
    hint: str | None
    suffix: str | None
    blank: str | None
    value: str
    chosen: tuple[str, ...]
    turns: tuple[str, ...]
    options: tuple[Term, ...]
    notes: tuple[str, ...]


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """Fields under one title. A rule has a box `remove`; an empty one, to be filled in, is `is_new`.

    A rule is folded unless it `is_open`: there is something to look at. `notes` say where there is no such rule.
    """

    fields: tuple[Field, ...]
    title: str | None = None
    hint: str | None = None
    remove: str | None = None
    remove_words: str = ""
    is_rule: bool = False
    is_new: bool = False
    is_open: bool = False
    notes: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether something in it is not as elsewhere."""
        return bool(self.notes or any(field.notes for field in self.fields))


class SectionPage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on the page of one chapter. `rules` counts its rules with an empty one, `add` is on its button.

    `more` is the id of the place where rules are added, None where a chapter has none. A chapter that takes no more
    says so in `full` and has no such button. `lines` are the chapter in the version that the draft follows, in words.
    """

    draft: str
    key: str
    version: int
    revision: int
    title: str
    introduction: str
    blocks: tuple[Block, ...]
    rules: int
    add: str | None
    more: str | None
    full: str | None
    changed_by: str
    followed: str
    lines: tuple[str, ...]


class Compared(msgspec.Struct, frozen=True):
    """Another policy beside the form: what its answers are called, and the document they are in."""

    called: str
    shown: Mapping[str, Any]


class Followed(msgspec.Struct, frozen=True):
    """The version a draft follows: the newest that is published, in force or still to come."""

    policy: Policy
    is_in_force: bool

    @property
    def called(self) -> str:
        """As it stands before one of its answers."""
        return "In force" if self.is_in_force else f"Version {self.policy.version}"


def followed_at(book: PolicyBook, now: datetime) -> Followed:
    """The version that a draft follows now."""
    newest = book.policies[-1]
    return Followed(newest, newest.effective_from <= now)


def section_page(
    chapter: str,
    draft: Draft,
    document: Document,
    followed: Followed,
    faults: Sequence[Fault] = (),
    *,
    is_unsaved: bool = False,
    adds: bool = False,
) -> SectionPage:
    """The page of a chapter with its faults. `document` is the draft's, or the draft's with what was typed.

    Where that is not saved, what the draft says by now is shown as well. With `adds` there is an empty rule.
    """
    shown = opened(chapter, document)
    others = [Compared(followed.called, opened(chapter, document_of(followed.policy)))]
    if is_unsaved:
        others.append(Compared("In the draft now", opened(chapter, draft.document)))
    made = [_rule_block(chapter, rule, shown, others, faults) for rule in rules(chapter, shown)]
    empty = empty_rule(chapter, shown)
    if empty and adds:
        made.append(_empty_block(chapter, empty, shown))
    row = ROW_WORDS.get(chapter)
    return SectionPage(
        draft=draft.id,
        key=chapter,
        version=draft.version,
        revision=draft.revision,
        title=TITLES[chapter],
        introduction=INTRODUCTIONS[chapter],
        blocks=(*_group_blocks(chapter, shown, others), *made),
        rules=len(made),
        add=f"Save and add {'another' if adds else 'a'} {row}" if empty else None,
        more=RULES_OF.get(chapter),
        full=f"This chapter takes {MOST_RULES} {row}s and no more." if row and not empty else None,
        changed_by=draft.changed_by,
        followed="What is in force now" if followed.is_in_force else f"What version {followed.policy.version} says",
        lines=next(each for each in describe(followed.policy) if each.key == chapter).lines,
    )


def faults_beside(chapter: str, draft: Draft) -> tuple[Fault, ...]:
    """What keeps a draft from being used and stands in this chapter, each fault naming the field it stands beside."""
    shown = opened(chapter, draft.document)
    asked = [question for group in groups(chapter, shown) for question in group.questions]
    asked += [question for rule in rules(chapter, shown) for question in rule.questions]
    wrong = policy_faults.faults_beside(asked, shown, faults_of_chapter(draft.faults(), chapter))
    beyond = faults_of_chapter(faults_beyond(draft), chapter)
    return policy_faults.in_order(asked, (*wrong, *(Fault(field_at(each.place), each.words) for each in beyond)))


def _group_blocks(chapter: str, shown: Mapping[str, Any], others: list[Compared]) -> list[Block]:
    return [
        Block(
            title=group.title,
            hint=group.hint,
            fields=tuple(_field(chapter, question, shown, others) for question in group.questions),
        )
        for group in groups(chapter, shown)
    ]


def _rule_block(
    chapter: str, rule: Rule, shown: Mapping[str, Any], others: list[Compared], faults: Iterable[Fault]
) -> Block:
    row = rule.questions[0].path[:2]
    having = [other for other in others if value_at(other.shown, counterpart(chapter, row, shown, other.shown))]
    is_wrong = any(fault.field.startswith(f"{field(row)}.") for fault in faults)
    made = Block(
        title=rule.title if is_wrong else rule.words or rule.title,
        fields=tuple(_field(chapter, question, shown, having) for question in rule.questions),
        remove=rule.remove,
        remove_words=f"Remove this {ROW_WORDS[chapter]}",
        is_rule=True,
        is_open=is_wrong,
        notes=tuple(f"{other.called}: no such {ROW_WORDS[chapter]}" for other in others if other not in having),
    )
    is_compared = len(others) > 1  # What was typed is not saved: whoever reads it has to see both.
    return msgspec.structs.replace(made, is_open=is_wrong or (is_compared and made.differs))


def _empty_block(chapter: str, rule: Rule, shown: Mapping[str, Any]) -> Block:
    fields = tuple(_field(chapter, question, shown, []) for question in rule.questions)
    return Block(title=rule.title, fields=fields, is_rule=True, is_new=True, is_open=True)


def _field(chapter: str, question: Question, shown: Mapping[str, Any], others: list[Compared]) -> Field:
    value = value_at(shown, question.path)
    text = "" if value is None or isinstance(value, list | dict) else str(value)
    chosen = names_at(shown, question.path)
    return Field(
        name=field(question.path),
        kind=question.kind,
        label=question.label,
        hint=question.hint,
        suffix=question.suffix,
        blank=question.blank if text == "" or question.may_be_absent or question.kind is Kind.LINE else None,
        value=span_words(text) if question.kind is Kind.SPAN else text,
        chosen=chosen,
        turns=(*chosen, "") if len(chosen) < LONGEST_LINE else chosen,
        options=_options(question, text, chosen),
        notes=tuple(_notes(chapter, question, shown, others)),
    )


def _options(question: Question, text: str, chosen: tuple[str, ...]) -> tuple[Term, ...]:
    """The choices. Ticked ones come first, unless they are ticked in the order of the choices anyway.

    A browser sends ticks in the order of the page: so a list keeps its order when nothing of it is changed.
    """
    if question.kind in (Kind.CHOICE, Kind.STEP):
        return known_or(question.options, (text,))
    order = [term.code for term in question.options]
    if question.kind is not Kind.TICKS or [code for code in order if code in chosen] == list(chosen):
        return question.options
    words = {term.code: term for term in question.options}
    ticked = tuple(words[code] for code in chosen)
    return (*ticked, *(term for term in question.options if term.code not in chosen))


def _notes(chapter: str, question: Question, shown: Mapping[str, Any], others: list[Compared]) -> list[str]:
    value = value_at(shown, question.path)
    notes = []
    for other in others:
        there = value_at(other.shown, counterpart(chapter, question.path, shown, other.shown))
        if there != value:
            notes.append(f"{other.called}: {described(question, there)}")
    return notes
