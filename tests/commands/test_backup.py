"""`ap-log backup`: what it prints, and the status it leaves with."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ap_log import __main__ as command_line
from ap_log import clock
from ap_log.actions.log_entries import log_entry
from ap_log.commands.backup import backup
from ap_log.store import engine, installation
from ap_log.store.installation import Safekeeping
from tests.cast import an_entry, settle


@pytest.fixture
def live(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with two entries, one a day old and one an hour, as the environment names it."""

    async def fill() -> None:
        await engine.connect(sqlite_url)
        now = clock.now()
        world = await settle(now - timedelta(days=2))
        await log_entry(an_entry(world), world.asha, now - timedelta(days=1))
        await log_entry(an_entry(world), world.asha, now - timedelta(hours=1))
        await engine.disconnect()

    asyncio.run(fill())
    monkeypatch.setenv("AP_LOG_DATABASE_URL", sqlite_url)
    return sqlite_url


@pytest.fixture
def copy(live: str, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(engine.sqlite_file(live), tmp_path / "copy.sqlite3"))


def kept(url: str) -> Safekeeping:
    async def ask() -> Safekeeping:
        await engine.connect(url)
        try:
            return await installation.get_safekeeping()
        finally:
            await engine.disconnect()

    return asyncio.run(ask())


def change(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(statement)


def test_a_good_backup_is_said_to_be_one(live: str, copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert backup(["verify", f"sqlite://{copy}"]) == 0

    said = capsys.readouterr().out
    assert "Looked for 2 entries." in said
    assert "Phones may let go of that." in said
    assert isinstance(kept(live).backed_up_to, datetime)


def test_a_backup_with_a_hole_is_named_and_leaves_with_1(
    live: str, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(copy, "DELETE FROM entry WHERE sequence = (SELECT min(sequence) FROM entry)")

    assert backup(["verify", f"sqlite://{copy}"]) == 1
    said = capsys.readouterr().out
    assert "Missing: entry " in said
    assert "do not rely on it" in said
    assert kept(live).backed_up_to is None


def test_an_older_backup_says_how_much_came_after_it(live: str, copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(copy, "DELETE FROM entry WHERE sequence = (SELECT max(sequence) FROM entry)")

    assert backup(["verify", f"sqlite://{copy}"]) == 0
    assert "1 came after the copy was made" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("LIVE", "the live database itself"),
        ("sqlite:///nowhere/at-all", "cannot be read"),
        ("mysql://host/name", "sqlite:// or postgres://"),
    ],
)
def test_what_cannot_be_compared_is_said_and_leaves_with_2(
    live: str, url: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert backup(["verify", live if url == "LIVE" else url]) == 2
    assert said in capsys.readouterr().err


def test_after_a_restore_there_is_another_epoch(
    live: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept(live).restore_epoch
    monkeypatch.setattr("sys.argv", ["ap-log", "backup", "restored"])

    assert command_line.main() == 0
    assert kept(live).restore_epoch not in ("", before)
    assert "sends again what is missing" in capsys.readouterr().out
