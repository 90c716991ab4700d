"""F41: a burst of escalations, ten times a bad night's: each message has a record of what became of it."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from uuid import uuid4

from ap_log.actions.deliver_notices import deliver_notice
from ap_log.actions.log_entries import log_entry
from ap_log.domain.people import Actor
from ap_log.notify import Channel, Message, NotDelivered
from ap_log.store.models import AuditRecord, Notice, OutboxMessage, Resident
from tests.cast import World, an_entry, changed

BURST = 60
WORKERS = 6
ORIGIN = "https://log.example"


class Overloaded:
    """A mail server in a burst: it takes a third of what it is offered, and one address it refuses for good."""

    def __init__(self, refused: str) -> None:
        self.refused, self.offered = refused, 0
        self.taken: Counter[str] = Counter()

    async def send(self, message: Message) -> None:
        self.offered += 1
        await asyncio.sleep(0)
        if message.to == self.refused:
            raise NotDelivered("550: no such person", is_final=True)
        if self.offered % 3:
            raise NotDelivered("451: too busy")
        self.taken[message.key] += 1


async def _escalates(world: World, number: int, worker: Actor) -> None:
    """Supply, by somebody new at the worker's house."""
    like = world.residents["gwilym" if worker.id == world.asha.id else "oak_resident"]
    resident = await Resident.create(
        premises_id=like.premises_id,
        name=f"Resident {number}",
        room=str(100 + number),
        crn=f"Y{number:06}",
        legal_status="licence",
        officer_id=like.officer_id,
        key_worker_id=like.key_worker_id,
        arrived_at=world.now - timedelta(days=9),
    )
    entry = changed(an_entry(world, happening="supply"), id=str(uuid4()), author=worker.id, resident=resident.id)
    await log_entry(entry, worker, world.now)


async def _deliver_all(channels: dict[str, Channel], now: datetime) -> None:
    while await deliver_notice(channels, ORIGIN, now):
        pass


async def test_f41_every_message_of_a_burst_is_on_record_as_sent_tried_again_or_refused(
    world: World, now: datetime
) -> None:
    await asyncio.gather(*(_escalates(world, n, (world.asha, world.chika)[n % 2]) for n in range(BURST)))
    asked = {notice.id: notice for notice in await Notice.filter(wanted="review", passes_on=None)}
    assert len(asked) == BURST

    server = Overloaded(refused="owen@example.invalid")
    for tries in range(40):
        at = now + tries * timedelta(minutes=6)
        await asyncio.gather(*(_deliver_all({"email": server}, at) for _ in range(WORKERS)))

    messages = await OutboxMessage.all().select_related("notice__recipient")
    assert set(asked) <= {message.notice_id for message in messages}
    for message in messages:
        is_refused = message.notice.recipient.email == server.refused
        assert (message.sent_at is None, message.failed_at is None) == (is_refused, not is_refused)
        last = await AuditRecord.filter(subject=message.notice_id).order_by("-sequence").first()
        assert last is not None
        assert last.event == ("notice.passed-on" if is_refused else "notice.sent")
    assert server.taken == Counter({message.key: 1 for message in messages if message.sent_at})
    assert max(message.attempts for message in messages) > 1
    refused = [message.notice_id for message in messages if message.failed_at]
    assert len(refused) == BURST // 2
    assert await Notice.filter(passes_on_id__in=refused, told_at__isnull=False).count() == len(refused)
