"""The person a notice was sent to says that they have it in hand. What was wanted of them is still wanted."""

from datetime import datetime
from functools import partial

from ap_log.domain.answers import is_answerable
from ap_log.domain.errors import AlreadyAnswered, NotFound
from ap_log.domain.people import Actor
from ap_log.store import notices, residents
from ap_log.store.transaction import transaction

EVENT = "notice.acknowledged"


async def acknowledge_notice(reference: str, actor: Actor, now: datetime) -> None:
    """Acknowledge a notice. Doing it again is harmless: a person acknowledges a notice once.

    Raises:
        NotFound: no such notice was sent to this actor, or it is not one to answer.
        AlreadyAnswered: there is nothing left to have in hand.
    """
    await transaction(partial(_acknowledge, reference, actor, now))


async def _acknowledge(reference: str, actor: Actor, now: datetime) -> None:
    notice = await notices.get_received(actor, reference, now)
    if not is_answerable(notice.wanted):
        raise NotFound
    await residents.lock_resident(notice.resident_id)
    if await notices.has_acknowledged(notice, actor):
        return
    if await notices.is_closed(notice):
        raise AlreadyAnswered
    await notices.add_acknowledgement(notice, actor, now)
    await notices.record(EVENT, notice, actor.id, now)
