"""One acknowledged entry, judged and receipted, against one durable row of raw SQLite."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from ap_log.actions.log_entries import log_entry
from ap_log.store import engine
from ap_log.store.migrating import migrate
from bench.rows import Row, timed, timed_async
from tests.cast import an_entry, settle

TIMES = 200


async def one_entry_against_a_raw_insert(folder: Path) -> list[Row]:
    """Both with WAL and `synchronous=FULL`, on the same disk."""
    raw, _ = _raw(folder / "raw.sqlite3")
    url = f"sqlite://{folder / 'ap_log.sqlite3'}"
    await migrate(url)
    await engine.connect(url)
    try:
        now = datetime(2026, 11, 20, 1, 40, tzinfo=UTC)
        world = await settle(now)
        notes = iter([an_entry(world, signs=[]) for _ in range(TIMES)])
        took, worst = await timed_async(lambda: log_entry(next(notes), world.asha, now), TIMES)
    finally:
        await engine.disconnect()
    return [Row("one entry stored, audited, judged, receipted", took, worst, "one raw SQLite insert", raw)]


def _raw(path: Path) -> tuple[float, float]:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, body TEXT)")
    took = timed(lambda: connection.execute("INSERT INTO entry (body) VALUES (?)", ("x" * 600,)), TIMES)
    connection.close()
    return took
