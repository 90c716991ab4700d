"""Entries that are held back from the log, and whose managers see them: the resident's and the author's."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from ap_log.domain.errors import NotFound
from ap_log.domain.holding import Outcome
from ap_log.domain.people import Actor
from ap_log.domain.permissions import Permission, premises_where

from .models import HeldEntry, Posting, Resident

DECIDED_SHOWN = timedelta(days=30)
"""How long what was decided stays on the page: a month's leave and the shifts around it."""

SHOWN = 100
"""Held entries on the page: those that waited longest come first, and the next follow as these are decided."""

_PEOPLE = ("author", "courier", "resident", "premises", "author_premises", "decided_by")


async def find_held(entry_id: str, sha256: str) -> HeldEntry | None:
    """The held entry of exactly these bytes."""
    return await HeldEntry.get_or_none(entry_id=entry_id, sha256=sha256)


async def add_held(row: HeldEntry) -> None:
    await row.save(force_create=True)


async def find_resident(resident_id: str) -> Resident | None:
    """Whom a held entry is about, wherever they live."""
    return await Resident.get_or_none(id=resident_id)


async def list_premises_of(person: str) -> list[str]:
    """The premises where a person has worked, the latest first."""
    postings = Posting.filter(person_id=person, premises_id__isnull=False).order_by("-started_at", "id")
    return [str(each) for each in await postings.values_list("premises_id", flat=True)]


async def count_waiting(actor: Actor) -> int:
    """How many held entries wait for this actor or another manager of the same premises."""
    return await _visible(actor).filter(outcome=Outcome.WAITING).count()


async def list_waiting(actor: Actor) -> list[HeldEntry]:
    """Those that wait, with their people loaded, those that waited longest first."""
    waiting = _visible(actor).filter(outcome=Outcome.WAITING)
    return await waiting.select_related(*_PEOPLE).order_by("received_at", "id").limit(SHOWN)


async def list_decided(actor: Actor, now: datetime) -> list[HeldEntry]:
    """Those that were decided lately, with their people loaded, the newest decision first."""
    decided = _visible(actor).filter(decided_at__gt=now - DECIDED_SHOWN)
    return await decided.select_related(*_PEOPLE).order_by("-decided_at", "id").limit(SHOWN)


async def get_held(actor: Actor, held_id: str) -> HeldEntry:
    """One held entry with its people loaded. Raises NotFound where there is none, or none for this actor."""
    return _found(await _visible(actor).select_related(*_PEOPLE).filter(id=held_id))


async def lock_held(actor: Actor, held_id: str) -> HeldEntry:
    """One held entry, locked until the transaction ends. Raises NotFound."""
    return _found(await _visible(actor).filter(id=held_id).select_for_update())


async def decide(row: HeldEntry, outcome: Outcome, reason: str, by: str, now: datetime) -> None:
    """Note what became of it."""
    row.outcome, row.reason, row.decided_by_id, row.decided_at = outcome, reason, by, now
    await row.save(update_fields=["outcome", "reason", "decided_by_id", "decided_at"])


def _visible(actor: Actor) -> QuerySet[HeldEntry]:
    """Those of the premises that this actor reviews. One's own is for somebody else to decide."""
    premises = premises_where(actor, Permission.REVIEW_QUEUE)
    ours = Q(premises_id__in=premises) | Q(author_premises_id__in=premises)
    return HeldEntry.filter(ours).exclude(author_id=actor.id)


def _found(rows: Sequence[HeldEntry]) -> HeldEntry:
    if not rows:
        raise NotFound
    return rows[0]
