"""The person a notice was sent to opens it: that, and nothing less, makes it "Seen"."""

from datetime import datetime
from functools import partial

from ap_log.actions.raise_notices import close
from ap_log.domain.notices import Wanted
from ap_log.domain.people import Actor
from ap_log.store import notices, residents
from ap_log.store.models import Notice
from ap_log.store.transaction import transaction

EVENT = "notice.seen"


async def see_notice(notice: Notice, actor: Actor, now: datetime) -> None:
    """Mark a notice seen; where no more than that was wanted, nothing is left to do about it.

    Opened by anybody else, or again, it changes nothing.
    """
    if notice.recipient_id == actor.id and notice.seen_at is None:
        await transaction(partial(_see, notice, actor, now))


async def _see(notice: Notice, actor: Actor, now: datetime) -> None:
    await residents.lock_resident(notice.resident_id)
    if not await notices.mark_seen(notice, now):
        return
    await notices.record(EVENT, notice, actor.id, now)
    if notice.wanted == Wanted.SEEN:
        await close(await notices.chain_of(notice), actor.id, now)
