"""The queue: who sees which premises, in which order, how long things have waited, and what waits for an answer."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from starlette.applications import Starlette
from tortoise import connections

from ap_log.actions.decide import decide
from ap_log.actions.log_entries import log_entry
from ap_log.domain.recommendations import Choice
from ap_log.store import recommendations
from ap_log.store.models import Notice, Recommendation, Resident, new_id
from tests.cast import World, an_entry
from tests.visitors import Visit


async def log(world: World, resident: str = "gwilym", **changes: Any) -> None:
    author = "chika" if resident == "oak_resident" else "asha"
    entry = an_entry(world, author=author, resident=resident, **changes)
    await log_entry(entry, world.actors[author], world.now)


async def decided(world: World) -> str:
    """A step 1 for Gwilym that was just issued; the id of the decision."""
    await log(world)
    [one] = await recommendations.list_current(world.residents["gwilym"].id)
    return (await decide(one.id, Choice(new_id(), 1), world.ben, world.now)).id


def names(page: str) -> list[str]:
    """The residents of the queue's cards, in order."""
    return re.findall(r'app-queue__link".*?app-name">([^<]+)<', page, re.DOTALL)


async def test_an_empty_queue_says_so_and_what_will_appear(visit: Visit, world: World) -> None:
    page = (await (await visit(world.ben)).get("/queue")).text
    assert "Nothing waits for a decision" in page
    assert "Every notice that was sent has been answered" in page


async def test_step_5_comes_first_then_step_4_then_what_is_overdue_then_the_higher_step(
    visit: Visit, app: Starlette, world: World
) -> None:
    for name in ("Ffion", "Huw", "Bryn"):
        world.residents[name] = await _another(world, name)
    await log(world, "gwilym")
    await log(world, "Bryn")
    await log(world, "lewis", happening="supply")
    await log(world, "Ffion", happening="assault")
    await log(world, "Huw", happening="threat")
    late = (await recommendations.list_current(world.residents["gwilym"].id))[0]
    await Notice.filter(recommendation_id=late.id).update(answer_by=world.now - timedelta(minutes=1))

    page = (await (await visit(world.ben)).get("/queue")).text

    assert names(page) == ["Ffion", "Lewis Marsh", "Gwilym Tudor", "Huw", "Bryn"]
    assert page.count("Overdue: was due") == 1


async def test_of_two_at_one_step_the_longer_wait_comes_first(visit: Visit, app: Starlette, world: World) -> None:
    await log(world, "lewis")
    world = replace(world, now=world.now + timedelta(minutes=5))
    await log(world, "gwilym")
    assert names((await (await visit(world.ben)).get("/queue")).text) == ["Lewis Marsh", "Gwilym Tudor"]


async def test_what_the_policy_cannot_judge_comes_after_step_5_and_before_step_4(visit: Visit, world: World) -> None:
    world.residents["Ffion"] = await _another(world, "Ffion")
    await log(world, "lewis", happening="supply")
    await log(world, "gwilym")
    await log(world, "Ffion", happening="assault")
    gwilym = world.residents["gwilym"].id
    await Recommendation.filter(resident_id=gwilym).update(step=None, outcome="cannot-judge")
    assert names((await (await visit(world.ben)).get("/queue")).text) == ["Ffion", "Gwilym Tudor", "Lewis Marsh"]


async def _another(world: World, name: str) -> Resident:
    like = world.residents["gwilym"]
    crn = f"Y{len(world.residents):06}"
    return await Resident.create(
        premises_id=like.premises_id,
        name=name,
        room="30",
        crn=crn,
        legal_status="licence",
        officer_id=like.officer_id,
        key_worker_id=like.key_worker_id,
        arrived_at=like.arrived_at,
    )


async def test_a_card_says_what_happened_which_step_and_how_long_it_has_waited(
    visit: Visit, app: Starlette, world: World
) -> None:
    await log(world)
    app.state.now = world.now + timedelta(hours=2, minutes=10)
    page = (await (await visit(world.ben)).get("/queue")).text
    for words in (
        "1 waits for a decision",
        "Seems under the influence",
        "Verbal warning",
        "Waiting 2 hours 10 minutes",
    ):
        assert words in page
    assert "Decide by <time" in page


async def test_a_decision_in_question_asks_to_look_again(visit: Visit, world: World) -> None:
    await decided(world)
    await log(world, happening="threat")
    assert "Look again: the facts have changed" in (await (await visit(world.ben)).get("/queue")).text


async def test_support_waits_for_nobody(visit: Visit, world: World) -> None:
    await log(world, happening="medical")
    assert "Nothing waits for a decision" in (await (await visit(world.ben)).get("/queue")).text


async def test_each_sees_their_own_premises_and_the_area_manager_both(visit: Visit, world: World) -> None:
    await log(world, "gwilym")
    await log(world, "oak_resident")
    seen = {who: names((await (await visit(world.actors[who])).get("/queue")).text) for who in ("ben", "owen", "farah")}
    assert (seen["ben"], seen["owen"]) == (["Gwilym Tudor"], ["Aled Wynne-Hughes"])
    assert sorted(seen["farah"]) == ["Aled Wynne-Hughes", "Gwilym Tudor"]


async def test_the_area_manager_is_led_to_deciding_as_the_house_is(visit: Visit, world: World) -> None:
    await log(world)
    [one] = await recommendations.list_current(world.residents["gwilym"].id)
    farah = await visit(world.farah)
    assert f'href="/recommendations/{one.id}"' in (await farah.get("/queue")).text
    assert (await farah.get(f"/recommendations/{one.id}")).status_code == 200


