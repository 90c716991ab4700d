"""Judging again after each fact: what stands, what is superseded, and when a decision is put in question."""

from datetime import datetime, timedelta

from ap_log.actions.judge import CANNOT_JUDGE
from ap_log.actions.keep_decision import keep_decision
from ap_log.actions.void_warning import void_warning
from ap_log.actions.withdraw_decision import withdraw_decision
from ap_log.store import models
from ap_log.store.models import Decision
from tests.actions.judging import correct, decide_on, grounds, list_current, log
from tests.cast import World, settle


async def test_a_decided_warning_makes_the_next_episode_climb_and_says_so(database: str, now: datetime) -> None:
    world = await settle(now)
    await log(world, now - timedelta(days=3))
    [first] = await list_current(world)
    decision = await decide_on(world, first, 1, now)
    await log(world, now + timedelta(days=1))
    [decided, climbed] = await list_current(world)
    assert (decided.id, decided.decision_id, decided.look_again) == (first.id, decision.id, False)
    assert (climbed.step, climbed.answer["counted_warnings"]) == (2, [decision.id])
    assert any(decision.id in reason["facts"] for reason in climbed.reasons)


async def test_a_graver_event_of_a_decided_night_puts_the_decision_in_question_and_changes_nothing(
    database: str, now: datetime
) -> None:
    world = await settle(now)
    await log(world, now)
    [first] = await list_current(world)
    decision = await decide_on(world, first, 1, now + timedelta(hours=1))
    await log(world, now + timedelta(hours=2), happening="assault")
    [again] = await list_current(world)
    assert (again.step, again.look_again, again.decision_id) == (5, True, decision.id)
    assert (await Decision.get(id=decision.id)).step == 1
    assert await models.Notice.filter(recommendation_id=again.id, wanted="review", closed_at=None).count() == 1


async def test_a_decision_put_in_question_down_to_no_step_at_all_asks_a_person(database: str, now: datetime) -> None:
    world = await settle(now)
    entry = await log(world, now)
    [first] = await list_current(world)
    decision = await decide_on(world, first, 1, now + timedelta(hours=1))
    await log(world, now, id=entry, alternatives_considered=False)
    [again] = await list_current(world)
    assert (again.step, again.look_again, again.decision_id) == (0, True, decision.id)
    [notice] = await models.Notice.filter(recommendation_id=again.id, wanted="review", closed_at=None)
    assert (notice.recipient_id, notice.step) == (world.ben.id, 0)


async def test_deciding_again_settles_the_question(database: str, now: datetime) -> None:
    world = await settle(now)
    await log(world, now)
    [first] = await list_current(world)
    await decide_on(world, first, 1, now + timedelta(hours=1))
    await log(world, now + timedelta(hours=2), happening="threat")
    [again] = await list_current(world)
    second = await decide_on(world, again, 3, now + timedelta(hours=3))
    [settled] = await list_current(world)
    assert (settled.decision_id, settled.look_again) == (second.id, False)
    assert await models.Withdrawal.all().count() == 1
    assert await models.Notice.filter(wanted="review", closed_at=None).count() == 0


async def test_another_event_that_changes_no_step_leaves_the_decision_alone(database: str, now: datetime) -> None:
    world = await settle(now)
    await log(world, now)
    [first] = await list_current(world)
    await decide_on(world, first, 1, now + timedelta(hours=1))
    await log(world, now + timedelta(hours=2), happening="medical")
    [standing] = await list_current(world)
    assert (standing.id, standing.look_again) == (first.id, False)


async def test_a_void_warning_no_longer_raises_what_came_after_it(database: str, now: datetime) -> None:
    world = await settle(now)
    await log(world, now - timedelta(days=3))
    [first] = await list_current(world)
    decision = await decide_on(world, first, 1, now - timedelta(days=2))
    await void_warning(decision.id, grounds(), world.ben, now - timedelta(days=1))
    await log(world, now)
    assert [one.step for one in await list_current(world)] == [1, 1]


async def test_a_void_puts_a_later_decision_that_rested_on_the_warning_in_question(
    database: str, now: datetime
) -> None:
    world = await settle(now)
    await log(world, now - timedelta(days=3))
    [first] = await list_current(world)
    warning = await decide_on(world, first, 1, now - timedelta(days=2))
    await log(world, now)
    [_, climbed] = await list_current(world)
    later = await decide_on(world, climbed, 2, now + timedelta(hours=1))
    await void_warning(warning.id, grounds(), world.ben, now + timedelta(hours=2))
    [_, again] = await list_current(world)
    assert (again.look_again, again.decision_id, again.answer["reopened_by"]) == (True, later.id, [warning.id])
    assert (await Decision.get(id=later.id)).step == 2


