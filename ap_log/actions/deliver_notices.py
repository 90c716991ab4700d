"""Sends one waiting message: claims it, sends it outside any transaction, and records what became of it.

At least once, under the same key each time. The inbox in AP Log is the truth; a message only says that it is there.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from functools import partial

from ap_log.actions.pass_on_notices import pass_on
from ap_log.notify import Channel, Message, NotDelivered, attempt
from ap_log.presenters.notices import deadline
from ap_log.store import notices, outbox, residents
from ap_log.store.models import OutboxMessage
from ap_log.store.transaction import transaction
from ap_log.templating import render

SENT = "notice.sent"
NOT_SENT = "notice.not-sent"
UNDELIVERABLE = "notice.undeliverable"

SUBJECT = "AP Log: something needs you"

_log = logging.getLogger(__name__)


async def deliver_notice(channels: Mapping[str, Channel], origin: str, now: datetime) -> bool:
    """Deal with the message that has been due longest; False when none is due.

    Whatever goes wrong is recorded with the message, which is tried again later, unless it was refused for good.
    """
    message = await transaction(partial(outbox.claim_message, now))
    if message is None:
        return False
    failure = await attempt(channels, message.channel, partial(written, message, origin))
    if failure is None:
        await transaction(partial(_record_sent, message, now))
    else:
        await _record_failure(message, failure, now)
    return True


def written(message: OutboxMessage, origin: str) -> Message:
    """The message as it leaves the system: a reference, a link, a time, and nothing about anybody."""
    notice = message.notice
    return Message(
        key=message.key,
        to=notice.recipient.email,
        subject=f"{SUBJECT} ({notice.reference})",
        text=render(
            f"notices/{message.channel}.txt",
            reference=notice.reference,
            link=f"{origin}/notices/{notice.reference}",
            answer_by=deadline(notice.answer_by),
        ),
        made_at=message.made_at,
    )


async def _record_sent(message: OutboxMessage, now: datetime) -> None:
    await outbox.record_sent(message, now)
    await notices.record(SENT, message.notice, None, now)


async def _record_failure(message: OutboxMessage, failure: NotDelivered, now: datetime) -> None:
    _log.warning("Message %s was not delivered: %s", message.id, failure)
    await transaction(partial(_give_up if failure.is_final else _try_again, message, str(failure), now))


async def _try_again(message: OutboxMessage, error: str, now: datetime) -> None:
    await outbox.record_try(message, error, now)
    await notices.record(NOT_SENT, message.notice, None, now)


async def _give_up(message: OutboxMessage, error: str, now: datetime) -> None:
    """Nobody can be told this way: the next person is asked at once, without waiting for a time to run out."""
    await residents.lock_resident(message.notice.resident_id)
    await outbox.record_failed(message, error, now)
    await notices.record(UNDELIVERABLE, message.notice, None, now)
    notice = await notices.find_open(message.notice.id)
    if notice is not None:
        await pass_on(notice, now)
