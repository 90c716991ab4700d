"""F7: what a known author may not log, or no longer, is held where managers see it; nothing is lost or refused."""

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import msgspec
import pytest

from ap_log.actions.decide_held_entry import SET_ASIDE, TAKEN, decide_held_entry
from ap_log.actions.hold_entry import EVENT
from ap_log.actions.log_entries import log_entries, log_entry
from ap_log.domain.errors import Invalid, NotFound, Refusal
from ap_log.domain.holding import Outcome, Settlement, Why
from ap_log.domain.people import Actor, Posting, Role
from ap_log.domain.sync import Problem, Push, PushedEntry, PushResult, Receipt
from ap_log.domain.sync_errors import HeldDecided
from ap_log.store import audit, confirmations, held_entries, models, recommendations
from tests.cast import World, an_entry, changed, settle

TAKE = Settlement(Outcome.TAKEN, "")
SET_IT_ASIDE = Settlement(Outcome.SET_ASIDE, "She was not there")


def _problem(refusal: Refusal) -> Problem:
    return Problem(refusal.code, refusal.title, refusal.way_on, 422, "ref", refusal.faults)


async def push(entry: PushedEntry, courier: Actor, now: datetime) -> PushResult:
    [result] = await log_entries(Push((entry,)), courier, now, _problem)
    return result


async def held(entry: PushedEntry, courier: Actor, now: datetime) -> models.HeldEntry:
    result = await push(entry, courier, now)
    assert result.receipt == Receipt(entry.id, entry.sha256, 0, now, held=True), result
    return await models.HeldEntry.get(entry_id=entry.id, sha256=entry.sha256)


async def move_to_oak(world: World, at: datetime) -> Actor:
    await models.Posting.filter(person_id=world.asha.id).update(ended_at=at)
    role = Role.RESIDENTIAL_WORKER
    await models.Posting.create(person_id=world.asha.id, premises_id=world.oak.id, role=role, started_at=at)
    return Actor(world.asha.id, world.asha.name, (Posting(role, world.oak.id),))


async def test_f7_what_came_too_late_after_a_move_is_held_for_the_managers_of_both_houses(
    database: str, now: datetime
) -> None:
    world = await settle(now)
    moved = await move_to_oak(world, now + timedelta(hours=1))
    late = now + timedelta(days=31)
    row = await held(an_entry(world), moved, late)
    assert (row.why, row.premises_id, row.author_premises_id) == (Why.NOT_THEIRS, world.elm.id, world.oak.id)
    assert await models.Entry.all().count() == 0
    for manager in (world.ben, world.owen, world.rob, world.farah):
        assert await held_entries.count_waiting(manager) == 1
    for other in (world.asha, world.chika, world.dev, world.grace):
        assert await held_entries.count_waiting(other) == 0
    record = await models.AuditRecord.get(event=EVENT)
    assert (record.actor_id, record.subject, record.premises_id) == (world.asha.id, row.entry_id, world.elm.id)


async def test_f7_both_of_two_queued_entries_go_through_the_move(database: str, now: datetime) -> None:
    world = await settle(now)
    moved = await move_to_oak(world, now + timedelta(hours=1))
    entries = (an_entry(world), an_entry(world, recorded_at=(now + timedelta(hours=2)).isoformat()))
    results = await log_entries(Push(entries), moved, now + timedelta(days=1), _problem)
    receipts = [result.receipt for result in results if result.receipt]
    assert [receipt.held for receipt in receipts] == [False, True]


async def test_somebody_who_has_left_is_a_known_author_too(database: str, now: datetime) -> None:
    world = await settle(now)
    in_time = an_entry(world, author="esther", recorded_at=(now - timedelta(days=8)).isoformat())
    stored = await push(in_time, world.rob, now)
    assert stored.receipt is not None
    assert not stored.receipt.held
    row = await held(an_entry(world, author="esther"), world.rob, now)
    assert (row.why, row.author_premises_id) == (Why.AUTHOR_LEFT, world.elm.id)
    assert row.courier_id == world.rob.id


async def test_who_left_while_a_posting_was_left_open_wrote_nothing_afterwards(database: str, now: datetime) -> None:
    world = await settle(now)
    await models.Posting.filter(person_id=world.esther.id).update(ended_at=None)
    row = await held(an_entry(world, author="esther"), world.rob, now)
    assert row.why == Why.AUTHOR_LEFT


