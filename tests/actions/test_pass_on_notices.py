"""An unanswered notice goes to the next person when its time is up, once, whatever workers and clocks do."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

import pytest

from ap_log.actions.pass_on_notices import pass_on, pass_on_notices
from ap_log.store import models
from ap_log.store.models import Notice, OutboxMessage
from ap_log.store.transaction import transaction
from tests.cast import World
from tests.notices import decided, events, logged, sent_to

DAY = timedelta(hours=24)


async def chain(world: World, wanted: str = "decision") -> list[str]:
    """First names of those asked, in turn."""
    asked = await Notice.filter(wanted=wanted, passes_on_id=None).select_related("recipient")
    names = [asked[0].recipient.name.split()[0]] if asked else []
    while asked:
        asked = await Notice.filter(passes_on_id=asked[0].id).select_related("recipient")
        names += [asked[0].recipient.name.split()[0]] if asked else []
    return names


async def test_nothing_happens_a_moment_before_the_time_is_up(world: World, now: datetime) -> None:
    await decided(world, 4, now, happening="supply")
    assert await pass_on_notices(now + DAY - timedelta(seconds=1)) == 0
    assert await chain(world) == ["Dev"]


async def test_when_the_time_is_up_the_officers_deputy_is_asked_with_the_same_span_again(
    world: World, now: datetime
) -> None:
    decision = await decided(world, 4, now, happening="supply")
    await pass_on_notices(now + DAY)
    dev, tom = await sent_to(world, "dev"), await sent_to(world, "tom")
    assert (dev.overdue_at, dev.closed_at) == (now + DAY, None)
    assert (tom.passes_on_id, tom.duty, tom.wanted, tom.decision_id) == (
        dev.id,
        "officers-deputy",
        "decision",
        decision.id,
    )
    assert (tom.answer_by, tom.remaining) == (now + 2 * DAY, ["senior-probation-officer", "area-manager"])
    assert await OutboxMessage.exists(key=f"notice:{tom.id}:email", due_at=now + DAY)
    assert await events(dev) == ["notice.raised", "notice.overdue", "notice.passed-on"]


async def test_the_chain_is_walked_to_its_end_and_then_stays_overdue(world: World, now: datetime) -> None:
    await decided(world, 4, now, happening="supply")
    for days in range(1, 8):
        await pass_on_notices(now + days * DAY)
    assert await chain(world) == ["Dev", "Tom", "Siân", "Farah"]
    farah = await sent_to(world, "farah", wanted="decision")
    assert (farah.overdue_at, farah.closed_at, farah.remaining) == (now + 4 * DAY, None, [])
    assert (await events(farah))[-1] == "notice.nobody-left"


async def test_an_officer_without_a_deputy_is_followed_by_their_senior_and_never_by_the_premises_deputy(
    world: World, now: datetime
) -> None:
    await models.Person.filter(id=world.dev.id).update(deputy_id=None)
    await decided(world, 4, now, happening="supply")
    await pass_on_notices(now + DAY)
    assert await chain(world) == ["Dev", "Siân"]


async def test_where_there_is_no_officer_the_premises_deputy_is_not_asked_in_their_place(
    world: World, now: datetime
) -> None:
    await models.Person.filter(id__in=[world.dev.id, world.sian.id]).update(left_at=now)
    await decided(world, 4, now, happening="supply")
    assert await chain(world) == ["Farah"]


async def test_whoever_sent_the_recommendation_is_never_asked_to_decide_on_it(world: World, now: datetime) -> None:
    await models.Person.filter(id=world.dev.id).update(deputy_id=world.ben.id)
    await decided(world, 4, now, happening="supply")
    await pass_on_notices(now + DAY)
    assert await chain(world) == ["Dev", "Siân"]


@pytest.mark.parametrize(("may_decide", "asked"), [(False, "Rob"), (True, "Nia")])
async def test_only_who_may_decide_there_is_asked_in_the_managers_place(
    world: World, now: datetime, may_decide: bool, asked: str
) -> None:
    """Asha and Nia both work at Elm; only Nia decides there. A manager may name either as their deputy."""
    named = world.nia if may_decide else world.asha
    await models.Person.filter(id=world.ben.id).update(deputy_id=named.id)
    await logged(world, happening="threat")
    await pass_on_notices(now + timedelta(hours=4))
    assert await chain(world, "review") == ["Ben", asked]


async def test_a_deputy_who_has_left_is_passed_over(world: World, now: datetime) -> None:
    await models.Person.filter(id__in=[world.tom.id, world.rob.id]).update(left_at=now)
    await decided(world, 4, now, happening="supply")
    await pass_on_notices(now + DAY)
    assert await chain(world) == ["Dev", "Siân"]


async def test_nobody_is_asked_twice_in_a_chain(world: World, now: datetime) -> None:
    await models.Person.filter(id=world.dev.id).update(deputy_id=world.sian.id)
    await decided(world, 4, now, happening="supply")
    for days in range(1, 5):
        await pass_on_notices(now + days * DAY)
    assert await chain(world) == ["Dev", "Siân", "Farah"]


async def test_an_undecided_episode_goes_down_the_house_and_up_to_the_area(world: World, now: datetime) -> None:
    await logged(world, happening="threat")
    for hours in range(4, 24, 4):
        await pass_on_notices(now + timedelta(hours=hours))
    assert await chain(world, "review") == ["Ben", "Rob", "Nia", "Farah"]


async def test_what_only_had_to_be_seen_becomes_overdue_and_is_passed_to_nobody(world: World, now: datetime) -> None:
    await decided(world, 4, now, happening="supply")
    await pass_on_notices(now + DAY)
    sian = await sent_to(world, "sian", wanted="seen")
    assert sian.overdue_at == now + DAY
    assert not await Notice.exists(passes_on_id=sian.id)


async def test_an_answered_notice_is_left_alone(world: World, now: datetime) -> None:
    await decided(world, 4, now, happening="supply")
    await Notice.filter(recipient_id=world.dev.id).update(closed_at=now)
    await pass_on_notices(now + DAY)
    assert await chain(world) == ["Dev"]


@pytest.mark.parametrize("workers", [2, 8])
async def test_many_workers_at_once_pass_it_on_once(world: World, now: datetime, workers: int) -> None:
    await decided(world, 4, now, happening="supply")
    done = await asyncio.gather(*[pass_on_notices(now + DAY) for _ in range(workers)])
    assert sum(done) == 3  # Dev's, and those of the two who only had to see it
    assert await chain(world) == ["Dev", "Tom"]
    assert await OutboxMessage.filter(notice__recipient_id=world.tom.id).count() == 1


async def test_a_clock_that_goes_back_passes_nothing_on_again(world: World, now: datetime) -> None:
    await decided(world, 4, now, happening="supply")
    for hours in (24, 23, 24, 12, 25):
        await pass_on_notices(now + timedelta(hours=hours))
    assert await chain(world) == ["Dev", "Tom"]


async def test_one_passed_on_early_becomes_overdue_in_its_own_time_and_is_not_passed_on_again(
    world: World, now: datetime
) -> None:
    await decided(world, 4, now, happening="supply")
    dev = await sent_to(world, "dev")
    await transaction(partial(_refused, dev.id, now + timedelta(hours=1)))
    assert await pass_on_notices(now + DAY) == 3  # Dev's, and those of the two who only had to see it
    assert await chain(world) == ["Dev", "Tom"]
    assert (await sent_to(world, "dev")).overdue_at == now + DAY


async def _refused(notice_id: str, at: datetime) -> None:
    """His e-mail address was refused for good: somebody else is asked at once."""
    notice = await Notice.get(id=notice_id).select_related("recommendation", "decision", "recipient")
    await pass_on(notice, at)


async def test_one_that_cannot_be_passed_on_holds_up_none_of_the_others(world: World, now: datetime) -> None:
    await decided(world, 4, now, happening="supply")
    await decided(world, 4, now, happening="supply", resident="lewis")
    broken = await Notice.get(recipient_id=world.dev.id, resident_id=world.residents["gwilym"].id)
    await Notice.filter(id=broken.id).update(remaining=5)
    await pass_on_notices(now + DAY)
    assert await Notice.exists(recipient_id=world.tom.id, resident_id=world.residents["lewis"].id)
    assert (await Notice.get(id=broken.id)).overdue_at is None
