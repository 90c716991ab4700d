"""Taking back a version of the policy that is still to come: once, by name, and never when it may have judged."""

import asyncio
from datetime import timedelta

import pytest

from ap_log.actions.log_entries import log_entry
from ap_log.actions.publish_policy import publish_policy
from ap_log.actions.withdraw_policy import withdraw_policy
from ap_log.domain.errors import Invalid, NewestWithdrawn, NotFound, VersionInForce, VersionWithdrawn
from ap_log.domain.policies import Withdrawal
from ap_log.store import audit, policies, policy_drafts, recommendations
from ap_log.store.models import PolicyVersion, new_id
from ap_log.store.reference import get_reference
from tests.cast import World, an_entry
from tests.drafting import LONGER, a_draft, publication
from tests.policies import publish

WHY = "Both houses asked for more time."
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


async def numbers() -> list[int]:
    """The versions that anything is judged by."""
    return [policy.version for policy in (await policies.get_book()).policies]


async def test_a_withdrawn_version_stays_with_who_when_and_why_and_is_judged_by_no_more(world: World) -> None:
    second = await publish(world)
    assert await numbers() == [1, 2]
    await withdraw_policy(second, f" {WHY} ", world.farah, world.now + MINUTE)
    assert await numbers() == [1]
    kept = await policies.get_version(second)
    assert kept.withdrawal == Withdrawal("Farah Aziz", world.now + MINUTE, WHY)
    assert (kept.label, kept.reason) == ("ap-default/2", "Eight weeks were too long.")
    assert [each.version for each in await policies.list_versions()] == [1, 2]
    assert await audit.list_events(second) == ["policy.withdrawn"]
    assert [policy["version"] for policy in (await get_reference(world.asha, (), world.now)).policies] == [1]


async def test_what_happens_after_it_was_to_take_effect_is_judged_by_the_version_before(world: World) -> None:
    second = await publish(world, starts=world.now + timedelta(hours=1))
    await withdraw_policy(second, WHY, world.farah, world.now)
    after = world.now + timedelta(hours=2)
    await log_entry(an_entry(world, occurred_at=after.isoformat()), world.asha, after)
    [one] = await recommendations.list_current(world.residents["gwilym"].id)
    assert one.policy == "ap-default/1"


async def test_sent_twice_and_in_parallel_it_is_withdrawn_once(world: World) -> None:
    second = await publish(world)
    await asyncio.gather(*(withdraw_policy(second, WHY, world.farah, world.now) for _ in range(5)))
    await withdraw_policy(second, WHY, world.farah, world.now + timedelta(days=400))
    assert await audit.list_events(second) == ["policy.withdrawn"]
    kept = await policies.get_version(second)
    assert kept.withdrawal is not None
    assert kept.withdrawal.at == world.now


async def test_of_two_people_or_two_reasons_the_first_stands_and_the_other_is_told(world: World) -> None:
    second = await publish(world)
    outcomes = await asyncio.gather(
        withdraw_policy(second, WHY, world.farah, world.now),
        withdraw_policy(second, WHY, world.ben, world.now),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes].count(VersionWithdrawn) == 1
    with pytest.raises(VersionWithdrawn):
        await withdraw_policy(second, "Another reason", world.farah, world.now)
    assert await audit.list_events(second) == ["policy.withdrawn"]


@pytest.mark.parametrize(
    ("before", "is_taken"),
    [
        (MINUTE + SECOND, True),
        (MINUTE, False),
        (SECOND, False),
        (timedelta(0), False),
        (-SECOND, False),
    ],
)
async def test_it_can_be_withdrawn_until_a_minute_before_it_takes_effect(
    world: World, before: timedelta, is_taken: bool
) -> None:
    """Within that minute an entry could be judged by it while the withdrawal is being saved."""
    starts = world.now + timedelta(hours=1)
    second = await publish(world, starts=starts)
    attempt = withdraw_policy(second, WHY, world.farah, starts - before)
    if is_taken:
        await attempt
    else:
        with pytest.raises(VersionInForce):
            await attempt
    assert await numbers() == ([1] if is_taken else [1, 2])


