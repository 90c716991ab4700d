"""A rule of a policy in one line of words, which finds it on a long page."""

from collections.abc import Callable, Mapping
from typing import Any

from ap_log.domain.policy.describe import repeat_words
from ap_log.domain.policy.language import RepeatRule
from ap_log.domain.policy.phrases import in_time, opening, people_listed
from ap_log.domain.policy.words import STEP_NAMES, step_words

OWN = "own"
"""The list of the codes an area has added, as the form shows them."""

_WANTED = {"seen": "to have seen it", "comment": "a plan or comment", "decision": "a decision with a reason"}


def rule_words(key: str, row: Mapping[str, Any]) -> str | None:
    """Such as "Step 2: key workers within 24 hours; a plan or comment within 1 working day".

    None while the rule is not whole: figures are missing, or are none.
    """
    return _WORDS[key](row)


def _own(row: Mapping[str, Any]) -> str | None:
    return f"{row['code']}: {step_words(row['step'])}" if row["code"] and _is_step(row["step"]) else None


def _repeat(row: Mapping[str, Any]) -> str | None:
    figures = (row["count"], row["days"])
    if not (row["code"] and all(isinstance(figure, int) for figure in figures) and _is_step(row["base"])):
        return None
    return opening(repeat_words(RepeatRule(row["code"], *figures, row["base"])))


def _notify(row: Mapping[str, Any]) -> str | None:
    if not (_is_step(row["step"]) and row["answer"] in _WANTED and row["tell_within"] and row["answer_within"]):
        return None
    told = f"{people_listed(row['who'])} {in_time(row['tell_within'])}"
    return f"Step {row['step']}: {told}; {_WANTED[row['answer']]} {in_time(row['answer_within'])}"


def _is_step(step: object) -> bool:
    return isinstance(step, int) and 0 <= step < len(STEP_NAMES)


_WORDS: dict[str, Callable[[Mapping[str, Any]], str | None]] = {OWN: _own, "repeat": _repeat, "notify": _notify}
