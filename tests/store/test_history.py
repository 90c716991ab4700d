"""The fast reading of many histories gives what the careful reading of each gives."""

from datetime import UTC, datetime, timedelta

import pytest

from ap_log.actions.void_warning import void_warning
from ap_log.actions.withdraw_decision import withdraw_decision
from ap_log.domain.policy.timeline import Decision, Event, Fact, Void
from ap_log.domain.recommendations import Grounds
from ap_log.store import history, timelines
from ap_log.store.models import Resident, new_id
from tests.cast import World
from tests.rehearsing import decided, happened

EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)


async def settled(world: World) -> None:
    """Entries of every kind, one replaced; decisions, one void and one withdrawn."""
    await happened(world, 50, help_seeking=True)
    await happened(world, 40, aggravators=["victim-staff"], mitigators=["told-staff-first"])
    await void_warning(await decided(world, 2), Grounds(new_id(), "Negative."), world.ben, world.now)
    await happened(world, 30)
    await withdraw_decision(await decided(world, 2), Grounds(new_id(), "A slip."), world.ben, world.now)
    await happened(world, 20, signs=[])
    await happened(world, 10, "lewis")
    await happened(world, 5, "oak_resident")


def without_reasons(facts: tuple[Fact, ...]) -> set[str]:
    """Which policy reads no reason, so the fast reading leaves them out."""
    said = set()
    for fact in facts:
        match fact:
            case Event():
                said.add(repr(fact))
            case Decision():
                said.add(repr((fact.id, fact.event, fact.step, fact.decided_at)))
            case Void():
                said.add(repr((fact.id, fact.at, fact.names)))
    return said


@pytest.mark.parametrize("chunk", [2, 3])
async def test_it_is_what_one_timeline_after_another_says(
    world: World, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    await settled(world)
    monkeypatch.setattr(history, "CHUNK", chunk)
    residents = await history.list_residents(None)
    read = [past async for chunk in history.read_history(residents, EARLIEST) for past in chunk]

    assert [past.timeline.case for past in read] == residents == sorted(residents)
    for past in read:
        resident = await Resident.get(id=past.timeline.case)
        one = await timelines.timeline_of(resident, EARLIEST)
        assert past.premises == resident.premises_id
        assert past.timeline.resident == one.resident
        assert not past.timeline.assume_issued
        assert without_reasons(past.timeline.facts) == without_reasons(one.facts)


async def test_what_is_from_before_the_first_policy_is_left_out(world: World) -> None:
    await happened(world, 20)
    await happened(world, 10)
    residents = [world.residents["gwilym"].id]
    [[past]] = [each async for each in history.read_history(residents, world.now - timedelta(days=15))]
    assert len(past.timeline.facts) == 1


async def test_only_who_lives_or_lived_at_the_premises_is_listed(world: World) -> None:
    await Resident.filter(id=world.residents["lewis"].id).update(departed_at=world.now)
    assert len(await history.list_residents([world.elm.id])) == 2
    assert await history.list_residents([world.oak.id]) == [world.residents["oak_resident"].id]
    assert await history.list_residents([]) == []
