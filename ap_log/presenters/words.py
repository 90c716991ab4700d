"""The plain words behind codes: steps, outcomes, evidence, signs, substances. The codes are in `domain/vocabulary`."""

from collections.abc import Iterable

import msgspec

from ap_log.domain import vocabulary
from ap_log.domain.vocabulary import Term

_STEP_TONES = {0: "grey", 1: "yellow", 2: "amber", 3: "amber", 4: "red", 5: "black"}

_HAPPENING_WORDS = {happening.key: happening.words for happening in vocabulary.HAPPENINGS}
_JUDGED_BY_SIGNS = {happening.key for happening in vocabulary.HAPPENINGS if happening.by_evidence is not None}
_SIGN_WORDS = {sign.code: sign.words for group in vocabulary.SIGN_GROUPS for sign in group.signs}


class Step(msgspec.Struct, frozen=True):
    """A rung of the ladder for a page. `tone` picks its colours; the words say the same without colour."""

    number: int
    name: str
    tone: str


def step(number: int, outcome: str | None = None, route: str | None = None) -> Step:
    """The rung `number` (0 to 5), named more closely by the policy's outcome and route where they are known."""
    return Step(number, _step_name(number, outcome, route), _STEP_TONES[number])


def _step_name(number: int, outcome: str | None, route: str | None) -> str:
    if outcome == "case-conference":
        return "Case conference"
    if number == 4 and route is not None:
        return _term_words(vocabulary.ROUTES, route)
    return _term_words(vocabulary.STEPS, str(number))


def ladder() -> tuple[Step, ...]:
    """All rungs, lowest first."""
    return tuple(step(number) for number in _STEP_TONES)


def happening_words(key: str) -> str:
    return _HAPPENING_WORDS.get(key, key)


def asks_signs(key: str) -> bool:
    """Whether the signs decide what this happening counts as."""
    return key in _JUDGED_BY_SIGNS


def code_words(code: str) -> str:
    """A policy code's meaning; an area's own code stands for itself."""
    return vocabulary.CODE_WORDS.get(code, code)


def sign_words(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(_SIGN_WORDS.get(code, code) for code in codes)


def evidence_words(level: str) -> str:
    return _term_words(vocabulary.EVIDENCE_LEVELS, level)


def substance_words(code: str) -> str:
    return _term_words(vocabulary.SUBSTANCES, code)


def done_words(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(_term_words(vocabulary.ACTIONS_TAKEN, code) for code in codes)


def aggravator_words(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(_term_words(vocabulary.AGGRAVATORS, code) for code in codes)


def mitigator_words(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(_term_words(vocabulary.MITIGATORS, code) for code in codes)


def legal_status_words(code: str) -> str:
    return _term_words(vocabulary.LEGAL_STATUSES, code)


def _term_words(terms: tuple[Term, ...], code: str) -> str:
    return next((term.words for term in terms if term.code == code), code)
