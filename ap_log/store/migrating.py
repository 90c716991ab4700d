"""Brings a database to the newest shape: one process at a time, all of it or nothing.

Tortoise's own runner takes no lock, and writes down that a migration was applied after the transaction that applied it:
two starters, or a kill between the two, would leave a database that never migrates again. Here both happen in one
transaction under a lock, on both databases.
"""

import asyncio
import fcntl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from tortoise import connections
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.context import TortoiseContext
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.schema_editor import AsyncpgSchemaEditor, SqliteSchemaEditor
from tortoise.transactions import in_transaction  # noqa: TID251 - a process that migrates does nothing else

from . import engine

LOCK = ".lock"
"""What a database file's name ends in where processes queue to migrate it. The file stays: it holds nothing."""

_POSTGRES_LOCK = 4_157_106
"""Any number, as long as nothing else in this database takes an advisory lock of the same one."""


async def migrate(url: str) -> None:
    """Bring the database to the newest shape. A second process that tries waits, and then finds nothing to do.

    An SQLite database with something in it is copied first, to `FILE.before-MIGRATION`; the copy before that goes.

    Raises:
        NotReady: the database cannot be opened, or does not take the migration. Nothing of that remains.
        UnsafeDatabase: rows would point at rows that do not exist. Nothing of the migration remains.
    """
    try:
        if engine.is_sqlite(url):
            file = engine.sqlite_file(url)
            file.parent.mkdir(parents=True, exist_ok=True)
            with _locked(file):
                await _migrate(url, file)
        else:
            await _migrate(url, None)
    except (OSError, *engine.DATABASE_ERRORS) as error:
        raise engine.NotReady(f"The database could not be migrated, and is as it was: {error}") from error


async def require_newest(url: str) -> None:
    """Raises NotReady when the open database lacks a migration of this version."""
    if await _pending(url):
        raise engine.NotReady("The database is not migrated to this version of AP Log: run ap-log migrate")


async def _pending(url: str) -> list[str]:
    """Names of the migrations that the open database lacks, in the order they are to be applied."""
    apps = engine.configuration(url)["apps"]
    plan = await MigrationExecutor(connections.get("default"), apps).plan()
    return [step.migration.name for step in plan]


async def _migrate(url: str, file: Path | None) -> None:
    # In a task of its own, because a Tortoise context stays behind in the task that opened it.
    await asyncio.create_task(_migrate_here(url, file))


async def _migrate_here(url: str, file: Path | None) -> None:
    async with _opened(url):
        if file is not None:
            await _copy_first(url, file)
        async with in_transaction() as connection:
            if file is None:
                await connection.execute_query(f"SELECT pg_advisory_xact_lock({_POSTGRES_LOCK})")
            executor = MigrationExecutor(connection, engine.configuration(url)["apps"])
            # Looking for its list where there is none yet would end the whole transaction on PostgreSQL.
            editor = AsyncpgSchemaEditor if file is None else SqliteSchemaEditor
            await executor.recorder.ensure_schema(editor(connection, atomic=False))
            await executor.migrate()
            if file is not None:
                await _check_foreign_keys()


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[None]:
    with TortoiseContext() as context:
        try:
            await context.init(config=engine.configuration(url, migrating=True))
            yield
        finally:
            await context.close_connections()
            EXECUTOR_CACHE.clear()


async def _copy_first(url: str, file: Path) -> None:
    """Keep the database as it is before it is changed. A new one has nothing to keep."""
    names = await _pending(url)
    connection = connections.get("default")
    tables = await connection.execute_query_dict("SELECT name FROM sqlite_master WHERE type = 'table' LIMIT 1")
    if not names or not tables:
        return
    copy = file.with_name(f"{file.name}.before-{names[0]}")
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    await connection.execute_query("VACUUM INTO ?", [str(unfinished)])
    for earlier in file.parent.glob(f"{file.name}.before-*"):
        if earlier != unfinished:
            earlier.unlink()
    unfinished.replace(copy)


async def _check_foreign_keys() -> None:
    """SQLite does not look at them while it migrates, so that is done before the end. Raises UnsafeDatabase."""
    broken = await connections.get("default").execute_query_dict("PRAGMA foreign_key_check")
    if broken:
        words = f"{len(broken)} rows would point at rows that do not exist, such as {broken[:3]}"
        raise engine.UnsafeDatabase(f"The migration was undone: {words}")


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Wait until no other process migrates this file. The lock goes with the process, however it ends."""
    with file.with_name(file.name + LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
