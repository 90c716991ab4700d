"""Who is asked and told when an episode is judged and when it is decided."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from ap_log.actions.decide import decide
from ap_log.actions.pass_on_notices import pass_on_notices
from ap_log.actions.withdraw_decision import withdraw_decision
from ap_log.domain.recommendations import Choice, Grounds
from ap_log.store import models
from ap_log.store.models import AuditRecord, Notice, OutboxMessage
from tests.cast import World
from tests.notices import decided, events, logged, sent_to, told


async def reviews(**found: Any) -> list[Notice]:
    return await Notice.filter(wanted="review", **found).order_by("made_at", "id")


async def test_a_new_episode_asks_the_manager_once_with_a_message_and_a_time(world: World, now: datetime) -> None:
    recommendation = await logged(world)

    [notice] = await reviews()

    assert (notice.recipient_id, notice.duty, notice.step) == (world.ben.id, "manager", 1)
    assert notice.recommendation_id == recommendation.id
    assert notice.answer_by == datetime.fromisoformat("2026-11-23T12:00:00+00:00")
    assert notice.remaining == ["deputy", "on-duty-manager", "area-manager"]
    [message] = await OutboxMessage.all()
    assert (message.key, message.due_at) == (f"notice:{notice.id}:email", now)
    assert await events(notice) == ["notice.raised"]


async def test_a_step_5_asks_whoever_is_on_duty_within_a_quarter_of_an_hour(world: World, now: datetime) -> None:
    await logged(world, happening="assault")
    [notice] = await reviews()
    assert (notice.recipient_id, notice.answer_by) == (world.nia.id, now + timedelta(minutes=15))
    assert notice.remaining == ["manager", "deputy", "area-manager"]


async def test_where_nobody_is_on_duty_a_step_5_asks_the_manager(world: World, now: datetime) -> None:
    await models.Posting.filter(role="on-duty-manager").update(ended_at=now)
    await logged(world, happening="assault")
    assert [notice.recipient_id for notice in await reviews()] == [world.ben.id]


async def test_support_asks_nobody(world: World) -> None:
    await logged(world, alternatives_considered=False)
    assert await Notice.all().count() == 0


async def test_more_of_the_same_night_is_one_notice_that_stands_for_the_newest_facts(
    world: World, now: datetime
) -> None:
    await logged(world)
    [asked] = await reviews()
    later = await logged(world, occurred_at=(now - timedelta(minutes=5)).isoformat())
    [notice] = await reviews()
    assert (notice.id, notice.recommendation_id, notice.answer_by) == (asked.id, later.id, asked.answer_by)
    assert await OutboxMessage.all().count() == 1


async def test_a_higher_step_of_the_same_night_is_told_again_and_sooner(world: World, now: datetime) -> None:
    await logged(world)
    await Notice.all().update(seen_at=now, told_at=now)
    await logged(world, happening="threat")
    [notice] = await reviews()
    assert (notice.step, notice.answer_by, notice.seen_at, notice.told_at) == (3, now + timedelta(hours=4), None, None)
    assert await OutboxMessage.all().count() == 2
    assert await events(notice) == ["notice.raised", "notice.raised-again"]


async def test_a_night_that_becomes_a_step_5_goes_to_whoever_is_on_duty_and_stays_one_chain(world: World) -> None:
    await logged(world)
    await logged(world, happening="assault")
    first, second = sorted(await reviews(), key=lambda notice: notice.passes_on_id is not None)
    assert (first.recipient_id, first.step) == (world.ben.id, 5)
    assert (second.recipient_id, second.passes_on_id, second.step) == (world.nia.id, first.id, 5)


async def test_a_night_that_becomes_a_step_5_when_everybody_was_asked_is_told_again_to_whoever_is_on_duty(
    world: World, now: datetime
) -> None:
    await logged(world, happening="threat")
    for hours in range(4, 24, 4):
        await pass_on_notices(now + timedelta(hours=hours))
    world.now = now + timedelta(hours=20)
    await Notice.all().update(told_at=now)
    await logged(world, happening="assault", occurred_at=now.isoformat())
    again = await sent_to(world, "nia")
    assert (again.step, again.told_at, again.overdue_at) == (5, None, None)
    assert again.answer_by == again.tell_by == world.now + timedelta(minutes=15)
    assert (await events(again))[-1] == "notice.raised-again"
    others = await Notice.exclude(id=again.id)
    assert len(others) == 3
    assert all(notice.told_at == now and notice.overdue_at for notice in others)


async def test_a_lower_step_leaves_the_notice_and_its_time(world: World, now: datetime) -> None:
    await logged(world, happening="threat", id="0b0b0b0b-0000-4000-8000-000000000001")
    [before] = await reviews()
    # The same entry again, put right: it was no threat.
    await logged(world, happening="disruptive", id="0b0b0b0b-0000-4000-8000-000000000001")
    [after] = await reviews()
    assert (after.id, after.step, after.answer_by, after.closed_at) == (before.id, 1, before.answer_by, None)


async def test_a_notice_is_closed_when_nothing_is_left_to_decide(world: World, now: datetime) -> None:
    await logged(world, id="0b0b0b0b-0000-4000-8000-000000000001")
    await logged(world, id="0b0b0b0b-0000-4000-8000-000000000001", alternatives_considered=False)
    [notice] = await reviews()
    assert notice.closed_at == now
    assert await events(notice) == ["notice.raised", "notice.closed"]


async def test_deciding_closes_every_notice_that_asked_for_it(world: World, now: datetime) -> None:
    await logged(world)
    await decided(world, 5, now, happening="assault")
    assert [notice.closed_at for notice in await reviews()] == [now, now]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (0, []),
        (1, [("Asha", "key-worker", "seen"), ("Dev", "probation-practitioner", "seen")]),
        (2, [("Dev", "probation-practitioner", "comment")]),
        (3, [("Dev", "probation-practitioner", "comment"), ("Siân", "senior-probation-officer", "seen")]),
    ],
)
async def test_the_policy_says_who_is_told_of_an_issued_step(
    world: World, now: datetime, step: int, expected: list[tuple[str, str, str]]
) -> None:
    decision = await decided(world, step, now, happening="possession")  # step 2 is recommended
    recipients = [each for each in await told(decision) if each[1] != "area-manager"]
    assert recipients == expected


@pytest.mark.parametrize(("issued", "is_told"), [(0, True), (1, False), (2, False), (3, False), (4, True)])
async def test_a_large_departure_is_seen_by_the_area_manager(
    world: World, now: datetime, issued: int, is_told: bool
) -> None:
    decision = await decided(world, issued, now, happening="possession")
    area_managers = [each for each in await told(decision) if each[0] == "Farah"]
    assert area_managers == ([("Farah", "area-manager", "seen")] if is_told else [])


async def test_only_the_officer_is_asked_and_carries_the_chain(world: World, now: datetime) -> None:
    await decided(world, 4, now, happening="supply")
    dev, sian = await sent_to(world, "dev"), await sent_to(world, "sian")
    assert (dev.wanted, dev.answer_by) == ("decision", now + timedelta(hours=24))
    assert dev.remaining == ["deputy", "senior-probation-officer", "area-manager"]
    assert (sian.wanted, sian.remaining) == ("seen", [])


async def test_a_duty_nobody_holds_is_written_down(world: World, now: datetime) -> None:
    await models.Resident.filter(id=world.residents["gwilym"].id).update(officer_id=None)
    decision = await decided(world, 2, now, happening="possession")
    assert await told(decision) == []
    record = await AuditRecord.get(event="notice.duty-unheld")
    assert record.details == {"duties": "probation-practitioner"}


async def test_an_officer_who_has_left_is_not_told(world: World, now: datetime) -> None:
    await models.Person.filter(id=world.dev.id).update(left_at=now)
    decision = await decided(world, 3, now, happening="threat")
    assert await told(decision) == [("Siân", "senior-probation-officer", "comment")]


async def test_a_withdrawn_decision_asks_nobody_any_longer(world: World, now: datetime) -> None:
    decision = await decided(world, 2, now, happening="possession")
    await withdraw_decision(decision.id, Grounds("0c0c0c0c-0000-4000-8000-000000000001", "Wrong man."), world.ben, now)
    assert (await sent_to(world, "dev")).closed_at == now
    assert not await Notice.exists(decision_id=decision.id, closed_at=None)


async def test_whoever_knows_of_a_withdrawn_decision_is_told_once_and_nobody_else(world: World, now: datetime) -> None:
    decision = await decided(world, 4, now, happening="supply")
    await Notice.filter(recipient_id=world.dev.id).update(told_at=now)
    await Notice.filter(recipient_id=world.sian.id).update(seen_at=now)
    grounds = Grounds("0c0c0c0c-0000-4000-8000-000000000001", "Wrong man.")
    for _ in range(2):
        await withdraw_decision(decision.id, grounds, world.ben, now)
    raised = await Notice.filter(decision_id=decision.id, closed_at=None).select_related("recipient")
    assert sorted(each.recipient.name for each in raised) == ["Dev Patel", "Siân Morgan"]
    assert {each.wanted for each in raised} == {"seen"}


@pytest.mark.parametrize(
    ("knows", "is_told"),
    [({}, False), ({"told_at": True}, True), ({"seen_at": True}, True), ({"attempts": 1}, True)],
)
async def test_deciding_again_lower_tells_whoever_knew_of_the_first_decision_and_is_not_told_of_the_new_one(
    world: World, now: datetime, knows: dict[str, int], is_told: bool
) -> None:
    threat = "0b0b0b0b-0000-4000-8000-000000000001"
    first = await decided(world, 4, now, happening="supply", id=threat)
    for name, value in knows.items():
        if name == "attempts":
            await OutboxMessage.filter(notice__recipient_id=world.sian.id).update(attempts=value)
        else:
            await Notice.filter(recipient_id=world.sian.id).update(**{name: now})
    await Notice.filter(recipient_id=world.dev.id).update(told_at=now)
    second = await decided(world, 1, now, happening="disruptive", id=threat)
    assert await told(second) == [("Asha", "key-worker", "seen"), ("Dev", "probation-practitioner", "seen")]
    raised = await Notice.filter(decision_id=first.id, closed_at=None)
    assert [notice.recipient_id for notice in raised] == ([world.sian.id] if is_told else [])


async def test_who_was_told_in_a_duty_at_a_house_and_works_there_no_more_is_not_told_of_its_withdrawal(
    world: World, now: datetime
) -> None:
    decision = await decided(world, 1, now)
    await Notice.filter(decision_id=decision.id).update(told_at=now)
    await models.Posting.filter(person_id=world.asha.id).update(ended_at=now)
    await withdraw_decision(decision.id, Grounds("0c0c0c0c-0000-4000-8000-000000000001", "Wrong."), world.ben, now)
    raised = await Notice.filter(decision_id=decision.id, closed_at=None)
    assert [notice.recipient_id for notice in raised] == [world.dev.id]


async def test_an_area_manager_who_departs_far_is_not_told_of_it_themselves(world: World, now: datetime) -> None:
    recommendation = await logged(world, happening="possession")
    decision = await decide(recommendation.id, Choice(str(uuid4()), 0, "As agreed."), world.farah, now)
    assert await told(decision) == []


async def test_every_reference_is_short_and_its_own(world: World, now: datetime) -> None:
    for who in ("gwilym", "lewis"):
        await decided(world, 4, now, happening="supply", resident=who)
    references = [notice.reference for notice in await Notice.all()]
    assert len(set(references)) == len(references) == 8
    assert all(len(reference) == 9 and reference[4] == "-" for reference in references)
