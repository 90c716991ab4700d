"""Whose records an actor sees, and when that ends: with the posting, or a while after they were asked by name."""

from datetime import datetime, timedelta

import pytest

from ap_log.actions.pass_on_notices import pass_on_notices
from ap_log.domain.people import Actor, Role
from ap_log.store import notices, visibility
from ap_log.store.models import Notice, Posting
from tests.cast import World
from tests.notices import decided, sent_to
from tests.visitors import Visit

DAY = timedelta(days=1)


async def seen(actor: Actor, at: datetime) -> set[str]:
    """The names of the residents an actor sees."""
    return {resident.name for resident in await visibility.visible_residents(actor, at)}


async def moved_to_oak(world: World, who: str, now: datetime) -> None:
    await Posting.filter(person_id=world.people[who].id).update(ended_at=now)
    await Posting.create(
        person_id=world.people[who].id, premises_id=world.oak.id, role=Role.MANAGER, started_at=now - DAY
    )


@pytest.mark.parametrize(("who", "step"), [("ben", 2), ("asha", 1)])
async def test_who_moved_to_another_house_sees_nothing_of_the_first_on_their_next_request(
    visit: Visit, world: World, now: datetime, who: str, step: int
) -> None:
    await decided(world, step, now)
    browser, gwilym = await visit(world.actors[who]), world.residents["gwilym"]
    sent = await sent_to(world, who)
    assert (await browser.get(f"/notices/{sent.reference}")).status_code == 200
    await moved_to_oak(world, who, now)
    for address in (f"/residents/{gwilym.id}", f"/notices/{sent.reference}"):
        assert (await browser.get(address)).status_code == 404
    for address in ("/residents", "/notices", "/queue"):
        assert "Gwilym" not in (await browser.get(address)).text


@pytest.mark.parametrize("is_open", [True, False])
async def test_an_officers_deputy_sees_whom_they_were_asked_about(world: World, now: datetime, is_open: bool) -> None:
    await decided(world, 4, now, happening="supply")
    assert await seen(world.tom, now) == {"Aled Wynne-Hughes"}
    await pass_on_notices(now + DAY)
    tom = await sent_to(world, "tom")
    if not is_open:
        await Notice.filter(id=tom.id).update(closed_at=now + DAY)
    assert await seen(world.tom, now + DAY) == {"Aled Wynne-Hughes", "Gwilym Tudor"}
    assert (await notices.get_received(world.tom, tom.reference, now + DAY)).id == tom.id


async def test_they_see_them_for_thirty_days_after_nothing_was_wanted_any_more(world: World, now: datetime) -> None:
    await decided(world, 4, now, happening="supply")
    await pass_on_notices(now + DAY)
    await Notice.filter(recipient_id=world.tom.id).update(closed_at=now)
    for at, is_seen in ((now + 30 * DAY - timedelta(seconds=1), True), (now + 30 * DAY, False)):
        assert ("Gwilym Tudor" in await seen(world.tom, at)) is is_seen
        assert bool(await notices.list_closed(world.tom, at)) is is_seen


async def test_the_residents_own_officer_keeps_seeing_what_they_were_sent(world: World, now: datetime) -> None:
    await decided(world, 2, now, happening="possession")
    await Notice.filter(recipient_id=world.dev.id).update(closed_at=now)
    assert len(await notices.list_closed(world.dev, now + 300 * DAY)) == 1
