"""Reads a posted chapter of a policy as its form shows it. What is no number stays the text that was typed."""

import re
from typing import Any

from ap_log.domain.errors import Fault, Invalid
from ap_log.domain.policy.drafting import Document
from ap_log.domain.policy_drafts import CHAPTERS
from ap_log.handlers.forms import Form
from ap_log.handlers.typed_times import span
from ap_log.presenters.policy_chapters import groups
from ap_log.presenters.policy_questions import LONGEST_LINE, Kind, Path, Question, field
from ap_log.presenters.policy_rules import MOST_RULES, RULES_OF, opened, questions_of_rule, remove_field
from ap_log.security.limits import FORM_FIELDS

_DIGITS = re.compile(r"[0-9]{1,9}")


def read_chapter(chapter: str, form: Form, document: Document) -> dict[str, Any]:
    """The chapter as it was typed, in the form that `policy_rules.opened` shows. `document` says which choices it had.

    Raises:
        Invalid: the form does not say how many rules it has, so that none can be told from one taken out; or they are
            more than a chapter takes.
    """
    shown = opened(chapter, document)
    typed: dict[str, Any] = {key: {} for key in CHAPTERS[chapter] if isinstance(document.get(key), dict)}
    for group in groups(chapter, shown):
        for question in group.questions:
            _put(typed, question, _answer(question, form))
    if chapter in RULES_OF:
        key = RULES_OF[chapter]
        typed[key] = _rules(key, form, shown)
    return typed


def _rules(key: str, form: Form, shown: Document) -> list[dict[str, Any]]:
    rows = (_rule(key, index, form, shown) for index in range(_rule_count(form)))
    kept = [row for row in rows if row and any(value not in ("", []) for value in row.values())]
    if len(kept) > MOST_RULES:
        words = f"This chapter takes {MOST_RULES} at most, and {len(kept)} were sent. Nothing was saved: go back."
        raise Invalid(Fault("section", words))
    return kept


def _rule(key: str, index: int, form: Form, shown: Document) -> dict[str, Any] | None:
    if form.flag(remove_field(key, index)):
        return None
    return {str(question.path[-1]): _answer(question, form) for question in questions_of_rule(key, index, shown)}


def _rule_count(form: Form) -> int:
    count = form.number("rules")
    if not 0 <= count <= FORM_FIELDS:
        raise Invalid(Fault("section", "The form could not be read. Go back, reload the page and try again."))
    return count


def _answer(question: Question, form: Form) -> Any:
    name = field(question.path)
    if question.kind is Kind.TICKS:
        return list(form.all(name))
    if question.kind is Kind.LINE:
        return [each for each in (form.text(f"{name}-{turn}") for turn in range(1, LONGEST_LINE + 1)) if each]
    text = form.text(name)
    if question.kind in (Kind.NUMBER, Kind.STEP):
        return int(text) if _DIGITS.fullmatch(text) else text
    return span(text) if question.kind is Kind.SPAN else text


def _put(typed: dict[str, Any], question: Question, answer: Any) -> None:
    if question.may_be_absent and answer == "":
        return
    table = typed
    for key in _tables(question.path):
        table = table.setdefault(key, {})
    table[str(question.path[-1])] = answer


def _tables(path: Path) -> tuple[str, ...]:
    return tuple(str(key) for key in path[:-1])
