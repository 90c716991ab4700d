"""Tells the managers of a house, by e-mail, of a phone that holds unsent entries and has been silent for three days.

Some browsers delete what they keep after seven days without use: it goes on day 4, while the phone can be found.
"""

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial

from ap_log.notify import Channel, Message, NotDelivered, attempt
from ap_log.store import audit, outbox, phone_reminders
from ap_log.store.models import Device, PhoneReminder
from ap_log.store.transaction import Duplicate, transaction
from ap_log.templating import render

RAISED = "phone-reminder.raised"
SENT = "phone-reminder.sent"
NOT_SENT = "phone-reminder.not-sent"

SUBJECT = "AP Log: a phone needs you"

_log = logging.getLogger(__name__)


async def raise_reminders(now: datetime) -> int:
    """Store an e-mail for each manager of a phone that has fallen silent; returns of how many phones."""
    raised = 0
    for device in await phone_reminders.list_silent(now):
        managers = await phone_reminders.list_managers(device, now)
        if managers:  # A house may have nobody to be told, for as long as it likes.
            with suppress(Duplicate):  # Another worker was first.
                await transaction(partial(_raise, device, managers, now))
                raised += 1
    return raised


async def deliver_reminder(channels: Mapping[str, Channel], origin: str, now: datetime) -> bool:
    """Send the e-mail that has been due longest; False when none is due. Whatever goes wrong is recorded with it."""
    reminder = await transaction(partial(phone_reminders.claim, now))
    if reminder is None:
        return False
    if reminder.device.last_seen_at > reminder.silent_since:
        await transaction(partial(_record_failed, reminder, "The phone has been in contact since", now))
        return True
    failure = await attempt(channels, outbox.EMAIL, partial(written, reminder, origin))
    if failure is None:
        await transaction(partial(_record_sent, reminder, now))
    else:
        await _record_failure(reminder, failure, now)
    return True


def written(reminder: PhoneReminder, origin: str) -> Message:
    """The e-mail as it leaves the system: a link, and nothing about anybody."""
    return Message(
        key=f"phone:{reminder.id}",
        to=reminder.recipient.email,
        subject=SUBJECT,
        text=render("notices/phone.txt", link=f"{origin}/devices"),
        made_at=reminder.made_at,
    )


async def _raise(device: Device, managers: Sequence[str], now: datetime) -> None:
    await phone_reminders.add(device, managers, now)
    await _audit(RAISED, device, now, people=len(managers))


async def _record_sent(reminder: PhoneReminder, now: datetime) -> None:
    await phone_reminders.record_sent(reminder, now)
    await _audit(SENT, reminder.device, now, reminder=reminder.id)


async def _record_failure(reminder: PhoneReminder, failure: NotDelivered, now: datetime) -> None:
    _log.warning("An e-mail about a phone was not delivered: %s", failure)
    record = _record_failed if failure.is_final else _record_try
    await transaction(partial(record, reminder, str(failure), now))


async def _record_try(reminder: PhoneReminder, error: str, now: datetime) -> None:
    await phone_reminders.record_try(reminder, error, now)
    await _audit(NOT_SENT, reminder.device, now, reminder=reminder.id)


async def _record_failed(reminder: PhoneReminder, error: str, now: datetime) -> None:
    await phone_reminders.record_failed(reminder, error, now)
    await _audit(NOT_SENT, reminder.device, now, reminder=reminder.id)


async def _audit(event: str, device: Device, now: datetime, **details: str | int) -> None:
    await audit.add(
        event, None, now, subject_kind="device", subject=device.id, premises=device.premises_id, details=details
    )