async def test_a_resident_who_does_not_exist_looks_like_one_who_is_not_theirs(database: str, now: datetime) -> None:
    world = await settle(now)
    forbidden = an_entry(world, author="chika")
    unknown = changed(an_entry(world, author="chika"), resident=str(uuid4()))
    results = [await push(one, world.chika, now) for one in (forbidden, unknown)]
    told = [msgspec.structs.replace(one.receipt, id="", sha256="") for one in results if one.receipt]
    assert told == [Receipt("", "", 0, now, held=True)] * 2
    row = await models.HeldEntry.get(entry_id=unknown.id)
    assert (row.why, row.premises_id, row.author_premises_id) == (Why.UNKNOWN_RESIDENT, None, world.oak.id)


async def test_what_nobody_could_decide_stays_on_the_phone(database: str, now: datetime) -> None:
    world = await settle(now)
    result = await push(changed(an_entry(world, author="dev"), resident=str(uuid4())), world.dev, now)
    assert result.problem is not None
    assert result.problem.code == "not-found"


async def test_f11_the_same_bytes_pushed_at_once_are_held_once_and_get_the_same_receipt(
    database: str, now: datetime
) -> None:
    world = await settle(now)
    entry = an_entry(world, author="chika")
    results = await asyncio.gather(*(push(entry, world.chika, now + timedelta(seconds=n)) for n in range(20)))
    assert len({result.receipt for result in results}) == 1
    assert await models.HeldEntry.all().count() == 1
    assert await models.AuditRecord.filter(event=EVENT).count() == 1


async def test_taken_into_the_log_it_is_its_authors_entry_as_of_its_arrival(database: str, now: datetime) -> None:
    world = await settle(now)
    row = await held(an_entry(world, author="esther"), world.rob, now)
    await decide_held_entry(row.id, TAKE, world.ben, now + timedelta(days=2))
    entry = await models.Entry.get(entry_id=row.entry_id)
    assert (entry.author_id, entry.courier_id, entry.received_at) == (world.esther.id, world.rob.id, now)
    assert await audit.list_events(row.entry_id) == [EVENT, TAKEN]
    [recommended] = await recommendations.list_current(world.residents["gwilym"].id)
    assert recommended.step == 1
    assert await held_entries.count_waiting(world.ben) == 0
    assert await confirmations.count_unconfirmed(world.esther.id) == 1
    again = await push(an_entry(world), world.asha, now)
    assert again.receipt is not None


async def test_once_taken_the_phone_gets_the_receipt_of_the_log(database: str, now: datetime) -> None:
    world = await settle(now)
    pushed = an_entry(world, author="esther")
    row = await held(pushed, world.rob, now)
    await decide_held_entry(row.id, TAKE, world.ben, now + timedelta(days=2))
    result = await push(pushed, world.rob, now + timedelta(days=3))
    assert result.receipt is not None
    assert (result.receipt.held, result.receipt.received_at) == (False, now)


async def test_set_aside_it_never_goes_into_the_log_however_often_it_comes(database: str, now: datetime) -> None:
    world = await settle(now)
    pushed = an_entry(world, author="chika")
    row = await held(pushed, world.chika, now)
    await decide_held_entry(row.id, SET_IT_ASIDE, world.owen, now)
    await models.Posting.create(
        person_id=world.chika.id, premises_id=world.elm.id, role=Role.RESIDENTIAL_WORKER, started_at=now
    )
    at_elm = Actor(world.chika.id, world.chika.name, (Posting(Role.RESIDENTIAL_WORKER, world.elm.id),))
    result = await push(pushed, at_elm, now + timedelta(days=1))
    assert result.receipt is not None
    assert result.receipt.held
    assert await models.Entry.all().count() == 0
    assert await audit.list_events(row.entry_id) == [EVENT, SET_ASIDE]


@pytest.mark.parametrize("settlement", [TAKE, SET_IT_ASIDE])
async def test_the_same_decision_twice_at_once_is_one_and_another_one_is_refused(
    database: str, now: datetime, settlement: Settlement
) -> None:
    world = await settle(now)
    row = await held(an_entry(world, author="esther"), world.rob, now)
    await asyncio.gather(*(decide_held_entry(row.id, settlement, world.ben, now) for _ in range(5)))
    assert await models.AuditRecord.filter(event__in=[TAKEN, SET_ASIDE]).count() == 1
    other = SET_IT_ASIDE if settlement is TAKE else TAKE
    for settlement_of, manager in ((other, world.ben), (settlement, world.farah)):
        with pytest.raises(HeldDecided):
            await decide_held_entry(row.id, settlement_of, manager, now)


