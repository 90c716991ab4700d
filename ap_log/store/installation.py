"""What this database was created as: a demo, or the real thing. And how much of it is safe in a backup."""

from datetime import datetime

import msgspec
from tortoise.expressions import Q

from ap_log.store.models import Installation, new_id

_ONLY = 1


class Safekeeping(msgspec.Struct, frozen=True):
    """What phones are told of backups. Everything received up to `backed_up_to` is in one that was compared.

    `restore_epoch` is another one after every restore, and empty where the database has never been settled.
    """

    restore_epoch: str = ""
    backed_up_to: datetime | None = None


async def is_demo() -> bool:
    """Whether the database was created as a demo. One that says nothing is the real thing."""
    return await Installation.filter(id=_ONLY, is_demo=True).exists()


async def is_settled() -> bool:
    """Whether it has been said at all what the database is."""
    return await Installation.filter(id=_ONLY).exists()


async def settle_installation(is_demo: bool, now: datetime) -> None:
    """Say what the database is, unless it has been said before: it can never be changed.

    One from before there were restore epochs gets its first.
    """
    settled = {"is_demo": is_demo, "created_at": now, "restore_epoch": new_id()}
    await Installation.get_or_create(id=_ONLY, defaults=settled)
    await Installation.filter(id=_ONLY, restore_epoch="").update(restore_epoch=new_id())


async def get_safekeeping() -> Safekeeping:
    """What phones are told of backups. One query."""
    row = await Installation.get_or_none(id=_ONLY)
    return Safekeeping(row.restore_epoch, row.backed_up_to) if row else Safekeeping()


async def note_verified(up_to: datetime | None, now: datetime) -> None:
    """Note that a backup was compared. What an earlier one was seen to hold is still in that one."""
    await Installation.filter(id=_ONLY).update(backup_verified_at=now)
    if up_to is not None:
        behind = Q(backed_up_to=None) | Q(backed_up_to__lt=up_to)
        await Installation.filter(behind, id=_ONLY).update(backed_up_to=up_to)


async def begin_epoch(now: datetime) -> str:
    """Note that the database was restored from a backup, and return the new epoch: no backup of it is known yet."""
    await settle_installation(is_demo=False, now=now)
    epoch = new_id()
    await Installation.filter(id=_ONLY).update(restore_epoch=epoch, backed_up_to=None, backup_verified_at=None)
    return epoch
