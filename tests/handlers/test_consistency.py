"""The page of consistency: for those who run a house, of their houses alone, in words that blame nobody."""

import re
from datetime import timedelta
from typing import Any

import pytest
from tortoise import connections

from ap_log.domain.small_numbers import NEWEST
from ap_log.store.models import Person, Resident
from tests.cast import World
from tests.practice import decided
from tests.visitors import Visit

CASES = "/consistency/cases?recommended=2&code=SUB-2"


async def read(visit: Visit, world: World, who: str, address: str = "/consistency") -> str:
    answer = await (await visit(world.actors[who])).get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.text))


@pytest.mark.parametrize("address", ["/consistency", CASES])
@pytest.mark.parametrize("who", ["chika", "asha", "dev", "nia", "grace", "sian"])
async def test_who_runs_no_house_has_no_such_page(visit: Visit, world: World, who: str, address: str) -> None:
    await decided(world, 12)
    assert (await (await visit(world.actors[who])).get(address)).status_code == 403


async def test_a_manager_sees_their_house_and_an_area_manager_both(visit: Visit, world: World) -> None:
    await decided(world, 20)
    await decided(world, 15, resident="oak_resident", by="owen")
    ben, owen, farah = [await read(visit, world, who) for who in ("ben", "owen", "farah")]
    assert "About 20 decisions" in ben
    assert "About 15 decisions" in owen
    assert "About 35 decisions" in farah
    assert "Owen Pritchard" not in ben
    assert "Oak House" not in ben
    assert "By premises" not in ben
    for words in ("By premises", "By who decided, Elm House", "By who decided, Oak House", "Owen Pritchard"):
        assert words in farah


async def test_departures_are_shown_with_their_direction_and_a_caution(visit: Visit, world: World) -> None:
    await decided(world, 12)
    await decided(world, 6, step=1)
    await decided(world, 7, step=4)
    page = await read(visit, world, "ben")
    assert "Departed from the recommended step: 10 (about 40%). Lower: 5. Higher: 5." in page
    assert "1 step lower 5" in page
    assert "2 steps higher 5" in page
    assert "A departure is not a fault" in page
    assert "nobody can work out any number exactly" in page


async def test_small_numbers_are_said_to_be_fewer_than_five(visit: Visit, world: World) -> None:
    await decided(world, 20)
    await decided(world, 2, step=1)
    page = await read(visit, world, "ben")
    assert "Departed from the recommended step: fewer than 5. Lower: fewer than 5. Higher: fewer than 5." in page
    assert "fewer than 5 of 20" in page


@pytest.mark.parametrize("times", [0, 3, 7])
async def test_too_few_decisions_are_not_compared_and_their_number_is_not_said(
    visit: Visit, world: World, times: int
) -> None:
    nobody = await read(visit, world, "ben")
    await decided(world, times)
    assert "Too few decisions to compare" in nobody
    assert await read(visit, world, "ben") == nobody


async def test_the_period_is_the_last_year_unless_the_one_before_is_asked_for(visit: Visit, world: World) -> None:
    await decided(world, 10)
    await decided(world, 20, ago=timedelta(days=400))
    await decided(world, 30, ago=timedelta(days=800))
    for period, total in (("", 10), ("?period=last-year", 10), ("?period=year-before", 20)):
        assert f"About {total} decisions" in await read(visit, world, "ben", f"/consistency{period}")
    ben = await visit(world.ben)
    before = (await ben.get("/consistency?period=year-before")).text
    assert 'href="/consistency?period=year-before" aria-current="page"' in before
    assert (await ben.get("/consistency?period=9-months")).status_code == 404


async def test_the_newest_cases_of_a_kind_are_a_link_away(visit: Visit, world: World) -> None:
    await decided(world, 20)
    await decided(world, 10, step=1, reason="He came to us first.", resident="lewis")
    await decided(world, 5, step=3, reason="It was the third.", resident="lewis")
    ben = await visit(world.ben)
    link = "/consistency/cases?period=last-year&amp;recommended=2&amp;code=SUB-2"
    assert link in (await ben.get("/consistency")).text
    page = await read(visit, world, "ben", CASES)
    assert page.count("Lewis Marsh") == page.count("He came to us first.") == page.count("Gwilym Tudor") == NEWEST
    assert "It was the third." not in page
    assert "Ben Carter" not in page.split("Recommended:")[1]
    assert (await (await visit(world.owen)).get(CASES)).status_code == 404


async def test_no_case_is_listed_of_a_kind_without_ten_for_any_step(visit: Visit, world: World) -> None:
    for step in (1, 2, 3):
        await decided(world, 5, step=step)
    ben = await visit(world.ben)
    page = (await ben.get("/consistency")).text
    assert "step 2 recommended" in page
    assert "/consistency/cases" not in page
    assert (await ben.get(CASES)).status_code == 404


async def test_the_case_of_a_resident_who_moved_away_is_counted_but_neither_listed_nor_linked(
    visit: Visit, world: World
) -> None:
    moved = world.residents["gwilym"]
    await decided(world, 10)
    await decided(world, 10, step=1, resident="lewis")
    await Resident.filter(id=moved.id).update(premises_id=world.oak.id)
    assert "About 20 decisions" in await read(visit, world, "ben")
    cases = (await (await visit(world.ben)).get(CASES)).text
    assert "Gwilym Tudor" not in cases
    assert moved.id not in cases
    assert "These were about residents who live elsewhere now" in cases
    assert world.residents["lewis"].id in cases
    assert "Too few decisions to compare" in await read(visit, world, "owen")


@pytest.mark.parametrize("address", ["/consistency", CASES])
async def test_many_decisions_cost_no_more_queries_than_few(
    visit: Visit, world: World, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await decided(world, 10)
    await decided(world, 10, step=1)
    farah = await visit(world.farah)
    few = await _queries(monkeypatch, farah, address)
    for by, resident in (("ben", "lewis"), ("rob", "gwilym"), ("owen", "oak_resident")):
        for code in ("SUB-2", "CON-1", "ABS-1"):
            await decided(world, 20, by=by, resident=resident, code=code)
    assert await _queries(monkeypatch, farah, address) == few


async def _queries(monkeypatch: pytest.MonkeyPatch, browser: Any, address: str) -> int:
    """How many questions one look at a page asks of the database."""
    client = type(connections.get("default"))
    asked = 0
    plain = client.execute_query

    async def counting(self: Any, *arguments: Any, **options: Any) -> Any:
        nonlocal asked
        asked += 1
        return await plain(self, *arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(client, "execute_query", counting)
        assert (await browser.get(address)).status_code == 200
    return asked


@pytest.mark.parametrize("query", ["", "?recommended=2", "?recommended=x&code=SUB-2", "?recommended=02&code=SUB-2"])
async def test_cases_of_no_kind_are_not_found(visit: Visit, world: World, query: str) -> None:
    await decided(world, 12)
    assert (await (await visit(world.ben)).get(f"/consistency/cases{query}")).status_code == 404


async def test_long_and_welsh_names_come_as_they_are_written(visit: Visit, world: World) -> None:
    name = "Gwenllian Llewelyn-Humphreys ŵ ap Rhydderch"
    await Person.filter(id=world.ben.id).update(name=name)
    await decided(world, 12)
    assert name in await read(visit, world, "ben")
