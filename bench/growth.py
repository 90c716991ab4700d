"""Judging one new entry must not cost more because other people have histories too."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from ap_log.actions.log_entries import log_entry
from ap_log.store import engine, models
from ap_log.store.migrating import migrate
from bench.rows import Row, timed_async
from tests.cast import World, an_entry, settle

TIMES = 60
NOW = datetime(2026, 11, 20, 1, 40, tzinfo=UTC)


async def one_entry_beside_other_residents(folder: Path) -> list[Row]:
    """The same house with 1, 10 and 100 times 20 other residents of 10 entries each; the first is the baseline."""
    rows: list[Row] = []
    for times in (1, 10, 100):
        url = f"sqlite://{folder / f'growth-{times}.sqlite3'}"
        await migrate(url)
        await engine.connect(url)
        try:
            world = await settle(NOW)
            await _others(world, 20 * times)
            entries = iter([an_entry(world, signs=["smell"]) for _ in range(TIMES)])
            took, worst = await timed_async(lambda: log_entry(next(entries), world.asha, NOW), TIMES)  # noqa: B023
        finally:
            await engine.disconnect()
        baseline = rows[0].baseline if rows else took
        rows.append(Row(f"one entry, {20 * times} other residents", took, worst, "20 other residents", baseline))
    return rows


async def _others(world: World, count: int) -> None:
    residents = [
        models.Resident(
            premises_id=world.elm.id,
            name=f"Resident {number}",
            room=str(number),
            crn=f"Y{number:06}",
            legal_status="licence",
            arrived_at=NOW,
        )
        for number in range(count)
    ]
    await models.Resident.bulk_create(residents)
    await models.Entry.bulk_create(
        [_entry(world, resident, NOW - timedelta(days=day)) for resident in residents for day in range(10)],
        batch_size=500,
    )


def _entry(world: World, resident: models.Resident, at: datetime) -> models.Entry:
    return models.Entry(
        entry_id=str(uuid4()),
        resident_id=resident.id,
        premises_id=world.elm.id,
        author_id=world.asha.id,
        courier_id=world.asha.id,
        device=str(uuid4()),
        happening="late-30",
        code="RES-1",
        occurred_at=at,
        recorded_at=at,
        received_at=at,
        intoxicated=False,
        body="{}",
        sha256=uuid4().hex * 2,
    )
