"""Notices as rows: adding them with their message, finding them for people and for the worker, closing them.

A chain is a notice and those that took over from it; it is closed as a whole. Whoever changes a resident's notices
has locked the resident first.
"""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from ap_log.domain.answers import Answer, AnswerKind
from ap_log.domain.errors import NotFound
from ap_log.domain.notices import REFERENCE_LETTERS, Telling, Wanted
from ap_log.domain.people import Actor
from ap_log.domain.permissions import Permission, premises_where
from ap_log.store import audit, outbox
from ap_log.store.models import Decision, Notice, NoticeAnswer, OutboxMessage, Recommendation, new_id
from ap_log.store.visibility import visible_notices

CLOSED_SHOWN = 50
"""Closed notices in an inbox: about a month of them for an officer with seventy cases."""


async def get_notice(actor: Actor, reference: str, now: datetime) -> Notice:
    """A notice this actor may see, with its people and what it is about. Raises NotFound."""
    notice = await _loaded(visible_notices(actor, now).filter(reference=reference)).first()
    if notice is None:
        raise NotFound
    return notice


async def get_received(actor: Actor, reference: str, now: datetime) -> Notice:
    """A notice that was sent to this actor themselves. Raises NotFound."""
    notice = await _loaded(visible_notices(actor, now).filter(reference=reference, recipient_id=actor.id)).first()
    if notice is None:
        raise NotFound
    return notice


async def list_open(actor: Actor, now: datetime) -> list[Notice]:
    """The notices that wait in this actor's inbox, the one wanted soonest first."""
    waiting = _inbox(actor, now).filter(closed_at=None)
    return await _loaded(waiting).order_by("answer_by", "id")


async def list_closed(actor: Actor, now: datetime) -> list[Notice]:
    """The notices of this actor's inbox that need nothing any more, the last closed first."""
    closed = _inbox(actor, now).filter(closed_at__isnull=False)
    return await _loaded(closed).order_by("-closed_at", "id").limit(CLOSED_SHOWN)


async def list_for_decision(decision_id: str) -> list[Notice]:
    """Everybody told of a decision, first told first."""
    return await _loaded(Notice.filter(decision_id=decision_id)).order_by("made_at", "id")


async def list_known(decision_id: str) -> list[Notice]:
    """The notices of a decision whose recipients may know of it: told, seen, or a message was at least tried."""
    tried = Subquery(OutboxMessage.filter(notice__decision_id=decision_id, attempts__gt=0).values("notice_id"))
    known = Q(told_at__isnull=False) | Q(seen_at__isnull=False) | Q(id__in=tried)
    return await _loaded(Notice.filter(known, decision_id=decision_id)).order_by("made_at", "id")


async def list_answers(notices: Collection[Notice]) -> list[NoticeAnswer]:
    """What was answered to any of these notices, oldest first."""
    answers = NoticeAnswer.filter(notice_id__in=[notice.id for notice in notices])
    return await answers.select_related("person").order_by("at", "id")


async def list_open_reviews(resident_id: str, episode: Collection[str]) -> list[Notice]:
    """The open review notices about an episode, whichever of its entries it had when they were made."""
    notices = Notice.filter(resident_id=resident_id, wanted=Wanted.REVIEW, closed_at=None)
    found = await notices.select_related("recommendation").order_by("made_at", "id")
    return [notice for notice in found if set(episode) & set(notice.recommendation.episode)]


async def list_open_of_decision(decision_id: str) -> list[Notice]:
    return await Notice.filter(decision_id=decision_id, closed_at=None).order_by("made_at", "id")


async def list_open_of_recommendation(recommendation_id: str) -> list[Notice]:
    """The open review notices that stand for exactly this recommendation."""
    return await Notice.filter(recommendation_id=recommendation_id, wanted=Wanted.REVIEW, closed_at=None)


async def list_overdue(now: datetime, limit: int) -> list[str]:
    """Ids of open notices whose time is up and of which nothing has been made yet, the longest overdue first."""
    overdue = Notice.filter(closed_at=None, overdue_at=None, answer_by__lte=now).order_by("answer_by", "id")
    return [str(notice_id) for notice_id in await overdue.limit(limit).values_list("id", flat=True)]


async def resident_of(notice_id: str) -> str:
    """The id of the resident a notice is about, to lock them before the notice is read in earnest."""
    return (await Notice.get(id=notice_id)).resident_id


async def find_open(notice_id: str) -> Notice | None:
    """The notice, if something is still wanted by it."""
    return await _loaded(Notice.filter(id=notice_id, closed_at=None)).first()


async def find_overdue(notice_id: str, now: datetime) -> Notice | None:
    """The notice, if it is still open, its time is up, and nothing has been made of that yet."""
    return await _loaded(Notice.filter(id=notice_id, closed_at=None, overdue_at=None, answer_by__lte=now)).first()


