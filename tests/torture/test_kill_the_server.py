"""kill −9 of the real server while several phones push: what was acknowledged is there, and is there once."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

import httpx2
import msgspec
import pytest

from ap_log.domain.people import Actor
from ap_log.domain.sync import Push, PushAnswer, PushedEntry, Receipt
from ap_log.security.sessions import LOOPBACK_COOKIE, new_token, token_hash
from ap_log.store import engine, models, sessions
from tests.browser.serving import Served, serving
from tests.cast import World, an_entry, settle
from tests.waiting import until

KILLS = 4
BETWEEN_KILLS = (20, 60)
"""How many entries are acknowledged before the next kill, at least and at most."""
STUCK_SECONDS = 120
"""On a busy machine. On an idle one it takes a tenth."""

PHONES = ("asha", "ben", "rob", "nia")
HEADERS = {"content-type": "application/json", "sec-fetch-site": "same-origin"}


@dataclass
class Tally:
    """What the phones know: the receipt of each entry that was acknowledged, and how often an answer was lost."""

    receipts: dict[str, Receipt] = field(default_factory=dict)
    pushed: dict[str, PushedEntry] = field(default_factory=dict)
    lost_answers: int = 0


@pytest.mark.slow
async def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(database_url: str) -> None:
    world, tokens = await _house(database_url)
    tally = Tally()
    async with serving(database_url, "web") as served:
        stop = asyncio.Event()
        async with asyncio.timeout(STUCK_SECONDS), asyncio.TaskGroup() as phones:
            for key in PHONES:
                phones.create_task(_push_until(stop, served, world, key, tokens[key], tally))
            await _kill_again_and_again(served, tally)
            stop.set()
        await _same_receipts_again(served, tokens["asha"], world.asha, tally)
    async with _connected(database_url):
        rows = {row.entry_id: row for row in await models.Entry.all()}
        count, audited = await models.Entry.all().count(), await models.AuditRecord.filter(event="entry.stored").count()
    lost = tally.receipts.keys() - rows.keys()
    print(  # noqa: T201 the counts are what this test is for
        f"\n{KILLS} kills, {len(tally.receipts)} acknowledged, {count} stored, {len(lost)} lost,"
        f" {count - len(rows)} doubled, {tally.lost_answers} pushes without an answer"
    )
    assert lost == set()
    assert count == audited == len(rows)
    assert rows.keys() <= tally.pushed.keys()
    stored = {key: (rows[key].sequence, rows[key].sha256) for key in tally.receipts}
    assert stored == {key: (receipt.sequence, receipt.sha256) for key, receipt in tally.receipts.items()}


async def _house(database_url: str) -> tuple[World, dict[str, str]]:
    async with _connected(database_url):
        world = await settle(datetime.now(UTC))
        tokens = {key: new_token() for key in PHONES}
        for key, token in tokens.items():
            await sessions.add_session(world.actors[key].id, token_hash(token), world.now)
        return world, tokens


async def _push_until(stop: asyncio.Event, served: Served, world: World, key: str, token: str, tally: Tally) -> None:
    """One phone: makes an entry, sends it until there is a receipt for it, and makes the next."""
    async with httpx2.AsyncClient(base_url=served.origin, headers=HEADERS, cookies={LOOPBACK_COOKIE: token}) as client:
        while not stop.is_set():
            resident, signs = random.choice(("gwilym", "lewis")), random.choice(([], [], [], ["smell"]))
            entry = an_entry(world, author=key, resident=resident, signs=signs)
            tally.pushed[entry.id] = entry
            while entry.id not in tally.receipts and not stop.is_set():
                await _push(client, entry, tally)


async def _push(client: httpx2.AsyncClient, entry: PushedEntry, tally: Tally) -> None:
    try:
        response = await client.post("/api/sync", content=msgspec.json.encode(Push((entry,))))
    except httpx2.TransportError:
        tally.lost_answers += 1
        await asyncio.sleep(0.1)
        return
    assert response.status_code in (200, 503), response.text
    if response.status_code == 200:
        [result] = msgspec.json.decode(response.content, type=PushAnswer).results
        if result.receipt is not None:
            assert (result.receipt.id, result.receipt.sha256) == (entry.id, entry.sha256)
            tally.receipts[entry.id] = result.receipt
        else:
            assert result.problem is not None
            assert result.problem.status == 503, result.problem


def _has_receipts(tally: Tally, count: int) -> bool:
    return len(tally.receipts) >= count


async def _kill_again_and_again(served: Served, tally: Tally) -> None:
    for _ in range(KILLS):
        enough = len(tally.receipts) + random.randint(*BETWEEN_KILLS)
        await until(partial(_has_receipts, tally, enough), 600)
        await served.stop("web", signal.SIGKILL)
        await served.start("web")


async def _same_receipts_again(served: Served, token: str, actor: Actor, tally: Tally) -> None:
    """A receipt is the same for ever, also from a server that never saw the first push."""
    receipted = [entry for entry in tally.pushed.values() if entry.id in tally.receipts]
    mine = [entry for entry in receipted if actor.id in (entry.body or "")][:20]
    async with httpx2.AsyncClient(base_url=served.origin, headers=HEADERS, cookies={LOOPBACK_COOKIE: token}) as client:
        response = await client.post("/api/sync", content=msgspec.json.encode(Push(tuple(mine))))
    results = msgspec.json.decode(response.content, type=PushAnswer).results
    assert [one.receipt for one in results] == [tally.receipts[entry.id] for entry in mine]


@asynccontextmanager
async def _connected(database_url: str) -> AsyncIterator[None]:
    await engine.connect(database_url)
    try:
        yield
    finally:
        await engine.disconnect()
