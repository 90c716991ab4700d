"""Reads what a restored copy of the database holds, and what the live one has received, to be compared.

The copy is opened for reading only, past the ORM: it may be older than this version of AP Log, and it is not ours to
migrate. The bytes of every entry and photo are hashed anew: a copy in which a bit has turned is no good backup.
"""

import hashlib
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
from tortoise import connections

from ap_log.domain.backups import Copy, Kept, Received

from . import engine
from .models import Entry, HeldEntry, Photo

_BATCH = 200
"""Rows read from the copy at once; photos are read one by one."""

_TABLES = {
    "entry": ("entry", "SELECT entry_id, sha256, body FROM entry"),
    "held entry": ("held_entry", "SELECT entry_id, sha256, body FROM held_entry"),
    "photo": ("photo", "SELECT id, sha256, content FROM photo WHERE complete_at IS NOT NULL"),
}
"""What is compared, in which table, and how its id, its digest and its bytes are read."""


_ERRORS = (OSError, ValueError, sqlite3.Error, *engine.DATABASE_ERRORS)


class UnreadableCopy(Exception):
    """The copy cannot be opened or read; the sentence says why."""


async def list_received() -> list[Received]:
    """Everything in the open database that a phone has a receipt for."""
    entries = await Entry.all().values_list("entry_id", "sha256", "received_at")
    held = await HeldEntry.all().values_list("entry_id", "sha256", "received_at")
    photos = await Photo.filter(complete_at__isnull=False).values_list("id", "sha256", "complete_at")
    found = {"entry": entries, "held entry": held, "photo": photos}
    return [Received(Kept(kind, id, sha256), at) for kind, rows in found.items() for id, sha256, at in rows]


async def read_copy(url: str) -> Copy:
    """What the database at this URL holds. Raises UnreadableCopy."""
    try:
        if engine.is_sqlite(url):
            return _read_sqlite(engine.sqlite_file(url))
        return await _read_postgres(url)
    except _ERRORS as error:
        raise UnreadableCopy(f"The copy cannot be read: {error}") from error


async def is_live(url: str, live: str) -> bool:
    """Whether the copy is the live database itself, which would be found to hold all that it holds.

    Raises UnreadableCopy.
    """
    if engine.is_sqlite(url) or engine.is_sqlite(live):
        both = engine.is_sqlite(url) and engine.is_sqlite(live)
        return both and engine.sqlite_file(url).resolve() == engine.sqlite_file(live).resolve()
    which = "SELECT current_database() AS name, pg_postmaster_start_time() AS started"
    [ours] = await connections.get("default").execute_query_dict(which)
    try:
        async with _postgres(url) as connection:
            theirs = await connection.fetchrow(which)
    except _ERRORS as error:
        raise UnreadableCopy(f"The copy cannot be read: {error}") from error
    return (ours["name"], ours["started"]) == tuple(theirs or ())


def _read_sqlite(file: Path) -> Copy:
    connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
    try:
        [(said,)] = connection.execute("PRAGMA integrity_check(1)").fetchall()
        if said != "ok":
            raise UnreadableCopy(f"The copy is damaged: {said}")
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        _require_ours(tables)
        rows = (
            (kind, row)
            for kind, (table, statement) in _TABLES.items()
            if table in tables
            for row in connection.execute(statement)
        )
        return _sorted_out(_hashed(rows))
    finally:
        connection.close()


async def _read_postgres(url: str) -> Copy:
    hashed: list[tuple[Kept, bool]] = []
    async with _postgres(url) as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        listed = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        tables = {row["tablename"] for row in listed}
        _require_ours(tables)
        for kind, (table, statement) in _TABLES.items():
            if table in tables:
                prefetch = 1 if kind == "photo" else _BATCH
                async for row in connection.cursor(statement, prefetch=prefetch):
                    hashed += _hashed([(kind, tuple(row))])
    return _sorted_out(hashed)


@asynccontextmanager
async def _postgres(url: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(url.replace("asyncpg://", "postgres://", 1))
    try:
        yield connection
    finally:
        await connection.close()


def _require_ours(tables: set[str]) -> None:
    if not {"entry", "installation"} <= tables:
        raise UnreadableCopy("The copy is no database of AP Log: it has no entries and no installation")


def _hashed(rows: Iterable[tuple[str, tuple[Any, ...]]]) -> Iterator[tuple[Kept, bool]]:
    """Each thing in the copy, with whether its bytes are those that its digest was made of."""
    for kind, (id, sha256, content) in rows:
        held = content.encode() if isinstance(content, str) else bytes(content)
        yield Kept(kind, id, sha256), hashlib.sha256(held).hexdigest() == sha256


def _sorted_out(hashed: Iterable[tuple[Kept, bool]]) -> Copy:
    items = list(hashed)
    whole = frozenset(item for item, is_whole in items if is_whole)
    return Copy(whole, frozenset(item for item, is_whole in items if not is_whole))
