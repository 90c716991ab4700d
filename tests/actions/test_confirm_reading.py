"""Confirming that one has read a version: once, however often and however fast it is said."""

import asyncio
from datetime import timedelta

import pytest

from ap_log.actions.confirm_reading import EVENT, confirm_reading
from ap_log.domain.errors import NotFound
from ap_log.store import audit, models, policy_readings
from tests.cast import World
from tests.policies import publish


async def test_a_reading_is_kept_with_its_time_and_is_on_the_audit_trail(world: World) -> None:
    second = await publish(world)

    await confirm_reading(second, world.asha, world.now)

    assert await policy_readings.find_reading(second, world.asha) == world.now
    assert await policy_readings.find_reading(second, world.ben) is None
    record = await models.AuditRecord.get(event=EVENT)
    assert (record.actor_id, record.subject_kind, record.subject) == (world.asha.id, "policy", second)


async def test_said_twice_the_first_time_counts(world: World) -> None:
    second = await publish(world)

    await confirm_reading(second, world.asha, world.now)
    await confirm_reading(second, world.asha, world.now + timedelta(hours=1))

    assert await policy_readings.find_reading(second, world.asha) == world.now
    assert await audit.list_events(second) == [EVENT]


async def test_said_in_parallel_it_is_one_reading(world: World) -> None:
    second = await publish(world)

    await asyncio.gather(*(confirm_reading(second, world.asha, world.now) for _ in range(8)))

    assert await models.PolicyReading.filter(policy_id=second).count() == 1
    assert await audit.list_events(second) == [EVENT]


async def test_each_person_confirms_for_themselves(world: World) -> None:
    second = await publish(world)

    await asyncio.gather(confirm_reading(second, world.asha, world.now), confirm_reading(second, world.ben, world.now))

    assert await models.PolicyReading.filter(policy_id=second).count() == 2


@pytest.mark.parametrize("policy", ["7e57ab1e-0000-4000-8000-000000000000", "ap-default/1", ""])
async def test_a_version_there_is_not_is_not_found(world: World, policy: str) -> None:
    with pytest.raises(NotFound):
        await confirm_reading(policy, world.asha, world.now)
