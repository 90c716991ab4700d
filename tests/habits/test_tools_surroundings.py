"""What surrounds a test: no network, a database of its own, and a browser or a sentence that says how to get one."""

import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tortoise import connections

from scripts import chromium
from tests.network import NetworkIsOff, is_this_machine


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", b"localhost", None, ""])
def test_this_machine_may_be_reached(host: str | bytes | None) -> None:
    assert is_this_machine(host)


@pytest.mark.parametrize("host", ["example.org", "10.0.0.1", "192.168.1.1", "2001:db8::1", "localhost.example.org"])
def test_nothing_else_may(host: str) -> None:
    assert not is_this_machine(host)


@pytest.mark.parametrize(
    "reach",
    [
        lambda: socket.create_connection(("192.0.2.1", 80), timeout=1),
        lambda: socket.socket().connect_ex(("192.0.2.1", 80)),
        lambda: socket.getaddrinfo("example.org", 80),
    ],
    ids=["connect", "connect_ex", "look up a name"],
)
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")  # the refused socket is left for the collector
def test_a_test_that_leaves_this_machine_fails_with_the_address(reach: Callable[[], object]) -> None:
    with pytest.raises(NetworkIsOff, match=r"192\.0\.2\.1|example\.org"):
        reach()


async def rows_in_probe() -> int:
    database = connections.get("default")
    await database.execute_script("CREATE TABLE IF NOT EXISTS probe (n integer)")
    await database.execute_script("INSERT INTO probe VALUES (1)")
    return int((await database.execute_query_dict("SELECT count(*) AS n FROM probe"))[0]["n"])


@pytest.mark.parametrize("turn", ["first", "second"])
@pytest.mark.usefixtures("database")
async def test_a_test_finds_nothing_that_another_wrote(turn: str) -> None:
    assert await rows_in_probe() == 1, turn


TABLES = {
    "sqlite": "SELECT name FROM sqlite_master",
    "postgresql": "SELECT tablename AS name FROM pg_tables",
}


async def test_the_database_is_of_the_engine_its_url_names_and_is_migrated(database: str) -> None:
    tables = await connections.get("default").execute_query_dict(TABLES[urlsplit(database).scheme])
    assert "entry" in {table["name"] for table in tables}


def test_a_browser_that_is_asked_for_and_missing_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "chromium"))
    with pytest.raises(SystemExit, match="which is not a file"):
        chromium.find()


def test_the_browser_that_is_asked_for_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked_for = tmp_path / "chromium"
    asked_for.touch()
    monkeypatch.setenv("CHROMIUM", str(asked_for))
    assert chromium.find() == asked_for


def test_no_browser_is_a_failure_that_says_what_to_do() -> None:
    installed: list[str] = []
    with pytest.raises(SystemExit, match="Install the package `chromium`"):
        chromium.find_or_install(find=lambda: None, install=lambda: installed.append("tried"))
    assert installed == ["tried"]


def test_a_browser_that_is_there_is_not_installed_again(tmp_path: Path) -> None:
    assert chromium.find_or_install(find=lambda: tmp_path, install=lambda: pytest.fail("installed")) == tmp_path
