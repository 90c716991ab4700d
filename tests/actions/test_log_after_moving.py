"""A worker who has moved to another house brings what she wrote before: it is taken, within limits."""

from datetime import datetime, timedelta

import pytest

from ap_log.actions.log_entries import log_entry
from ap_log.domain.errors import NotFound
from ap_log.domain.people import Actor, Posting, Role
from ap_log.store import models
from tests.cast import World, an_entry, settle


async def _move(world: World, at: datetime) -> Actor:
    """Asha moves to Oak House at a time, and is signed in there."""
    await models.Posting.filter(person_id=world.asha.id).update(ended_at=at)
    oak = world.oak.id
    role = Role.RESIDENTIAL_WORKER
    await models.Posting.create(person_id=world.asha.id, premises_id=oak, role=role, started_at=at)
    return Actor(world.asha.id, world.asha.name, (Posting(role, oak),))


async def test_a_worker_who_has_moved_gets_the_receipt_of_what_she_had_sent(database: str, now: datetime) -> None:
    world = await settle(now)
    entry = an_entry(world)
    receipt = await log_entry(entry, world.asha, now)
    moved = await _move(world, now + timedelta(hours=1))
    assert await log_entry(entry, moved, now + timedelta(days=90)) == receipt


@pytest.mark.parametrize(
    ("written", "brought"),
    [
        pytest.param(timedelta(minutes=-1), timedelta(days=1), id="before-she-moved"),
        pytest.param(timedelta(minutes=-1), timedelta(days=30, minutes=-1), id="thirty-days-ago"),
    ],
)
async def test_what_was_written_before_its_author_moved_is_stored_when_she_brings_it(
    database: str, now: datetime, written: timedelta, brought: timedelta
) -> None:
    world = await settle(now)
    moved = await _move(world, now)
    entry = an_entry(world, recorded_at=(now + written).isoformat(), occurred_at=(now + written).isoformat())
    await log_entry(entry, moved, now + brought)
    row = await models.Entry.get(entry_id=entry.id)
    assert (row.author_id, row.premises_id) == (world.asha.id, world.elm.id)
    assert await models.Notice.all().count() == 1


@pytest.mark.parametrize(
    ("recorded", "brought"),
    [
        pytest.param("2026-11-20T01:40:00Z", timedelta(days=1), id="at-the-moment-she-moved"),
        pytest.param("2026-11-20T01:39:00Z", timedelta(days=30), id="more-than-thirty-days-ago"),
        pytest.param("2026-11-23T01:40:00Z", timedelta(days=1), id="in-the-future"),
        pytest.param("0001-01-01T00:00:00Z", timedelta(days=1), id="before-all-calendars"),
        pytest.param("9999-12-31T23:59:59-14:00", timedelta(days=1), id="after-all-calendars"),
    ],
)
async def test_what_was_not_written_while_its_author_worked_there_is_refused(
    database: str, now: datetime, recorded: str, brought: timedelta
) -> None:
    world = await settle(now)
    moved = await _move(world, now)
    with pytest.raises(NotFound):
        await log_entry(an_entry(world, recorded_at=recorded), moved, now + brought)
    assert await models.Entry.all().count() == 0


async def test_a_posting_that_never_let_her_log_lets_her_bring_nothing(database: str, now: datetime) -> None:
    world = await settle(now)
    await models.Posting.filter(person_id=world.asha.id).update(role=Role.AREA_MANAGER)
    moved = await _move(world, now)
    entry = an_entry(world, recorded_at=(now - timedelta(hours=1)).isoformat())
    with pytest.raises(NotFound):
        await log_entry(entry, moved, now)