async def test_more_news_of_a_night_does_not_make_it_wait_from_the_start_again(
    visit: Visit, app: Starlette, world: World
) -> None:
    await log(world, "lewis")
    began, world.now = world.now, world.now + timedelta(hours=1)
    await log(world, "gwilym")
    world.now = began + timedelta(hours=2)
    await log(world, "lewis")
    app.state.now = began + timedelta(hours=3)
    page = (await (await visit(world.ben)).get("/queue")).text
    assert names(page) == ["Lewis Marsh", "Gwilym Tudor"]
    assert re.findall("Waiting ([^<]+)<", page) == ["3 hours", "2 hours"]


async def test_a_decision_put_in_question_waits_from_then(visit: Visit, app: Starlette, world: World) -> None:
    await decided(world)
    began, world.now = world.now, world.now + timedelta(hours=1)
    await log(world, happening="threat")
    app.state.now = began + timedelta(hours=3)
    assert "Waiting 2 hours<" in (await (await visit(world.ben)).get("/queue")).text


async def test_who_was_not_told_by_the_time_they_had_to_be_stands_out(
    visit: Visit, app: Starlette, world: World
) -> None:
    await decided(world)
    told_by = (await Notice.get(recipient_id=world.dev.id)).tell_by
    await Notice.filter(recipient_id=world.asha.id).update(told_at=world.now)
    for at, late in ((told_by - timedelta(seconds=1), 0), (told_by, 1)):
        app.state.now = at
        page = (await (await visit(world.ben)).get("/queue")).text
        assert page.count("Not told in time</strong>") == late
    await Notice.filter(recipient_id=world.dev.id).update(told_at=told_by)
    assert "Not told in time" not in (await (await visit(world.ben)).get("/queue")).text


@pytest.mark.parametrize("key_worker", ["asha", None])
async def test_a_duty_that_nobody_holds_stands_with_the_decision_for_a_week(
    visit: Visit, app: Starlette, world: World, key_worker: str | None
) -> None:
    """With another notice of the decision beside it, and without any."""
    someone = world.asha.id if key_worker else None
    gwilym = world.residents["gwilym"].id
    await Resident.filter(id=gwilym).update(officer_id=None, key_worker_id=someone)
    await decided(world)
    words = "Nobody holds: probation practitioner" if key_worker else "Nobody holds: key worker, probation practitioner"
    ben = await visit(world.ben)
    assert words in (await ben.get(f"/residents/{gwilym}")).text
    assert (await ben.get("/queue")).text.count(words) == 1
    app.state.now = world.now + timedelta(days=7)
    ben = await visit(world.ben)
    assert words not in (await ben.get("/queue")).text
    assert words in (await ben.get(f"/residents/{gwilym}")).text


@pytest.mark.parametrize(("who", "status"), [("asha", 403), ("dev", 403), ("grace", 403), ("chika", 403)])
async def test_who_does_not_review_has_no_queue(visit: Visit, world: World, who: str, status: int) -> None:
    assert (await (await visit(world.actors[who])).get("/queue")).status_code == status


async def test_sent_notices_show_told_seen_and_overdue_until_they_are_closed(
    visit: Visit, app: Starlette, world: World
) -> None:
    await decided(world)
    ben = await visit(world.ben)
    await Notice.filter(recipient_id=world.dev.id).update(told_at=world.now)
    await Notice.filter(recipient_id=world.asha.id).update(seen_at=world.now)
    page = (await ben.get("/queue")).text
    assert "Told</strong> <bdi" in page
    assert "Dev Patel</bdi>, probation practitioner" in page
    assert "Seen</strong> <bdi" in page
    app.state.now = world.now + timedelta(days=9)
    ben = await visit(world.ben)
    assert (await ben.get("/queue")).text.count("Overdue</strong>") == 2
    await Notice.all().update(closed_at=world.now)
    assert "Every notice that was sent has been answered" in (await ben.get("/queue")).text


@pytest.mark.parametrize("page", ["0", "-1", "x", "1.5", "99999999", "٢"])
async def test_a_page_that_is_no_number_is_refused_by_name(visit: Visit, world: World, page: str) -> None:
    answer = await (await visit(world.ben)).get("/queue", params={"page": page})
    assert answer.status_code == 422
    assert "The page must be a whole number" in answer.text


async def test_a_long_queue_comes_in_pages_of_twenty_at_the_same_cost(
    visit: Visit, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ben = await visit(world.ben)
    for number in range(3):
        world.residents[f"r{number}"] = await _another(world, f"R{number:02}")
        await log(world, f"r{number}")
    few = await _queries(monkeypatch, ben)
    for number in range(3, 23):
        world.residents[f"r{number}"] = await _another(world, f"R{number:02}")
        await log(world, f"r{number}")
    assert await _queries(monkeypatch, ben) == few
    first, second = (await ben.get("/queue")).text, (await ben.get("/queue?page=2")).text
    assert "23 wait for a decision" in first
    assert (len(names(first)), len(names(second))) == (20, 3)
    assert not set(names(first)) & set(names(second))
    assert (await ben.get("/queue?page=3")).status_code == 404


async def _queries(monkeypatch: pytest.MonkeyPatch, browser: Any) -> int:
    """How many questions one look at the queue asks of the database."""
    client = type(connections.get("default"))
    asked = 0
    plain = client.execute_query

    async def counting(self: Any, *arguments: Any, **options: Any) -> Any:
        nonlocal asked
        asked += 1
        return await plain(self, *arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(client, "execute_query", counting)
        assert (await browser.get("/queue")).status_code == 200
    return asked
