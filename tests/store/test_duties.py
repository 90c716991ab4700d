"""Who holds a duty for a resident at a time: posted at the premises, or named."""

from datetime import datetime, timedelta

from ap_log.store import duties
from ap_log.store.models import Person, Posting, Resident
from tests.cast import World


async def holders(world: World, now: datetime) -> dict[str, str]:
    names = {actor.id: key for key, actor in world.actors.items()}
    found = await duties.holders_of(world.residents["gwilym"].id, now)
    return {duty: names[person] for duty, person in found.items()}


async def test_duties_are_held_by_those_posted_at_the_premises_and_those_named(world: World, now: datetime) -> None:
    assert await holders(world, now) == {
        "manager": "ben",
        "deputy": "rob",
        "on-duty-manager": "nia",
        "area-manager": "farah",
        "probation-practitioner": "dev",
        "senior-probation-officer": "sian",
        "key-worker": "asha",
    }


async def test_a_posting_counts_from_its_start_until_its_end(world: World, now: datetime) -> None:
    await Posting.filter(role="manager").update(started_at=now, ended_at=now + timedelta(hours=1))
    moments = {-1: False, 0: True, 59: True, 60: False}
    for minutes, counts in moments.items():
        assert ("manager" in await holders(world, now + timedelta(minutes=minutes))) is counts


async def test_whoever_was_posted_last_holds_the_duty(world: World, now: datetime) -> None:
    await Posting.create(
        person_id=world.rob.id, premises_id=world.elm.id, role="manager", started_at=now - timedelta(days=1)
    )
    assert (await holders(world, now))["manager"] == "rob"


async def test_nobody_who_has_left_holds_anything(world: World, now: datetime) -> None:
    await Person.filter(id__in=[world.ben.id, world.dev.id, world.asha.id]).update(left_at=now)
    found = await holders(world, now)
    assert {"manager", "probation-practitioner", "key-worker"} & set(found) == set()
    assert found["senior-probation-officer"] == "sian"


async def test_a_resident_without_an_officer_has_no_senior_officer_either(world: World, now: datetime) -> None:
    await Resident.filter(id=world.residents["gwilym"].id).update(officer_id=None, key_worker_id=None)
    assert set(await holders(world, now)) == {"manager", "deputy", "on-duty-manager", "area-manager"}


async def test_a_deputy_stands_in_only_while_they_are_here(world: World, now: datetime) -> None:
    assert await duties.find_deputy(world.dev.id, now) == world.tom.id
    await Person.filter(id=world.tom.id).update(left_at=now)
    assert await duties.find_deputy(world.dev.id, now) is None
    assert await duties.find_deputy(world.ben.id, now) is None
