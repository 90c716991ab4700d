"""Voiding a warning, withdrawing a decision, letting one stand: each once, each with a reason, each on the record."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from ap_log.actions.decide import decide
from ap_log.actions.keep_decision import keep_decision
from ap_log.actions.log_entries import log_entry
from ap_log.actions.void_warning import void_warning
from ap_log.actions.withdraw_decision import withdraw_decision
from ap_log.domain.errors import AlreadyDecided, AlreadyVoid, AlreadyWithdrawn, IdTaken, Invalid, NotFound
from ap_log.domain.recommendations import Choice, Grounds
from ap_log.store import audit, recommendations
from ap_log.store.models import AuditRecord, Decision, KeptDecision, Notice, Recommendation, Void, Withdrawal
from tests.cast import World, an_entry


def grounds(reason: str = "The laboratory found nothing") -> Grounds:
    return Grounds(str(uuid4()), reason)


async def _current(world: World) -> list[Recommendation]:
    return await recommendations.list_current(world.residents["gwilym"].id)


async def _log_and_decide(world: World, step: int = 1, **changes: Any) -> Decision:
    await log_entry(an_entry(world, **changes), world.asha, world.now)
    waiting = next(one for one in await _current(world) if one.decision_id is None)
    return await decide(waiting.id, Choice(str(uuid4()), step, "as agreed"), world.ben, world.now)


@pytest.fixture
async def decided(world: World) -> Decision:
    """A verbal warning of Gwilym's, just given by Ben."""
    return await _log_and_decide(world)


@pytest.fixture
async def questioned(world: World, decided: Decision) -> Recommendation:
    """A threat of the same night has put that warning in question."""
    await log_entry(an_entry(world, happening="threat"), world.asha, world.now)
    [one] = await _current(world)
    return one


async def test_a_void_is_stored_once_however_often_its_form_is_sent(world: World, decided: Decision) -> None:
    given = grounds()
    first = await void_warning(decided.id, given, world.ben, world.now)
    again = await void_warning(decided.id, given, world.ben, world.now + timedelta(minutes=1))
    assert (again.id, again.at) == (first.id, first.at)
    assert await Void.all().count() == 1
    assert (await audit.list_events(decided.id)).count("warning.voided") == 1


async def test_a_void_warning_asks_nobody_any_longer_and_is_told_to_whoever_knew_of_it(
    world: World, decided: Decision
) -> None:
    await Notice.filter(decision_id=decided.id, recipient_id=world.dev.id).update(told_at=world.now)
    later = world.now + timedelta(hours=1)
    await void_warning(decided.id, grounds(), world.rob, later)
    closed = await Notice.filter(decision_id=decided.id, made_at=world.now)
    assert {(notice.recipient_id, notice.closed_at) for notice in closed} == {
        (world.dev.id, later),
        (world.asha.id, later),
    }
    [told] = await Notice.filter(decision_id=decided.id, closed_at=None)
    assert (told.recipient_id, told.wanted, told.made_at) == (world.dev.id, "seen", later)
    closings = await AuditRecord.filter(event="notice.closed", subject__in=[notice.id for notice in closed])
    assert [record.actor_id for record in closings] == [world.rob.id] * 2


