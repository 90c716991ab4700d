"""Notices read back: for whom, in which order, and as a chain."""

from datetime import datetime, timedelta

import pytest

from ap_log.actions.pass_on_notices import pass_on_notices
from ap_log.domain.errors import NotFound
from ap_log.store import notices
from ap_log.store.models import Notice
from tests.cast import World
from tests.notices import decided, sent_to


@pytest.mark.parametrize("who", ["dev", "ben", "rob", "nia", "farah"])
async def test_the_recipient_and_those_whose_queue_it_is_see_a_notice(world: World, now: datetime, who: str) -> None:
    await decided(world, 2, now, happening="possession")
    dev = await sent_to(world, "dev")
    assert (await notices.get_notice(world.actors[who], dev.reference, now)).id == dev.id


@pytest.mark.parametrize("who", ["asha", "chika", "owen", "tom", "sian", "grace", "esther"])
async def test_a_notice_is_not_there_for_anybody_else(world: World, now: datetime, who: str) -> None:
    await decided(world, 2, now, happening="possession")
    dev = await sent_to(world, "dev")
    with pytest.raises(NotFound):
        await notices.get_notice(world.actors[who], dev.reference, now)
    with pytest.raises(NotFound):
        await notices.get_received(world.ben, dev.reference, now)


async def test_a_chain_is_the_same_from_whichever_end_it_is_read(world: World, now: datetime) -> None:
    await decided(world, 4, now, happening="supply")
    for days in (1, 2):
        await pass_on_notices(now + timedelta(days=days))
    chains = [await notices.chain_of(await sent_to(world, who, wanted="decision")) for who in ("dev", "tom", "sian")]
    ids = [[notice.id for notice in chain] for chain in chains]
    assert ids[0] == ids[1] == ids[2]
    assert len(ids[0]) == 3


async def test_open_notices_come_by_their_time_and_closed_ones_by_when_they_closed(world: World, now: datetime) -> None:
    for hours, who in enumerate(("gwilym", "lewis")):
        await decided(world, 4, now + timedelta(hours=hours), happening="supply", resident=who)
    opened = await notices.list_open(world.dev, now)
    assert [notice.resident.name for notice in opened] == ["Gwilym Tudor", "Lewis Marsh"]
    for hours, notice in enumerate(opened):
        await Notice.filter(id=notice.id).update(closed_at=now + timedelta(hours=hours))
    closed = await notices.list_closed(world.dev, now)
    assert [notice.resident.name for notice in closed] == ["Lewis Marsh", "Gwilym Tudor"]
    assert await notices.list_open(world.dev, now) == []
    assert await notices.list_open(world.tom, now) == []
