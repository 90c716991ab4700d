"""A resident's page and the list of a house: what is on them, and for whom they exist."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from starlette.applications import Starlette

from ap_log.actions.decide import decide
from ap_log.actions.log_entries import log_entry
from ap_log.actions.void_warning import void_warning
from ap_log.actions.withdraw_decision import withdraw_decision
from ap_log.domain.recommendations import Choice, Grounds
from ap_log.store import recommendations
from ap_log.store.models import Decision, Posting, Resident, new_id
from tests.cast import World, an_entry, changed, pushed
from tests.visitors import Visit


async def log(world: World, *, at: datetime | None = None, received: datetime | None = None, **changes: Any) -> str:
    entry = an_entry(world, occurred_at=(at or world.now).isoformat(), **changes)
    await log_entry(entry, world.asha, received or world.now)
    return entry.id


async def issue(world: World, step: int, at: datetime, **changes: Any) -> Decision:
    await log(world, at=at, received=at, **changes)
    waiting = [one for one in await recommendations.list_current(world.residents["gwilym"].id) if not one.decision_id]
    return await decide(waiting[-1].id, Choice(new_id(), step, "as agreed"), world.ben, at)


async def page_of(visit: Visit, world: World, who: str = "ben", resident: str = "gwilym") -> str:
    answer = await (await visit(world.actors[who])).get(f"/residents/{world.residents[resident].id}")
    assert answer.status_code == 200
    return answer.text


async def test_every_reason_points_at_an_entry_or_decision_on_the_page(visit: Visit, world: World) -> None:
    await issue(world, 1, world.now - timedelta(days=3))
    await log(world)
    page = await page_of(visit, world)
    targets = re.findall(r'app-reasons__link" href="#([^"]+)"', page)
    assert {target.split("-")[0] for target in targets} == {"entry", "decision"}
    for target in targets:
        assert f'id="{target}"' in page


async def test_the_page_says_who_they_are_and_what_to_know(visit: Visit, world: World) -> None:
    await Resident.filter(id=world.residents["gwilym"].id).update(
        antipsychotic=True, recalled_for_intoxicated_aggression=True
    )
    page = await page_of(visit, world)
    for words in ("Gwilym Tudor", "Licence", "Dev Patel", "Takes antipsychotic", "Recalled before for aggression"):
        assert words in page
    assert "Nothing has been logged" in page


async def test_warnings_are_active_expired_or_void_with_the_dates(visit: Visit, app: Starlette, world: World) -> None:
    await issue(world, 1, world.now - timedelta(days=40))
    void = await issue(world, 2, world.now - timedelta(days=20), happening="disruptive")
    await issue(world, 1, world.now - timedelta(days=10))
    await void_warning(void.id, Grounds(new_id(), "Somebody else shouted"), world.rob, world.now)
    page = await page_of(visit, world)
    assert "Active until 8 December" in page
    assert "Expired on 8 November" in page
    assert "Void since today" in page
    assert "Rob Ellis: Somebody else shouted" in page
    assert "Verbal warning active until 8 December." in page


async def test_the_ladder_says_where_they_stand_and_what_is_recommended(visit: Visit, world: World) -> None:
    assert "No warning is active." in await page_of(visit, world)
    await issue(world, 2, world.now - timedelta(days=3))
    await log(world)
    page = await page_of(visit, world)
    assert re.search(r'aria-current="true">\s*<span class="app-rungs__number">2<', page)
    assert re.search(r"Final written warning</span>\s*<span class=\"app-rungs__mark app-rungs__mark--recommended", page)


async def test_what_a_repeat_rule_counts_is_said_with_its_end(visit: Visit, world: World) -> None:
    await log(world, alternatives_considered=False, signs=["eyes-glassy"])
    page = await page_of(visit, world)
    assert "Suspected use today: 2 in 14 days make step 1" in page
    assert "4 December at 01:40" in page


async def test_late_entries_other_versions_and_impossible_times_are_flagged(visit: Visit, world: World) -> None:
    await log(world, at=world.now - timedelta(hours=9))
    await log(world, at=world.now - timedelta(hours=7))
    first = an_entry(world, words="He was by room 8")
    await log_entry(first, world.asha, world.now)
    content = json.loads(first.body or "") | {"words": "He was sick too"}
    await log_entry(pushed(content), world.asha, world.now)
    await log(world, at=world.now + timedelta(days=30))
    page = await page_of(visit, world)
    assert page.count("9 hours after it happened") == 1
    assert "7 hours after it happened" not in page
    assert page.count("Version 2: it was changed before it was sent again") == 1
    assert page.count("Version 1, replaced today at 01:40") == 1
    assert "He was by room 8" in page
    assert page.count("The phone said 20 December 2026 at 01:40") == 1


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        pytest.param("0001-01-01T00:00:00+00:00", "The phone gave a time that cannot be", id="before-all-calendars"),
        pytest.param("9999-12-31T23:59:59-14:00", "The phone gave a time that cannot be", id="after-all-calendars"),
        pytest.param("2027-07-01T23:30:00-05:00", "The phone said 2 July 2027 at 05:30", id="on-the-clock-of-london"),
    ],
)
async def test_a_clock_that_is_far_out_breaks_no_page(visit: Visit, world: World, said: str, shown: str) -> None:
    entry = an_entry(world, occurred_at=said, recorded_at=said)
    await log_entry(entry, world.asha, world.now)
    [one] = await recommendations.list_current(world.residents["gwilym"].id)
    ben = await visit(world.ben)
    addresses = ("/residents", "/queue", f"/recommendations/{one.id}", "/api/reference")
    for address in (*addresses, f"/entries/{entry.id}", f"/residents/{world.residents['gwilym'].id}"):
        answer = await ben.get(address)
        assert answer.status_code == 200
        if entry.id in address or address.startswith("/residents/"):
            assert shown in answer.text
            assert "today at 01:40" in answer.text


async def test_an_entry_that_came_after_its_author_had_moved_says_so(visit: Visit, world: World) -> None:
    await log(world)
    moved_at = world.now + timedelta(hours=1)
    await Posting.filter(person_id=world.asha.id).update(ended_at=moved_at)
    assert "had moved" not in await page_of(visit, world)
    await log_entry(an_entry(world), msgspec.structs.replace(world.asha, postings=()), moved_at)
    assert (await page_of(visit, world)).count("Sent after its author had moved") == 1


async def test_the_page_opens_when_a_decided_entry_has_become_a_note(visit: Visit, world: World) -> None:
    entry = an_entry(world)
    await log_entry(entry, world.asha, world.now)
    [one] = await recommendations.list_current(world.residents["gwilym"].id)
    await decide(one.id, Choice(new_id(), 1, "as agreed"), world.ben, world.now)
    await log_entry(changed(entry, signs=[]), world.asha, world.now)
    [asked] = await recommendations.list_current(world.residents["gwilym"].id)
    page = await page_of(visit, world)
    assert "Withdraw this decision" in page
    assert f"/recommendations/{asked.id}" in page
    ben = await visit(world.ben)
    for address in ("/queue", f"/recommendations/{asked.id}", f"/entries/{entry.id}"):
        assert (await ben.get(address)).status_code == 200


async def test_words_are_shown_as_words(visit: Visit, world: World) -> None:
    await log(world, words="<script>alert(1)</script> & Gŵr\nsecond line")
    page = await page_of(visit, world)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Gŵr\nsecond line" in page


async def test_a_withdrawn_decision_stays_on_the_record_and_says_why(visit: Visit, world: World) -> None:
    decision = await issue(world, 1, world.now)
    await withdraw_decision(decision.id, Grounds(new_id(), "Wrong resident"), world.rob, world.now)
    page = await page_of(visit, world)
    assert "Withdrawn today at 01:40 by Rob Ellis: Wrong resident" in page
    assert "app-timeline__title--withdrawn" in page


@pytest.mark.parametrize("who", ["asha", "dev", "sian"])
async def test_those_who_do_not_decide_read_and_get_no_form(visit: Visit, world: World, who: str) -> None:
    await issue(world, 1, world.now - timedelta(days=3))
    await log(world)
    page = await page_of(visit, world, who)
    assert "What the policy recommends now" in page
    for way in ("/void", "/withdrawal"):
        assert way not in page
    leads_to = re.findall(r'"/recommendations/[^"]+"', page)
    assert leads_to
    assert all(way.endswith('/explanation"') for way in leads_to)


@pytest.mark.parametrize("who", ["ben", "rob", "nia", "farah"])
async def test_those_who_decide_are_led_to_it(visit: Visit, world: World, who: str) -> None:
    await issue(world, 1, world.now - timedelta(days=3))
    await log(world)
    page = await page_of(visit, world, who)
    for way in ("/recommendations/", "/void", "/withdrawal"):
        assert way in page


@pytest.mark.parametrize(
    ("who", "status"), [("chika", 404), ("owen", 404), ("tom", 404), ("grace", 403), ("esther", 303)]
)
async def test_for_everybody_else_the_page_does_not_exist(visit: Visit, world: World, who: str, status: int) -> None:
    await log(world)
    browser = await visit(world.actors[who])
    assert (await browser.get(f"/residents/{world.residents['gwilym'].id}")).status_code == status
    listed = await browser.get("/residents")
    assert "Gwilym" not in listed.text


async def test_unknown_and_forbidden_residents_look_the_same(visit: Visit, world: World) -> None:
    chika = await visit(world.chika)
    forbidden = await chika.get(f"/residents/{world.residents['gwilym'].id}")
    unknown = await chika.get(f"/residents/{new_id()}")
    shorn = [re.sub(r"[0-9A-Za-z-]{8,}", "", answer.text) for answer in (forbidden, unknown)]
    assert (forbidden.status_code, shorn[0]) == (unknown.status_code, shorn[1])


async def test_the_house_is_listed_by_room_with_where_each_stands_and_what_waits(visit: Visit, world: World) -> None:
    await issue(world, 2, world.now - timedelta(days=3))
    await log(world)
    await log(world, resident="lewis")
    page = (await (await visit(world.asha)).get("/residents")).text
    assert page.index("Gwilym Tudor") < page.index("Lewis Marsh")
    assert "First written warning" in page
    assert "until 12 January 2027" in page
    assert page.count("1 decision waits") == 2
    assert "Aled" not in page


async def test_a_void_or_expired_warning_is_no_rung_in_the_list(visit: Visit, app: Starlette, world: World) -> None:
    void = await issue(world, 2, world.now - timedelta(days=3))
    await void_warning(void.id, Grounds(new_id(), "Wrong room"), world.ben, world.now)
    page = (await (await visit(world.asha)).get("/residents")).text
    assert "First written warning" not in page
    assert "No active warning" in page


async def test_the_administrator_has_no_residents(visit: Visit, world: World) -> None:
    assert (await (await visit(world.grace)).get("/residents")).status_code == 403