async def chain_of(notice: Notice) -> list[Notice]:
    """The notice, those it took over from and those that took over from it, the first sent first."""
    chain = [notice]
    while (earlier := await Notice.get_or_none(id=chain[0].passes_on_id)) is not None:
        chain.insert(0, earlier)
    while (later := await Notice.get_or_none(passes_on_id=chain[-1].id)) is not None:
        chain.append(later)
    return chain


async def add_notice(
    key: str,
    telling: Telling,
    about: Recommendation,
    now: datetime,
    *,
    decision: Decision | None = None,
    step: int | None,
    passes_on: Notice | None = None,
) -> Notice:
    """Store a notice and the message that tells of it. A second one under the same key is refused by the database."""
    notice = await Notice.create(
        reference=_new_reference(),
        key=key,
        resident_id=about.resident_id,
        premises_id=about.premises_id,
        recommendation_id=about.id,
        decision_id=decision.id if decision else None,
        recipient_id=telling.person,
        duty=telling.duty,
        wanted=telling.wanted,
        step=step,
        made_at=now,
        tell_by=telling.tell_by,
        answer_by=telling.answer_by,
        remaining=list(telling.remaining),
        passes_on_id=passes_on.id if passes_on else None,
    )
    await outbox.add_message(notice, now)
    return notice


async def add_answer(notice: Notice, answer: Answer, actor: Actor, now: datetime) -> None:
    await NoticeAnswer.create(
        id=answer.id,
        notice_id=notice.id,
        person_id=actor.id,
        kind=answer.kind,
        choice=answer.choice,
        reason=answer.reason.strip(),
        at=now,
    )


async def add_acknowledgement(notice: Notice, actor: Actor, now: datetime) -> None:
    kind = AnswerKind.ACKNOWLEDGED
    await NoticeAnswer.create(id=new_id(), notice_id=notice.id, person_id=actor.id, kind=kind, reason="", at=now)


async def find_answer(answer_id: str) -> NoticeAnswer | None:
    return await NoticeAnswer.get_or_none(id=answer_id)


async def has_acknowledged(notice: Notice, actor: Actor) -> bool:
    return await NoticeAnswer.exists(notice_id=notice.id, person_id=actor.id, kind=AnswerKind.ACKNOWLEDGED)


async def is_closed(notice: Notice) -> bool:
    """Whether nothing is wanted by a notice any more, read afresh: it may have been closed since it was loaded."""
    return not await Notice.exists(id=notice.id, closed_at=None)


async def mark_seen(notice: Notice, now: datetime) -> bool:
    """Note when a recipient first opened a notice; False when it was noted before."""
    return bool(await Notice.filter(id=notice.id, seen_at=None).update(seen_at=now))


async def stand_for(notice: Notice, recommendation: Recommendation, answer_by: datetime) -> None:
    """Let a review notice stand for the newer recommendation of its episode."""
    notice.recommendation = recommendation
    notice.step = recommendation.step
    notice.answer_by = answer_by
    await notice.save(update_fields=["recommendation_id", "step", "answer_by"])


async def tell_again(notice: Notice, about: Recommendation, answer_by: datetime, now: datetime) -> None:
    """Send another message about a notice, which has not been told or seen as what it is now, nor is late with it."""
    notice.told_at = notice.seen_at = notice.overdue_at = None
    notice.tell_by = notice.answer_by = answer_by
    await notice.save(update_fields=["told_at", "seen_at", "overdue_at", "tell_by", "answer_by"])
    await outbox.add_message(notice, now, reason=about.id)


async def mark_overdue(notice: Notice, now: datetime) -> None:
    notice.overdue_at = now
    await notice.save(update_fields=["overdue_at"])


async def close(notices: Sequence[Notice], now: datetime) -> None:
    """Nothing is wanted of anybody any more by these notices; those closed before keep their time."""
    await Notice.filter(id__in=[notice.id for notice in notices], closed_at=None).update(closed_at=now)


async def record(event: str, notice: Notice, actor: str | None, now: datetime) -> None:
    """Write what became of a notice to the audit trail."""
    await audit.add(
        event,
        actor,
        now,
        subject_kind="notice",
        subject=notice.id,
        premises=notice.premises_id,
        details={"recipient": notice.recipient_id, "duty": notice.duty, "wanted": notice.wanted, "step": notice.step},
    )


def _inbox(actor: Actor, now: datetime) -> QuerySet[Notice]:
    """What was sent to this actor, without what asks for a decision that waits in their queue anyway."""
    queued = Q(wanted=Wanted.REVIEW, premises_id__in=premises_where(actor, Permission.REVIEW_QUEUE))
    return visible_notices(actor, now).filter(~queued, recipient_id=actor.id)


def _loaded(query: QuerySet[Notice]) -> QuerySet[Notice]:
    forwards = ("recipient", "resident__premises", "recommendation", "decision__decided_by")
    return query.select_related(*forwards).prefetch_related("passed_on__recipient")


def _new_reference() -> str:
    """Two groups of four letters, for reading out on the telephone. It opens nothing: people sign in to see it."""
    letters = [secrets.choice(REFERENCE_LETTERS) for _ in range(8)]
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"