async def test_of_two_who_withdraw_around_the_moment_it_takes_effect_only_the_early_one_can(world: World) -> None:
    starts = world.now + timedelta(hours=1)
    second = await publish(world, starts=starts)
    outcomes = await asyncio.gather(
        withdraw_policy(second, "Late.", world.ben, starts),
        withdraw_policy(second, WHY, world.farah, starts - timedelta(minutes=2)),
        return_exceptions=True,
    )
    assert isinstance(outcomes[0], VersionInForce | VersionWithdrawn)
    assert outcomes[1] is None
    assert await numbers() == [1]


async def test_the_first_version_cannot_be_withdrawn_even_before_it_takes_effect(world: World) -> None:
    [first] = await policies.list_versions()
    with pytest.raises(VersionInForce):
        await withdraw_policy(first.id, WHY, world.farah, first.policy.effective_from - timedelta(days=1))


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001])
async def test_it_needs_a_reason_that_can_be_kept(world: World, reason: str) -> None:
    second = await publish(world)
    with pytest.raises(Invalid) as refused:
        await withdraw_policy(second, reason, world.farah, world.now)
    assert [fault.field for fault in refused.value.faults] == ["reason"]
    assert await numbers() == [1, 2]


async def test_a_version_there_is_not_cannot_be_withdrawn(world: World) -> None:
    with pytest.raises(NotFound):
        await withdraw_policy(new_id(), WHY, world.farah, world.now)


async def test_the_next_version_takes_effect_before_the_withdrawn_one_would_have_under_a_number_of_its_own(
    world: World,
) -> None:
    second = await publish(world, starts=world.now + timedelta(days=300))
    await withdraw_policy(second, WHY, world.farah, world.now)
    draft = await a_draft(world, **LONGER)
    assert (draft.based_on, draft.version, draft.follows) == ("ap-default/1", 3, 1)
    third = await publish_policy(draft.id, publication(draft), world.farah, world.now)
    assert (await policies.get_version(third)).label == "ap-default/3"
    assert await numbers() == [1, 3]


async def test_a_version_may_take_effect_at_the_very_time_of_a_withdrawn_one(world: World) -> None:
    draft = await a_draft(world, **LONGER)
    starts = world.now + timedelta(days=7)
    second = await publish_policy(draft.id, publication(draft, effective_from=starts), world.farah, world.now)
    await withdraw_policy(second, WHY, world.farah, world.now)
    draft = await a_draft(world, **LONGER)
    await publish_policy(draft.id, publication(draft, effective_from=starts), world.farah, world.now)
    assert await numbers() == [1, 3]


async def a_second(world: World) -> str:
    """Version 2, with the worked examples that a draft started from it needs."""
    draft = await a_draft(world, **LONGER)
    return await publish_policy(draft.id, publication(draft), world.farah, world.now)


async def test_a_draft_of_a_withdrawn_version_can_be_published_once_its_changes_were_read(world: World) -> None:
    second = await a_second(world)
    draft = await a_draft(world, fit_to_warn_hours=8)
    assert (draft.based_on, draft.version, draft.follows) == ("ap-default/2", 3, 2)
    await withdraw_policy(second, WHY, world.farah, world.now)
    with pytest.raises(NewestWithdrawn):
        await publish_policy(draft.id, publication(draft), world.farah, world.now)
    read = await policy_drafts.get_draft(draft.id)
    assert (read.based_on, read.version, read.follows) == ("ap-default/2", 3, 1)
    await publish_policy(draft.id, publication(read), world.farah, world.now)
    assert await numbers() == [1, 3]


async def test_of_publishing_and_withdrawing_at_once_neither_is_lost(world: World) -> None:
    second = await a_second(world)
    draft = await a_draft(world, fit_to_warn_hours=8)
    later = publication(draft, effective_from=world.now + timedelta(days=20))
    published, withdrawn = await asyncio.gather(
        publish_policy(draft.id, later, world.farah, world.now),
        withdraw_policy(second, WHY, world.farah, world.now),
        return_exceptions=True,
    )
    assert withdrawn is None
    was_first = not isinstance(published, NewestWithdrawn)
    assert await numbers() == ([1, 3] if was_first else [1])
    assert await PolicyVersion.all().count() == (3 if was_first else 2)
