"""An entry goes into the log: its row, its photos, its audit record, and what the policy makes of it.

Inside the running transaction of whatever brings it; the resident is locked by then.
"""

import hashlib
from datetime import datetime

import msgspec

from ap_log.actions.judge import judge
from ap_log.domain import entries as shapes
from ap_log.domain.clocks import Times, put_right
from ap_log.domain.errors import Fault, IdTaken, Invalid
from ap_log.domain.sync import PushedEntry, Receipt
from ap_log.store import audit, entries, held_entries, ledger, photos
from ap_log.store.models import Entry, HeldEntry, Resident


class Arrived(msgspec.Struct, frozen=True):
    """An entry that has come in the clear, who brought it, and the times that count."""

    entry: shapes.Entry
    body: str
    sha256: str
    courier: str
    received_at: datetime
    times: Times


def read_arrived(pushed: PushedEntry, courier: str, sent_at: datetime | None, now: datetime) -> Arrived:
    """The entry in a push, which is in the clear by now. Raises Invalid: it is none, or not the bytes of its hash."""
    body = pushed.body or ""
    entry = shapes.read_entry(body)
    if entry.id != pushed.id:
        raise Invalid(Fault("id", "The id beside the entry must be the id inside it"))
    if hashlib.sha256(body.encode()).hexdigest() != pushed.sha256:
        raise Invalid(Fault("sha256", "The hash must be the SHA-256 of the body's UTF-8 bytes, in small hexadecimal"))
    return Arrived(entry, body, pushed.sha256, courier, now, put_right(entry, sent_at, now))


async def find_receipt(arrived: Arrived) -> Receipt | None:
    """The receipt of these very bytes, if they have arrived before from this author."""
    known = await entries.find_version(arrived.entry.id, arrived.sha256)
    if known is not None:
        return receipt_of(known) if known.author_id == arrived.entry.author else None
    held = await held_entries.find_held(arrived.entry.id, arrived.sha256)
    return held_receipt(held) if held is not None and held.author_id == arrived.entry.author else None


def receipt_of(row: Entry) -> Receipt:
    return Receipt(row.entry_id, row.sha256, row.sequence, row.received_at)


def held_receipt(row: HeldEntry) -> Receipt:
    return Receipt(row.entry_id, row.sha256, 0, row.received_at, held=True)


async def find_before(entry: shapes.Entry) -> Entry | None:
    """The version of an entry that counts up to now. Raises IdTaken: it is another's, or about somebody else.

    One that its author has disowned bars nothing: somebody else may have made it up under an id that they found.
    """
    newest = await entries.find_newest(entry.id)
    if newest is None or newest.disowned_at is not None:
        return newest
    if (newest.author_id, newest.resident_id) != (entry.author, entry.resident):
        raise IdTaken
    return newest


async def keep_version(
    arrived: Arrived,
    resident: Resident,
    before: Entry | None,
    *,
    event: str,
    actor: str,
    now: datetime,
    superseded_at: datetime | None = None,
) -> Entry:
    """Store what arrived as the version after `before`; with `superseded_at`, as one that does not count any more."""
    row = _row(arrived)
    row.premises_id, row.superseded_at = resident.premises_id, superseded_at
    await entries.add_version(row, before, now)
    await photos.declare(arrived.entry, arrived.times.recorded_at, now)
    if arrived.entry.photos:
        await ledger.note_owed(arrived.entry.device, now)
    await ledger.note_arrived(row.entry_id, row.sha256)
    await audit.add(
        event,
        actor,
        now,
        subject_kind="entry",
        subject=row.entry_id,
        premises=row.premises_id,
        details={
            "resident": resident.id,
            "version": row.version,
            "sequence": row.sequence,
            "author": row.author_id,
            "courier": row.courier_id,
        },
    )
    await judge(resident, now)
    return row


def _row(arrived: Arrived) -> Entry:
    entry, times = arrived.entry, arrived.times
    return Entry(
        entry_id=entry.id,
        resident_id=entry.resident,
        author_id=entry.author,
        courier_id=arrived.courier,
        device=entry.device,
        happening=entry.happening,
        code=shapes.code_of(entry),
        evidence=shapes.evidence_level(entry.signs, entry.alternatives_considered) if entry.signs else None,
        occurred_at=times.occurred_at,
        recorded_at=times.recorded_at,
        received_at=arrived.received_at,
        confirmed_at=arrived.received_at if arrived.courier == entry.author else None,
        intoxicated=shapes.is_intoxicated(entry),
        body=arrived.body,
        sha256=arrived.sha256,
        clock_offset_ms=times.offset_ms,
        since_contact_ms=times.since_contact_ms,
        doubt_ms=times.doubt_ms,
    )
