"""The queue: a card for each recommendation that waits for a decision, a row for each notice without its answer."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from ap_log.domain.clocks import is_in_doubt
from ap_log.domain.records import Queue, QueueItem, SentNotice
from ap_log.presenters import words
from ap_log.presenters.recommendations import happening_list, step_of, waited
from ap_log.presenters.timeline import DUTY_WORDS, WANTED_WORDS, is_overdue, nobody_holds
from ap_log.presenters.times import Moment, moment
from ap_log.presenters.words import Step


class QueueCard(msgspec.Struct, frozen=True):
    """One recommendation that waits. `step` is None where the policy could not judge; `premises` None in one house.

    `doubts` are tags: an entry of it has yet to be confirmed by its author, or its time is in doubt.
    """

    id: str
    resident: str
    name: str
    room: str
    premises: str | None
    happened: str
    step: Step | None
    waited: str
    decide_by: Moment | None
    is_overdue: bool
    look_again: bool
    doubts: tuple[str, ...]


class SentRow(msgspec.Struct, frozen=True):
    """One notice that waits for an answer: who has it, what is wanted by when, and how far it has come."""

    recipient: str
    duty: str
    wanted: str
    state: str
    tone: str
    answer_by: Moment
    is_overdue: bool
    passed_from: str | None


class SentDecision(msgspec.Struct, frozen=True):
    """One decision that was sent, whom it is about, the notices of it that wait, and whom there was not to tell."""

    resident: str
    name: str
    room: str
    step: Step | None
    rows: tuple[SentRow, ...]
    unheld: str | None


class QueuePage(msgspec.Struct, frozen=True):
    """One page of the queue; `pages` in all, at least 1."""

    cards: tuple[QueueCard, ...]
    sent: tuple[SentDecision, ...]
    total: int
    page: int
    pages: int


def queue_page(queue: Queue, page: int, page_size: int, premises: int, now: datetime) -> QueuePage:
    """A page of the queue of a person who sees so many `premises`."""
    return QueuePage(
        cards=tuple(_card(item, premises, now) for item in queue.items),
        sent=(*_told_to_nobody(queue), *_sent_decisions(queue, now)),
        total=queue.total,
        page=page,
        pages=max(-(-queue.total // page_size), 1),
    )


def _card(item: QueueItem, premises: int, now: datetime) -> QueueCard:
    recommendation = item.recommendation
    return QueueCard(
        id=recommendation.id,
        resident=recommendation.resident_id,
        name=item.resident_name,
        room=item.room,
        premises=item.premises if premises > 1 else None,
        happened=happening_list(item.happenings),
        step=step_of(recommendation),
        waited=waited(now - recommendation.waiting_since),
        decide_by=None if item.decide_by is None else moment(item.decide_by, now),
        is_overdue=item.decide_by is not None and item.decide_by <= now,
        look_again=recommendation.look_again,
        doubts=tuple(_doubts(item)),
    )


def _doubts(item: QueueItem) -> Iterable[str]:
    if not item.is_confirmed:
        yield "Not yet confirmed by its author"
    if is_in_doubt(item.doubt_ms):
        yield "Its time is in doubt"


def _told_to_nobody(queue: Queue) -> Iterable[SentDecision]:
    """The decisions of which nobody holds a duty and no other notice waits."""
    sent = {sent.notice.decision_id for sent in queue.sent}
    for each in queue.unheld:
        if each.decision_id not in sent:
            step, unheld = words.step(each.step), nobody_holds(each.duties)
            yield SentDecision(each.resident_id, each.resident_name, each.room, step, (), unheld)


def _sent_decisions(queue: Queue, now: datetime) -> Iterable[SentDecision]:
    """The notices of each decision together; the decision of which an answer is wanted soonest comes first."""
    unheld = {each.decision_id: nobody_holds(each.duties) for each in queue.unheld}
    for decision in dict.fromkeys(sent.notice.decision_id for sent in queue.sent):
        of_it = [sent for sent in queue.sent if sent.notice.decision_id == decision]
        step = of_it[0].notice.step
        yield SentDecision(
            resident=of_it[0].resident_id,
            name=of_it[0].resident_name,
            room=of_it[0].room,
            step=None if step is None else words.step(step),
            rows=tuple(_sent(sent, now) for sent in of_it),
            unheld=unheld.get(decision or ""),
        )


def _sent(sent: SentNotice, now: datetime) -> SentRow:
    notice = sent.notice
    state, tone = _state(sent, now)
    return SentRow(
        recipient=notice.recipient,
        duty=DUTY_WORDS.get(notice.duty, notice.duty),
        wanted=WANTED_WORDS.get(notice.wanted, notice.wanted),
        state=state,
        tone=tone,
        answer_by=moment(notice.answer_by, now),
        is_overdue=is_overdue(notice, now),
        passed_from=sent.passed_from,
    )


def _state(sent: SentNotice, now: datetime) -> tuple[str, str]:
    if sent.notice.undeliverable_at is not None and sent.notice.seen_at is None:
        return "E-mail refused", "red"
    if sent.notice.told_at is None and sent.notice.seen_at is None and sent.notice.tell_by <= now:
        return "Not told in time", "red"
    if is_overdue(sent.notice, now):
        return "Overdue", "red"
    if sent.notice.seen_at is not None:
        return "Seen", "green"
    if sent.notice.told_at is not None:
        return "Told", "blue"
    return "Being sent", "grey"
