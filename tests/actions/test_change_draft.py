"""Starting, changing and discarding a draft: once, however often it is sent, and nobody's work lost unread."""

import asyncio
from uuid import uuid4

import pytest

from ap_log.actions.change_draft import change_draft, change_examples
from ap_log.actions.discard_draft import discard_draft
from ap_log.actions.start_draft import start_draft
from ap_log.domain.errors import DraftChanged, DraftClosed, FormUsed, Invalid, NotFound
from ap_log.domain.policy.drafting import document_of
from ap_log.domain.policy.examples import try_example
from ap_log.store import audit, policies, policy_drafts
from ap_log.store.models import PolicyDraft
from tests.cast import World
from tests.drafting import LONGER, a_draft


async def test_a_draft_says_what_the_newest_version_says_and_gets_the_next_number(world: World) -> None:
    draft = await a_draft(world)
    [shipped] = await policies.list_versions()
    assert draft.document == document_of(shipped.policy)
    assert (draft.based_on, draft.name, draft.version, draft.revision) == ("ap-default/1", "ap-default", 2, 1)
    assert (draft.started_by, draft.started_at) == ("Farah Aziz", world.now)
    assert await audit.list_events(draft.id) == ["policy-draft.started"]


async def test_the_draft_of_the_shipped_policy_has_its_examples_and_all_pass(world: World) -> None:
    draft = await a_draft(world)
    assert draft.examples
    assert all(try_example(draft.policy(world.now), example).passes for example in draft.examples)


async def test_starting_twice_or_at_once_with_one_form_starts_one_draft(world: World) -> None:
    form = str(uuid4())
    await asyncio.gather(*(start_draft(form, world.farah, world.now) for _ in range(5)))
    assert await start_draft(form, world.farah, world.now) == form
    assert await PolicyDraft.all().count() == 1
    assert await audit.list_events(form) == ["policy-draft.started"]


async def test_several_drafts_may_be_open_and_the_one_changed_last_comes_first(world: World) -> None:
    one, other = await a_draft(world), await a_draft(world)
    later = world.now.replace(hour=9)
    await change_draft(one.id, 1, LONGER, world.farah, later)
    assert [draft.id for draft in await policy_drafts.list_open_drafts()] == [one.id, other.id]


async def test_a_number_that_is_none_or_somebody_elses_starts_nothing(world: World) -> None:
    draft = await a_draft(world)
    with pytest.raises(Invalid):
        await start_draft("1", world.farah, world.now)
    with pytest.raises(FormUsed):
        await start_draft(draft.id, world.ben, world.now)


async def test_a_change_replaces_its_keys_and_leaves_the_others(world: World) -> None:
    draft = await a_draft(world)
    changed = await change_draft(draft.id, 1, LONGER, world.farah, world.now.replace(hour=9))
    assert changed.document == {**draft.document, **LONGER}
    assert (changed.revision, changed.changed_at) == (2, world.now.replace(hour=9))
    assert await audit.list_events(draft.id) == ["policy-draft.started", "policy-draft.changed"]


async def test_the_same_change_sent_again_changes_nothing_more(world: World) -> None:
    draft = await a_draft(world)
    await asyncio.gather(*(change_draft(draft.id, 1, LONGER, world.farah, world.now) for _ in range(5)))
    again = await change_draft(draft.id, 1, LONGER, world.farah, world.now)
    assert again.revision == 2
    assert (await audit.list_events(draft.id)).count("policy-draft.changed") == 1


async def test_of_two_changes_at_once_one_is_made_and_the_other_is_told(world: World) -> None:
    draft = await a_draft(world)
    outcomes = await asyncio.gather(
        change_draft(draft.id, 1, LONGER, world.farah, world.now),
        change_draft(draft.id, 1, {"fit_to_warn_hours": 8}, world.farah, world.now),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes].count(DraftChanged) == 1
    assert (await policy_drafts.get_draft(draft.id)).revision == 2


async def test_wrong_values_are_kept_as_they_were_typed_and_named(world: World) -> None:
    draft = await a_draft(world, warning_days={"1": "forty", "2": 56, "3": 84}, time_zone="Elm")
    assert draft.document["warning_days"] == {"1": "forty", "2": 56, "3": 84}
    assert [fault.place for fault in draft.faults()] == ["time_zone", "warning_days.1"]


async def test_examples_are_changed_in_the_same_way(world: World) -> None:
    draft = await a_draft(world)
    fewer = draft.examples[:1]
    changed = await change_examples(draft.id, 1, fewer, world.farah, world.now)
    again = await change_examples(draft.id, 1, fewer, world.farah, world.now)
    assert (changed.examples, changed.revision, again.revision) == (fewer, 2, 2)
    with pytest.raises(DraftChanged):
        await change_examples(draft.id, 1, (), world.farah, world.now)
    assert await audit.list_events(draft.id) == ["policy-draft.started", "policy-draft.examples-changed"]


async def test_a_discarded_draft_stays_and_can_no_longer_be_changed(world: World) -> None:
    draft = await a_draft(world)
    await asyncio.gather(*(discard_draft(draft.id, 1, world.farah, world.now) for _ in range(3)))
    kept = await policy_drafts.get_draft(draft.id)
    assert (kept.discarded_at, kept.document) == (world.now, draft.document)
    assert await policy_drafts.list_open_drafts() == ()
    assert (await audit.list_events(draft.id)).count("policy-draft.discarded") == 1
    with pytest.raises(DraftClosed):
        await change_draft(draft.id, 1, LONGER, world.farah, world.now)
    with pytest.raises(DraftClosed):
        await change_examples(draft.id, 1, (), world.farah, world.now)


async def test_a_draft_that_changed_since_is_not_discarded_unread(world: World) -> None:
    draft = await a_draft(world, **LONGER)
    with pytest.raises(DraftChanged):
        await discard_draft(draft.id, 1, world.farah, world.now)
    assert (await policy_drafts.get_draft(draft.id)).is_open


async def test_a_draft_that_never_was_is_not_found(world: World) -> None:
    for attempt in (
        change_draft(str(uuid4()), 1, LONGER, world.farah, world.now),
        change_examples(str(uuid4()), 1, (), world.farah, world.now),
        discard_draft(str(uuid4()), 1, world.farah, world.now),
    ):
        with pytest.raises(NotFound):
            await attempt
