"""Notes that the database was restored from a backup, so that phones bring back what the backup did not have."""

from datetime import datetime
from functools import partial

from ap_log.store import audit, installation
from ap_log.store.transaction import transaction

EVENT = "backup.restored"


async def note_restore(now: datetime) -> str:
    """Begin a new restore epoch and return it. Doing it again makes phones offer once more what they still have."""
    return await transaction(partial(_note, now))


async def _note(now: datetime) -> str:
    epoch = await installation.begin_epoch(now)
    await audit.add(EVENT, None, now, subject_kind="installation", details={"epoch": epoch})
    return epoch
