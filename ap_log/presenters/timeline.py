"""A resident's record as one list, newest first: entries, decisions and what became of them, notices and answers."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from ap_log.domain.answers import AnswerKind, choice_words
from ap_log.domain.recommendations import Heads, alternative_words
from ap_log.domain.records import AnswerRecord, DecisionRecord, EarlierVersion, EntryRecord, NoticeRecord, Record
from ap_log.presenters import words
from ap_log.presenters.entries import FactRow, entry_card
from ap_log.presenters.explanation import address
from ap_log.presenters.provenance import provenance
from ap_log.presenters.recommendations import waited
from ap_log.presenters.times import Moment, moment, when
from ap_log.presenters.words import Step

LATE_AFTER = timedelta(hours=8)
"""An entry that arrives later than this after it happened is flagged: a shift went by that could not know of it."""

DUTY_WORDS = {
    "key-worker": "key worker",
    "probation-practitioner": "probation practitioner",
    "senior-probation-officer": "senior probation officer",
    "area-manager": "area manager",
    "on-duty-manager": "on-duty manager",
    "deputy": "deputy",
    "officers-deputy": "the officer’s deputy",
    "manager": "manager",
}

_KIND_WORDS: dict[str, str] = {AnswerKind.ACKNOWLEDGED: "has it in hand", AnswerKind.COMMENT: "plan or comment"}

WANTED_WORDS = {"seen": "to be read", "comment": "a plan or comment", "decision": "a decision with a reason"}


class Earlier(msgspec.Struct, frozen=True):
    """An earlier version of an entry: its title says which and until when, the rest what it said."""

    title: str
    facts: tuple[FactRow, ...]
    words: str


class Item(msgspec.Struct, frozen=True):
    """One thing on the record. `flags` are what a reader must not miss; `notes` say what became of it.

    `heads` are the lines of a completed recommendation, and `is_withdrawn` that it no longer counts: a decision that
    was taken back, or an entry that its author did not write.
    `earlier` are the versions that an entry has replaced, oldest first. `explained_at` is the page that explains the
    recommendation a decision was made on, `photos_at` the page that shows an entry's photos.
    """

    anchor: str
    kind: str
    at: Moment
    title: str
    by: str
    tag: str | None
    step: Step | None
    facts: tuple[FactRow, ...]
    words: str
    flags: tuple[str, ...]
    notes: tuple[str, ...]
    heads: tuple[FactRow, ...]
    is_withdrawn: bool
    earlier: tuple[Earlier, ...] = ()
    explained_at: str | None = None
    photos_at: str | None = None


def timeline(record: Record, now: datetime) -> tuple[Item, ...]:
    """Entries, decisions and notices in one list, the latest to happen first."""
    entries = [(each.occurred_at, each.sequence, entry_item(each, now)) for each in record.entries]
    decisions = [(each.at, 0, decision_item(each, record, now)) for each in record.decisions]
    ordered = sorted([*entries, *decisions], key=lambda placed: placed[:2], reverse=True)
    return tuple(item for _, _, item in ordered)


def entry_item(record: EntryRecord, now: datetime) -> Item:
    """An entry: what happened, what was seen, taken and done, in the words it was made with."""
    card = entry_card(record.entry, record.occurred_at, record.author, now)
    return Item(
        anchor=f"entry-{card.id}",
        kind="entry",
        at=card.occurred,
        title=card.happening,
        by=card.author,
        tag=card.evidence,
        step=None,
        facts=card.facts,
        words=card.words,
        flags=tuple(_entry_flags(record, now)),
        notes=(),
        heads=(),
        is_withdrawn=record.disowned is not None,
        earlier=tuple(_earlier(each, record.author, now) for each in record.earlier),
        photos_at=f"/entries/{card.id}#photos" if record.entry.photos else None,
    )


def _earlier(version: EarlierVersion, author: str, now: datetime) -> Earlier:
    card = entry_card(version.entry, version.occurred_at, author, now)
    first = (FactRow("What happened", card.happening), FactRow("When", card.occurred.words))
    became = "not written by its author, set aside" if version.is_disowned else "replaced"
    title = f"Version {version.version}, {became} {when(version.replaced_at, now)}"
    return Earlier(title, (*first, *card.facts), card.words)


def decision_item(decision: DecisionRecord, record: Record, now: datetime) -> Item:
    """A decision with its reason, what became of it, and whom it was sent to."""
    sent = [notice for notice in record.notices if notice.decision_id == decision.id]
    return Item(
        anchor=f"decision-{decision.id}",
        kind="decision",
        at=moment(decision.at, now),
        title=f"Decided: step {decision.step}, {words.step(decision.step).name.lower()}",
        by=decision.by,
        tag=None,
        step=words.step(decision.step),
        facts=tuple(_decision_facts(decision)),
        words="",
        flags=tuple(_decision_flags(decision, now)),
        notes=tuple(line for notice in reversed(sent) for line in notice_lines(notice, now)),
        heads=tuple(head_lines(decision.heads)) if decision.heads else (),
        is_withdrawn=decision.withdrawal is not None,
        explained_at=address(decision.recommendation_id) if decision.recommendation_id else None,
    )


def notice_lines(notice: NoticeRecord, now: datetime) -> list[str]:
    """What became of a notice: told, seen, passed on, answered; one sentence each."""
    who = f"{notice.recipient}, {DUTY_WORDS.get(notice.duty, notice.duty)}"
    return [f"{who}: {notice_state(notice, now)}", *(answer_line(answer, now) for answer in notice.answers)]


def notice_state(notice: NoticeRecord, now: datetime) -> str:
    """How far a notice has come, in a few words."""
    if any(AnswerKind(answer.kind).settles for answer in notice.answers):
        return "answered"
    if notice.passed_to is not None:
        why = "no answer in time" if notice.undeliverable_at is None else "the e-mail was refused"
        return f"{why}, passed to {notice.passed_to}"
    if notice.undeliverable_at is not None and notice.seen_at is None:
        return "the e-mail was refused, tell them another way"
    if is_overdue(notice, now):
        return f"overdue since {when(notice.answer_by, now)}"
    return _reached(notice, now)


def _reached(notice: NoticeRecord, now: datetime) -> str:
    if notice.seen_at is not None:
        return f"seen {when(notice.seen_at, now)}"
    return "being sent" if notice.told_at is None else f"told {when(notice.told_at, now)}"


def is_overdue(notice: NoticeRecord, now: datetime) -> bool:
    """Whether the time for an answer is up and none has come."""
    return notice.closed_at is None and notice.answer_by <= now


def nobody_holds(duties: Iterable[str]) -> str:
    """That somebody should have been told whom there is not."""
    return f"Nobody holds: {', '.join(DUTY_WORDS.get(duty, duty) for duty in duties)}"


def answer_line(answer: AnswerRecord, now: datetime) -> str:
    """An answer with who gave it and why."""
    said = _KIND_WORDS.get(answer.kind) or choice_words(answer.choice or answer.kind)
    reason = f": {answer.reason}" if answer.reason else ""
    return f"{answer.by}, {when(answer.at, now)}, {said}{reason}"


def head_lines(heads: Heads) -> Iterable[FactRow]:
    """The five heads of a completed recommendation and what the resident says, as they were written."""
    yield FactRow("Immediate risk", heads.immediate_risk)
    yield FactRow("Who is vulnerable", heads.who_is_vulnerable)
    yield FactRow("Current circumstances", heads.current_circumstances)
    tried = (f"{alternative_words(each.code)}: {each.details}".rstrip(": ") for each in heads.alternatives)
    yield FactRow("Alternatives tried", "\n".join(tried))
    yield FactRow("Protective factors", heads.protective_factors)
    if heads.resident_says:
        yield FactRow("What the resident says", heads.resident_says)
    else:
        yield FactRow("Why the resident was not asked", heads.not_asked_because)


def _entry_flags(record: EntryRecord, now: datetime) -> Iterable[str]:
    yield from provenance(record, now)
    late = record.received_at - record.occurred_at
    if late > LATE_AFTER:
        yield f"Arrived {when(record.received_at, now)}, {waited(late)} after it happened"
    if record.version > 1:
        yield f"Version {record.version}: it was changed before it was sent again"
    if record.author_had_moved:
        yield f"Sent after its author had moved: {record.author} no longer worked here when it arrived"


def _decision_facts(decision: DecisionRecord) -> Iterable[FactRow]:
    if decision.recommended is not None and decision.recommended != decision.step:
        recommended = words.step(decision.recommended)
        yield FactRow("The policy recommended", f"Step {recommended.number}, {recommended.name.lower()}")
    if decision.reason:
        yield FactRow("Reason", decision.reason)


def _decision_flags(decision: DecisionRecord, now: datetime) -> Iterable[str]:
    for act, said in ((decision.withdrawal, "Withdrawn"), (decision.void, "Warning void")):
        if act is not None:
            yield f"{said} {when(act.at, now)} by {act.by}: {act.reason}"
    if decision.unheld:
        yield nobody_holds(decision.unheld)
    for act in decision.kept:
        yield f"Looked at again {when(act.at, now)} by {act.by}, and kept: {act.reason}"
