"""Tries whether an entry could be stored now, without storing anything."""

import os
from contextlib import suppress
from datetime import datetime

from . import engine
from .models import Installation
from .transaction import transaction

LEAST_FREE_BYTES = 32 * 1024 * 1024
"""What an SQLite database's disk must have left: some thousand entries, and time for somebody to come."""

_NOBODYS = -1


class _Undo(Exception):
    """Ends the trial: its transaction is rolled back."""


async def write_faults(url: str, now: datetime) -> list[str]:
    """What stands between this process and one more write, in words; empty when nothing does.

    It asks for the durability settings, then writes a row in a transaction that it takes back. SQLite writes to the
    disk only at the end of a transaction, so for that one the free space is looked at too.

    Raises:
        Unavailable: the database takes no writes.
    """
    faults = await engine.durability_faults(url)
    if engine.is_sqlite(url):
        disk = os.statvfs(engine.sqlite_file(url))
        if disk.f_bavail * disk.f_frsize < LEAST_FREE_BYTES:
            faults.append("The disk is full")

    async def write() -> None:
        await Installation.create(id=_NOBODYS, created_at=now)
        raise _Undo

    with suppress(_Undo):
        await transaction(write)
    return faults
