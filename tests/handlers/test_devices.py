"""The page of a house's phones: what it says of each, wiping and sharing one, and what an author is told."""

import asyncio
import re
from datetime import timedelta

import pytest
from httpx2 import AsyncClient
from starlette.applications import Starlette

from ap_log.store import audit, models
from tests.cast import World
from tests.phones import Phone
from tests.visitors import ON_EVERY_ENGINE, Visit, text_of

DAY = timedelta(days=1)
NEEDS = re.compile(r'app-navigation__count">(\d+)<')


@pytest.fixture
async def phone(visit: Visit, world: World) -> Phone:
    """Asha's phone at Elm House, which has one entry that it has not sent."""
    made = Phone(people=[world.asha.id])
    made.write(world)
    assert (await made.report(await visit(world.asha), is_persisted=False)).status_code == 200
    return made


async def page(browser: AsyncClient, address: str = "/devices") -> str:
    return await text_of(browser, address)


async def test_the_page_says_who_used_a_phone_what_it_holds_and_whether_it_is_kept(
    visit: Visit, world: World, phone: Phone
) -> None:
    text = await page(await visit(world.ben))

    assert "Asha Rahman" in text
    assert f"{phone.id[:4]} {phone.id[4:8]}" in text
    assert "1 entry by Asha Rahman, saved today at 01:40" in text
    assert "Just now" in text
    assert "The browser may delete what is stored" in text
    assert not NEEDS.search(text)


@pytest.mark.parametrize(
    ("silent", "tone", "needed"),
    [
        (3 * DAY - timedelta(seconds=1), "grey", False),
        (3 * DAY, "orange", True),
        (4 * DAY - timedelta(seconds=1), "orange", True),
        (4 * DAY, "red", True),
    ],
)
async def test_f2_f23_a_silent_phone_that_holds_entries_stands_out_before_day_five(
    visit: Visit, world: World, app: Starlette, phone: Phone, silent: timedelta, tone: str, needed: bool
) -> None:
    app.state.now += silent
    text = await page(await visit(world.ben))

    assert f"app-phone--{tone}" in text
    assert ("1 phone needs somebody" in text) is needed
    assert ("Find this phone" in text) is needed
    assert bool(NEEDS.search(text)) is needed


async def test_f2_every_page_of_a_manager_counts_the_phones_that_need_somebody(
    visit: Visit, world: World, app: Starlette, phone: Phone
) -> None:
    app.state.now += 4 * DAY
    for who in ("ben", "rob", "nia", "farah"):
        found = NEEDS.search(await page(await visit(world.actors[who]), "/residents"))
        assert found is not None, who
        assert found[1] == "1"
    for who in ("owen", "chika", "dev"):
        assert not NEEDS.search(await page(await visit(world.actors[who]), "/residents"))


async def test_a_silent_phone_that_holds_nothing_needs_nobody(visit: Visit, world: World, app: Starlette) -> None:
    await Phone().report(await visit(world.asha))
    app.state.now += 5 * DAY

    text = await page(await visit(world.ben))
    assert "app-phone--grey" in text
    assert not NEEDS.search(text)


@ON_EVERY_ENGINE
async def test_oak_house_and_whoever_manages_no_phones_see_nothing_of_elms(
    visit: Visit, world: World, app: Starlette, phone: Phone
) -> None:
    app.state.now += 4 * DAY
    owen, chika = await visit(world.owen), await visit(world.chika)

    text = await page(owen)
    assert "No phone yet" in text
    assert not any(canary in text for canary in ("Asha", phone.id[:4] + " ", "1 entry"))
    assert (await chika.get("/devices")).status_code == 403
    for address in ("revocation", "return", "sharing"):
        for browser, status in ((owen, 404), (chika, 403)):
            answer = await browser.post(
                f"/devices/{phone.id}/{address}", headers={"content-type": "application/x-www-form-urlencoded"}
            )
            assert answer.status_code == status, address
    device = await models.Device.get(id=phone.id)
    assert (device.revoked_at, device.is_shared) == (None, False)


async def test_an_administrator_sees_the_phones_of_every_house(visit: Visit, world: World, phone: Phone) -> None:
    await Phone().report(await visit(world.chika))

    text = await page(await visit(world.grace))
    assert all(words in text for words in ("Asha Rahman", "Elm House", "Chika Obi", "Oak House"))


async def test_f1_a_loss_is_named_to_the_manager_and_told_to_its_author_until_they_say_they_know(
    visit: Visit, world: World, app: Starlette, phone: Phone
) -> None:
    asha, ben = await visit(world.asha), await visit(world.ben)
    app.state.now += timedelta(minutes=10)
    await phone.report(await visit(None), holds=[])

    strip = "1 entry of yours was lost from a phone, noticed today. Write it again."
    assert strip in await page(asha, "/residents")
    assert strip not in await page(ben, "/residents")
    listed = await page(ben)
    assert "1 phone needs somebody" in listed
    assert "Its author has not seen this yet" in listed
    assert "Ask Asha Rahman to write again what was lost." in listed
    losses = await page(asha, "/losses")
    assert "Entry saved <time" in losses
    [item] = re.findall(r'name="loss" value="([^"]+)"', losses)

    answers = await asyncio.gather(*(asha.post("/losses", data={"loss": item}) for _ in range(3)))

    assert [answer.status_code for answer in answers] == [303] * 3
    assert "Nothing to tell you" in await page(asha, "/losses?saved=seen")
    assert strip not in await page(asha, "/residents")
    assert (await audit.list_events(world.asha.id)).count("losses.seen") == 1
    listed = await page(ben)
    assert "needs somebody" not in listed
    assert "Seen by its author today" in listed


