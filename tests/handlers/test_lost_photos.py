"""F1 for photos: an entry has arrived, its photos have not, and the phone no longer has them."""

import asyncio
import re
from datetime import timedelta

import pytest
from starlette.applications import Starlette

from ap_log.actions.log_entries import log_entries, log_entry
from ap_log.actions.remind_of_phones import raise_reminders
from ap_log.domain.sync import Push, PushedEntry
from ap_log.store import audit, models
from tests.cast import World, changed
from tests.phones import Phone, states, told
from tests.photos import Shot, bring, declared, entry_with, picture, shot
from tests.visitors import ON_EVERY_ENGINE, Visit, text_of


@pytest.fixture
async def phone(visit: Visit, world: World, app: Starlette) -> Phone:
    """Asha's phone at Elm House, which the server has heard of before any of this."""
    made = Phone(people=[world.asha.id])
    app.state.now = world.now - timedelta(minutes=10)
    await told(made, await visit(world.asha))
    app.state.now = world.now
    return made


async def sent(world: World, phone: Phone, *shots: Shot) -> PushedEntry:
    """An entry made on this phone has arrived, its photos have not."""
    return await declared(world, *shots, device=phone.id)


async def push(entry: PushedEntry, world: World) -> None:
    """As the phone sends it: an entry about somebody whom its author may not log is held."""
    [result] = await log_entries(Push((entry,)), world.asha, world.now, lambda refusal: pytest.fail(refusal.title))
    assert result.receipt is not None
    assert result.receipt.held


async def test_f1_a_photo_that_a_phone_no_longer_has_is_told_to_its_author_and_the_manager_until_they_say_they_know(
    visit: Visit, world: World, phone: Phone
) -> None:
    asha, ben, taken = await visit(world.asha), await visit(world.ben), shot()
    entry = await sent(world, phone, taken)
    held = await told(phone, asha, photos=[taken.id])
    assert (held["lost_photos"], "lost" in await text_of(asha, f"/entries/{entry.id}")) == ([], False)

    answer = await told(phone, asha, photos=[])

    saved_at = "2026-11-20T01:40:00Z"
    lost = {"id": taken.id, "author": world.asha.id, "saved_at": saved_at, "device": phone.id}
    assert answer["lost_photos"] == [lost]
    assert answer["losses"] == []
    strip = "1 photo of yours was lost from a phone, noticed today. Take it again if you can."
    assert strip in await text_of(asha, "/residents")
    losses = await text_of(asha, "/losses")
    assert "1 photo of yours was lost" in losses
    assert f'Photo of <a class="govuk-link app-way-on" href="/entries/{entry.id}">your entry</a>' in losses
    assert "Write again what you remember" not in losses
    assert "This photo was lost from the phone" in await text_of(asha, f"/entries/{entry.id}")
    assert "on its way" not in await text_of(asha, f"/entries/{entry.id}")
    listed = await text_of(ben, "/devices")
    assert "Ask Asha Rahman whether the lost photos can be taken again." in listed
    assert "Its author has not seen this yet" in listed
    assert (await audit.list_events(phone.id)).count("photos.lost") == 1

    [item] = re.findall(r'name="loss" value="([^"]+)"', losses)
    await asha.post("/losses", data={"loss": item})
    assert strip not in await text_of(asha, "/residents")
    assert "needs somebody" not in await text_of(ben, "/devices")
    assert "This photo was lost from the phone" in await text_of(asha, f"/entries/{entry.id}")


async def test_a_lost_photo_that_comes_all_the_same_is_lost_no_more(visit: Visit, world: World, phone: Phone) -> None:
    asha, taken = await visit(world.asha), shot()
    entry = await sent(world, phone, taken)
    await told(phone, asha, photos=[taken.id])
    await told(phone, asha, photos=[])

    await bring(taken.piece(), taken, world.asha, world)

    assert "lost" not in await text_of(asha, f"/entries/{entry.id}")
    assert (await told(phone, asha, photos=[]))["lost_photos"] == []
    assert await states(phone) == {taken.id: "arrived"}


async def test_one_that_is_named_again_is_on_its_way_again(visit: Visit, world: World, phone: Phone) -> None:
    asha, taken = await visit(world.asha), shot()
    entry = await sent(world, phone, taken)
    await told(phone, asha, photos=[taken.id])
    await told(phone, asha, photos=[])

    assert (await told(phone, asha, photos=[taken.id]))["lost_photos"] == []
    assert "1 photo on its way" in await text_of(asha, f"/entries/{entry.id}")
    assert "photos.found" in await audit.list_events(phone.id)


async def test_a_report_made_before_the_photo_was_saved_loses_nothing(visit: Visit, world: World, phone: Phone) -> None:
    asha, taken = await visit(world.asha), shot()
    await sent(world, phone, taken)

    assert (await told(phone, asha, photos=[]))["lost_photos"] == []  # It met the entry on its way.
    assert len((await told(phone, asha, photos=[]))["lost_photos"]) == 1


@pytest.mark.parametrize("said", [{}, {"photos": None}])
async def test_a_phone_that_does_not_say_which_photos_it_has_has_lost_none(
    visit: Visit, world: World, phone: Phone, said: dict[str, None]
) -> None:
    asha, taken = await visit(world.asha), shot()
    await sent(world, phone, taken)
    for _ in range(3):
        assert (await told(phone, asha, **said))["lost_photos"] == []
    assert await states(phone) == {taken.id: "held"}


