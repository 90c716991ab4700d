"""An entry whose author may not log about its resident, or no longer: it is kept, and a manager decides about it."""

from datetime import datetime
from functools import partial

from ap_log.actions.keep_version import Arrived, find_before, find_receipt, held_receipt
from ap_log.domain.errors import NotOnYourList
from ap_log.domain.holding import first_premises, why_held
from ap_log.domain.people import Actor
from ap_log.domain.permissions import Permission, premises_where
from ap_log.domain.sync import Receipt
from ap_log.store import audit, held_entries, ledger, photos
from ap_log.store.models import HeldEntry
from ap_log.store.transaction import Duplicate, transaction

EVENT = "entry.held"


async def hold_entry(arrived: Arrived, author: Actor, courier: Actor, *, has_left: bool) -> Receipt:
    """Keep an entry outside the log, and give the receipt: the same for the same bytes, for ever.

    Raises:
        IdTaken: another entry has this id.
        NotOnYourList: there is nobody who could decide, because neither its resident nor anybody who wrote or brought
        it has ever been at any premises. Unavailable: the database takes no writes now.
    """
    work = partial(_hold, arrived, author, courier, has_left)
    try:
        return await transaction(work)
    except Duplicate:  # Another push of the same bytes was first.
        return await transaction(work)


async def _hold(arrived: Arrived, author: Actor, courier: Actor, has_left: bool) -> Receipt:
    known = await find_receipt(arrived)
    if known is not None:
        return known
    await find_before(arrived.entry)
    row = await _row(arrived, author, courier, has_left)
    await held_entries.add_held(row)
    await photos.declare(arrived.entry, arrived.times.recorded_at, arrived.received_at)
    if arrived.entry.photos:
        await ledger.note_owed(arrived.entry.device, arrived.received_at)
    await ledger.note_arrived(row.entry_id, row.sha256)
    await audit.add(
        EVENT,
        courier.id,
        arrived.received_at,
        subject_kind="entry",
        subject=row.entry_id,
        premises=row.premises_id or row.author_premises_id,
        details={"held": row.id, "why": row.why, "author": row.author_id, "resident": row.resident_id},
    )
    return held_receipt(row)


async def _row(arrived: Arrived, author: Actor, courier: Actor, has_left: bool) -> HeldEntry:
    entry, times = arrived.entry, arrived.times
    resident = await held_entries.find_resident(entry.resident)
    author_premises = await _author_premises(author, courier, arrived.received_at)
    if resident is None and author_premises is None:
        raise NotOnYourList
    return HeldEntry(
        entry_id=entry.id,
        sha256=arrived.sha256,
        body=arrived.body,
        author_id=entry.author,
        courier_id=courier.id,
        device=entry.device,
        resident_id=resident.id if resident else None,
        premises_id=resident.premises_id if resident else None,
        author_premises_id=author_premises,
        why=why_held(is_resident_known=resident is not None, has_author_left=has_left),
        occurred_at=times.occurred_at,
        recorded_at=times.recorded_at,
        received_at=arrived.received_at,
        clock_offset_ms=times.offset_ms,
        since_contact_ms=times.since_contact_ms,
        doubt_ms=times.doubt_ms,
    )


async def _author_premises(author: Actor, courier: Actor, now: datetime) -> str | None:
    """Where the author works; where they do not, the last place they did; else where the courier works."""
    return first_premises(
        sorted(premises_where(author, Permission.VIEW_RESIDENTS)),
        await held_entries.list_premises_of(author.id),
        sorted(premises_where(courier, Permission.VIEW_RESIDENTS)),
    )
