"""A manager decides about an entry that was held: it goes into the log as its author's, or it is set aside."""

from datetime import datetime
from functools import partial

from ap_log.actions.keep_version import Arrived, find_before, keep_version
from ap_log.domain.clocks import Times
from ap_log.domain.entries import read_entry
from ap_log.domain.errors import Fault, Invalid
from ap_log.domain.holding import Outcome, Settlement, faults_of_settlement
from ap_log.domain.people import Actor
from ap_log.domain.permissions import Permission, premises_where
from ap_log.domain.sync_errors import HeldDecided
from ap_log.store import audit, held_entries, residents
from ap_log.store.models import HeldEntry
from ap_log.store.transaction import transaction

TAKEN = "held-entry.taken"
SET_ASIDE = "held-entry.set-aside"


async def decide_held_entry(held_id: str, settlement: Settlement, actor: Actor, now: datetime) -> HeldEntry:
    """Take a held entry into the log, or set it aside. The same decision sent again changes nothing.

    Raises:
        Invalid: no reason is given for setting it aside; its resident is not known, or lives elsewhere.
        NotFound: none for this actor; one's own is for somebody else. HeldDecided: it was decided otherwise before.
        IdTaken: another entry has its id by now.
    """
    return await transaction(partial(_decide, held_id, settlement, actor, now))


async def _decide(held_id: str, settlement: Settlement, actor: Actor, now: datetime) -> HeldEntry:
    row = await held_entries.lock_held(actor, held_id)
    reason = settlement.reason.strip()
    if row.outcome:
        if (row.outcome, row.reason, row.decided_by_id) == (settlement.outcome, reason, actor.id):
            return row
        raise HeldDecided
    faults = [*faults_of_settlement(settlement, row.why), *_faults_of_taking(row, settlement, actor)]
    if faults:
        raise Invalid(*faults)
    outcome = Outcome(settlement.outcome)
    if outcome is Outcome.TAKEN:
        await _take(row, actor, now)
    else:
        await _record_set_aside(row, actor, now)
    await held_entries.decide(row, outcome, reason, actor.id, now)
    return row


def _faults_of_taking(row: HeldEntry, settlement: Settlement, actor: Actor) -> list[Fault]:
    """The author's manager may know of it; what goes into a resident's record is for the resident's own house."""
    is_theirs = row.premises_id in premises_where(actor, Permission.REVIEW_QUEUE)
    if settlement.outcome == Outcome.TAKEN and row.premises_id is not None and not is_theirs:
        return [Fault("outcome", "Only a manager of the house where the resident lives can take it into the log")]
    return []


async def _take(row: HeldEntry, actor: Actor, now: datetime) -> None:
    """Store it as of its arrival, in the order in which it is taken. What came later of the same entry goes on."""
    arrived = Arrived(
        read_entry(row.body),
        row.body,
        row.sha256,
        row.courier_id,
        row.received_at,
        Times(row.occurred_at, row.recorded_at, row.clock_offset_ms, row.since_contact_ms, row.doubt_ms),
    )
    resident = await residents.lock_resident(arrived.entry.resident)
    before = await find_before(arrived.entry)
    # Versions that came together came in one push.
    is_overtaken = before is not None and (before.received_at, before.recorded_at) > (row.received_at, row.recorded_at)
    await keep_version(
        arrived,
        resident,
        before,
        event=TAKEN,
        actor=actor.id,
        now=now,
        superseded_at=now if is_overtaken else None,
    )


async def _record_set_aside(row: HeldEntry, actor: Actor, now: datetime) -> None:
    await audit.add(
        SET_ASIDE,
        actor.id,
        now,
        subject_kind="entry",
        subject=row.entry_id,
        premises=row.premises_id or row.author_premises_id,
        details={"held": row.id, "author": row.author_id, "resident": row.resident_id},
    )
