"""A transaction ends by itself, whoever gives up waiting for it."""

import asyncio
import sys
from datetime import datetime
from functools import partial

import pytest

from ap_log.domain.errors import Unavailable
from ap_log.store import engine
from ap_log.store import transaction as door
from ap_log.store.models import Premises
from ap_log.store.transaction import Duplicate, finish_transactions, transaction

REQUESTS = 3000


async def _add(name: str) -> str:
    premises = await Premises.create(name=name)
    return str(premises.id)


async def test_thousands_of_cancelled_requests_leave_the_database_usable_and_every_row_whole(database: str) -> None:
    """Tortoise's own context manager is unusable after a handful of these (SQLite 5, PostgreSQL 61)."""
    for batch in range(0, REQUESTS, 100):
        tasks = [asyncio.create_task(transaction(partial(_add, f"{batch + i}"))) for i in range(100)]
        for turn, task in enumerate(tasks):
            if turn % 7 == 0:
                await asyncio.sleep(0)
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    await finish_transactions()
    async with asyncio.timeout(5):
        kept = await Premises.all().count()
    started = await Premises.all().values_list("name", flat=True)
    assert len(set(started)) == kept > 0
    assert await transaction(partial(_add, "after")) is not None


async def test_nothing_remains_of_work_that_failed(database: str) -> None:
    async def work() -> None:
        await _add("half-written")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await transaction(work)
    assert await Premises.all().count() == 0


async def test_work_that_takes_too_long_is_rolled_back_and_says_unavailable(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "TIME_LIMIT", 0.05)

    async def work() -> None:
        await _add("slow")
        await asyncio.sleep(5)

    with pytest.raises(Unavailable):
        await transaction(work)
    assert await Premises.all().count() == 0
    assert await transaction(partial(_add, "next")) is not None


async def test_a_row_that_must_be_the_only_one_is_a_duplicate_and_leaves_the_connection_usable(
    database: str, now: datetime
) -> None:
    async def work() -> None:
        await Premises.create(id="one", name="first")
        await Premises.create(id="one", name="second")

    with pytest.raises(Duplicate):
        await transaction(work)
    assert await Premises.all().count() == 0


async def test_healthy_transactions_that_queue_longer_than_a_stuck_one_may_last_all_succeed(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite has one lock for all: the twelfth waits for eleven others, and nothing is wrong."""
    left = []
    monkeypatch.setattr(door, "STUCK_LIMIT", 0.4)
    monkeypatch.setattr(door, "_leave", lambda: left.append("left"))

    async def work(name: str) -> None:
        await _add(name)
        await asyncio.sleep(0.1)

    await asyncio.gather(*(transaction(partial(work, f"{turn}")) for turn in range(12)))

    assert left == []
    assert await Premises.all().count() == 12


async def test_who_waits_too_long_for_a_turn_is_told_so_and_nothing_is_lost_to_the_others(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "TURN_LIMIT", 0.1)
    go_on = asyncio.Event()

    async def slow() -> None:
        await go_on.wait()

    under_way = [asyncio.create_task(transaction(slow)) for _ in range(engine.turns()._value)]
    await asyncio.sleep(0)
    for _ in range(5):
        with pytest.raises(Unavailable):
            await transaction(partial(_add, "too late"))
    go_on.set()
    await asyncio.gather(*under_way)

    assert await transaction(partial(_add, "next")) is not None
    assert await Premises.all().count() == 1


STUCK = """
import asyncio, sys
from ap_log.store import engine, transaction as door

async def work():
    while True:  # Takes no notice of being told to stop.
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            pass

async def main():
    await engine.connect(sys.argv[1])
    door.TIME_LIMIT, door.STUCK_LIMIT = 0.1, 0.5
    await door.transaction(work)

asyncio.run(main())
"""


async def test_a_process_whose_transaction_is_stuck_leaves_with_status_70(database_url: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", STUCK, database_url, stderr=asyncio.subprocess.PIPE
    )
    _, said = await asyncio.wait_for(process.communicate(), 30)

    assert process.returncode == 70
    assert b"A transaction is stuck" in said
