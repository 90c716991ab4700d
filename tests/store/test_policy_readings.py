"""Who has still to read a version of the policy, with what it is compared for them, and who has read it."""

from datetime import timedelta

import pytest

from ap_log.actions.confirm_reading import confirm_reading
from ap_log.actions.withdraw_policy import withdraw_policy
from ap_log.domain.policy_readings import House
from ap_log.store import models, policies, policy_readings
from tests.cast import World
from tests.policies import publish

WORKING = ("asha", "ben", "rob", "nia", "chika", "owen", "dev", "sian", "farah", "grace")
READERS = {"asha", "ben", "rob", "nia", "chika", "owen", "farah"}


async def waiting(world: World, policy: str) -> set[str]:
    """Who has still to confirm a version."""
    found = set()
    for who in WORKING:
        unread = await policy_readings.find_unread(world.actors[who])
        assert unread is None or unread.policy == policy
        found |= {who} if unread else set()
    return found


def names(house: House) -> list[str]:
    return [reader.name.split()[0] for reader in house.readers]


async def compared(world: World, who: str, policy: str) -> int | None:
    """The number of the version that this one is compared with."""
    version = await policies.get_version(policy)
    found = await policy_readings.find_compared(version.version, world.actors[who])
    return (await policies.get_version(found)).version if found else None


async def test_nobody_has_to_confirm_the_first_version(world: World) -> None:
    [first] = await policies.list_versions()

    assert await waiting(world, first.id) == set()
    assert await compared(world, "asha", first.id) is None


async def test_a_new_version_waits_for_those_who_log_or_decide_but_not_for_who_published_it(world: World) -> None:
    second = await publish(world, by="farah")

    assert await waiting(world, second) == READERS - {"farah"}


async def test_whoever_confirms_is_asked_no_more_until_there_is_another(world: World) -> None:
    second = await publish(world, by="farah")
    await confirm_reading(second, world.asha, world.now)
    assert await waiting(world, second) == READERS - {"farah", "asha"}

    third = await publish(world, 3, by="ben")
    assert await waiting(world, third) == READERS - {"ben"}


async def test_an_older_version_that_nobody_confirmed_is_not_asked_for_after_a_newer(world: World) -> None:
    await publish(world)
    third = await publish(world, 3)
    await confirm_reading(third, world.asha, world.now)

    assert await policy_readings.find_unread(world.asha) is None


async def test_when_the_unread_version_takes_effect_comes_with_it(world: World) -> None:
    second = await publish(world, starts=world.now + timedelta(days=3))

    unread = await policy_readings.find_unread(world.asha)

    assert unread is not None
    assert (unread.policy, unread.effective_from) == (second, world.now + timedelta(days=3))


async def test_who_holds_no_duty_any_more_has_nothing_to_confirm(world: World) -> None:
    await publish(world)

    assert await policy_readings.find_unread(world.esther) is None


async def test_a_withdrawn_version_is_nobodys_to_read_and_compared_with_nothing(world: World) -> None:
    second = await publish(world, by="ben")
    await confirm_reading(second, world.asha, world.now)
    await withdraw_policy(second, "Too soon.", world.farah, world.now)
    assert await waiting(world, second) == set()

    third = await publish(world, 3, by="farah")

    assert await waiting(world, third) == READERS - {"farah"}
    assert {await compared(world, who, third) for who in WORKING} == {1}


async def test_withdrawing_the_newest_asks_for_the_one_before_again(world: World) -> None:
    second = await publish(world)
    third = await publish(world, 3)
    assert await waiting(world, third) == READERS - {"farah"}

    await withdraw_policy(third, "Too soon.", world.farah, world.now)

    assert await waiting(world, second) == READERS - {"farah"}


async def test_several_unread_versions_are_one_comparison_with_the_last_one_known(world: World) -> None:
    second = await publish(world)
    third = await publish(world, 3)
    await confirm_reading(second, world.ben, world.now)

    assert await compared(world, "asha", third) == 1
    assert await compared(world, "asha", second) == 1
    assert await compared(world, "ben", third) == 2


async def test_whoever_published_a_version_knows_it(world: World) -> None:
    await publish(world, by="farah")
    third = await publish(world, 3, by="ben")

    assert await compared(world, "farah", third) == 2


async def test_somebody_new_is_not_shown_what_changed_before_they_came(world: World) -> None:
    await publish(world)
    third = await publish(world, 3)
    await models.Person.filter(id=world.asha.id).update(created_at=world.now + timedelta(minutes=1))

    assert await policy_readings.find_unread(world.asha) is not None
    assert await compared(world, "asha", third) == 2


@pytest.mark.parametrize("who", ["dev", "sian"])
async def test_whoever_confirms_nothing_sees_each_version_beside_the_one_before(world: World, who: str) -> None:
    await publish(world)
    third = await publish(world, 3)

    assert await compared(world, who, third) == 2


async def test_a_manager_sees_the_readers_of_their_premises_those_who_have_not_first(world: World) -> None:
    second = await publish(world, by="farah")
    await confirm_reading(second, world.asha, world.now)
    await confirm_reading(second, world.rob, world.now + timedelta(hours=1))

    [elm] = await policy_readings.list_houses(second, world.ben, world.now)

    assert elm.premises == "Elm House"
    assert names(elm) == ["Ben", "Nia", "Rob", "Asha"]
    assert elm.confirmed == 2


async def test_an_area_manager_sees_each_of_their_premises(world: World) -> None:
    second = await publish(world, by="ben")

    elm, oak = await policy_readings.list_houses(second, world.farah, world.now)

    assert (elm.premises, names(elm)) == ("Elm House", ["Asha", "Farah", "Nia", "Rob"])
    assert (oak.premises, names(oak)) == ("Oak House", ["Chika", "Farah", "Nia", "Owen"])


async def test_two_duties_at_one_premises_are_one_reader(world: World) -> None:
    second = await publish(world)
    await models.Posting.create(
        person_id=world.asha.id, premises_id=world.elm.id, role="key-worker", started_at=world.now
    )

    [elm] = await policy_readings.list_houses(second, world.ben, world.now)

    assert [len(reader.roles) for reader in elm.readers if reader.name == "Asha Rahman"] == [2]


async def test_whoever_has_left_or_has_not_begun_is_on_no_list(world: World) -> None:
    second = await publish(world)
    await models.Posting.filter(person_id=world.rob.id).update(ended_at=world.now)
    await models.Posting.filter(person_id=world.nia.id).update(started_at=world.now + timedelta(seconds=1))

    [elm] = await policy_readings.list_houses(second, world.ben, world.now)

    assert names(elm) == ["Asha", "Ben"]


@pytest.mark.parametrize("who", ["asha", "nia", "dev", "grace"])
async def test_nobody_else_is_shown_who_has_read_it(world: World, who: str) -> None:
    assert await policy_readings.list_houses(await publish(world), world.actors[who], world.now) == ()