async def test_two_people_who_void_at_once_void_once(world: World, decided: Decision) -> None:
    outcomes = await asyncio.gather(
        void_warning(decided.id, grounds(), world.ben, world.now),
        void_warning(decided.id, grounds(), world.rob, world.now),
        return_exceptions=True,
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == [AlreadyVoid.__name__, Void.__name__]


async def test_a_decision_that_made_no_warning_cannot_be_voided(world: World) -> None:
    decision = await _log_and_decide(world, step=0)
    with pytest.raises(Invalid):
        await void_warning(decision.id, grounds(), world.ben, world.now)


async def test_a_withdrawn_warning_cannot_be_voided(world: World, decided: Decision) -> None:
    await withdraw_decision(decided.id, grounds(), world.ben, world.now)
    with pytest.raises(AlreadyWithdrawn):
        await void_warning(decided.id, grounds(), world.ben, world.now)


async def test_a_withdrawal_is_stored_once_and_nobody_is_asked_about_the_decision_any_more(
    world: World, decided: Decision
) -> None:
    given = grounds()
    first = await withdraw_decision(decided.id, given, world.ben, world.now)
    again = await withdraw_decision(decided.id, given, world.ben, world.now + timedelta(minutes=1))
    assert (again.id, again.at) == (first.id, first.at)
    assert await Withdrawal.all().count() == 1
    assert await Notice.filter(decision_id=decided.id, closed_at=None).count() == 0
    assert await Decision.filter(id=decided.id).exists()


async def test_two_people_who_withdraw_at_once_withdraw_once(world: World, decided: Decision) -> None:
    outcomes = await asyncio.gather(
        withdraw_decision(decided.id, grounds(), world.ben, world.now),
        withdraw_decision(decided.id, grounds(), world.rob, world.now),
        return_exceptions=True,
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == [AlreadyWithdrawn.__name__, Withdrawal.__name__]


async def test_a_decision_that_is_kept_no_longer_waits(world: World, questioned: Recommendation) -> None:
    given = grounds("Both were said in the same minute")
    kept = await keep_decision(questioned.id, given, world.ben, world.now)
    again = await keep_decision(questioned.id, given, world.ben, world.now + timedelta(minutes=1))
    assert (again.id, again.at) == (kept.id, kept.at)
    [standing] = await _current(world)
    assert (standing.id, standing.look_again, standing.decision_id) == (questioned.id, False, kept.decision_id)
    assert await Notice.filter(wanted="review", closed_at=None).count() == 0
    closings = await AuditRecord.filter(event="notice.closed", subject_kind="notice")
    assert {record.actor_id for record in closings} == {world.ben.id}
    assert (await audit.list_events(kept.decision_id)).count("decision.kept") == 1


async def test_keeping_and_deciding_again_at_once_does_one_of_them(world: World, questioned: Recommendation) -> None:
    outcomes = await asyncio.gather(
        keep_decision(questioned.id, grounds(), world.ben, world.now),
        decide(questioned.id, Choice(str(uuid4()), 3), world.rob, world.now),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes].count(AlreadyDecided) == 1
    assert await KeptDecision.all().count() + await Withdrawal.all().count() == 1


async def test_there_is_nothing_to_keep_before_anybody_has_decided(world: World) -> None:
    await log_entry(an_entry(world), world.asha, world.now)
    [waiting] = await _current(world)
    with pytest.raises(Invalid):
        await keep_decision(waiting.id, grounds(), world.ben, world.now)


@pytest.mark.parametrize("reason", ["", "  "])
async def test_each_of_them_needs_a_reason(
    world: World, decided: Decision, questioned: Recommendation, reason: str
) -> None:
    for refused in (
        void_warning(decided.id, grounds(reason), world.ben, world.now),
        withdraw_decision(decided.id, grounds(reason), world.ben, world.now),
        keep_decision(questioned.id, grounds(reason), world.ben, world.now),
    ):
        with pytest.raises(Invalid):
            await refused


async def test_an_id_used_before_for_another_decision_is_refused(world: World, decided: Decision) -> None:
    other = await _log_and_decide(world, resident="gwilym", occurred_at=(world.now - timedelta(days=3)).isoformat())
    given = grounds()
    await void_warning(decided.id, given, world.ben, world.now)
    with pytest.raises(IdTaken):
        await void_warning(other.id, given, world.ben, world.now)
    await withdraw_decision(decided.id, given, world.ben, world.now)
    with pytest.raises(IdTaken):
        await withdraw_decision(other.id, given, world.ben, world.now)


@pytest.mark.parametrize("who", ["asha", "chika", "owen", "dev", "grace", "esther"])
async def test_only_those_who_decide_there_may_take_back(
    world: World, decided: Decision, questioned: Recommendation, who: str
) -> None:
    actor = world.actors[who]
    for refused in (
        void_warning(decided.id, grounds(), actor, world.now),
        withdraw_decision(decided.id, grounds(), actor, world.now),
        keep_decision(questioned.id, grounds(), actor, world.now),
    ):
        with pytest.raises(NotFound):
            await refused
