"""What is counted: decisions that stand, of the period and the premises asked for, by the code they were made on."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from ap_log.domain.consistency import Span
from ap_log.domain.people import Actor
from ap_log.domain.small_numbers import NEWEST
from ap_log.store.consistency import count_decisions, list_names, list_newest
from ap_log.store.models import Decision, Entry, Recommendation, Resident, Withdrawal
from tests.cast import World
from tests.practice import decided, recommended


def always(world: World) -> Span:
    return Span(world.now - timedelta(days=1000), world.now)


async def counted(world: World, actor: Actor, span: Span | None = None) -> Counter[tuple[int, int, str]]:
    tallies = await count_decisions(actor, span or always(world))
    return Counter({(each.recommended, each.step, each.code): each.count for each in tallies})


async def test_equal_decisions_are_counted_together_and_others_apart(world: World) -> None:
    await decided(world, 3)
    await decided(world, 2, step=1)
    await decided(world, resident="lewis")
    await decided(world, code="CON-1")
    await decided(world, by="rob")
    elm, ben, rob = world.elm.id, world.ben.id, world.rob.id
    tallies = await count_decisions(world.ben, always(world))
    assert {(each.premises, each.decided_by, each.step, each.code, each.count) for each in tallies} == {
        (elm, ben, 2, "SUB-2", 4),
        (elm, ben, 1, "SUB-2", 2),
        (elm, ben, 2, "CON-1", 1),
        (elm, rob, 2, "SUB-2", 1),
    }


async def test_what_was_withdrawn_or_could_not_be_judged_is_not_counted(world: World) -> None:
    [withdrawn] = await decided(world)
    await decided(world, recommended=None)
    await decided(world, step=3)
    await Withdrawal.create(
        id=withdrawn, decision_id=withdrawn, reason="Wrong resident", withdrawn_by_id=world.ben.id, at=world.now
    )
    assert await counted(world, world.ben) == {(2, 3, "SUB-2"): 1}


async def test_the_span_begins_with_its_first_moment_and_ends_before_its_last(world: World) -> None:
    since = world.now - timedelta(days=90)
    for ago in (timedelta(days=90, seconds=1), timedelta(days=90), timedelta(seconds=1), timedelta()):
        await decided(world, ago=ago)
    assert (await counted(world, world.ben, Span(since, world.now))).total() == 2
    assert (await counted(world, world.ben)).total() == 3


async def _correct(decision: Decision, at: datetime) -> None:
    """The decision's entry is corrected to another code. Its new version is the first row, so that order is no help."""
    rows = Entry.filter(entry_id=decision.entry_id)
    first = (await rows.get()).clone(pk=None)
    await rows.update(version=2, sha256="2", code="SUB-1", received_at=at)
    first.superseded_at = at
    await first.save(force_create=True)


@pytest.mark.parametrize(("minutes", "code"), [(-1, "SUB-1"), (0, "SUB-1"), (1, "SUB-2")])
async def test_the_code_is_the_one_the_entry_had_when_the_decision_was_made(
    world: World, minutes: int, code: str
) -> None:
    """A correction that came later changes the log, and nothing about what the person had before them."""
    [one] = await decided(world)
    decision = await Decision.get(id=one)
    await _correct(decision, decision.decided_at + timedelta(minutes=minutes))
    assert await counted(world, world.ben) == {(2, 2, code): 1}


async def _move(world: World, resident: str, premises: str) -> None:
    await Resident.filter(id=world.residents[resident].id).update(premises_id=premises)


async def test_a_decision_counts_where_the_resident_lived_when_it_was_made(world: World) -> None:
    [one] = await decided(world)
    await _move(world, "gwilym", world.oak.id)
    assert await counted(world, world.ben) == {(2, 2, "SUB-2"): 1}
    assert await counted(world, world.owen) == {}
    [tally] = await count_decisions(world.farah, always(world))
    assert tally.premises == world.elm.id
    # What was recommended at the new house about the same decision, at whatever moment, does not take it there.
    decision = await Decision.get(id=one)
    await recommended(world, decision, world.now, premises_id=world.oak.id, look_again=True)
    assert await counted(world, world.ben) == {(2, 2, "SUB-2"): 1}
    assert await counted(world, world.owen) == {}


async def test_of_two_recommendations_of_one_moment_the_one_replaced_was_decided_on(world: World) -> None:
    [one] = await decided(world)
    decision = await Decision.get(id=one)
    [first] = await Recommendation.filter(decision_id=one)
    for other in ("0", "z"):
        await Recommendation.filter(id=first.id).update(superseded_at=world.now)
        same = await recommended(world, decision, first.made_at, id=other, premises_id=world.oak.id)
        assert await counted(world, world.owen) == {}
        await same.delete()


@pytest.mark.parametrize(("who", "seen"), [("ben", 1), ("owen", 2), ("farah", 3), ("asha", 0), ("nia", 0), ("dev", 0)])
async def test_each_sees_the_practice_of_the_premises_they_run(world: World, who: str, seen: int) -> None:
    await decided(world)
    await decided(world, 2, resident="oak_resident", by="owen")
    tallies = await count_decisions(world.actors[who], always(world))
    assert sum(each.count for each in tallies) == seen


async def test_names_are_those_of_all_premises_reviewed_and_of_who_decided(world: World) -> None:
    await decided(world)
    names = await list_names(world.farah, await count_decisions(world.farah, always(world)))
    assert list(names.premises.values()) == ["Elm House", "Oak House"]
    assert names.people == {world.ben.id: "Ben Carter"}


async def listed(world: World, actor: Actor, step: int = 2) -> list[tuple[str, str]]:
    cases = await list_newest(actor, always(world), (2, "SUB-2"), step, world.now)
    return [(case.resident_name, case.reason) for case in cases]


async def test_cases_of_a_kind_and_step_are_listed_the_newest_first_and_no_others(world: World) -> None:
    await decided(world, ago=timedelta(hours=3), reason="First.")
    await decided(world, ago=timedelta(hours=2), resident="lewis")
    await decided(world)
    await decided(world, step=1, reason="He came to us first.")
    await decided(world, code="CON-1")
    await decided(world, recommended=3)
    await decided(world, resident="oak_resident")
    assert await listed(world, world.ben) == [("Gwilym Tudor", ""), ("Lewis Marsh", ""), ("Gwilym Tudor", "First.")]
    assert await listed(world, world.ben, step=1) == [("Gwilym Tudor", "He came to us first.")]
    assert await listed(world, world.owen) == [("Aled Wynne-Hughes", "")]
    assert await listed(world, world.owen, step=1) == []


async def test_a_resident_who_moved_away_is_in_nobodys_list_but_theirs_who_run_both_houses(world: World) -> None:
    await decided(world)
    await decided(world, resident="lewis")
    await _move(world, "gwilym", world.oak.id)
    assert await listed(world, world.ben) == [("Lewis Marsh", "")]
    assert await listed(world, world.owen) == []
    assert len(await listed(world, world.farah)) == 2


async def test_no_more_cases_are_listed_than_tell_nothing(world: World) -> None:
    await decided(world, NEWEST + 1)
    assert len(await listed(world, world.ben)) == NEWEST
