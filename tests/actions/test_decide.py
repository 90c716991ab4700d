"""Deciding an episode: once, whoever presses and however often, on the facts as they are now."""

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from ap_log.actions.decide import DECIDED_AGAIN, decide
from ap_log.actions.log_entries import log_entry
from ap_log.domain.errors import AlreadyDecided, FactsHaveChanged, IdTaken, Invalid, NotFound
from ap_log.domain.recommendations import AlternativeTried, Choice, Heads
from ap_log.store import audit, recommendations
from ap_log.store.models import Decision, Notice, Recommendation, Withdrawal
from tests.cast import World, an_entry

HEADS = Heads(
    immediate_risk="He may use again tonight",
    who_is_vulnerable="The man he shares a landing with",
    current_circumstances="In his room, checked every 15 minutes",
    alternatives=(AlternativeTried("DRUG_TESTING", "Weekly since 2 March"),),
    protective_factors="His sister visits",
    resident_says="He is sorry",
)


def a_choice(step: int, reason: str = "") -> Choice:
    return Choice(str(uuid4()), step, reason)


@pytest.fixture
async def recommended(world: World) -> Recommendation:
    """A first strongly suspected use of Gwilym's: step 1 is recommended."""
    await log_entry(an_entry(world), world.asha, world.now)
    [one] = await recommendations.list_current(world.residents["gwilym"].id)
    return one


async def test_a_decision_is_stored_with_its_notices_and_its_audit_record(
    world: World, recommended: Recommendation
) -> None:
    choice = a_choice(1)
    decision = await decide(recommended.id, choice, world.ben, world.now)
    stored = await Decision.get(id=choice.id)
    assert (stored.step, stored.recommended, stored.decided_by_id) == (1, 1, world.ben.id)
    assert (await Recommendation.get(id=recommended.id)).decision_id == decision.id
    assert await audit.list_events(decision.id) == ["decision.made"]
    told = {notice.recipient_id for notice in await Notice.filter(decision_id=decision.id)}
    assert told == {world.asha.id, world.dev.id}
    assert await Notice.filter(wanted="review", closed_at=None).count() == 0


async def test_the_same_form_sent_twice_makes_one_decision_and_one_set_of_notices(
    world: World, recommended: Recommendation
) -> None:
    choice = a_choice(1)
    first = await decide(recommended.id, choice, world.ben, world.now)
    notices = await Notice.all().count()
    again = await decide(recommended.id, choice, world.ben, world.now + timedelta(minutes=1))
    assert (again.id, again.decided_at) == (first.id, first.decided_at)
    assert (await Decision.all().count(), await Notice.all().count()) == (1, notices)


async def test_the_same_form_sent_ten_times_at_once_makes_one_decision(
    world: World, recommended: Recommendation
) -> None:
    choice = a_choice(1)
    made = await asyncio.gather(*(decide(recommended.id, choice, world.ben, world.now) for _ in range(10)))
    assert {decision.id for decision in made} == {choice.id}
    assert await Decision.all().count() == 1
    assert await Notice.filter(decision_id=choice.id).count() == 2