async def test_a_withdrawn_decision_leaves_its_episode_waiting_again(database: str, now: datetime) -> None:
    world = await settle(now)
    await log(world, now)
    [first] = await list_current(world)
    decision = await decide_on(world, first, 1, now)
    await withdraw_decision(decision.id, grounds(), world.ben, now + timedelta(hours=1))
    [waiting] = await list_current(world)
    assert (waiting.decision_id, waiting.step) == (None, 1)


async def _two_decided_nights(world: World) -> list[Decision]:
    """A first night of two events, decided for its second, and a second night two hours after that, decided too."""
    night = world.now - timedelta(hours=30)
    await log(world, night)
    await log(world, night + timedelta(hours=11), happening="threat")
    await log(world, night + timedelta(hours=13))
    return [await decide_on(world, one, one.step or 0, world.now) for one in await list_current(world)]


async def _log_two_hours_before(world: World) -> str:
    """Late news that moves the first night's beginning, so that its second event now begins another episode."""
    return await log(world, world.now - timedelta(hours=32))


async def test_a_late_event_that_joins_two_decided_nights_is_kept_and_asks_a_person(
    database: str, now: datetime
) -> None:
    world = await settle(now)
    await _two_decided_nights(world)
    late = await _log_two_hours_before(world)
    [stuck] = await list_current(world)
    assert (stuck.outcome, stuck.step, late in stuck.episode, bool(stuck.faults)) == (CANNOT_JUDGE, None, True, True)
    assert await models.Entry.filter(entry_id=late).exists()
    assert await models.Notice.filter(recommendation_id=stuck.id, wanted="review", closed_at=None).count() == 1


async def test_what_contradicts_is_kept_with_the_refusal_and_nothing_else_is(database: str, now: datetime) -> None:
    world = await settle(now)
    await log(world, now - timedelta(days=9))
    [_, *decisions] = await _two_decided_nights(world)
    await _log_two_hours_before(world)
    [stuck] = await list_current(world)
    kept = {fact["id"] for fact in stuck.facts or [] if fact["type"] != "resident"}
    assert kept == {name for each in decisions for name in (each.id, each.entry_id)}


async def test_withdrawing_one_of_the_two_lets_the_policy_judge_again(database: str, now: datetime) -> None:
    world = await settle(now)
    decisions = await _two_decided_nights(world)
    await _log_two_hours_before(world)
    await withdraw_decision(decisions[1].id, grounds(), world.ben, now)
    assert CANNOT_JUDGE not in {one.outcome for one in await list_current(world)}


async def test_a_decided_entry_that_becomes_a_note_is_stored_and_somebody_is_asked(
    database: str, now: datetime
) -> None:
    world = await settle(now)
    entry = await log(world, now)
    [first] = await list_current(world)
    decision = await decide_on(world, first, 1, now)
    await correct(world, entry, now + timedelta(minutes=1), signs=[])
    assert await models.Entry.filter(entry_id=entry).count() == 2
    [asked] = await list_current(world)
    assert (asked.outcome, asked.deciding_entry, asked.episode) == (CANNOT_JUDGE, decision.entry_id, [entry])
    assert await models.Notice.filter(recommendation_id=asked.id, wanted="review", closed_at=None).count() == 1


async def test_a_void_that_was_looked_at_does_not_ask_again_when_another_fact_comes(
    database: str, now: datetime
) -> None:
    world = await settle(now)
    await log(world, now - timedelta(days=3))
    [first] = await list_current(world)
    warning = await decide_on(world, first, 1, now - timedelta(days=2))
    await log(world, now)
    [_, climbed] = await list_current(world)
    await decide_on(world, climbed, 2, now + timedelta(hours=1))
    await void_warning(warning.id, grounds(), world.ben, now + timedelta(hours=2))
    [_, asked] = await list_current(world)
    await keep_decision(asked.id, grounds(), world.ben, now + timedelta(hours=3))
    await log(world, now + timedelta(hours=4), happening="medical")
    [_, standing] = await list_current(world)
    assert (standing.look_again, standing.answer["reopened_by"]) == (False, [warning.id])
