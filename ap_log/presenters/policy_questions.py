"""The questions an editor of a policy answers: their kinds, where their answers stand, and what can be chosen.

`policy_chapters` asks about each figure, choice and list of the language, `policy_rules` about the rules of which there
may be any number. `policy_form` shows the questions, and `handlers/policy_form` reads their answers.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import msgspec

from ap_log.domain import vocabulary
from ap_log.domain.policy.drafting import Document
from ap_log.domain.policy.loading import CODE_FORM
from ap_log.domain.policy.words import STREAM_NAMES
from ap_log.domain.vocabulary import Term

Path = tuple[str | int, ...]
"""Where an answer stands in a document: its keys, and in lists its number counted from 0."""


LONGEST_LINE = 20
"""Who is asked one after another, at most: more than there are duties."""


class Kind(StrEnum):
    """How a question is answered. `STEP` is a choice that is a number; `LINE` a list of choices, one after another."""

    NUMBER = "number"
    TEXT = "text"
    SPAN = "span"
    CHOICE = "choice"
    STEP = "step"
    TICKS = "ticks"
    LINE = "line"


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One question. `said` is what it asks for as a fault names it; `blank` the words of having no answer at all.

    With `may_be_absent` no answer takes the key out of the document.
    """

    path: Path
    kind: Kind
    label: str
    said: str = ""
    hint: str | None = None
    suffix: str | None = None
    options: tuple[Term, ...] = ()
    blank: str = "Choose"
    may_be_absent: bool = False


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Questions that belong together, under a title of their own where they need one."""

    questions: tuple[Question, ...]
    title: str | None = None
    hint: str | None = None


STEPS = tuple(Term(term.code, f"{term.code}: {term.words}") for term in vocabulary.STEPS)
CODES = tuple(
    Term(code, f"{code} {words}")
    for stream in STREAM_NAMES
    for code, words in sorted(vocabulary.CODE_WORDS.items())
    if code.startswith(stream)
)
STREAMS = tuple(Term(stream, words.capitalize()) for stream, words in STREAM_NAMES.items())
_WORKED_OUT = Term(
    "repeat-intoxicated-aggression",
    "Aggression under the influence, after a recall for it",
    "Worked out from the resident’s record; nobody enters it",
)
AGGRAVATORS = (_WORKED_OUT, *vocabulary.AGGRAVATORS)


def place(path: Path) -> str:
    """The place as faults of a policy name it: `warning_days.1`, `repeat 2.code`."""
    words = str(path[0])
    for key in path[1:]:
        words += f" {key + 1}" if isinstance(key, int) else f".{key}"
    return words


def field(path: Path) -> str:
    """The name and id of the field."""
    return field_at(place(path))


def field_at(place: str) -> str:
    """The name and id of the field of a place: the place, without the space that no id may have."""
    return place.replace(" ", "-")


def value_at(document: object, path: Path) -> object:
    """What a document holds at a place, lists as lists; None where it holds nothing."""
    for key in path:
        if isinstance(key, str) and isinstance(document, Mapping):
            document = document.get(key)
        elif isinstance(key, int) and isinstance(document, list) and key < len(document):
            document = document[key]
        else:
            return None
    return list(document) if isinstance(document, tuple) else document


def names_at(document: object, path: Path) -> tuple[str, ...]:
    """The list a document holds at a place, as texts; empty where there is none."""
    found = value_at(document, path)
    return tuple(str(name) for name in found) if isinstance(found, list) else ()


def keys_at(document: object, path: Path) -> tuple[str, ...]:
    """The keys of the table a document holds at a place."""
    found = value_at(document, path)
    return tuple(str(key) for key in found) if isinstance(found, Mapping) else ()


def known_or(terms: tuple[Term, ...], names: Iterable[str]) -> tuple[Term, ...]:
    """The terms, and after them every other name that is in use, as it is spelt."""
    known = {term.code for term in terms}
    others = dict.fromkeys(name for name in names if name and name not in known)
    return (*terms, *(Term(name, name) for name in others))


def own_codes(document: Document) -> tuple[str, ...]:
    """The codes an area has added to those the log form can send, in order."""
    return tuple(sorted(code for code in keys_at(document, ("base",)) if code not in vocabulary.CODE_WORDS))


def codes_in(document: Document, *, chosen: Sequence[str] = ()) -> tuple[Term, ...]:
    """Every code that can be chosen: those of the base table in the order of the table, and what is chosen already.

    A code of an area's own that is none yet is offered nowhere: it would spread into other chapters.
    """
    held = set(keys_at(document, ("base",)))
    known = tuple(term for term in CODES if term.code in held)
    return known_or(known, (*(code for code in own_codes(document) if CODE_FORM.fullmatch(code)), *chosen))


def streams_in(document: Document, chosen: Sequence[str] = ()) -> tuple[Term, ...]:
    """Every stream that can be chosen: those of the codes, in the order of the language, and what is chosen already."""
    held = {code[:3] for code in keys_at(document, ("base",)) if CODE_FORM.fullmatch(code)}
    known = tuple(term for term in STREAMS if term.code in held)
    return known_or(known, (*sorted(held), *chosen))


def number(path: Path, label: str, suffix: str, hint: str | None = None, said: str = "") -> Question:
    return Question(path=path, kind=Kind.NUMBER, label=label, suffix=suffix, hint=hint, said=said or label)


def step(path: Path, label: str, hint: str | None = None, said: str = "") -> Question:
    return Question(path=path, kind=Kind.STEP, label=label, hint=hint, options=STEPS, said=said or label)


def steps_more(path: Path, label: str, hint: str) -> Question:
    return Question(path=path, kind=Kind.NUMBER, label=label, suffix="steps", hint=hint, said=label)


def ticks(path: Path, label: str, options: tuple[Term, ...], hint: str | None = None) -> Question:
    return Question(path=path, kind=Kind.TICKS, label=label, options=options, hint=hint, said=label)
