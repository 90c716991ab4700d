"""The record carries its author; whoever is signed in only carries the record, and the author says so afterwards."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from tortoise import connections

from ap_log.actions.confirm_entries import CONFIRMED, DISOWNED, confirm_entries, disown_entry
from ap_log.actions.decide import decide
from ap_log.actions.log_entries import EVENT, log_entry
from ap_log.domain.errors import Invalid, NotFound
from ap_log.domain.recommendations import Choice
from ap_log.domain.sync_errors import AlreadyConfirmed, AlreadyDisowned, UnknownAuthor
from ap_log.store import audit, confirmations, models, recommendations
from tests.cast import World, an_entry, changed, settle


async def _brought_by_rob(world: World, now: datetime) -> models.Entry:
    """An entry of Asha's that Rob's session carried."""
    receipt = await log_entry(an_entry(world), world.rob, now)
    return await models.Entry.get(sequence=receipt.sequence)


async def _steps(world: World) -> list[int | None]:
    return [one.step for one in await recommendations.list_current(world.residents["gwilym"].id)]


async def test_f24_what_travels_in_anothers_session_is_its_authors_and_unconfirmed(
    database: str, now: datetime
) -> None:
    world = await settle(now)
    row = await _brought_by_rob(world, now)
    assert (row.author_id, row.courier_id, row.confirmed_at) == (world.asha.id, world.rob.id, None)
    assert await _steps(world) == [1]
    assert await confirmations.count_unconfirmed(world.asha.id) == 1
    assert await confirmations.count_unconfirmed(world.rob.id) == 0
    record = await models.AuditRecord.get(event=EVENT)
    assert (record.actor_id, record.details["author"], record.details["courier"]) == (
        world.rob.id,
        world.asha.id,
        world.rob.id,
    )


async def test_what_an_author_sends_in_their_own_session_needs_no_confirming(database: str, now: datetime) -> None:
    world = await settle(now)
    await log_entry(an_entry(world), world.asha, now)
    assert await confirmations.count_unconfirmed(world.asha.id) == 0
    assert (await models.Entry.get()).confirmed_at == now


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_every_page_asks_reads_none_of_what_its_reader_sent_themselves(database: str, now: datetime) -> None:
    await settle(now)
    said: list[str] = []
    client: Any = connections.get("default")
    await client._connection.set_trace_callback(said.append)
    await confirmations.count_unconfirmed("nobody")
    await client._connection.set_trace_callback(None)

    _, [plan] = await client.execute_query(f"EXPLAIN QUERY PLAN {said[0]}", ["nobody"] * said[0].count("?"))
    assert "(author_id=? AND confirmed_at=?)" in plan["detail"]


async def test_what_the_author_may_log_counts_and_not_what_the_courier_may(database: str, now: datetime) -> None:
    world = await settle(now)
    with pytest.raises(NotFound):
        await log_entry(an_entry(world, author="chika"), world.asha, now)
    receipt = await log_entry(an_entry(world), world.chika, now)
    assert (await models.Entry.get()).sequence == receipt.sequence


async def test_what_nobody_wrote_is_refused(database: str, now: datetime) -> None:
    world = await settle(now)
    with pytest.raises(UnknownAuthor):
        await log_entry(changed(an_entry(world), author=str(uuid4())), world.rob, now)
    assert await models.Entry.all().count() == 0


async def test_an_author_brings_the_receipt_of_what_a_courier_sent_and_the_other_way_about(
    database: str, now: datetime
) -> None:
    world = await settle(now)
    entry = an_entry(world)
    receipt = await log_entry(entry, world.rob, now)
    assert await log_entry(entry, world.asha, now + timedelta(days=1)) == receipt
    assert await confirmations.count_unconfirmed(world.asha.id) == 1


async def test_confirming_twice_at_once_is_confirming_once(database: str, now: datetime) -> None:
    world = await settle(now)
    row = await _brought_by_rob(world, now)
    counts = await asyncio.gather(*(confirm_entries([row.sequence], world.asha, now) for _ in range(5)))
    assert sorted(counts) == [0, 0, 0, 0, 1]
    assert await audit.list_events(row.entry_id) == [EVENT, CONFIRMED]
    assert await confirmations.count_unconfirmed(world.asha.id) == 0


async def test_nobody_confirms_or_disowns_for_another(database: str, now: datetime) -> None:
    world = await settle(now)
    row = await _brought_by_rob(world, now)
    assert await confirm_entries([row.sequence, 10**18], world.ben, now) == 0
    for somebody in (world.ben, world.rob):
        with pytest.raises(NotFound):
            await disown_entry(row.sequence, "It is not mine", somebody, now)
    assert await confirmations.count_unconfirmed(world.asha.id) == 1


async def test_ones_own_entry_cannot_be_disowned(database: str, now: datetime) -> None:
    world = await settle(now)
    receipt = await log_entry(an_entry(world), world.asha, now)
    with pytest.raises(NotFound):
        await disown_entry(receipt.sequence, "I regret it", world.asha, now)


async def test_a_disowned_entry_counts_for_nothing_and_stays_on_the_record(database: str, now: datetime) -> None:
    world = await settle(now)
    row = await _brought_by_rob(world, now)
    await disown_entry(row.sequence, "  I was not on shift ", world.asha, now)
    await row.refresh_from_db()
    assert (row.disowned_at, row.disowned_because) == (now, "I was not on shift")
    assert await _steps(world) == []
    assert await models.Notice.filter(closed_at=None).count() == 0
    assert await audit.list_events(row.entry_id) == [EVENT, DISOWNED]
    assert await confirmations.count_unconfirmed(world.asha.id) == 0


async def test_disowning_twice_is_disowning_once_and_saying_otherwise_later_is_refused(
    database: str, now: datetime
) -> None:
    world = await settle(now)
    row = await _brought_by_rob(world, now)
    with pytest.raises(Invalid):
        await disown_entry(row.sequence, " ", world.asha, now)
    await asyncio.gather(*(disown_entry(row.sequence, "I was not on shift", world.asha, now) for _ in range(5)))
    assert await audit.list_events(row.entry_id) == [EVENT, DISOWNED]
    with pytest.raises(AlreadyDisowned):
        await disown_entry(row.sequence, "Other words", world.asha, now)
    assert await confirm_entries([row.sequence], world.asha, now) == 0


async def test_what_was_confirmed_cannot_be_disowned(database: str, now: datetime) -> None:
    world = await settle(now)
    row = await _brought_by_rob(world, now)
    await confirm_entries([row.sequence], world.asha, now)
    with pytest.raises(AlreadyConfirmed):
        await disown_entry(row.sequence, "It is not mine", world.asha, now)
    assert await _steps(world) == [1]


async def test_where_a_newer_version_is_disowned_the_authors_own_counts_again(database: str, now: datetime) -> None:
    world = await settle(now)
    own = an_entry(world)
    await log_entry(own, world.asha, now)
    brought = await log_entry(changed(own, signs=["admitted"]), world.rob, now + timedelta(minutes=1))
    assert await _steps(world) == [2]
    await disown_entry(brought.sequence, "I never said that", world.asha, now + timedelta(hours=1))
    assert await _steps(world) == [1]
    rows = await models.Entry.filter(entry_id=own.id).order_by("version")
    assert [(one.sha256 == own.sha256, one.superseded_at is None) for one in rows] == [(True, True), (False, False)]
    await log_entry(changed(own, signs=["smell"]), world.asha, now + timedelta(hours=2))
    assert [row.version for row in await models.Entry.filter(entry_id=own.id).order_by("version")] == [1, 2, 3]


async def test_a_decision_on_what_turns_out_not_to_be_its_authors_is_put_in_question(
    database: str, now: datetime
) -> None:
    world = await settle(now)
    row = await _brought_by_rob(world, now)
    [recommended] = await recommendations.list_current(row.resident_id)
    await decide(recommended.id, Choice(str(uuid4()), 1, "As the policy says."), world.ben, now)
    await disown_entry(row.sequence, "I was not on shift", world.asha, now + timedelta(hours=1))
    [questioned] = await recommendations.list_current(row.resident_id)
    assert (questioned.outcome, questioned.faults != []) == ("cannot-judge", True)
    assert await models.Notice.filter(closed_at=None, wanted="review").count() == 1


async def test_a_disowned_entry_does_not_bar_the_true_one_under_its_id(database: str, now: datetime) -> None:
    world = await settle(now)
    forged = an_entry(world, resident="lewis")
    receipt = await log_entry(forged, world.rob, now)
    await disown_entry(receipt.sequence, "I did not write this", world.asha, now)
    true = an_entry(world, id=forged.id)
    assert (await log_entry(true, world.asha, now)).sha256 == true.sha256
    counting = await models.Entry.get(entry_id=true.id, superseded_at=None)
    assert (counting.resident_id, counting.disowned_at) == (world.residents["gwilym"].id, None)
