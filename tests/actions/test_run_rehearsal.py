"""A worker runs a rehearsal to its end, whoever dies on the way: everything found once, and words for a failure."""

import asyncio
import multiprocessing
import os
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from ap_log import processes
from ap_log.actions import rehearse_history, run_rehearsal
from ap_log.actions.rehearse_history import Found
from ap_log.domain.errors import NotFound, Unavailable
from ap_log.domain.rehearsals import AtPremises, Choice, Pair
from ap_log.store import audit, history, rehearsals
from ap_log.store.models import Entry, Rehearsal, RehearsalDifference
from ap_log.store.rehearsals import LEASE
from ap_log.store.transaction import transaction
from tests.cast import World
from tests.rehearsing import asked, decided, drafted, found, happened, in_threads, run

pytestmark = pytest.mark.usefixtures(in_threads.__name__)
_ = in_threads


@pytest.fixture
async def rehearsal(world: World) -> str:
    """Two episodes at Elm House and one at Oak House, and a rehearsal of a draft that judges them otherwise."""
    await happened(world, 40)
    await happened(world, 20, "lewis")
    await happened(world, 10, "oak_resident")
    return await asked(world, await drafted(world))


async def test_it_counts_what_would_have_differed_and_keeps_each_episode(world: World, rehearsal: str) -> None:
    assert await run(world.now)
    assert not await run(world.now)

    done = await found(world, rehearsal)
    assert done.summary is not None
    assert done.finished_at == world.now
    assert (done.residents, done.residents_done) == (3, 3)
    assert (done.summary.residents, done.summary.episodes) == (3, 3)
    assert done.summary.kinds == {"step": 3}
    assert done.summary.pairs == (Pair("1", "2", 3),)
    assert set(done.summary.premises) == {AtPremises(world.elm.id, 2, 2), AtPremises(world.oak.id, 1, 1)}
    listed = await rehearsals.list_differences(world.farah, done, Choice(), 1)
    assert [each.resident_name for each in listed] == ["Aled Wynne-Hughes", "Lewis Marsh", "Gwilym Tudor"]
    assert await audit.list_events(rehearsal) == ["rehearsal.asked", "rehearsal.finished"]


