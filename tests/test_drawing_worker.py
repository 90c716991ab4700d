"""Photos in real workers: what harms the box harms no worker, and one that is killed leaves its photo to the next."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from ap_log import clock
from ap_log.store.models import Photo
from ap_log.store.photos import LEASE
from tests.cast import World
from tests.photos import bomb, bring, declared, picture, shot
from tests.waiting import until

START = "import asyncio; from ap_log import settings, worker; asyncio.run(worker.run(settings.from_environment()))"


@asynccontextmanager
async def working(database: str, count: int) -> AsyncIterator[list[asyncio.subprocess.Process]]:
    environment = os.environ | {"AP_LOG_DATABASE_URL": database}
    workers = [await asyncio.create_subprocess_exec(sys.executable, "-c", START, env=environment) for _ in range(count)]
    try:
        yield workers
    finally:
        for worker in workers:
            if worker.returncode is None:
                worker.send_signal(signal.SIGTERM)
                assert await asyncio.wait_for(worker.wait(), 60) == 0


async def until_none_waits() -> None:
    async def is_none() -> bool:
        return not await Photo.filter(state="whole").exists()

    await until(is_none, 120)


async def test_two_workers_draw_what_can_be_drawn_and_outlive_what_cannot(world: World, database: str) -> None:
    shots = [shot(bomb(6000, 6000)), shot(b"nonsense"), shot(picture()[:900]), shot(), shot()]
    await declared(world, *shots)
    for taken in shots:
        await bring(taken.piece(), taken, world.asha, world)
    async with working(database, 2) as workers:
        await until_none_waits()
        assert [worker.returncode for worker in workers] == [None, None]
    states = [(await Photo.get(id=taken.id)).state for taken in shots]
    assert states == ["unreadable"] * 3 + ["drawn"] * 2


async def test_a_photo_whose_worker_was_killed_is_drawn_by_the_next(world: World, database: str) -> None:
    taken = shot(bomb(5000, 5000))
    await declared(world, taken)
    await bring(taken.piece(), taken, world.asha, world)
    async with working(database, 1) as [worker]:
        await until(Photo.filter(drawn_at__isnull=False).exists)
        worker.kill()
        await worker.wait()
    assert (await Photo.get(id=taken.id)).state == "whole"
    await Photo.filter(id=taken.id).update(drawn_at=clock.now() - LEASE - timedelta(seconds=1))  # Two minutes go by.
    async with working(database, 1):
        await until_none_waits()
    assert (await Photo.get(id=taken.id)).state == "drawn"
