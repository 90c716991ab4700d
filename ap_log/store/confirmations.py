"""Entries that came in another person's session: their author confirms each, or says that they did not write it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from tortoise.expressions import F
from tortoise.queryset import QuerySet

from ap_log.domain.errors import NotFound
from ap_log.domain.people import Actor
from ap_log.domain.permissions import Permission, premises_where

from .models import Entry

DISOWNED_SHOWN = timedelta(days=30)
"""How long those who review a house are shown that somebody disowned an entry; the record keeps it for ever."""

SHOWN = 100
"""Entries on one page to confirm; the next follow as these are confirmed."""


async def count_unconfirmed(author: str) -> int:
    """How many entries wait for this person to say that they wrote them."""
    return await _unconfirmed(author).count()


async def list_unconfirmed(author: str) -> list[Entry]:
    """Those entries, the oldest first, with resident and people loaded."""
    return await _unconfirmed(author).select_related("resident", "author", "courier").order_by("sequence").limit(SHOWN)


async def get_brought(author: str, sequence: int) -> Entry:
    """One entry that another person brought as this author's, resident and people loaded. Raises NotFound."""
    row = await _brought(author).select_related("resident", "author", "courier").get_or_none(sequence=sequence)
    if row is None:
        raise NotFound
    return row


async def lock_brought(author: str, sequence: int) -> Entry:
    """The same, locked until the transaction ends; nothing else is loaded. Raises NotFound."""
    row = await _brought(author).select_for_update().get_or_none(sequence=sequence)
    if row is None:
        raise NotFound
    return row


async def confirm(author: str, sequences: Iterable[int], now: datetime) -> list[Entry]:
    """Note that the author wrote these; returns those that waited for it."""
    asked = _unconfirmed(author).filter(sequence__in=list(sequences))
    waiting = await asked.order_by("sequence").select_for_update()
    await Entry.filter(sequence__in=[row.sequence for row in waiting]).update(confirmed_at=now)
    return waiting


async def disown(row: Entry, because: str, now: datetime) -> None:
    """Note that its author did not write this version. If it counted, the one before it counts again, if any may."""
    row.disowned_at, row.disowned_because = now, because
    others = Entry.filter(entry_id=row.entry_id, disowned_at=None).exclude(sequence=row.sequence)
    before = await others.order_by("-received_at", "-sequence").first()
    if row.superseded_at is None and before is not None:
        row.superseded_at = now
        await Entry.filter(sequence=before.sequence).update(superseded_at=None)
    await row.save(update_fields=["disowned_at", "disowned_because", "superseded_at"])


async def list_disowned(actor: Actor, now: datetime) -> list[Entry]:
    """What was disowned lately at the premises this actor reviews, the newest first, its people loaded."""
    premises = premises_where(actor, Permission.REVIEW_QUEUE)
    lately = Entry.filter(premises_id__in=premises, disowned_at__gt=now - DISOWNED_SHOWN)
    return (
        await lately.select_related("resident", "author", "courier").order_by("-disowned_at", "sequence").limit(SHOWN)
    )


def _brought(author: str) -> QuerySet[Entry]:
    return Entry.filter(author_id=author).exclude(courier_id=F("author_id"))


def _unconfirmed(author: str) -> QuerySet[Entry]:
    return _brought(author).filter(confirmed_at=None, disowned_at=None, superseded_at=None)