@pytest.mark.parametrize("settlement", [Settlement("", ""), Settlement("burn", "x"), Settlement("set-aside", " ")])
async def test_a_decision_without_a_choice_or_a_reason_is_refused(
    database: str, now: datetime, settlement: Settlement
) -> None:
    world = await settle(now)
    row = await held(an_entry(world, author="esther"), world.rob, now)
    with pytest.raises(Invalid):
        await decide_held_entry(row.id, settlement, world.ben, now)
    assert await held_entries.count_waiting(world.ben) == 1


async def test_an_entry_about_nobody_known_can_only_be_set_aside(database: str, now: datetime) -> None:
    world = await settle(now)
    row = await held(changed(an_entry(world), resident=str(uuid4())), world.asha, now)
    with pytest.raises(Invalid):
        await decide_held_entry(row.id, TAKE, world.ben, now)
    await decide_held_entry(row.id, SET_IT_ASIDE, world.ben, now)


async def test_nobody_decides_about_their_own_entry_or_at_another_house(database: str, now: datetime) -> None:
    world = await settle(now)
    row = await held(an_entry(world, author="owen"), world.owen, now)
    for other in (world.owen, world.chika, world.dev):
        with pytest.raises(NotFound):
            await decide_held_entry(row.id, TAKE, other, now)
    await decide_held_entry(row.id, TAKE, world.nia, now)


async def test_only_the_residents_own_house_takes_it_into_the_log(database: str, now: datetime) -> None:
    world = await settle(now)
    moved = await move_to_oak(world, now + timedelta(hours=1))
    row = await held(an_entry(world), moved, now + timedelta(days=31))
    with pytest.raises(Invalid, match="house where the resident lives"):
        await decide_held_entry(row.id, TAKE, world.owen, now)
    assert await models.Entry.all().count() == 0
    await decide_held_entry(row.id, TAKE, world.ben, now)
    assert await models.Entry.all().count() == 1


async def test_what_came_later_of_the_same_entry_goes_on_counting(database: str, now: datetime) -> None:
    world = await settle(now)
    first = an_entry(world, author="chika")
    row = await held(first, world.chika, now)
    role = Role.RESIDENTIAL_WORKER
    await models.Posting.create(person_id=world.chika.id, premises_id=world.elm.id, role=role, started_at=now)
    at_elm = Actor(world.chika.id, world.chika.name, (Posting(role, world.elm.id),))
    newer = changed(first, signs=["admitted"])
    await log_entry(newer, at_elm, now + timedelta(hours=1))
    await decide_held_entry(row.id, TAKE, world.ben, now + timedelta(hours=2))
    versions = await models.Entry.filter(entry_id=first.id).order_by("version")
    assert [(one.sha256, one.superseded_at is None) for one in versions] == [
        (newer.sha256, True),
        (first.sha256, False),
    ]
    [recommended] = await recommendations.list_current(world.residents["gwilym"].id)
    assert recommended.step == 2


async def test_versions_that_came_in_one_push_count_in_the_order_they_were_saved(database: str, now: datetime) -> None:
    world = await settle(now)
    first = an_entry(world, author="chika", recorded_at=now - timedelta(minutes=9))
    newer = changed(first, signs=["admitted"], recorded_at=now - timedelta(minutes=5))
    older_row, newer_row = await held(first, world.chika, now), await held(newer, world.chika, now)
    await decide_held_entry(newer_row.id, TAKE, world.ben, now + timedelta(hours=1))
    await decide_held_entry(older_row.id, TAKE, world.ben, now + timedelta(hours=2))

    counting = await models.Entry.filter(entry_id=first.id, superseded_at=None)
    assert [one.sha256 for one in counting] == [newer.sha256]


async def test_an_id_that_is_anothers_is_not_held(database: str, now: datetime) -> None:
    world = await settle(now)
    entry = an_entry(world)
    await log_entry(entry, world.asha, now)
    result = await push(changed(entry, author=world.chika.id), world.chika, now)
    assert result.problem is not None
    assert result.problem.code == "id-taken"
    assert await models.HeldEntry.all().count() == 0
