"""A transaction ends by itself, whoever gives up waiting for it."""

import asyncio
from datetime import datetime
from functools import partial

import pytest

from ap_log.domain.errors import Unavailable
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
