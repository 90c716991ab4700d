"""Asking for a rehearsal: once however often the form is sent, of a sound draft, from a day that a policy judged."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest

from ap_log.actions.ask_rehearsal import Asked, ask_rehearsal
from ap_log.actions.change_draft import change_draft
from ap_log.actions.discard_draft import discard_draft
from ap_log.domain.errors import DraftClosed, FormUsed, Invalid, NotFound
from ap_log.domain.policy.loading import load_policy
from ap_log.store import audit, policies, policy_drafts, rehearsals
from ap_log.store.models import Rehearsal
from tests.cast import World
from tests.rehearsing import BACK, asked, drafted, found


async def test_it_keeps_the_draft_as_it_is_now_and_the_premises_of_who_asks(world: World) -> None:
    draft = await drafted(world)
    rehearsal = await found(world, await asked(world, draft))
    await change_draft(draft, 2, {"fit_to_warn_hours": 9}, world.farah, world.now)

    kept = load_policy(await rehearsals.get_text(rehearsal.id))
    assert (kept.base["SUB-2"], kept.fit_to_warn_hours, kept.effective_from) == (2, 6, world.now - BACK)
    assert (rehearsal.draft_revision, rehearsal.asked_by) == (2, "Farah Aziz")
    assert set(rehearsal.premises) == {world.elm.id, world.oak.id}
    assert await audit.list_events(rehearsal.id) == ["rehearsal.asked"]


async def test_the_same_form_sent_twice_or_at_the_same_time_is_one_rehearsal(world: World) -> None:
    draft, form = await drafted(world), Asked(str(uuid4()), world.now - BACK)
    names = await asyncio.gather(*[ask_rehearsal(draft, form, world.farah, world.now) for _ in range(4)])
    assert {*names, await ask_rehearsal(draft, form, world.farah, world.now)} == {form.id}
    assert await Rehearsal.all().count() == 1


async def test_a_form_that_was_sent_with_another_day_or_for_another_draft_is_refused(world: World) -> None:
    draft, form = await drafted(world), Asked(str(uuid4()), world.now - BACK)
    await ask_rehearsal(draft, form, world.farah, world.now)
    for name, since in ((draft, world.now), (str(uuid4()), form.since)):
        with pytest.raises(FormUsed):
            await ask_rehearsal(name, Asked(form.id, since), world.farah, world.now)


async def test_the_day_must_be_real_and_past_and_have_had_a_policy(world: World) -> None:
    draft = await drafted(world)
    earliest = (await policies.get_book()).policies[0].effective_from
    for since in (None, world.now + timedelta(seconds=1), earliest - timedelta(days=1)):
        with pytest.raises(Invalid) as refused:
            await asked_on(world, draft, since)
        assert [fault.field for fault in refused.value.faults] == ["since-day"]
    await asked_on(world, draft, world.now)
    await asked_on(world, await drafted(world), earliest)


async def test_on_the_day_of_the_first_policy_it_begins_with_the_policy(world: World) -> None:
    earliest = (await policies.get_book()).policies[0].effective_from
    name = await asked(world, await drafted(world), earliest - timedelta(hours=10))
    assert (await found(world, name)).since == earliest


async def test_a_draft_with_faults_is_not_rehearsed(world: World) -> None:
    draft = await drafted(world, fit_to_warn_hours="soon")
    with pytest.raises(Invalid) as refused:
        await asked(world, draft)
    assert [fault.field for fault in refused.value.faults] == ["draft"]


async def test_who_has_no_premises_has_nothing_to_rehearse(world: World) -> None:
    nowhere = msgspec.structs.replace(world.farah, postings=())
    with pytest.raises(Invalid):
        await ask_rehearsal(await drafted(world), Asked(str(uuid4()), world.now), nowhere, world.now)


async def test_a_draft_that_is_closed_or_never_was_is_not_rehearsed(world: World) -> None:
    draft = await drafted(world)
    await discard_draft(draft, (await policy_drafts.get_draft(draft)).revision, world.farah, world.now)
    with pytest.raises(DraftClosed):
        await asked(world, draft)
    with pytest.raises(NotFound):
        await asked(world, str(uuid4()))


async def test_an_id_that_is_none_is_refused(world: World) -> None:
    with pytest.raises(Invalid):
        await ask_rehearsal(await drafted(world), Asked("x" * 99, world.now), world.farah, world.now)


async def asked_on(world: World, draft: str, since: object) -> None:
    await ask_rehearsal(draft, Asked(str(uuid4()), since), world.farah, world.now)  # type: ignore[arg-type]
