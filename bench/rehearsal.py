"""A draft rehearsed over a year of a hundred premises: about 300,000 facts, as `ap-log policy simulate` does it."""

import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import msgspec

from ap_log.actions.rehearse_history import rehearse_history
from ap_log.domain.rehearsals import Summary, Tally
from ap_log.store import engine, history, policies
from ap_log.store.migrating import migrate
from bench.pauses import pauses_of_other_jobs
from bench.rows import Row
from tests.cast import settle

PREMISES, RESIDENTS, ENTRIES = 100, 2_400, 84
NOW = datetime(2026, 12, 31, 12, tzinfo=UTC)
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
CODES = ("SUB-1", "SUB-2", "CON-1", "RES-1", "RES-2", "ENG-1", "CHG-1")
BODY = '{"words": "%s", "signs": ["smell", "swaying"], "help_seeking": false, "aggravators": [], "mitigators": []}'


async def a_year_of_a_hundred_premises(folder: Path) -> list[Row]:
    """The baseline reads the same rows with sqlite3 itself, in one thread, and does nothing with them."""
    path = folder / "rehearsal.sqlite3"
    await migrate(f"sqlite://{path}")
    await engine.connect(f"sqlite://{path}")
    try:
        world = await settle(NOW)
        facts = _fill(path, world.asha.id)
        started = time.perf_counter()
        summary = await _rehearse()
        took = (time.perf_counter() - started) * 1000
        pauses = await pauses_of_other_jobs(world.farah, SINCE)
    finally:
        await engine.disconnect()
    assert summary.residents >= RESIDENTS
    assert summary.differences
    read = _read(path)
    return [Row(f"a draft rehearsed over {facts:,} facts", took, took, "sqlite3 reading the same rows", read), pauses]


async def _rehearse() -> Summary:
    book = await policies.get_book()
    shorter = dict.fromkeys(book.policies[0].warning_days, 14)
    draft = msgspec.structs.replace(book.policies[0], warning_days=shorter)
    tally = Tally()
    residents = await history.list_residents(None)
    async for chunk in rehearse_history(book, draft, SINCE, residents):
        for found in chunk:
            tally.add(found.premises, found.rehearsed)
    return tally.summary()


def _fill(path: Path, person: str) -> int:
    """A year for every resident: entries some days apart, some two in one episode, half decided, a few void."""
    with sqlite3.connect(path) as connection:
        premises = [(f"premises-{number}", f"House {number}") for number in range(PREMISES)]
        connection.executemany("INSERT INTO premises (id, name) VALUES (?, ?)", premises)
        connection.executemany(*_insert("resident", _residents()))
        random = Random(7)
        for number in range(RESIDENTS):
            _fill_resident(connection, number, person, random)
        counts = [connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES]
    connection.close()
    return int(sum(counts))


TABLES = ("entry", "decision", "void")


def _residents() -> Iterator[dict[str, object]]:
    for number in range(RESIDENTS):
        yield {
            "id": f"resident-{number:05}",
            "premises_id": f"premises-{number % PREMISES}",
            "name": f"Resident {number}",
            "room": str(number),
            "crn": f"Y{number:06}",
            "legal_status": "licence",
            "recalled_for_intoxicated_aggression": 0,
            "antipsychotic": 0,
            "arrived_at": str(SINCE),
        }


def _fill_resident(connection: sqlite3.Connection, number: int, person: str, random: Random) -> None:
    entries, decisions, voids = [], [], []
    at = SINCE
    for place in range(ENTRIES):
        is_second = place % 7 == 6
        at += timedelta(hours=2) if is_second else timedelta(hours=random.randint(60, 140))
        entry = f"e-{number}-{place}"
        entries.append(_entry(entry, number, person, random.choice(CODES), at))
        if place % 2 == 0 and not is_second:
            decisions.append(_decision(f"d-{number}-{place}", entry, number, person, random.randint(0, 3), at))
            if place % 24 == 0:
                voids.append(_void(f"v-{number}-{place}", f"d-{number}-{place}", person, at))
    for table, rows in (("entry", entries), ("decision", decisions), ("void", voids)):
        connection.executemany(*_insert(table, iter(rows)))


def _entry(name: str, number: int, person: str, code: str, at: datetime) -> dict[str, object]:
    return {
        "entry_id": name,
        "version": 1,
        "resident_id": f"resident-{number:05}",
        "premises_id": f"premises-{number % PREMISES}",
        "author_id": person,
        "courier_id": person,
        "device": "bench",
        "happening": "late-30",
        "code": code,
        "occurred_at": str(at),
        "recorded_at": str(at),
        "received_at": str(at),
        "intoxicated": 0,
        "body": BODY % ("x" * 300),
        "sha256": name,
    }


def _decision(name: str, entry: str, number: int, person: str, step: int, at: datetime) -> dict[str, object]:
    return {
        "id": name,
        "resident_id": f"resident-{number:05}",
        "entry_id": entry,
        "step": step,
        "reason": "",
        "decided_by_id": person,
        "decided_at": str(at + timedelta(hours=9)),
    }


def _void(name: str, decision: str, person: str, at: datetime) -> dict[str, object]:
    return {
        "id": name,
        "decision_id": decision,
        "reason": "",
        "voided_by_id": person,
        "at": str(at + timedelta(days=3)),
    }


def _insert(table: str, rows: Iterator[dict[str, object]]) -> tuple[str, list[dict[str, object]]]:
    listed = list(rows)
    columns = list(listed[0]) if listed else ["id"]
    names = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(f":{column}" for column in columns)
    return f"INSERT INTO {table} ({names}) VALUES ({values})", listed


def _read(path: Path) -> float:
    connection = sqlite3.connect(path)
    started = time.perf_counter()
    for table in TABLES:
        for _ in connection.execute(f"SELECT * FROM {table}"):
            pass
    took = (time.perf_counter() - started) * 1000
    connection.close()
    return took
