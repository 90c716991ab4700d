"""Entries reach the server: each is stored, audited, judged and receipted in one transaction of its own.

Its author is inside it, and what they may log about counts. The session that brings it is only its courier.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from ap_log.actions.hold_entry import hold_entry
from ap_log.actions.keep_version import Arrived, find_before, find_receipt, keep_version, read_arrived, receipt_of
from ap_log.domain.errors import Failed, NotOnYourList, Refusal
from ap_log.domain.people import Actor
from ap_log.domain.sync import Problem, Push, PushedEntry, PushResult, Receipt
from ap_log.domain.sync_errors import UnknownAuthor
from ap_log.store import residents, sessions
from ap_log.store.transaction import Duplicate, transaction

EVENT = "entry.stored"


async def log_entries(
    push: Push, courier: Actor, now: datetime, problem: Callable[[Refusal], Problem]
) -> tuple[PushResult, ...]:
    """Store or hold what a phone pushes, which is in the clear by now.

    Every entry gets its own result, in order; one refused never holds up another.
    """
    results = []
    for pushed in push.entries:
        try:
            receipt = await _failing_alone(partial(_receive, pushed, courier, push.sent_at, now))
            results.append(PushResult(pushed.id, "stored", receipt=receipt))
        except Refusal as refusal:
            results.append(PushResult(pushed.id, "refused", problem=problem(refusal)))
    return tuple(results)


async def log_entry(pushed: PushedEntry, courier: Actor, now: datetime) -> Receipt:
    """Store one entry, and give the receipt; the same bytes under the same id get the same receipt for ever.

    Raises:
        Invalid: it is no entry, or not the bytes its hash says.
        UnknownAuthor: nobody in AP Log wrote it. NotOnYourList: no resident the author may log about, or could when
        they wrote. IdTaken: another entry has this id. Unavailable: the database takes no writes now.
        Failed: AP Log is at fault, whatever it is; the cause is chained, for the caller's log.
    """
    return await _failing_alone(partial(_log, pushed, courier, now))


async def _failing_alone(work: Callable[[], Awaitable[Receipt]]) -> Receipt:
    """What is our own fault must not take the entries beside it, nor the words on a page, with it."""
    try:
        return await work()
    except Refusal:
        raise
    except Exception as error:
        raise Failed from error


async def _receive(pushed: PushedEntry, courier: Actor, sent_at: datetime | None, now: datetime) -> Receipt:
    """Store one entry; where its author may not log about its resident, hold it for a manager."""
    arrived = read_arrived(pushed, courier.id, sent_at, now)
    author, has_left = await _author(arrived, courier, now)
    try:
        return await _store_alone(arrived, author, now)
    except NotOnYourList:
        return await hold_entry(arrived, author, courier, has_left=has_left)


async def _log(pushed: PushedEntry, courier: Actor, now: datetime) -> Receipt:
    arrived = read_arrived(pushed, courier.id, None, now)
    author, _ = await _author(arrived, courier, now)
    return await _store_alone(arrived, author, now)


async def _author(arrived: Arrived, courier: Actor, now: datetime) -> tuple[Actor, bool]:
    if arrived.entry.author == courier.id:
        return courier, False
    found = await sessions.find_author(arrived.entry.author, now)
    if found is None:
        raise UnknownAuthor
    return found


async def _store_alone(arrived: Arrived, author: Actor, now: datetime) -> Receipt:
    try:
        return await transaction(partial(_store, arrived, author, now))
    except Duplicate:
        # The two databases word it differently, so the rows are asked: did the id come at the same moment for another
        # resident? Any other row that was there already is a fault of ours.
        await find_before(arrived.entry)
        raise


async def _store(arrived: Arrived, author: Actor, now: datetime) -> Receipt:
    known = await find_receipt(arrived)  # What has a receipt keeps it, wherever its author works by now.
    if known is not None:
        return known
    resident = await residents.lock_loggable(author, arrived.entry.resident, arrived.times.recorded_at, now)
    known = await find_receipt(arrived)  # Another push may have brought it while this one waited for its turn.
    if known is not None:
        return known
    before = await find_before(arrived.entry)
    row = await keep_version(arrived, resident, before, event=EVENT, actor=arrived.courier, now=now)
    return receipt_of(row)