async def test_of_two_managers_who_decide_at_once_one_is_told_that_it_is_decided(
    world: World, recommended: Recommendation
) -> None:
    outcomes = await asyncio.gather(
        decide(recommended.id, a_choice(1), world.ben, world.now),
        decide(recommended.id, a_choice(2, "Second this week"), world.rob, world.now),
        return_exceptions=True,
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == [AlreadyDecided.__name__, Decision.__name__]
    assert await Decision.all().count() == 1


async def test_facts_that_changed_while_the_page_was_open_are_read_first(
    world: World, recommended: Recommendation
) -> None:
    await log_entry(an_entry(world, happening="threat"), world.asha, world.now)
    with pytest.raises(FactsHaveChanged):
        await decide(recommended.id, a_choice(1), world.ben, world.now)
    assert await Decision.all().count() == 0


async def test_a_replaced_recommendation_that_somebody_decided_says_so(
    world: World, recommended: Recommendation
) -> None:
    await log_entry(an_entry(world, happening="threat"), world.asha, world.now)
    [newer] = await recommendations.list_current(world.residents["gwilym"].id)
    await decide(newer.id, a_choice(3), world.rob, world.now)
    with pytest.raises(AlreadyDecided):
        await decide(recommended.id, a_choice(1), world.ben, world.now)


async def test_deciding_again_withdraws_the_earlier_decision_and_closes_what_it_asked(
    world: World, recommended: Recommendation
) -> None:
    first = await decide(recommended.id, a_choice(1), world.ben, world.now)
    await log_entry(an_entry(world, happening="threat"), world.asha, world.now)
    [again] = await recommendations.list_current(world.residents["gwilym"].id)
    second = await decide(again.id, a_choice(3), world.ben, world.now + timedelta(minutes=5))
    withdrawal = await Withdrawal.get(decision_id=first.id)
    assert (withdrawal.reason, withdrawal.withdrawn_by_id) == (DECIDED_AGAIN, world.ben.id)
    assert await Notice.filter(decision_id=first.id, closed_at=None).count() == 0
    assert await Notice.filter(decision_id=second.id, closed_at=None).count() > 0


async def test_a_departure_of_two_steps_tells_the_area_manager(world: World, recommended: Recommendation) -> None:
    decision = await decide(recommended.id, a_choice(3, "Fourth resident this week"), world.ben, world.now)
    assert await Notice.filter(decision_id=decision.id, recipient_id=world.farah.id).count() == 1


async def test_a_departure_without_a_reason_stores_nothing(world: World, recommended: Recommendation) -> None:
    with pytest.raises(Invalid) as refused:
        await decide(recommended.id, a_choice(2), world.ben, world.now)
    assert [fault.field for fault in refused.value.faults] == ["reason"]
    assert await Decision.all().count() == 0


async def test_step_4_is_stored_with_its_five_heads(world: World) -> None:
    await log_entry(an_entry(world, happening="supply"), world.asha, world.now)
    [one] = await recommendations.list_current(world.residents["gwilym"].id)
    choice = Choice(str(uuid4()), 4, "", HEADS)
    decision = await decide(one.id, choice, world.ben, world.now)
    assert (await Decision.get(id=decision.id)).heads["protective_factors"] == "His sister visits"
    assert await Notice.filter(decision_id=decision.id, wanted="decision", recipient_id=world.dev.id).count() == 1


@pytest.mark.parametrize("who", ["asha", "chika", "owen", "dev", "grace", "esther"])
async def test_only_those_who_decide_there_find_the_recommendation(
    world: World, recommended: Recommendation, who: str
) -> None:
    with pytest.raises(NotFound):
        await decide(recommended.id, a_choice(1), world.actors[who], world.now)
    assert await Decision.all().count() == 0


@pytest.mark.parametrize("who", ["ben", "rob", "nia"])
async def test_manager_deputy_and_on_duty_manager_decide(world: World, recommended: Recommendation, who: str) -> None:
    assert (await decide(recommended.id, a_choice(1), world.actors[who], world.now)).step == 1


async def test_another_persons_decision_id_is_not_answered_with_their_decision(
    world: World, recommended: Recommendation
) -> None:
    choice = a_choice(1)
    await decide(recommended.id, choice, world.ben, world.now)
    with pytest.raises(IdTaken):
        await decide(recommended.id, choice, world.rob, world.now)


async def test_a_decision_counts_from_when_it_was_made(
    world: World, recommended: Recommendation, now: datetime
) -> None:
    decision = await decide(recommended.id, a_choice(1), world.ben, now + timedelta(hours=7))
    assert (await Decision.get(id=decision.id)).decided_at == now + timedelta(hours=7)
