"""The worker as a process beside the server: it delivers, passes on, survives failures and stops when told to."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from ap_log import clock, worker
from ap_log.store.models import Notice, OutboxMessage
from tests.cast import World
from tests.notices import decided
from tests.notify.mail_servers import MailServer, mail_server
from tests.waiting import until

START = "import asyncio; from ap_log import settings, worker; asyncio.run(worker.run(settings.from_environment()))"


@asynccontextmanager
async def running(database: str, server: MailServer, workers: int) -> AsyncIterator[list[asyncio.subprocess.Process]]:
    environment = os.environ | {
        "AP_LOG_DATABASE_URL": database,
        "AP_LOG_SMTP_URL": server.url(),
        "AP_LOG_MAIL_FROM": "ap-log@example.invalid",
    }
    started = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", START, env=environment) for _ in range(workers)
    ]
    try:
        yield started
    finally:
        for process in started:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
        assert [await asyncio.wait_for(process.wait(), 20) for process in started] == [0] * workers


async def test_two_workers_at_once_send_everything_once_and_pass_it_on_once(world: World, database: str) -> None:
    long_ago = clock.now() - timedelta(hours=30)
    for resident in ("gwilym", "lewis"):
        await decided(world, 4, long_ago, happening="supply", resident=resident)
    async with mail_server() as server, running(database, server, workers=2):

        async def are_sent() -> bool:
            return await OutboxMessage.filter(sent_at__isnull=False).count() >= 8

        await until(are_sent)
        await asyncio.sleep(2 * worker.POLL)  # Time for a second message, if one is ever sent.
    recipients = sorted(address for envelope in server.envelopes for address in envelope.rcpt_tos)
    names = ["dev", "farah", "sian", "tom"]
    assert recipients == sorted(f"{name}@example.invalid" for name in names * 2)
    assert await Notice.filter(recipient_id=world.tom.id).count() == 2


async def test_a_failing_job_is_tried_again_and_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "POLL", 0.001)
    stopping, tries, done = asyncio.Event(), count(1), []

    async def fails(now: datetime) -> bool:
        if next(tries) > 3:
            stopping.set()
        raise RuntimeError("no database today")

    async def works(now: datetime) -> bool:
        done.append(now)
        return False

    await asyncio.wait_for(worker.work([fails, works], stopping), 5)
    assert len(done) > 1
    assert done[0].tzinfo is UTC


async def test_a_job_with_more_to_do_goes_on_without_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "POLL", 3600)
    stopping, left = asyncio.Event(), [True] * 50

    async def takes_one(now: datetime) -> bool:
        left.pop()
        if not left:
            stopping.set()
        return True

    await asyncio.wait_for(worker.work([takes_one], stopping), 5)
    assert not left


async def test_told_to_stop_it_finishes_what_it_has_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "POLL", 3600)
    stopping, begun, finished = asyncio.Event(), asyncio.Event(), []

    async def slow(now: datetime) -> bool:
        begun.set()
        await asyncio.sleep(0.05)
        finished.append(now)
        return True

    working = asyncio.create_task(worker.work([slow], stopping))
    await begun.wait()
    stopping.set()
    await asyncio.wait_for(working, 5)
    assert len(finished) == 1
