"""Photos that wait are drawn once, whoever does it, and one that cannot be drawn holds up no other."""

import asyncio
from datetime import timedelta

import pytest

from ap_log.actions import draw_photos
from ap_log.actions.draw_photos import BoxBroken, draw_photo
from ap_log.domain.photos import Drawing
from ap_log.store import audit, photos
from ap_log.store.models import AuditRecord, Photo
from tests.cast import World
from tests.photos import Shot, bomb, bring, declared, picture, shot


async def arrived(world: World, *shots: Shot) -> None:
    await declared(world, *shots)
    for taken in shots:
        await bring(taken.piece(), taken, world.asha, world)


async def test_a_whole_photo_is_drawn_and_its_exhibit_stays_as_it_was(world: World) -> None:
    taken = shot(picture(size=(3200, 1600)))
    await arrived(world, taken)
    assert await draw_photo(world.now)
    row = await Photo.get(id=taken.id)
    assert (row.state, row.width, row.height, row.drawn_at) == ("drawn", 1600, 800, world.now)
    assert bytes(row.content or b"") == taken.content
    assert (await photos.read_drawing(taken.id)).startswith(b"\xff\xd8\xff")
    assert await audit.list_events(taken.id) == ["photo.stored", "photo.drawn"]
    assert not await draw_photo(world.now)


async def test_a_photo_that_is_not_all_here_waits(world: World) -> None:
    taken = shot()
    await declared(world, taken)
    await bring(taken.piece(0, 700), taken, world.asha, world)
    assert not await draw_photo(world.now)


async def test_m17_what_cannot_be_drawn_is_said_to_be_and_holds_up_no_other(world: World) -> None:
    shots = [shot(bomb()), shot(picture()[:700]), shot(b"nonsense"), shot()]
    await arrived(world, *shots)
    while await draw_photo(world.now):
        pass
    assert [(await Photo.get(id=taken.id)).state for taken in shots] == ["unreadable"] * 3 + ["drawn"]
    assert await audit.list_events(shots[0].id) == ["photo.stored", "photo.unreadable"]
    assert await photos.read_content(shots[0].id) == shots[0].content


async def test_several_workers_at_once_draw_every_photo_once(world: World) -> None:
    shots = [shot() for _ in range(6)]
    await arrived(world, *shots)

    async def work() -> None:
        while await draw_photo(world.now):
            pass

    await asyncio.gather(work(), work(), work())
    assert await Photo.filter(state="drawn").count() == 6
    assert await AuditRecord.filter(event="photo.drawn").count() == 6


async def test_a_worker_that_died_leaves_its_photo_to_another_after_the_lease(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = shot()
    await arrived(world, taken)

    async def died(_: bytes) -> Drawing:
        raise BoxBroken

    with monkeypatch.context() as patch:
        patch.setattr(draw_photos, "draw_in_box", died)
        with pytest.raises(BoxBroken):
            await draw_photo(world.now)
    assert not await draw_photo(world.now + photos.LEASE - timedelta(seconds=1))
    assert await draw_photo(world.now + photos.LEASE)
    assert (await Photo.get(id=taken.id)).state == "drawn"


async def test_one_that_broke_goes_behind_those_that_nobody_tried(world: World) -> None:
    first, second = shot(), shot()
    await arrived(world, first)
    await photos.claim_undrawn(world.now)
    await arrived(world, second)
    assert await photos.claim_undrawn(world.now + photos.LEASE) == second.id


async def test_a_clock_that_went_back_leaves_no_photo_undrawn(world: World) -> None:
    taken = shot()
    await arrived(world, taken)
    await photos.claim_undrawn(world.now + timedelta(days=3))
    assert await draw_photo(world.now)
    assert (await Photo.get(id=taken.id)).state == "drawn"


async def test_a_worker_that_comes_back_late_changes_nothing(world: World) -> None:
    taken = shot()
    await arrived(world, taken)
    await draw_photo(world.now)
    assert not await photos.record_unreadable(taken.id, world.now)
    assert not await photos.record_drawn(taken.id, Drawing(1, 1, b"x"), world.now)
    assert (await Photo.get(id=taken.id)).width == 640
