"""A database that would lose what it acknowledged is refused, and the migrations make what the models say."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tortoise import Tortoise, connections

from ap_log.store import engine
from ap_log.store.migrating import migrate


async def test_the_durability_settings_of_a_fresh_connection_are_safe(database: str) -> None:
    assert await engine.durability_faults(database) == []


@pytest.mark.parametrize(
    ("pragma", "words"),
    [
        ("synchronous=NORMAL", "SQLite's synchronous is 1, and must be 2"),
        ("synchronous=OFF", "SQLite's synchronous is 0, and must be 2"),
        ("foreign_keys=OFF", "SQLite's foreign_keys is 0, and must be 1"),
        ("journal_mode=DELETE", "SQLite's journal_mode is delete, and must be wal"),
    ],
)
async def test_a_careless_sqlite_setting_is_named(sqlite_url: str, pragma: str, words: str) -> None:
    await engine.connect(sqlite_url)
    try:
        await connections.get("default").execute_query(f"PRAGMA {pragma}")
        assert await engine.durability_faults(sqlite_url) == [words]
    finally:
        await engine.disconnect()


async def test_postgresql_that_answers_before_it_has_written_is_refused(postgres_url: str) -> None:
    await engine.connect(postgres_url)
    try:
        name = urlsplit(postgres_url).path.removeprefix("/")
        await connections.get("default").execute_query(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    finally:
        await engine.disconnect()
    with pytest.raises(engine.UnsafeDatabase, match="synchronous_commit is off"):
        await engine.connect(postgres_url)


async def test_migrating_twice_changes_nothing(sqlite_url: str) -> None:
    before = _shape(Path(sqlite_url.removeprefix("sqlite://")))
    await migrate(sqlite_url)
    assert _shape(Path(sqlite_url.removeprefix("sqlite://"))) == before


async def test_the_migrations_make_exactly_what_the_models_say(sqlite_url: str, tmp_path: Path) -> None:
    """Tortoise's SQLite migrations can lose indexes and unique constraints without a word."""
    generated = tmp_path / "generated.sqlite3"
    generated.touch()
    await engine.connect(f"sqlite://{generated}")
    await Tortoise.generate_schemas()
    await engine.disconnect()
    migrated = _shape(Path(sqlite_url.removeprefix("sqlite://")))
    assert {name: shape for name, shape in migrated.items() if "migration" not in name} == _shape(generated)


_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


def _shape(path: Path) -> dict[str, object]:
    """Each table's columns, indexes and foreign keys, without the names that differ from run to run."""
    with closing(sqlite3.connect(path)) as connection:
        tables = [row[0] for row in connection.execute(_TABLES)]
        return {table: _table(connection, table) for table in tables}


def _table(connection: sqlite3.Connection, table: str) -> tuple[object, ...]:
    columns = sorted(row[1:4] + row[5:] for row in connection.execute(f'PRAGMA table_info("{table}")'))
    indexes = sorted(
        (unique, tuple(column for _, _, column in connection.execute(f'PRAGMA index_info("{name}")')))
        for _, name, unique, _, _ in connection.execute(f'PRAGMA index_list("{table}")').fetchall()
    )
    keys = sorted(row[2:] for row in connection.execute(f'PRAGMA foreign_key_list("{table}")'))
    return columns, indexes, keys