async def test_the_photos_are_all_said_where_the_entries_are_not(visit: Visit, world: World, phone: Phone) -> None:
    asha, taken = await visit(world.asha), shot()
    await sent(world, phone, taken)
    await told(phone, asha, photos=[taken.id], is_whole=False)

    assert len((await told(phone, asha, photos=[], is_whole=False))["lost_photos"]) == 1


async def test_f6_two_photos_of_the_same_bytes_are_two_to_lose(visit: Visit, world: World, phone: Phone) -> None:
    asha, same = await visit(world.asha), picture("teal")
    one, other = shot(same), shot(same)
    await sent(world, phone, one, other)
    await told(phone, asha, photos=[one.id, other.id])

    answer = await told(phone, asha, photos=[one.id])

    assert [loss["id"] for loss in answer["lost_photos"]] == [other.id]
    assert await states(phone) == {one.id: "held", other.id: "lost"}


@pytest.mark.parametrize("was_said", [True, False])
async def test_f1_after_the_storage_was_cleared_every_photo_that_had_not_come_is_lost(
    visit: Visit, world: World, phone: Phone, was_said: bool
) -> None:
    asha, came, gone = await visit(world.asha), shot(), shot()
    await sent(world, phone, came, gone)
    if was_said:
        await told(phone, asha, photos=[came.id, gone.id])
    await bring(came.piece(), came, world.asha, world)
    after = Phone()

    answers = [await told(after, asha, lost=0, lost_device=phone.id, photos=[]) for _ in range(2)]

    assert [[loss["id"] for loss in answer["lost_photos"]] for answer in answers] == [[gone.id]] * 2
    assert (await audit.list_events(phone.id)).count("photos.lost") == 1
    assert (await models.Device.get(id=phone.id)).lost_unnamed == 0


async def test_entries_that_nobody_can_name_are_counted_beside_photos_that_can_be(
    visit: Visit, world: World, phone: Phone
) -> None:
    asha, gone = await visit(world.asha), shot()
    await sent(world, phone, gone)

    await told(Phone(), asha, lost=2, lost_device=phone.id)

    assert (await models.Device.get(id=phone.id)).lost_unnamed == 2


async def test_nobody_of_another_house_can_say_that_a_phone_has_lost_its_photos(
    visit: Visit, world: World, phone: Phone
) -> None:
    taken = shot()
    entry = await sent(world, phone, taken)

    await told(Phone(), await visit(world.chika), lost_device=phone.id, photos=[])

    assert "1 photo on its way" in await text_of(await visit(world.asha), f"/entries/{entry.id}")


async def test_a_photo_of_an_entry_that_is_held_is_told_without_a_page_to_go_to(
    visit: Visit, world: World, phone: Phone
) -> None:
    asha, taken = await visit(world.asha), shot()
    entry = entry_with(world, taken, device=phone.id, resident="oak_resident")
    await push(entry, world)
    await told(phone, asha, photos=[taken.id])
    await told(phone, asha, photos=[])

    losses = await text_of(asha, "/losses")
    assert "Photo of your entry saved" in losses
    assert entry.id not in losses


async def test_a_photo_stays_its_phones_when_the_entry_is_changed_on_another(
    visit: Visit, world: World, phone: Phone
) -> None:
    asha, taken = await visit(world.asha), shot()
    entry = await sent(world, phone, taken)
    await log_entry(changed(entry, device=Phone().id, words="Put right."), world.asha, world.now)
    await told(phone, asha, photos=[taken.id])

    assert await states(phone) == {taken.id: "held"}


@pytest.mark.parametrize("speaks_again", [True, False])
async def test_f2_f23_a_silent_phone_that_holds_only_photos_needs_somebody_too(
    visit: Visit, world: World, app: Starlette, phone: Phone, speaks_again: bool
) -> None:
    taken, other = shot(), shot()
    await sent(world, phone, taken, other)
    if speaks_again:
        await told(phone, await visit(world.asha), photos=[taken.id, other.id])
    app.state.now += timedelta(days=3)

    listed = await text_of(await visit(world.ben), "/devices")
    assert "1 phone needs somebody" in listed
    assert "2 photos by Asha Rahman, the oldest saved 20 November at 01:40" in listed
    assert await raise_reminders(app.state.now) == 1


async def test_what_the_phone_still_has_after_it_became_another_is_not_lost(
    visit: Visit, world: World, phone: Phone
) -> None:
    asha, there, gone = await visit(world.asha), shot(), shot()
    await sent(world, phone, there, gone)
    after = Phone(people=[world.asha.id])

    answer = await told(after, asha, lost_device=phone.id, photos=[there.id])

    assert [loss["id"] for loss in answer["lost_photos"]] == [gone.id]
    await told(after, asha, photos=[there.id])
    assert await states(after) == {there.id: "held"}
    assert there.id not in await states(phone)


@ON_EVERY_ENGINE
async def test_reports_and_pieces_at_once_leave_what_one_after_the_other_leave(
    visit: Visit, world: World, phone: Phone
) -> None:
    asha, stays, comes = await visit(world.asha), shot(), shot()
    await sent(world, phone, stays, comes)

    await asyncio.gather(
        *(told(phone, asha, photos=[stays.id, comes.id]) for _ in range(4)),
        *(bring(comes.piece(), comes, world.asha, world) for _ in range(4)),
    )

    assert await states(phone) == {stays.id: "held", comes.id: "arrived"}
