"""F11: one entry sent twenty times at once to three servers on one database. SQLite has one server by design."""

import asyncio
import random
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import httpx2
import msgspec
import pytest

from ap_log.domain.sync import Push, PushAnswer, PushedEntry
from ap_log.security.sessions import LOOPBACK_COOKIE, new_token, token_hash
from ap_log.store import models, sessions
from tests.browser.profiles import connected
from tests.browser.serving import serving
from tests.cast import an_entry, settle

SERVERS, TIMES = 3, 20
HEADERS = {"content-type": "application/json", "sec-fetch-site": "same-origin"}


@pytest.mark.torture
@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
async def test_f11_the_same_entry_sent_to_three_servers_at_once_is_one_of_everything(database_url: str) -> None:
    async with connected(database_url):
        world = await settle(datetime.now(UTC))
        token = new_token()
        await sessions.add_session(world.asha.id, token_hash(token), world.now)
    entry = an_entry(world)
    async with AsyncExitStack() as stack:
        served = [await stack.enter_async_context(serving(database_url, "web")) for _ in range(SERVERS)]
        answers = await asyncio.gather(*(_push(served[n % SERVERS].origin, token, entry) for n in range(TIMES)))
    assert len({answer.results for answer in answers}) == 1
    receipt = answers[0].results[0].receipt
    assert receipt is not None
    assert (receipt.id, receipt.sha256) == (entry.id, entry.sha256)
    async with connected(database_url):
        counted = (models.Entry, models.Recommendation, models.Notice, models.OutboxMessage)
        assert [await table.all().count() for table in counted] == [1, 1, 1, 1]


async def _push(origin: str, token: str, entry: PushedEntry) -> PushAnswer:
    await asyncio.sleep(random.uniform(0, 0.2))
    async with httpx2.AsyncClient(
        base_url=origin, headers=HEADERS, cookies={LOOPBACK_COOKIE: token}, timeout=60
    ) as client:
        response = await client.post("/api/sync", content=msgspec.json.encode(Push((entry,))))
    assert response.status_code == 200, response.text
    return msgspec.json.decode(response.content, type=PushAnswer)
