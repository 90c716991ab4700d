"""`ap-log policy simulate` as it is typed: on both databases, with every fault at once, and nobody's name printed."""

import asyncio
import io
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tortoise import connections

from ap_log.commands.policy import main
from ap_log.store.models import AuditRecord
from tests.cast import DEFAULT_POLICY, World
from tests.rehearsing import decided, happened

FIRMER = DEFAULT_POLICY.replace('"SUB-2" = 1', '"SUB-2" = 2')


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.toml"
    path.write_text(FIRMER, "utf-8")
    return path


@pytest.fixture
def same(tmp_path: Path) -> Path:
    path = tmp_path / "same.toml"
    path.write_text(DEFAULT_POLICY, "utf-8")
    return path


ENDED_AT_ONCE = """
import multiprocessing, os, sys
from concurrent.futures import ProcessPoolExecutor
from ap_log import processes
from ap_log.commands.policy import policy
spawn = multiprocessing.get_context("spawn")
processes.pool = lambda: ProcessPoolExecutor(1, spawn, os._exit, (9,))
sys.exit(policy(sys.argv[1:]))
"""
"""The command where every process that judges is ended as soon as it begins."""


async def typed(database: str, draft: Path, since: str, *program: str) -> tuple[int | None, str, str]:
    """The exit status and what was printed, on both streams."""
    typed = ("simulate", "--policy", str(draft), "--since", since)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *(program or ("-m", "ap_log", "policy")), *typed),
        env=os.environ | {"AP_LOG_DATABASE_URL": database},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_it_prints_what_would_have_differed_and_shows_how_far_it_is(
    world: World, database: str, draft: Path
) -> None:
    entry = await happened(world, 40)
    await decided(world, 1)
    await happened(world, 5, "oak_resident")
    await happened(world, 60, "lewis")

    status, out, err = await typed(database, draft, "2026-10-01")

    assert status == 0
    lines = out.splitlines()
    assert lines[0] == "2 of 2 episodes would have differed: 2 a higher step."
    assert lines[1] == "This looked at 2 episodes of 3 residents."
    assert "Step 1: verbal warning  Step 2: first written warning  2" in lines
    assert f"{world.residents['gwilym'].id}  2026-10-11 01:40Z  SUB-2  1     2      {entry}" in lines
    assert not any(name in out for name in ("Gwilym", "Lewis", "Aled", "X1000"))
    assert "3/3" in err


async def test_where_nothing_differs_it_says_no_more(world: World, database: str, same: Path) -> None:
    await happened(world, 40)
    status, out, _ = await typed(database, same, "2026-10-01")
    assert (status, out.splitlines()[0]) == (0, "Nothing would have differed.")
    assert len(out.splitlines()) == 2


async def test_who_reads_everybodys_history_is_on_the_audit_trail(world: World, database: str, same: Path) -> None:
    await happened(world, 40)
    await typed(database, same, "2026-10-01")
    record = await AuditRecord.get(event="policy.simulated")
    assert (record.actor_id, record.subject_kind, record.subject) == (None, "policy", None)
    assert record.details == {"label": "ap-default/1", "since": "2026-10-01T00:00:00+01:00", "residents": 3}


async def test_a_database_that_takes_no_writes_is_read_all_the_same_and_that_is_said(
    world: World, database: str, same: Path
) -> None:
    await happened(world, 40)
    async with taking_no_writes(database):
        status, out, err = await typed(database, same, "2026-10-01")
    assert (status, out.splitlines()[:1]) == (0, ["Nothing would have differed."]), err
    assert "This is not on the audit trail: the database takes no writes." in err.splitlines()
    assert "Traceback" not in err
    assert not await AuditRecord.filter(event="policy.simulated").exists()


async def test_a_process_that_is_ended_from_outside_is_said_in_a_sentence(
    world: World, database: str, same: Path
) -> None:
    await happened(world, 40)
    status, out, err = await typed(database, same, "2026-10-01", "-c", ENDED_AT_ONCE)
    assert (status, out) == (2, "")
    assert err.splitlines()[-1].startswith("One of the processes that judge was ended from outside")
    assert "Traceback" not in err


@asynccontextmanager
async def taking_no_writes(database: str) -> AsyncIterator[None]:
    """Every write is refused meanwhile; whoever reads may read."""
    if database.startswith("sqlite"):
        refusing, allowing = (
            "CREATE TRIGGER refuse BEFORE INSERT ON audit_record BEGIN SELECT 1 FROM nowhere; END",
            "DROP TRIGGER refuse",
        )
    else:
        name = urlsplit(database).path[1:]
        set_to = f'ALTER DATABASE "{name}" SET default_transaction_read_only = '
        refusing, allowing = f"{set_to}on", f"{set_to}off"
    connection = connections.get("default")
    await connection.execute_query(refusing)
    try:
        yield
    finally:
        await connection.execute_query(allowing)


def refused(draft: Path, since: str) -> list[str]:
    """What is printed where it is refused."""
    out, err = io.BytesIO(), io.StringIO()
    assert main(["simulate", "--policy", str(draft), "--since", since], io.BytesIO(), out, err) == 2
    assert not out.getvalue()
    return err.getvalue().splitlines()


def test_every_fault_of_what_was_typed_is_named_at_once(draft: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AP_LOG_DATABASE_URL", "mysql://x")
    draft.write_text(FIRMER.replace("2 = 56", "2 = -1").replace("1 = 28", "1 = 0"), "utf-8")
    faults = refused(draft, "2026-02-30")
    assert [fault.split(": ")[0] for fault in faults] == [str(draft), str(draft), "--since", "AP_LOG_DATABASE_URL"]


def test_a_database_that_is_not_there_is_not_made(draft: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AP_LOG_DATABASE_URL", f"sqlite://{tmp_path}/none.sqlite3")
    [fault] = refused(draft, "2026-10-01")
    assert "There is no database" in fault
    assert not (tmp_path / "none.sqlite3").exists()


@pytest.mark.parametrize(
    ("since", "words"),
    [
        ("2025-12-31", "The date must be 1 January 2026 or later"),
        ("2099-01-01", "The date must be today or in the past"),
    ],
)
async def test_a_day_without_a_policy_or_to_come_is_refused(
    world: World, database: str, draft: Path, since: str, words: str
) -> None:
    status, out, err = await typed(database, draft, since)
    assert (status, out) == (2, "")
    assert err.startswith(f"--since: {words}")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "cannot be read" in refused(tmp_path / "none.toml", "2026-10-01")[0]
