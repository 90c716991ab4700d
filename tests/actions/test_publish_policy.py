"""Publishing a draft: once, only when it is ready, and never over what somebody else did meanwhile."""

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from ap_log.actions.change_draft import change_draft, change_examples
from ap_log.actions.discard_draft import discard_draft
from ap_log.actions.log_entries import log_entry
from ap_log.actions.publish_policy import publish_policy
from ap_log.domain.errors import DraftChanged, DraftClosed, Invalid, NewerPublished, NotReadyToPublish
from ap_log.domain.policy.examples import Example
from ap_log.store import audit, policies, policy_drafts, recommendations
from ap_log.store.models import PolicyVersion
from ap_log.store.reference import get_reference
from tests.cast import World, an_entry
from tests.drafting import LONGER, a_draft, publication


async def test_a_published_draft_is_a_version_with_its_examples_its_author_and_why(world: World) -> None:
    draft = await a_draft(world, **LONGER)
    version_id = await publish_policy(draft.id, publication(draft), world.farah, world.now)
    version = await policies.get_version(version_id)
    assert (version.label, version.policy.effective_from) == ("ap-default/2", world.now + timedelta(days=7))
    assert version.policy == draft.policy(world.now + timedelta(days=7))
    assert (version.examples, version.published_by) == (draft.examples, "Farah Aziz")
    assert (version.reason, version.published_at) == ("Final warnings ran out too soon.", world.now)
    assert await audit.list_events(version_id) == ["policy.published"]
    closed = await policy_drafts.get_draft(draft.id)
    assert (closed.published_as, closed.version, closed.is_open) == (version_id, 2, False)
    with pytest.raises(DraftClosed):
        await change_draft(draft.id, draft.revision, {"fit_to_warn_hours": 8}, world.farah, world.now)
    with pytest.raises(DraftClosed):
        await discard_draft(draft.id, draft.revision, world.farah, world.now)


async def test_publishing_twice_or_at_once_with_one_form_makes_one_version(world: World) -> None:
    draft = await a_draft(world, **LONGER)
    asked = publication(draft)
    made = await asyncio.gather(*(publish_policy(draft.id, asked, world.farah, world.now) for _ in range(5)))
    later = world.now + timedelta(minutes=5)
    assert {*made, await publish_policy(draft.id, asked, world.farah, later)} == {made[0]}
    assert await PolicyVersion.all().count() == 2


async def test_at_once_leaves_a_whole_minute_also_when_the_form_is_sent_again(world: World) -> None:
    draft = await a_draft(world, **LONGER)
    asked = publication(draft, effective_from=None)
    now = world.now + timedelta(seconds=20)
    version_id = await publish_policy(draft.id, asked, world.farah, now)
    again = await publish_policy(draft.id, asked, world.farah, now + timedelta(minutes=3))
    version = await policies.get_version(version_id)
    assert (again, version.policy.effective_from) == (version_id, world.now + timedelta(minutes=2))


async def test_a_published_draft_cannot_be_published_otherwise_or_by_another(world: World) -> None:
    draft = await a_draft(world, **LONGER)
    asked = publication(draft)
    await publish_policy(draft.id, asked, world.farah, world.now)
    for changed in (
        msgspec.structs.replace(asked, reason="Another reason"),
        msgspec.structs.replace(asked, effective_from=world.now + timedelta(days=8)),
    ):
        with pytest.raises(DraftClosed):
            await publish_policy(draft.id, changed, world.farah, world.now)
    with pytest.raises(DraftClosed):
        await publish_policy(draft.id, asked, world.ben, world.now)


async def test_a_discarded_draft_cannot_be_published(world: World) -> None:
    draft = await a_draft(world, **LONGER)
    await discard_draft(draft.id, draft.revision, world.farah, world.now)
    with pytest.raises(DraftClosed):
        await publish_policy(draft.id, publication(draft), world.farah, world.now)


async def test_of_two_drafts_published_at_once_one_wins_and_the_other_is_told(world: World) -> None:
    one, other = await a_draft(world, **LONGER), await a_draft(world, fit_to_warn_hours=8)
    outcomes = await asyncio.gather(
        publish_policy(one.id, publication(one), world.farah, world.now),
        publish_policy(other.id, publication(other), world.farah, world.now),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes].count(NewerPublished) == 1
    assert await PolicyVersion.all().count() == 2


async def test_a_draft_that_fails_its_own_example_cannot_be_published(world: World) -> None:
    draft = await a_draft(world, **LONGER)
    wrong = msgspec.structs.replace(draft.examples[0], step=3, outcome="warn")
    draft = await change_examples(draft.id, draft.revision, (wrong, *draft.examples[1:]), world.farah, world.now)
    with pytest.raises(NotReadyToPublish) as refused:
        await publish_policy(draft.id, publication(draft), world.farah, world.now)
    [fault] = refused.value.faults
    assert (fault.field, wrong.title in fault.message) == ("examples", True)
    assert await PolicyVersion.all().count() == 1


