"""Compares a restored copy of the database with the live one, so that phones know what they may let go of."""

from datetime import datetime
from functools import partial

from ap_log.domain.backups import Comparison, compare
from ap_log.store import audit, backups, installation
from ap_log.store.transaction import transaction

EVENT = "backup.verified"


async def verify_backup(copy: str, now: datetime) -> Comparison:
    """Compare the database at the URL `copy` with the open one, and note up to when nothing is missing from it.

    Nothing is noted of a copy with holes or damage before its newest entry: it is not a backup to rely on.

    Raises:
        UnreadableCopy: the copy cannot be opened or read.
    """
    found = await backups.read_copy(copy)
    comparison = compare(await backups.list_received(), found, now)
    await transaction(partial(_note, comparison, now))
    return comparison


async def _note(comparison: Comparison, now: datetime) -> None:
    if comparison.is_good:
        await installation.note_verified(comparison.up_to, now)
    details = {
        "up_to": comparison.up_to.isoformat() if comparison.up_to else None,
        "compared": sum(comparison.compared.values()),
        "missing": len(comparison.missing),
        "damaged": len(comparison.damaged),
        "newer": comparison.newer,
    }
    await audit.add(EVENT, None, now, subject_kind="installation", details=details)
