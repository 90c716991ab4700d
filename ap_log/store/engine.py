"""Opens the database, and refuses to work with one that would forget what it acknowledged."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import asyncpg
from tortoise import connections
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.context import TortoiseContext
from tortoise.exceptions import DBConnectionError, OperationalError, TransactionManagementError

APP = "store"
MODELS = "ap_log.store.models"
MIGRATIONS = "ap_log.store.migrations"

BUSY_TIMEOUT_MS = 10_000
"""How long one SQLite process waits for the other's write lock: longer than any transaction may last."""

POOL_SIZE = 10
"""Connections one process keeps to PostgreSQL."""

DATABASE_ERRORS = (
    OperationalError,
    DBConnectionError,
    TransactionManagementError,  # so Tortoise calls it when PostgreSQL takes no writes
    sqlite3.OperationalError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
)
"""What a database that does not work raises, whichever of the two it is."""

_POSTGRES_SCHEMES = ("postgres", "postgresql", "asyncpg")
_SQLITE_NEEDS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
_POSTGRES_NEEDS = {
    "synchronous_commit": {"on", "local", "remote_write", "remote_apply"},
    "fsync": {"on"},
    "full_page_writes": {"on"},
}

_open: TortoiseContext | None = None
_turns: asyncio.Semaphore | None = None


class NotReady(Exception):
    """The database cannot be worked with as it is; the sentence says why, or the way on."""


class UnsafeDatabase(NotReady):
    """The database would lose acknowledged writes in a power cut; the sentence names the settings to change."""


def is_sqlite(url: str) -> bool:
    return urlsplit(url).scheme == "sqlite"


def is_known(url: str) -> bool:
    """Whether a URL names a database of one of the two kinds."""
    return is_sqlite(url) or urlsplit(url).scheme in _POSTGRES_SCHEMES


def sqlite_file(url: str) -> Path:
    return Path(url.removeprefix("sqlite://"))


def configuration(url: str, *, migrating: bool = False) -> dict[str, Any]:
    """Tortoise's configuration for a database URL (`sqlite://path` or `postgres://…`).

    While migrating SQLite, foreign keys are off: a column is altered by rebuilding its table, and dropping the old
    one would delete every row that points at it.
    """
    return {
        "connections": {"default": _sqlite(url, migrating) if is_sqlite(url) else _postgres(url)},
        "apps": {APP: {"models": [MODELS], "migrations": MIGRATIONS, "default_connection": "default"}},
        "use_tz": True,
        "timezone": "UTC",
    }


def _sqlite(url: str, migrating: bool) -> dict[str, Any]:
    return {
        "engine": "ap_log.store.sqlite_immediate",
        "credentials": {
            "file_path": str(sqlite_file(url)),
            "journal_mode": "WAL",
            "synchronous": "FULL",
            "foreign_keys": "OFF" if migrating else "ON",
            "busy_timeout": BUSY_TIMEOUT_MS,
        },
    }


def _postgres(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in _POSTGRES_SCHEMES:
        raise ValueError(f"AP_LOG_DATABASE_URL: {parts.scheme!r} is not sqlite or postgres")
    if "maxsize" not in dict(parse_qsl(parts.query)):
        parts = parts._replace(query="&".join(filter(None, [parts.query, f"minsize=1&maxsize={POOL_SIZE}"])))
    return dict(expand_db_url(urlunsplit(parts._replace(scheme="asyncpg"))))


async def connect(url: str) -> None:
    """Open the database for this process and read its durability settings back.

    Raises:
        NotReady: the database cannot be opened.
        UnsafeDatabase: a setting would let an acknowledged entry be lost.
    """
    # Opening an SQLite file that is not there would make one, empty, in a place that may be a slip of the pen.
    if is_sqlite(url) and not sqlite_file(url).exists():
        raise NotReady(f"There is no database at {url}: run ap-log migrate, which makes it")
    # One process has one database, and Tortoise's models find it by a global too.
    global _open, _turns
    _open, _turns = TortoiseContext(), asyncio.Semaphore(1 if is_sqlite(url) else POOL_SIZE)
    # Requests do not inherit the context in which the server started up, hence the global fallback.
    with _open:
        await _open.init(config=configuration(url), _enable_global_fallback=True)
    try:
        faults = await durability_faults(url)
    except (OSError, *DATABASE_ERRORS) as error:
        await disconnect()
        raise NotReady(f"The database of AP_LOG_DATABASE_URL cannot be opened: {error}") from error
    if faults:
        await disconnect()
        raise UnsafeDatabase("; ".join(faults))


def turns() -> asyncio.Semaphore:
    """How many transactions of this process may be under way at once: SQLite takes one, PostgreSQL a pool of them."""
    if _turns is None:
        raise RuntimeError("No database is open")
    return _turns


async def disconnect() -> None:
    """Close this process's database; harmless where none is open."""
    global _open  # noqa: PLW0603
    if _open is not None:
        await _open.close_connections()
        _open = None
    # Tortoise keeps the SQL it wrote, of whichever database came first, under the connection's name.
    EXECUTOR_CACHE.clear()


async def durability_faults(url: str) -> list[str]:
    """What stands between this connection and "acknowledged means stored", in words; empty when nothing does."""
    return await (_sqlite_faults() if is_sqlite(url) else _postgres_faults())


async def _sqlite_faults() -> list[str]:
    faults = []
    for pragma, needed in _SQLITE_NEEDS.items():
        [row] = await connections.get("default").execute_query_dict(f"PRAGMA {pragma}")
        [found] = row.values()
        if found != needed:
            faults.append(f"SQLite's {pragma} is {found}, and must be {needed}")
    return faults


async def _postgres_faults() -> list[str]:
    faults = []
    for setting, allowed in _POSTGRES_NEEDS.items():
        found = (await connections.get("default").execute_query_dict(f"SHOW {setting}"))[0][setting]
        if found not in allowed:
            faults.append(f"PostgreSQL's {setting} is {found}, and must be on")
    return faults
