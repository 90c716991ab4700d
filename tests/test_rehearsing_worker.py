"""Rehearsals in real workers: two at once, one killed in the middle of its work, and one that is told to stop there."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ap_log import clock
from ap_log.store.models import Entry, Rehearsal, RehearsalDifference, Resident, new_id
from ap_log.store.rehearsals import LEASE
from tests.cast import World
from tests.rehearsing import asked, drafted, happened
from tests.waiting import until

RESIDENTS = 150
SLOW = """
import asyncio
from ap_log import settings, worker
from ap_log.store import history
history.CHUNK = 1
asyncio.run(worker.run(settings.from_environment()))
"""
"""A worker that reads one resident at a time, so that there is a middle of its work to be killed in."""


@pytest.fixture
async def rehearsal(world: World) -> str:
    """A rehearsal of many residents, each with one episode that would differ and one that would not."""
    await happened(world, 30)
    like = (await Resident.filter(id=world.residents["gwilym"].id).values())[0]
    entry = (await Entry.all().values())[0]
    crowd = [like | {"id": new_id(), "crn": f"Y{number:06}"} for number in range(RESIDENTS)]
    await Resident.bulk_create([Resident(**each) for each in crowd])
    del entry["sequence"]
    of_each: list[dict[str, Any]] = [{}, {"code": "RES-1", "occurred_at": world.now - timedelta(days=9)}]
    entries = [entry | {"entry_id": new_id(), "resident_id": each["id"]} | more for each in crowd for more in of_each]
    await Entry.bulk_create([Entry(**each) for each in entries])
    name = await asked(world, await drafted(world))
    await Rehearsal.filter(id=name).update(asked_at=clock.now())  # The workers have the real time.
    return name


@asynccontextmanager
async def started(database: str, count: int = 1) -> AsyncIterator[list[asyncio.subprocess.Process]]:
    environment = os.environ | {"AP_LOG_DATABASE_URL": database}
    workers = [await asyncio.create_subprocess_exec(sys.executable, "-c", SLOW, env=environment) for _ in range(count)]
    try:
        yield workers
    finally:
        for worker in workers:
            if worker.returncode is None:
                worker.send_signal(signal.SIGTERM)
                # One that had nothing to do may not have begun to listen for signals.
                assert await asyncio.wait_for(worker.wait(), 20) in (0, -signal.SIGTERM)


async def is_begun() -> bool:
    return await Rehearsal.filter(residents_done__gt=2).exists()


async def is_done() -> bool:
    return await Rehearsal.filter(finished_at__isnull=False).exists()


async def all_was_found_once() -> None:
    row = await Rehearsal.get()
    assert not row.faults
    assert row.summary
    assert row.summary["episodes"] == 2 * RESIDENTS + 1
    [pair] = row.summary["pairs"]
    assert (pair["then"], pair["draft"], pair["count"]) == ("1", "2", RESIDENTS + 1)
    found = await RehearsalDifference.all().values_list("resident_id", flat=True)
    assert len(found) == len(set(found)) == RESIDENTS + 1


def children(worker: asyncio.subprocess.Process) -> list[Path]:
    pids = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text("ascii").split()
    return [Path("/proc", pid) for pid in pids]


def has_ended(process: Path) -> bool:
    """What has ended and was not waited for is still listed, with nothing in its command line."""
    try:
        return not (process / "cmdline").read_bytes()
    except FileNotFoundError:
        return True


async def test_two_workers_at_once_find_everything_once(rehearsal: str, database: str) -> None:
    async with started(database, 2):
        await until(is_done)
    await all_was_found_once()


async def test_one_killed_in_the_middle_leaves_nothing_behind_and_another_begins_again(
    rehearsal: str, database: str
) -> None:
    async with started(database) as [worker]:
        await until(is_begun)
        judging = children(worker)
        worker.kill()
        await worker.wait()
    assert judging
    assert not await is_done()

    async def have_gone() -> bool:
        return all(has_ended(process) for process in judging)

    await until(have_gone)
    row = await Rehearsal.get()
    assert row.worked_at
    await Rehearsal.filter(id=rehearsal).update(worked_at=row.worked_at - LEASE)  # As if a minute had gone by.
    async with started(database):
        await until(is_done)
    await all_was_found_once()


async def test_one_told_to_stop_leaves_at_once_and_gives_it_back(rehearsal: str, database: str) -> None:
    async with started(database) as [worker]:
        await until(is_begun)
        worker.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(worker.wait(), 20) == 0
    row = await Rehearsal.get()
    assert (row.finished_at, row.worked_at) == (None, None)
    async with started(database):
        await until(is_done)
    await all_was_found_once()
