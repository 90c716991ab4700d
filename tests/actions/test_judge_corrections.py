"""Corrections: what waits for a person is made anew as soon as its reasons or facts are no longer true."""

from datetime import datetime, timedelta

from ap_log.store import models
from tests.actions.judging import correct, decide_on, fact_kept, list_current, log
from tests.cast import settle


async def test_a_correction_that_keeps_the_answer_still_makes_a_waiting_recommendation_say_what_is_true(
    database: str, now: datetime
) -> None:
    world = await settle(now)
    entry = await log(world, now, happening="possession")
    [first] = await list_current(world)
    await correct(world, entry, now + timedelta(minutes=5), happening="test-refused")
    [corrected] = await list_current(world)
    assert corrected.answer == first.answer
    assert [each["code"] for each in corrected.facts or [] if each["type"] == "event"] == ["SUB-5"]
    assert corrected.reasons[0] != first.reasons[0]
    await first.refresh_from_db()
    assert [each["code"] for each in first.facts or [] if each["type"] == "event"] == ["SUB-4"]
    assert first.superseded_at == now + timedelta(minutes=5)


async def test_what_a_correction_makes_anew_waits_since_the_first_and_is_asked_for_by_the_same_notice(
    database: str, now: datetime
) -> None:
    world = await settle(now)
    entry = await log(world, now, happening="possession")
    [asked] = await models.Notice.filter(wanted="review")
    await correct(world, entry, now + timedelta(minutes=5), happening="test-refused")
    [corrected] = await list_current(world)
    assert (corrected.waiting_since, corrected.made_at) == (now, now + timedelta(minutes=5))
    [notice] = await models.Notice.filter(wanted="review")
    assert (notice.id, notice.recommendation_id, notice.closed_at) == (asked.id, corrected.id, None)
    assert notice.answer_by == asked.answer_by


async def test_the_day_of_the_evidence_moves_with_its_correction(database: str, now: datetime) -> None:
    world = await settle(now)
    test = await log(world, now - timedelta(days=5), happening="test-refused")
    [first] = await list_current(world)
    await decide_on(world, first, 3, now - timedelta(days=4))
    await log(world, now)
    [_, guarded] = await list_current(world)
    moved = (now - timedelta(days=6)).isoformat()
    await correct(world, test, now + timedelta(minutes=5), occurred_at=moved)
    [_, again] = await list_current(world)
    assert (guarded.step, again.answer) == (4, guarded.answer)
    assert (again.id, again.reasons) != (guarded.id, guarded.reasons)
    assert {"id": test, "occurred_at": moved}.items() <= fact_kept(again, test).items()


async def test_a_repeat_names_the_latenesses_it_counts_now(database: str, now: datetime) -> None:
    world = await settle(now)
    late = [await log(world, now - timedelta(days=day), happening="late-30") for day in (9, 6, 3, 0)]
    last = (await list_current(world))[-1]
    await correct(world, late[1], now + timedelta(minutes=5), happening="medical")
    again = (await list_current(world))[-1]
    assert (last.step, again.answer) == (1, last.answer)
    assert [late[0] in reason["facts"] for reason in (last.reasons[1], again.reasons[1])] == [False, True]


async def test_a_decision_in_question_is_asked_about_with_the_facts_as_they_are_now(
    database: str, now: datetime
) -> None:
    world = await settle(now)
    entry = await log(world, now)
    [first] = await list_current(world)
    decision = await decide_on(world, first, 1, now + timedelta(hours=1))
    await correct(world, entry, now + timedelta(hours=2), happening="possession")
    [asked] = await list_current(world)
    await correct(world, entry, now + timedelta(hours=3), happening="test-refused")
    [again] = await list_current(world)
    assert (again.look_again, again.decision_id, again.answer) == (True, decision.id, asked.answer)
    assert (fact_kept(asked, entry)["code"], fact_kept(again, entry)["code"]) == ("SUB-4", "SUB-5")
    assert again.waiting_since == asked.waiting_since


async def test_what_was_decided_keeps_the_reasons_it_was_decided_on(database: str, now: datetime) -> None:
    world = await settle(now)
    entry = await log(world, now, happening="possession")
    [first] = await list_current(world)
    await decide_on(world, first, first.step or 0, now + timedelta(hours=1))
    [decided] = await list_current(world)
    await correct(world, entry, now + timedelta(hours=2), happening="test-refused")
    [standing] = await list_current(world)
    assert (standing.id, fact_kept(standing, entry)["code"]) == (decided.id, "SUB-4")


async def test_an_entry_that_counts_for_nothing_here_leaves_what_waits_alone(database: str, now: datetime) -> None:
    world = await settle(now)
    await log(world, now - timedelta(days=3))
    await log(world, now - timedelta(days=2), happening="medical")
    await log(world, now, happening="possession")
    before = [one.id for one in await list_current(world)]
    await log(world, now + timedelta(days=20), happening="late-30")
    assert [one.id for one in await list_current(world)][:-1] == before
