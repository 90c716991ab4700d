"""What is wrong around it stops either process at its start: a sentence, status 2, and no traceback."""

import asyncio
import os
import signal
import socket
import sys
from datetime import datetime
from pathlib import Path

import pytest

from ap_log.store import engine, models
from tests.browser.serving import free_port
from tests.cast import settle
from tests.sealing import keys_file

PROCESSES = pytest.mark.parametrize("process", ["web", "worker"])


async def refused(process: str, url: str, **settings: str) -> str:
    """Start the process and return what it said when it left by itself, with status 2."""
    started = await _start(process, url, **settings)
    try:
        _, said = await asyncio.wait_for(started.communicate(), 30)
    finally:
        if started.returncode is None:
            started.kill()
    assert started.returncode == 2, said
    assert b"Traceback" not in said
    return said.decode()


async def _start(process: str, url: str, **settings: str) -> asyncio.subprocess.Process:
    port = str(free_port())
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AP_LOG_")}
    environment |= {
        "AP_LOG_DATABASE_URL": url,
        "AP_LOG_SEALING_KEYS": str(keys_file()),
        "AP_LOG_PORT": port,
        "AP_LOG_ORIGIN": f"http://localhost:{port}",
        **settings,
    }
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "ap_log",
        process,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@PROCESSES
async def test_a_database_that_is_not_there_is_not_made_by_looking(process: str, tmp_path: Path) -> None:
    said = await refused(process, f"sqlite://{tmp_path / 'slip.sqlite3'}")

    assert "run ap-log migrate" in said
    assert os.listdir(tmp_path) == []


@PROCESSES
async def test_a_database_without_tables_is_to_be_migrated(process: str, tmp_path: Path) -> None:
    (tmp_path / "empty.sqlite3").touch()

    assert "run ap-log migrate" in await refused(process, f"sqlite://{tmp_path / 'empty.sqlite3'}")


@PROCESSES
async def test_a_database_server_that_does_not_answer_is_named(process: str) -> None:
    said = await refused(process, f"postgres://ap_log:secret@127.0.0.1:{free_port()}/ap_log")

    assert said.startswith("The database of AP_LOG_DATABASE_URL cannot be opened")
    assert "secret" not in said


@PROCESSES
async def test_a_database_without_a_policy_is_refused(process: str, database_url: str) -> None:
    assert "The published policy cannot be loaded" in await refused(process, database_url)


@PROCESSES
async def test_a_policy_that_cannot_be_loaded_is_refused_with_its_faults(
    process: str, database: str, now: datetime
) -> None:
    await models.PolicyVersion.create(
        label="broken 1", version=1, effective_from=now, text="nonsense", published_at=now
    )

    said = await refused(process, database)

    assert said.startswith("The published policy cannot be loaded:\n")
    assert len(said.splitlines()) > 1


@PROCESSES
async def test_a_demos_database_without_the_demos_door_is_refused(process: str, database: str, now: datetime) -> None:
    await settle(now)
    await models.Installation.all().update(is_demo=True)

    assert (await refused(process, database)).startswith("AP_LOG_DEMO is not 1")


async def test_a_demo_whose_mail_has_no_port_is_refused(sqlite_url: str, now: datetime) -> None:
    await _make_demo(sqlite_url, now)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        mail = f"smtp://127.0.0.1:{taken.getsockname()[1]}"

        said = await refused("web", sqlite_url, AP_LOG_DEMO="1", AP_LOG_SMTP_URL=mail)

    assert said.startswith("AP_LOG_SMTP_URL: the demo cannot receive mail")


async def test_a_demo_says_where_it_is_once_it_answers_there(sqlite_url: str, now: datetime) -> None:
    await _make_demo(sqlite_url, now)
    web = await _start("web", sqlite_url, AP_LOG_DEMO="1", AP_LOG_SMTP_URL=f"smtp://127.0.0.1:{free_port()}")
    assert web.stdout is not None

    said = (await asyncio.wait_for(web.stdout.readline(), 30)).decode()

    address = said.removeprefix("AP Log: http://").strip()
    _, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
    writer.close()
    await writer.wait_closed()
    web.send_signal(signal.SIGTERM)
    await asyncio.wait_for(web.communicate(), 30)


async def _make_demo(url: str, now: datetime) -> None:
    await engine.connect(url)
    try:
        await settle(now)
        await models.Installation.all().update(is_demo=True)
    finally:
        await engine.disconnect()


async def test_web_does_not_start_without_its_sealing_keys(database: str, now: datetime, tmp_path: Path) -> None:
    await settle(now)

    said = await refused("web", database, AP_LOG_SEALING_KEYS=str(tmp_path / "nowhere.json"))

    assert said.startswith("The sealing keys of AP_LOG_SEALING_KEYS cannot be read")
    assert "Run ap-log migrate" in said