async def test_it_judges_in_processes_of_its_own(world: World, rehearsal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    await run(world.now)
    done = await found(world, rehearsal)
    assert done.summary is not None
    assert done.summary.differences == 3


async def test_it_changes_nothing_of_the_log(world: World, rehearsal: str) -> None:
    before = await Entry.all().values()
    await run(world.now)
    assert await Entry.all().values() == before


async def test_a_draft_that_says_the_same_finds_nothing(world: World) -> None:
    await happened(world, 40)
    rehearsal = await asked(world, await drafted(world, fit_to_warn_hours=9))
    await run(world.now)
    done = await found(world, rehearsal)
    assert done.summary is not None
    assert (done.summary.episodes, done.summary.differences) == (1, 0)


async def test_two_workers_take_on_one_rehearsal_once(world: World, rehearsal: str) -> None:
    took = await asyncio.gather(run(world.now), run(world.now))
    assert sorted(took) == [False, True]
    assert await RehearsalDifference.all().count() == 3


async def test_nobody_else_takes_on_what_a_worker_is_at(world: World, rehearsal: str) -> None:
    await transaction(partial(rehearsals.claim_rehearsal, world.now))
    assert not await run(world.now + LEASE - timedelta(seconds=1))
    assert await run(world.now + LEASE)
    assert (await found(world, rehearsal)).finished_at


async def test_one_whose_worker_died_is_begun_again_and_nothing_is_found_twice(
    world: World, rehearsal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "CHUNK", 1)
    with pytest.raises(KeyboardInterrupt):
        await run_rehearsal.run_rehearsal(lambda: world.now, dying_after(2), world.now)
    assert await RehearsalDifference.all().count() == 1
    assert (await found(world, rehearsal)).residents_done == 1

    assert await run(world.now + LEASE)
    done = await found(world, rehearsal)
    assert done.summary is not None
    assert done.summary.differences == await RehearsalDifference.all().count() == 3


async def test_a_worker_that_comes_back_after_another_took_over_stores_nothing(
    world: World, rehearsal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "CHUNK", 1)
    later = world.now + LEASE

    async def overtaken(*arguments: Any) -> AsyncGenerator[list[Found], None]:
        monkeypatch.setattr(run_rehearsal, "rehearse_history", rehearse_history.rehearse_history)
        await run(later)
        async for chunk in rehearse_history.rehearse_history(*arguments):
            yield chunk

    monkeypatch.setattr(run_rehearsal, "rehearse_history", overtaken)
    assert await run(world.now)
    assert await RehearsalDifference.all().count() == 3
    assert (await found(world, rehearsal)).finished_at == later


async def test_a_worker_that_stops_gives_it_back_for_another_to_begin_at_once(world: World, rehearsal: str) -> None:
    assert await run_rehearsal.run_rehearsal(lambda: world.now, lambda: True, world.now)
    assert (await found(world, rehearsal)).finished_at is None

    assert await run(world.now)
    assert (await found(world, rehearsal)).finished_at == world.now


async def test_a_failure_is_said_in_words_and_the_next_rehearsal_runs(
    world: World, rehearsal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(rehearse_history, "rehearse_all", fails)
        assert await run(world.now)
    done = await found(world, rehearsal)
    assert done.finished_at == world.now
    assert done.faults[0] == "Something went wrong in AP Log while it rehearsed."
    assert not await run(world.now)

    other = await asked(world, done.draft_id)
    assert await run(world.now)
    assert (await found(world, other)).summary


async def test_a_process_that_is_ended_from_outside_is_said_in_words(
    world: World, rehearsal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spawn = multiprocessing.get_context("spawn")
    monkeypatch.setattr(processes, "pool", lambda: ProcessPoolExecutor(1, spawn, os._exit, (9,)))
    assert await run(world.now)
    done = await found(world, rehearsal)
    assert done.finished_at == world.now
    assert done.faults[0].startswith("One of the processes that judge was ended from outside")
    assert done.faults[1].startswith("Ask for it again")


async def test_a_database_that_takes_no_writes_now_is_tried_again(
    world: World, rehearsal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(rehearsals, "record_progress", locked)
        with pytest.raises(Unavailable):
            await run(world.now)
    assert (await found(world, rehearsal)).finished_at is None
    await run(world.now + LEASE)
    assert (await found(world, rehearsal)).summary


async def test_one_that_ends_every_worker_is_given_up_after_some_hours(world: World, rehearsal: str) -> None:
    assert await run(world.now + run_rehearsal.GIVE_UP + timedelta(seconds=1))
    assert (await found(world, rehearsal)).faults[0] == "AP Log could not finish this rehearsal in six hours."


async def test_progress_says_that_the_worker_is_still_at_it(world: World, rehearsal: str) -> None:
    ticks = clock_from(world.now)
    await run(world.now, lambda: next(ticks))
    row = await Rehearsal.get(id=rehearsal)
    assert row.worked_at == row.finished_at == world.now + timedelta(seconds=3)


async def test_the_clock_may_go_back(world: World, rehearsal: str) -> None:
    await transaction(partial(rehearsals.claim_rehearsal, world.now + timedelta(hours=5)))
    assert await run(world.now)


async def test_decisions_two_in_one_episode_of_the_draft_are_said(world: World) -> None:
    await happened(world, 20)
    await decided(world, 1)
    await happened(world, 19)
    await decided(world, 2)
    rehearsal = await asked(world, await drafted(world, episode_window_hours=72))
    await run(world.now)
    done = await found(world, rehearsal)
    assert done.summary is not None
    assert (done.summary.kinds, done.summary.unjudged) == ({"cannot-judge": 1}, 1)


async def test_only_who_may_change_the_policy_of_all_its_premises_sees_it(world: World, rehearsal: str) -> None:
    for actor in (world.ben, world.chika, world.grace):
        with pytest.raises(NotFound):
            await rehearsals.get_rehearsal(actor, rehearsal)


def dying_after(chunks: int) -> Callable[[], bool]:
    left = iter(range(chunks))

    def ask() -> bool:
        if next(left, None) == chunks - 1:
            raise KeyboardInterrupt
        return False

    return ask


def clock_from(now: datetime) -> Iterator[datetime]:
    second = 0
    while True:
        second += 1
        yield now + timedelta(seconds=second)


def fails(*arguments: object) -> None:
    raise MemoryError


async def locked(*arguments: object) -> None:
    raise Unavailable
