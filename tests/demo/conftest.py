"""The demo, made once for the whole run, and ways to live through less of it."""

import asyncio
import fcntl
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

import pytest

from ap_log.demo.agenda import Agenda
from ap_log.demo.cast import Company, settle_cast
from ap_log.demo.create import SEED, create
from ap_log.demo.history import History
from ap_log.demo.houses import settle_residents
from ap_log.demo.moments import Logged, Voided
from ap_log.store import engine, policies

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
"""A Friday morning; the clocks went back within the ninety days before it."""


@dataclass(frozen=True)
class Made:
    """A whole demo: its file, and the time it was made at."""

    url: str
    now: datetime


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Made:
    """The whole demo as `ap-log demo create` makes it. Tests read it and change nothing.

    Test processes that run beside each other share it: the second to ask waits, and finds it there.
    """
    folder = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    url = f"sqlite://{folder / 'demo' / 'demo.sqlite3'}"
    with (folder / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        asyncio.run(create(url, NOW, lambda _: None))
    return Made(url, NOW)


@pytest.fixture
async def demo(made: Made) -> AsyncIterator[Made]:
    """The whole demo, with this process connected to it."""
    await engine.connect(made.url)
    yield made
    await engine.disconnect()


@pytest.fixture
async def sqlite(sqlite_url: str) -> AsyncIterator[str]:
    """An empty SQLite database with this process connected to it."""
    await engine.connect(sqlite_url)
    yield sqlite_url
    await engine.disconnect()


async def live(moments: Iterable[Logged | Voided], now: datetime, seed: int = SEED) -> tuple[Company, dict[str, str]]:
    """Live through some moments in the empty database this process is connected to."""
    random = Random(seed)
    await policies.add_shipped_policy(now)
    company = await settle_cast(now, random)
    residents = await settle_residents(company, now)
    agenda = Agenda(now, random)
    await History(company, residents, agenda).live(moments, lambda _: None)
    return company, residents
