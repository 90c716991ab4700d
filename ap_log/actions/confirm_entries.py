"""The author of entries that came in another person's session says that they wrote them, or that they did not."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from ap_log.actions.judge import judge
from ap_log.domain.errors import Invalid
from ap_log.domain.people import Actor
from ap_log.domain.recommendations import faults_of_reason
from ap_log.domain.sync_errors import AlreadyConfirmed, AlreadyDisowned
from ap_log.store import audit, confirmations, residents
from ap_log.store.models import Entry
from ap_log.store.transaction import transaction

CONFIRMED = "entry.confirmed"
DISOWNED = "entry.disowned"


async def confirm_entries(sequences: Iterable[int], author: Actor, now: datetime) -> int:
    """Confirm entries by their sequence; returns how many. What does not wait for this person is left as it is."""
    return await transaction(partial(_confirm, tuple(sequences), author, now))


async def disown_entry(sequence: int, because: str, author: Actor, now: datetime) -> None:
    """Say that this person did not write an entry: it counts for nothing from now on, and stays on the record.

    If it was a newer version of another entry, that one counts again. Doing it again with the same words is harmless.

    Raises:
        Invalid: no reason is given. NotFound: nothing was brought as theirs under this sequence.
        AlreadyConfirmed, AlreadyDisowned: they have said otherwise, or in other words, before.
    """
    await transaction(partial(_disown, sequence, because.strip(), author, now))


async def _confirm(sequences: tuple[int, ...], author: Actor, now: datetime) -> int:
    confirmed = await confirmations.confirm(author.id, sequences, now)
    for row in confirmed:
        await _record(CONFIRMED, row, author, now)
    return len(confirmed)


async def _disown(sequence: int, because: str, author: Actor, now: datetime) -> None:
    found = await confirmations.get_brought(author.id, sequence)
    resident = await residents.lock_resident(found.resident_id)
    row = await confirmations.lock_brought(author.id, sequence)
    if row.confirmed_at is not None:
        raise AlreadyConfirmed
    if row.disowned_at is not None:
        if row.disowned_because == because:
            return
        raise AlreadyDisowned
    faults = faults_of_reason(because)
    if faults:
        raise Invalid(*faults)
    await confirmations.disown(row, because, now)
    await _record(DISOWNED, row, author, now)
    await judge(resident, now)


async def _record(event: str, row: Entry, author: Actor, now: datetime) -> None:
    await audit.add(
        event,
        author.id,
        now,
        subject_kind="entry",
        subject=row.entry_id,
        premises=row.premises_id,
        details={"resident": row.resident_id, "sequence": row.sequence, "courier": row.courier_id},
    )
