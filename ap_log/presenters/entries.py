"""An entry as pages show it: what happened, when, who wrote it, and the facts in plain words."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from ap_log.domain.entries import Entry, code_of, evidence_level
from ap_log.domain.records import RecommendationRecord
from ap_log.presenters import words
from ap_log.presenters.recommendations import step_of
from ap_log.presenters.times import Moment, moment
from ap_log.presenters.words import Step


class FactRow(msgspec.Struct, frozen=True):
    """One line of what is known: its name and its words."""

    key: str
    value: str


class EntryCard(msgspec.Struct, frozen=True):
    """An entry for a list, a timeline or its own page. `evidence` is None where no signs were asked for.

    `occurred` is the time that counts. `flags` are what a reader must not miss (`presenters/provenance.py`).
    """

    id: str
    happening: str
    code: str | None
    evidence: str | None
    occurred: Moment
    author: str
    facts: tuple[FactRow, ...]
    words: str
    flags: tuple[str, ...] = ()


class ReceiptLines(msgspec.Struct, frozen=True):
    """The proof that the server holds an entry."""

    sequence: int
    sha256: str
    received: Moment


class Recommended(msgspec.Struct, frozen=True):
    """What the policy recommends for the entry's episode; `step` is None where it could not judge."""

    step: Step | None
    reasons: tuple[str, ...]


def receipt_lines(sequence: int, sha256: str, received_at: datetime, now: datetime) -> ReceiptLines:
    return ReceiptLines(sequence, sha256, moment(received_at, now))


def recommended(recommendation: RecommendationRecord) -> Recommended:
    """A recommendation in short: the step and its reasons, without links."""
    return Recommended(step_of(recommendation), tuple(reason.text for reason in recommendation.reasons))


def entry_card(entry: Entry, occurred_at: datetime, author: str, now: datetime, flags: Iterable[str] = ()) -> EntryCard:
    """The entry as it is shown at `now`: `occurred_at` is when it counts from, `author` the name of who wrote it."""
    return EntryCard(
        id=entry.id,
        happening=words.happening_words(entry.happening),
        code=code_of(entry),
        evidence=_evidence(entry),
        occurred=moment(occurred_at, now),
        author=author,
        facts=tuple(FactRow(key, value) for key, value in _facts(entry) if value),
        words=entry.words,
        flags=tuple(flags),
    )


def _evidence(entry: Entry) -> str | None:
    asks_signs = words.asks_signs(entry.happening)
    return words.evidence_words(evidence_level(entry.signs, entry.alternatives_considered)) if asks_signs else None


def _facts(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "Signs", _joined(words.sign_words(entry.signs))
    yield "Other causes", "Thought about" if entry.alternatives_considered else ""
    yield "Under the influence", "Yes, as far as could be seen" if entry.intoxicated else ""
    yield "Asked for help", "Yes" if entry.help_seeking else ""
    yield "Makes it worse", _joined(words.aggravator_words(entry.aggravators))
    yield "Speaks for them", _joined(words.mitigator_words(entry.mitigators))
    yield "Reported taken", _substance(entry.reported)
    yield "Suspected taken", _substance(entry.suspected)
    yield "Confirmed taken", _substance(entry.confirmed)
    yield "What was done", _joined(words.done_words(entry.done))
    yield "Photos", str(len(entry.photos) or "")


def _joined(said: Iterable[str]) -> str:
    """Several short phrases as one line: the first keeps its capital."""
    first, *rest = [*said] or [""]
    return ", ".join([first, *(phrase[:1].lower() + phrase[1:] for phrase in rest)])


def _substance(code: str | None) -> str:
    return words.substance_words(code) if code else ""