async def test_nobody_says_for_another_that_they_know_of_a_loss(visit: Visit, world: World, phone: Phone) -> None:
    await phone.report(await visit(None), holds=[])
    item = await models.DeviceItem.get()

    assert (await (await visit(world.chika)).post("/losses", data={"loss": item.id})).status_code == 303
    assert (await models.DeviceItem.get()).told_at is None


async def test_a_loss_that_came_to_light_after_the_page_was_read_is_still_told(
    visit: Visit, world: World, phone: Phone
) -> None:
    asha = await visit(world.asha)
    first, second = phone.unsent[0]["id"], phone.write(world).id
    await phone.report(asha)
    kept = [each for each in phone.unsent if each["id"] == second]
    await phone.report(asha, holds=kept)
    shown = (await models.DeviceItem.get(item_id=first)).id
    await phone.report(asha, holds=[])

    await asha.post("/losses", data={"loss": shown})
    assert "1 entry of yours was lost" in await page(asha, "/residents")


async def test_a_loss_that_no_manager_can_do_more_about_stops_asking_after_a_leave(
    visit: Visit, world: World, app: Starlette, phone: Phone
) -> None:
    await phone.report(await visit(None), holds=[])
    app.state.now += 30 * DAY

    assert not NEEDS.search(await page(await visit(world.ben)))
    assert "entry of yours was lost" in await page(await visit(world.asha), "/residents")


@ON_EVERY_ENGINE
async def test_a_phone_is_wiped_once_however_often_and_however_parallel_it_is_asked(
    visit: Visit, world: World, phone: Phone
) -> None:
    ben, rob, asha = await visit(world.ben), await visit(world.rob), await visit(world.asha)
    address = f"/devices/{phone.id}/revocation"
    assert "72 hours" in await page(ben, address)

    answers = await asyncio.gather(*(each.post(address) for each in (ben, rob, ben, rob)))

    assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {(303, "/devices?saved=wiped")}
    assert (await audit.list_events(phone.id)).count("device.revoked") == 1
    assert (await asha.get("/residents")).headers["location"].startswith("/sign-in")
    assert (await phone.report(await visit(None))).json()["wipe"] == [world.asha.id]
    assert "To be wiped" in await page(ben)
    await phone.report(await visit(None), people=[], wiped=[world.asha.id])
    assert "nothing readable is left on it" in await page(ben)


async def test_whoever_signs_in_on_a_wiped_phone_is_wiped_and_signed_out_until_it_is_taken_back(
    visit: Visit, world: World, phone: Phone
) -> None:
    ben = await visit(world.ben)
    await ben.post(f"/devices/{phone.id}/revocation")
    rob = await visit(world.rob)

    answer = await phone.report(rob, people=[world.rob.id])
    assert answer.json()["wipe"] == [world.rob.id]
    assert (await phone.report(rob, people=[world.rob.id])).json()["wipe"] == [world.rob.id]
    assert (await rob.get("/residents")).headers["location"].startswith("/sign-in")

    for _ in range(2):
        assert (await ben.post(f"/devices/{phone.id}/return")).headers["location"] == "/devices?saved=returned"
    await phone.report(await visit(None), people=[], wiped=[world.rob.id])
    asha = await visit(world.asha)
    assert (await phone.report(asha)).json()["wipe"] == []
    assert (await asha.get("/residents")).status_code == 200
    assert (await audit.list_events(phone.id)).count("device.returned") == 1


@ON_EVERY_ENGINE
async def test_a_phone_is_marked_as_shared_and_not_and_is_told(visit: Visit, world: World, phone: Phone) -> None:
    ben = await visit(world.ben)
    address, plain = f"/devices/{phone.id}/sharing", {"content-type": "application/x-www-form-urlencoded"}

    answers = await asyncio.gather(*(ben.post(address, data={"shared": "1"}) for _ in range(3)))
    assert {answer.headers["location"] for answer in answers} == {"/devices?saved=shared"}
    assert (await audit.list_events(phone.id)).count("device.shared") == 1
    assert (await phone.report(await visit(None))).json()["is_shared"] is True
    assert "Not a shared phone" in await page(ben)

    assert (await ben.post(address, headers=plain)).headers["location"] == "/devices?saved=not-shared"
    assert (await phone.report(await visit(None))).json()["is_shared"] is False


async def test_a_phone_that_was_given_up_long_ago_is_not_listed(
    visit: Visit, world: World, app: Starlette, phone: Phone
) -> None:
    await Phone().report(await visit(world.nia))
    app.state.now += 90 * DAY
    text = await page(await visit(world.ben))

    assert "Asha Rahman" in text  # It holds an entry.
    assert "Nia Bevan used it" not in text


async def test_many_phones_are_on_pages(visit: Visit, world: World) -> None:
    asha = await visit(world.asha)
    for _ in range(31):
        await Phone(people=[world.asha.id]).report(asha)
    ben = await visit(world.ben)

    first, second = await page(ben), await page(ben, "/devices?page=2")
    assert (first.count("used it last"), second.count("used it last")) == (30, 1)
    assert (await ben.get("/devices?page=3")).status_code == 404


async def test_two_reports_of_a_new_phone_at_once_make_one(visit: Visit, world: World) -> None:
    phone, asha = Phone(people=[world.asha.id]), await visit(world.asha)
    phone.write(world)

    answers = await asyncio.gather(*(phone.report(asha) for _ in range(6)))

    assert [answer.status_code for answer in answers] == [200] * 6
    assert await models.Device.all().count() == await models.DevicePerson.all().count() == 1
    assert await models.DeviceItem.all().count() == 1