async def test_examples_that_changed_after_the_page_was_opened_are_read_first(world: World) -> None:
    draft = await a_draft(world, **LONGER)
    asked = publication(draft)
    await change_examples(draft.id, draft.revision, draft.examples[:1], world.farah, world.now)
    with pytest.raises(DraftChanged):
        await publish_policy(draft.id, asked, world.farah, world.now)
    assert await PolicyVersion.all().count() == 1


@pytest.mark.parametrize(
    ("change", "examples", "fields"),
    [
        ({"time_zone": "Elm", "fit_to_warn_hours": -1}, None, ["times", "times"]),
        ({}, None, ["changes"]),
        (LONGER, (), ["examples"]),
        ({}, (), ["examples", "changes"]),
    ],
)
async def test_everything_that_is_missing_is_named_at_once_with_the_fields_of_the_form(
    world: World, change: dict[str, Any], examples: tuple[Example, ...] | None, fields: list[str]
) -> None:
    draft = await a_draft(world, **change)
    if examples is not None:
        draft = await change_examples(draft.id, draft.revision, examples, world.farah, world.now)
    asked = publication(draft, effective_from=world.now - timedelta(seconds=1), reason=" ")
    with pytest.raises(NotReadyToPublish) as refused:
        await publish_policy(draft.id, asked, world.farah, world.now)
    assert [fault.field for fault in refused.value.faults] == [*fields, "effective_from", "reason"]


@pytest.mark.parametrize(
    ("after", "is_taken"),
    [
        (timedelta(minutes=1), True),
        (timedelta(seconds=59), False),
        (timedelta(0), False),
        (timedelta(seconds=-1), False),
        (timedelta(days=366), True),
        (timedelta(days=366, seconds=1), False),
    ],
)
async def test_a_version_takes_effect_after_a_minute_and_within_a_year(
    world: World, after: timedelta, is_taken: bool
) -> None:
    draft = await a_draft(world, **LONGER)
    attempt = publish_policy(draft.id, publication(draft, effective_from=world.now + after), world.farah, world.now)
    if is_taken:
        assert await attempt
    else:
        with pytest.raises(Invalid, match="There is a problem"):
            await attempt


async def test_a_version_takes_effect_after_every_published_one(world: World) -> None:
    first = await a_draft(world, **LONGER)
    await publish_policy(first.id, publication(first), world.farah, world.now)
    draft = await a_draft(world, fit_to_warn_hours=8)
    for refused_time in (None, first.changed_at + timedelta(days=7)):
        with pytest.raises(Invalid) as refused:
            await publish_policy(draft.id, publication(draft, effective_from=refused_time), world.farah, world.now)
        assert "27 November 2026 at 01:40, when version 2 takes effect" in refused.value.faults[0].message
    later = publication(draft, effective_from=world.now + timedelta(days=7, seconds=1))
    await publish_policy(draft.id, later, world.farah, world.now)
    assert [version.version for version in await policies.list_versions()] == [1, 2, 3]


async def test_an_episode_is_judged_by_the_version_in_force_at_its_first_event(world: World) -> None:
    draft = await a_draft(world)
    kept = tuple(example for example in draft.examples if "SUB-2" not in {event.code for event in example.events})
    draft = await change_examples(draft.id, draft.revision, kept, world.farah, world.now)
    base = {**draft.policy(world.now).base, "SUB-2": 2}
    draft = await change_draft(draft.id, draft.revision, {"base": base}, world.farah, world.now)
    await publish_policy(draft.id, publication(draft, effective_from=None), world.farah, world.now)
    before = (world.now - timedelta(minutes=1)).isoformat()
    after = world.now + timedelta(days=1)
    await log_entry(an_entry(world, occurred_at=before), world.asha, after)
    await log_entry(an_entry(world, resident="lewis", occurred_at=after.isoformat()), world.asha, after)
    [old] = await recommendations.list_current(world.residents["gwilym"].id)
    [new] = await recommendations.list_current(world.residents["lewis"].id)
    assert [(one.policy, one.step) for one in (old, new)] == [("ap-default/1", 1), ("ap-default/2", 2)]


async def test_phones_get_a_published_version_with_their_next_reference(world: World) -> None:
    draft = await a_draft(world, **LONGER)
    await publish_policy(draft.id, publication(draft), world.farah, world.now)
    reference = await get_reference(world.asha, (), world.now)
    assert [policy["version"] for policy in reference.policies] == [1, 2]
