"""What is kept of rehearsals: one of a draft at a time, the newest list of episodes, and of a closed draft the last."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from ap_log.actions.ask_rehearsal import Asked, ask_rehearsal
from ap_log.actions.change_draft import change_draft
from ap_log.actions.discard_draft import discard_draft
from ap_log.actions.publish_policy import publish_policy
from ap_log.domain.errors import DraftClosed, NotFound, RehearsalUnderWay
from ap_log.store import audit, policy_drafts, rehearsals
from ap_log.store.models import Rehearsal, RehearsalDifference
from tests.cast import World
from tests.drafting import LONGER, publication
from tests.rehearsing import BACK, asked, drafted, found, happened, in_threads, run

pytestmark = pytest.mark.usefixtures(in_threads.__name__)
_ = in_threads


async def differing(world: World) -> str:
    """A draft that judges one episode otherwise; its id."""
    await happened(world, 40)
    return await drafted(world)


async def done(world: World, draft: str, minutes: int = 0) -> str:
    """A rehearsal asked for and run that many minutes from now; its id."""
    at = world.now + timedelta(minutes=minutes)
    name = await ask_rehearsal(draft, Asked(str(uuid4()), world.now - BACK), world.farah, at)
    assert await run(at)
    return name


async def names() -> set[str]:
    """The rehearsals there are."""
    return {each.id for each in await Rehearsal.all()}


Close = Callable[[World, str], Awaitable[None]]


async def publish(world: World, draft: str) -> None:
    said = publication(await policy_drafts.get_draft(draft))
    await publish_policy(draft, said, world.farah, world.now)


async def discard(world: World, draft: str) -> None:
    await discard_draft(draft, (await policy_drafts.get_draft(draft)).revision, world.farah, world.now)


async def test_while_one_waits_or_runs_no_other_of_the_draft_is_begun(world: World) -> None:
    draft = await differing(world)
    first = await asked(world, draft)
    with pytest.raises(RehearsalUnderWay):
        await asked(world, draft)
    await Rehearsal.filter(id=first).update(worked_at=world.now, residents=3)
    with pytest.raises(RehearsalUnderWay):
        await asked(world, draft, world.now - timedelta(days=5))
    assert await Rehearsal.all().count() == 1

    await Rehearsal.filter(id=first).update(worked_at=None)
    await run(world.now)
    await asked(world, draft)


async def test_another_draft_is_rehearsed_meanwhile(world: World) -> None:
    await asked(world, await drafted(world))
    await asked(world, await drafted(world))
    assert await Rehearsal.all().count() == 2


async def test_of_two_who_ask_at_once_one_is_told_that_it_is_under_way(world: World) -> None:
    draft = await differing(world)
    answers = await asyncio.gather(*(asked(world, draft) for _ in range(3)), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["RehearsalUnderWay", "RehearsalUnderWay", "str"]
    assert await Rehearsal.all().count() == 1


async def test_one_that_nobody_has_begun_gives_way_to_the_draft_as_it_is_now(world: World) -> None:
    draft = await differing(world)
    first = await asked(world, draft)
    await change_draft(draft, 2, {"fit_to_warn_hours": 9}, world.farah, world.now)
    second = await asked(world, draft)

    replaced = await found(world, first)
    assert replaced.finished_at == world.now
    assert replaced.faults[0] == "The draft was changed before this rehearsal began."
    assert await audit.list_events(first) == ["rehearsal.asked", "rehearsal.replaced"]
    assert await run(world.now)
    assert (await found(world, second)).summary
    assert not await run(world.now)


async def test_one_that_has_begun_gives_way_to_nothing(world: World) -> None:
    draft = await differing(world)
    first = await asked(world, draft)
    await Rehearsal.filter(id=first).update(worked_at=world.now)
    await change_draft(draft, 2, {"fit_to_warn_hours": 9}, world.farah, world.now)
    with pytest.raises(RehearsalUnderWay):
        await asked(world, draft)
    assert (await found(world, first)).finished_at is None


async def test_one_over_premises_of_others_gives_way_to_nobody_who_may_not_see_it(world: World) -> None:
    draft = await differing(world)
    first = await asked(world, draft)
    await change_draft(draft, 2, {"fit_to_warn_hours": 9}, world.farah, world.now)
    await Rehearsal.filter(id=first).update(premises=[world.elm.id, str(uuid4())])
    with pytest.raises(RehearsalUnderWay):
        await asked(world, draft)


async def test_the_list_of_an_older_one_goes_when_a_newer_one_is_done_and_its_counts_stay(world: World) -> None:
    draft = await differing(world)
    first = await done(world, draft)
    other = await done(world, await drafted(world))
    assert await rehearsals.has_list(first)
    waiting = await asked(world, draft)
    assert await rehearsals.has_list(first)

    await Rehearsal.filter(id=waiting).update(asked_at=world.now + timedelta(minutes=1))
    await run(world.now + timedelta(minutes=2))
    assert [await rehearsals.has_list(name) for name in (first, waiting, other)] == [False, True, True]
    summary = (await found(world, first)).summary
    assert summary
    assert summary.differences == 1


async def test_one_that_failed_keeps_no_half_of_a_list_and_takes_nothing_from_the_one_before(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = await differing(world)
    first = await done(world, draft)
    failed = await asked(world, draft)
    row = (await RehearsalDifference.all().values())[0]
    await RehearsalDifference.create(**row | {"id": str(uuid4()), "rehearsal_id": failed})
    await run(world.now + timedelta(hours=7))

    assert (await found(world, failed)).faults
    assert [await rehearsals.has_list(name) for name in (first, failed)] == [True, False]


async def test_the_last_of_a_discarded_draft_keeps_its_list(world: World) -> None:
    draft = await differing(world)
    last = await done(world, draft)
    await discard(world, draft)
    assert await rehearsals.has_list(last)


@pytest.mark.parametrize("close", [publish, discard])
async def test_of_a_closed_draft_the_last_that_was_done_is_kept(world: World, close: Close) -> None:
    draft = await drafted(world, **LONGER)
    first, last = await done(world, draft), await done(world, draft, 1)
    failed = await ask_rehearsal(
        draft, Asked(str(uuid4()), world.now - BACK), world.farah, world.now + timedelta(minutes=2)
    )
    await run(world.now + timedelta(hours=7))
    other = await done(world, await drafted(world))
    await close(world, draft)

    assert await names() == {last, other}
    for gone in (first, failed):
        with pytest.raises(NotFound):
            await found(world, gone)


@pytest.mark.parametrize("close", [publish, discard])
async def test_one_under_way_when_its_draft_is_closed_goes_on_and_is_the_last_when_done(
    world: World, close: Close
) -> None:
    draft = await drafted(world, **LONGER)
    first = await done(world, draft)
    later = world.now + timedelta(minutes=1)
    form = Asked(str(uuid4()), world.now - BACK)
    await ask_rehearsal(draft, form, world.farah, later)
    await close(world, draft)
    assert await names() == {first, form.id}

    await run(later)
    assert await names() == {form.id}
    assert (await found(world, form.id)).summary
    assert await ask_rehearsal(draft, form, world.farah, later) == form.id
    with pytest.raises(DraftClosed):
        await asked(world, draft)
