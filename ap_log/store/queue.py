"""What waits: recommendations for a decision, sent decisions for an answer, and the list of a house with both.

One page of the queue costs a fixed number of queries and reads only its own rows, however long the queue is.
"""

from collections import Counter
from datetime import datetime, timedelta

from tortoise.expressions import Case, Q, Subquery, When
from tortoise.queryset import QuerySet

from ap_log.domain.notices import Wanted
from ap_log.domain.people import Actor
from ap_log.domain.permissions import Permission, premises_where
from ap_log.domain.policy.calendar import days_after
from ap_log.domain.policy.language import PolicyBook
from ap_log.domain.recommendations import WARNING_STEPS
from ap_log.domain.records import HouseRow, Queue, QueueItem, SentNotice, Standing, UnheldDuties
from ap_log.store import entries, policies, records
from ap_log.store.models import Decision, Entry, Notice, Recommendation, Resident

PAGE = 20
"""Recommendations on one page of the queue: more than one manager decides before looking again."""

UNHELD_SHOWN = timedelta(days=7)
"""How long the queue says that nobody held a duty: each shift of a week reads it, and the record keeps it."""

SENT_SHOWN = 50
"""Notices that wait for an answer, shown below the queue; those that waited longest come first."""

_WAITS = Q(superseded_at=None) & (Q(look_again=True) | Q(decision_id__isnull=True) & (Q(step=None) | Q(step__gte=1)))


async def get_queue(actor: Actor, page: int, now: datetime) -> Queue:
    """One page (from 1) of the queue of the premises this actor reviews, the most urgent first (`_by_urgency`)."""
    total = await count_waiting(actor)
    rows = await _by_urgency(_waiting(actor), now).offset((page - 1) * PAGE).limit(PAGE)
    return Queue(items=await _items(rows), total=total, sent=await _sent(actor), unheld=await _unheld(actor, now))


async def count_waiting(actor: Actor) -> int:
    """How many decisions wait in this actor's queue, on all its pages."""
    return await _waiting(actor).count()


async def list_house(residents: list[Resident], now: datetime) -> tuple[HouseRow, ...]:
    """Where each of these residents stands now and what waits for a decision, in the order given."""
    ids = [resident.id for resident in residents]
    waiting = await Recommendation.filter(_WAITS, resident_id__in=ids).values_list("resident_id", flat=True)
    waits, standing = Counter(waiting), await _standing(ids, now)
    return tuple(
        HouseRow(records.resident_record(resident), standing.get(resident.id), waits[resident.id])
        for resident in residents
    )


def _waiting(actor: Actor) -> QuerySet[Recommendation]:
    return Recommendation.filter(_WAITS, premises_id__in=premises_where(actor, Permission.REVIEW_QUEUE))


def _by_urgency(waiting: QuerySet[Recommendation], now: datetime) -> QuerySet[Recommendation]:
    """Step 5 first, then what the policy could not judge (it hides whatever else there is), step 4, what is overdue.

    Within each the higher step, then what has waited longest.
    """
    overdue = Notice.filter(wanted=Wanted.REVIEW, closed_at=None, answer_by__lte=now).values("recommendation_id")
    urgency = Case(
        When(step=5, then="0"),
        When(step__isnull=True, then="1"),
        When(step=4, then="2"),
        When(id__in=Subquery(overdue), then="3"),
        default="4",
    )
    return waiting.annotate(urgency=urgency).order_by("urgency", "-step", "waiting_since", "id")


async def _items(rows: list[Recommendation]) -> tuple[QueueItem, ...]:
    held = [entry for row in rows for entry in row.episode]
    logged = await Entry.filter(entry_id__in=held, superseded_at=None).order_by("occurred_at") if held else []
    residents = await Resident.filter(id__in=[row.resident_id for row in rows]).select_related("premises")
    decide_by = await _decide_by(rows)
    by_id = {resident.id: resident for resident in residents}
    return tuple(
        QueueItem(
            recommendation=records.recommendation_record(row),
            resident_name=by_id[row.resident_id].name,
            room=by_id[row.resident_id].room,
            premises=by_id[row.resident_id].premises.name,
            happenings=tuple(entry.happening for entry in of_episode),
            decide_by=decide_by.get(row.id),
            doubt_ms=max((entry.doubt_ms for entry in of_episode), default=0),
            is_confirmed=not any(entries.is_unconfirmed(entry) for entry in of_episode),
        )
        for row in rows
        for of_episode in [[entry for entry in logged if entry.entry_id in row.episode]]
    )


async def _decide_by(rows: list[Recommendation]) -> dict[str, datetime]:
    """The earliest time that the open review notices give for each recommendation."""
    notices = Notice.filter(recommendation_id__in=[row.id for row in rows], wanted=Wanted.REVIEW, closed_at=None)
    latest_first = await notices.order_by("-answer_by")
    return {notice.recommendation_id: notice.answer_by for notice in latest_first}


async def _sent(actor: Actor) -> tuple[SentNotice, ...]:
    """The last notice of each chain that waits for an answer, the one wanted soonest first."""
    premises = premises_where(actor, Permission.REVIEW_QUEUE)
    waiting = Notice.filter(premises_id__in=premises, decision_id__isnull=False, closed_at=None, passed_on=None)
    people = waiting.select_related("recipient", "resident", "passes_on__recipient")
    rows = await people.prefetch_related("passed_on__recipient").order_by("answer_by", "id").limit(SENT_SHOWN)
    return tuple(
        SentNotice(
            notice=notice,
            resident_id=row.resident.id,
            resident_name=row.resident.name,
            room=row.resident.room,
            passed_from=row.passes_on.recipient.name if row.passes_on_id else None,
        )
        for row, notice in zip(rows, await records.notice_records(rows), strict=True)
    )


async def _unheld(actor: Actor, now: datetime) -> tuple[UnheldDuties, ...]:
    """The recent decisions that somebody should have been told of whom there is not, the newest first."""
    premises = premises_where(actor, Permission.REVIEW_QUEUE)
    standing = Decision.filter(resident__premises_id__in=premises, withdrawal=None, void=None)
    recent = standing.filter(unheld__isnull=False, decided_at__gt=now - UNHELD_SHOWN)
    rows = await recent.select_related("resident").order_by("-decided_at", "id").limit(SENT_SHOWN)
    return tuple(
        UnheldDuties(row.id, row.step, tuple(row.unheld or ()), row.resident.id, row.resident.name, row.resident.room)
        for row in rows
    )


async def _standing(residents: list[str], now: datetime) -> dict[str, Standing]:
    """The highest warning that counts now, for each resident who has one."""
    issued = Recommendation.filter(
        resident_id__in=residents,
        superseded_at=None,
        decision__step__in=WARNING_STEPS,
        decision__withdrawal=None,
        decision__void=None,
    )
    book = await policies.get_book()
    found: dict[str, Standing] = {}
    for row in await issued.select_related("decision"):
        standing = Standing(row.decision.step, _ends_at(row, book))
        best = found.get(row.resident_id)
        if standing.ends_at > now and (best is None or _weight(standing) > _weight(best)):
            found[row.resident_id] = standing
    return found


def _ends_at(row: Recommendation, book: PolicyBook) -> datetime:
    """A warning keeps the days and the zone of the policy that judged its episode."""
    policy = book.in_force_at(row.started_at) or book.policies[0]
    return days_after(row.decision.decided_at, policy.warning_days[row.decision.step], policy.zone)


def _weight(standing: Standing) -> tuple[int, datetime]:
    return standing.step, standing.ends_at
