"""E-mails about phones that hold unsent entries or photos and have fallen silent: one to each manager for each silence.

They wait, are claimed and are tried again as the messages of notices are (`outbox`), but they are about a phone: a
notice is about a resident, is answered by a time and passed on, and none of that fits.
"""

from collections.abc import Sequence
from datetime import datetime

from tortoise.expressions import Q, Subquery

from ap_log.domain.devices import SILENT_AFTER, ItemState
from ap_log.domain.people import Role
from ap_log.domain.permissions import Permission, roles_that_may

from . import duties
from .models import Device, DeviceItem, PhoneReminder
from .outbox import FIRST_WAIT, LEASE, LONGEST_WAIT

_OF_THE_HOUSE = frozenset({Role.MANAGER, Role.DEPUTY})


async def list_silent(now: datetime) -> list[Device]:
    """The phones that hold something unsent, have been silent too long, and of which nobody has been told yet."""
    holding = DeviceItem.filter(state=ItemState.HELD).values("device_id")
    silent = Device.filter(last_seen_at__lte=now - SILENT_AFTER, id__in=Subquery(holding), premises_id__isnull=False)
    found = await silent.order_by("-last_seen_at", "id")
    told = await PhoneReminder.filter(device_id__in=[each.id for each in found]).values_list(
        "device_id", "silent_since"
    )
    return [each for each in found if (each.id, each.last_seen_at) not in set(told)]


async def list_managers(device: Device, now: datetime) -> list[str]:
    """Who is told: the manager and the deputy; where a house has neither, whoever else manages its phones."""
    if device.premises_id is None:
        return []
    posted = await duties.posted_at(device.premises_id, now)
    manage = roles_that_may(Permission.MANAGE_PHONES)
    of_the_house = [person for person, roles in posted.items() if roles & _OF_THE_HOUSE]
    return of_the_house or [person for person, roles in posted.items() if roles & manage]


async def add(device: Device, recipients: Sequence[str], now: datetime) -> None:
    """Store an e-mail to each. Duplicate where another worker was first."""
    for recipient in recipients:
        await PhoneReminder.create(
            device_id=device.id, recipient_id=recipient, silent_since=device.last_seen_at, made_at=now, due_at=now
        )


async def claim(now: datetime) -> PhoneReminder | None:
    """Claim the e-mail that has been due longest, with its recipient and phone; None when none is due."""
    due = Q(due_at__lte=now) | Q(due_at__gt=now + max(LEASE, LONGEST_WAIT))
    waiting = PhoneReminder.filter(due, sent_at=None, failed_at=None).order_by("due_at", "id")
    found = await waiting.select_for_update(skip_locked=True).first()
    if found is None:
        return None
    claimed = await PhoneReminder.filter(id=found.id, attempts=found.attempts).update(
        attempts=found.attempts + 1, due_at=now + LEASE
    )
    return await PhoneReminder.get(id=found.id).select_related("recipient", "device") if claimed else None


async def record_sent(reminder: PhoneReminder, now: datetime) -> None:
    await PhoneReminder.filter(id=reminder.id).update(sent_at=now, last_error=None)


async def record_try(reminder: PhoneReminder, error: str, now: datetime) -> None:
    """Note why it did not go; it is tried again, sooner at first."""
    wait = min(FIRST_WAIT * 2 ** min(reminder.attempts - 1, 10), LONGEST_WAIT)
    await PhoneReminder.filter(id=reminder.id).update(last_error=error, due_at=now + wait)


async def record_failed(reminder: PhoneReminder, error: str, now: datetime) -> None:
    """Note that it will not go: it was refused for good, or is no longer wanted."""
    await PhoneReminder.filter(id=reminder.id).update(last_error=error, failed_at=now)
