"""A worker's entries reach the server: each is stored, audited, judged and receipted in one transaction of its own."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import partial

from ap_log.actions.judge import judge
from ap_log.domain import entries as shapes
from ap_log.domain.errors import AnotherAuthor, Failed, Fault, IdTaken, Invalid, Refusal
from ap_log.domain.people import Actor
from ap_log.domain.sync import Problem, Push, PushedEntry, PushResult, Receipt
from ap_log.store import audit, entries, residents
from ap_log.store.models import Entry
from ap_log.store.transaction import Duplicate, transaction

EVENT = "entry.stored"


async def log_entries(
    push: Push, courier: Actor, now: datetime, problem: Callable[[Refusal], Problem]
) -> tuple[PushResult, ...]:
    """Store what a phone pushes. Every entry gets its own result, in order; one refused never holds up another."""
    results = []
    for pushed in push.entries:
        try:
            receipt = await log_entry(pushed, courier, now)
            results.append(PushResult(pushed.id, "stored", receipt=receipt))
        except Refusal as refusal:
            results.append(PushResult(pushed.id, "refused", problem=problem(refusal)))
    return tuple(results)


async def log_entry(pushed: PushedEntry, courier: Actor, now: datetime) -> Receipt:
    """Store one entry, and give the receipt; the same bytes under the same id get the same receipt for ever.

    Raises:
        Invalid: it is no entry, or not the bytes its hash says.
        AnotherAuthor: the courier did not write it. NotFound: no resident the author may log about, or could when
        they wrote. IdTaken: another entry has this id. Unavailable: the database takes no writes now.
        Failed: AP Log is at fault, whatever it is; the cause is chained, for the caller's log.
    """
    try:
        return await _log(pushed, courier, now)
    except Refusal:
        raise
    except Exception as error:  # It must not take the entries beside it, nor the words on a page, with it.
        raise Failed from error


async def _log(pushed: PushedEntry, courier: Actor, now: datetime) -> Receipt:
    entry = _read(pushed)
    if entry.author != courier.id:
        raise AnotherAuthor
    try:
        return await transaction(partial(_store, pushed, entry, courier, now))
    except Duplicate as error:
        # The two databases word it differently, so the rows are asked: did the id come at the same moment for another
        # resident? Any other row that was there already is a fault of ours.
        if _is_anothers(await entries.find_newest(entry.id), entry):
            raise IdTaken from error
        raise


def _read(pushed: PushedEntry) -> shapes.Entry:
    entry = shapes.read_entry(pushed.body)
    if entry.id != pushed.id:
        raise Invalid(Fault("id", "The id beside the entry must be the id inside it"))
    if hashlib.sha256(pushed.body.encode()).hexdigest() != pushed.sha256:
        raise Invalid(Fault("sha256", "The hash must be the SHA-256 of the body's UTF-8 bytes, in small hexadecimal"))
    return entry


async def _store(pushed: PushedEntry, entry: shapes.Entry, courier: Actor, now: datetime) -> Receipt:
    known = await _find_known(pushed, entry)  # What has a receipt keeps it, wherever its author works by now.
    if known is not None:
        return _receipt(known)
    resident = await residents.lock_loggable(courier, entry.resident, entry.recorded_at, now)
    known = await _find_known(pushed, entry)  # Another push may have brought it while this one waited for its turn.
    if known is not None:
        return _receipt(known)
    newest = await entries.find_newest(entry.id)
    if _is_anothers(newest, entry):
        raise IdTaken
    row = _row(pushed, entry, now)
    row.premises_id = resident.premises_id
    await entries.add_version(row, newest)
    await audit.add(
        EVENT,
        courier.id,
        now,
        subject_kind="entry",
        subject=entry.id,
        premises=resident.premises_id,
        details={"resident": resident.id, "version": row.version, "sequence": row.sequence},
    )
    await judge(resident, now)
    return _receipt(row)


async def _find_known(pushed: PushedEntry, entry: shapes.Entry) -> Entry | None:
    """These very bytes, if they have arrived before from this author."""
    known = await entries.find_version(entry.id, pushed.sha256)
    return known if known is not None and known.author_id == entry.author else None


def _is_anothers(newest: Entry | None, entry: shapes.Entry) -> bool:
    """Whether the id belongs to somebody else's entry, or to one about somebody else."""
    return newest is not None and (newest.author_id, newest.resident_id) != (entry.author, entry.resident)


def _row(pushed: PushedEntry, entry: shapes.Entry, now: datetime) -> Entry:
    return Entry(
        entry_id=entry.id,
        resident_id=entry.resident,
        author_id=entry.author,
        courier_id=entry.author,
        device=entry.device,
        happening=entry.happening,
        code=shapes.code_of(entry),
        evidence=shapes.evidence_level(entry.signs, entry.alternatives_considered) if entry.signs else None,
        occurred_at=min(_believable(entry.occurred_at, now), now),
        recorded_at=_believable(entry.recorded_at, now),
        received_at=now,
        intoxicated=shapes.is_intoxicated(entry),
        body=pushed.body,
        sha256=pushed.sha256,
    )


def _believable(at: datetime, now: datetime) -> datetime:
    """A phone's clock may be years out. Such an entry is kept as of its arrival; its body says what the phone said."""
    return at if 2000 <= at.year < 2100 else now


def _receipt(row: Entry) -> Receipt:
    return Receipt(row.entry_id, row.sha256, row.sequence, row.received_at)
