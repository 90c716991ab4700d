"""Messages that wait to leave the system. Each is stored with the notice it is about, and claimed before it is sent.

A claim is a lease: the message is put ahead in time before the sender starts, so a sender that dies gives it back.
Sending is therefore at least once, always under the message's own key.
"""

from datetime import datetime, timedelta

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from ap_log.store.models import Notice, OutboxMessage

EMAIL = "email"

LEASE = timedelta(seconds=60)
"""How long a sender may hold a message: twice the longest that sending takes."""

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=5)
"""Between two tries. A step 5 wants its answer within the hour, so several tries must fit well into that."""


async def add_message(notice: Notice, now: datetime, reason: str = "") -> None:
    """Store the message that tells a notice's recipient of it, in the transaction of what it tells.

    `reason` keeps apart a second message about the same notice.
    """
    key = ":".join(filter(None, ["notice", notice.id, EMAIL, reason]))
    await OutboxMessage.create(key=key, channel=EMAIL, notice_id=notice.id, made_at=now, due_at=now)


async def claim_message(now: datetime) -> OutboxMessage | None:
    """Claim the message that has been due longest, with its notice and recipient; None when none is due.

    Runs in a transaction of its own. Messages about closed notices are left: nothing is wanted of anybody any more.
    """
    waiting = _due(now).order_by("due_at", "id")
    message = await waiting.select_for_update(skip_locked=True, of=("outbox_message",)).first()
    if message is None:
        return None
    claimed = await OutboxMessage.filter(id=message.id, attempts=message.attempts).update(
        attempts=message.attempts + 1, due_at=now + LEASE
    )
    # Where no row changed, another worker claimed it between our read and our write; that is fine.
    return await OutboxMessage.get(id=message.id).select_related("notice__recipient") if claimed else None


async def record_sent(message: OutboxMessage, now: datetime) -> None:
    """Note that the mail server took a message, and that its recipient has been told.

    Not by an older message than one that has yet to go: that tells of the notice as it was before.
    """
    await OutboxMessage.filter(id=message.id).update(sent_at=now, last_error=None)
    newer = OutboxMessage.filter(notice_id=message.notice.id, sent_at=None, made_at__gte=message.made_at)
    if not await newer.exists():
        await Notice.filter(id=message.notice.id, told_at=None).update(told_at=now)


async def record_try(message: OutboxMessage, error: str, now: datetime) -> None:
    """Note why a message did not go, and when it is tried again: sooner at first, never given up."""
    wait = min(FIRST_WAIT * 2 ** min(message.attempts - 1, 10), LONGEST_WAIT)
    await OutboxMessage.filter(id=message.id).update(last_error=error, due_at=now + wait)


async def record_failed(message: OutboxMessage, error: str, now: datetime) -> None:
    """Note that a message was refused for good, so that nobody takes its recipient for told."""
    await OutboxMessage.filter(id=message.id).update(last_error=error, failed_at=now)
    await Notice.filter(id=message.notice.id, undeliverable_at=None).update(undeliverable_at=now)


def _due(now: datetime) -> QuerySet[OutboxMessage]:
    # Nothing is ever put further ahead than the longest wait: what is, was put there before the clock went back.
    due = Q(due_at__lte=now) | Q(due_at__gt=now + max(LEASE, LONGEST_WAIT))
    return OutboxMessage.filter(due, sent_at=None, failed_at=None, notice__closed_at=None)
