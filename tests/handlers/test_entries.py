"""The log form as a page: nothing typed is lost, saving twice makes one entry, and nobody logs about another house."""

import re
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from starlette.applications import Starlette

from ap_log.domain.entries import WORDS_LIMIT, read_entry
from ap_log.store.models import AuditRecord, Entry, Recommendation
from tests.cast import World
from tests.visitors import Visit

ENTRY_ID = "0b6f2d0e-7c1e-4b83-9a53-55e2f0a4c111"


def _filled(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "id": ENTRY_ID,
        "opened_at": world.now.isoformat(),
        "resident": world.residents["gwilym"].id,
        "happening": "under-influence",
        "signs": ["eyes-glassy", "swaying"],
        "alternatives_considered": "yes",
        "done": ["stayed"],
        "when": "15",
        "words": "Found in the corridor by room 7.",
    } | changes


async def test_a_form_makes_the_entry_it_says_and_leads_to_its_receipt(visit: Visit, world: World) -> None:
    browser = await visit(world.asha)

    answer = await browser.post("/entries", data=_filled(world, suspected="SC00"))

    assert (answer.status_code, answer.headers["location"]) == (303, f"/entries/{ENTRY_ID}")
    row = await Entry.get(entry_id=ENTRY_ID)
    entry = read_entry(row.body)
    assert (row.code, row.evidence, row.author_id) == ("SUB-2", "E2", world.asha.id)
    assert (entry.reported, entry.suspected, entry.confirmed) == (None, "SC00", None)
    assert entry.occurred_at == datetime.fromisoformat("2026-11-20T01:25:00+00:00")
    sent = (await browser.get(f"/entries/{ENTRY_ID}")).text
    assert "Sent" in sent
    assert row.sha256 in sent
    assert "Verbal warning" in sent
    assert "today at 01:25" in sent


async def test_a_form_posted_twice_makes_one_entry_in_one_version(
    visit: Visit, world: World, app: Starlette, now: datetime
) -> None:
    browser = await visit(world.asha)
    await browser.post("/entries", data=_filled(world))
    app.state.now = now.replace(second=30)

    again = await browser.post("/entries", data=_filled(world))

    assert again.status_code == 303
    assert await Entry.all().count() == 1
    assert await AuditRecord.filter(event="entry.stored").count() == 1
    assert await Recommendation.all().count() == 1


async def test_going_back_and_correcting_makes_another_version_of_the_same_entry(visit: Visit, world: World) -> None:
    browser = await visit(world.asha)
    await browser.post("/entries", data=_filled(world))

    await browser.post("/entries", data=_filled(world, words="It was by room 8."))

    assert await Entry.filter(entry_id=ENTRY_ID).count() == 2
    assert read_entry((await Entry.get(superseded_at=None)).body).words == "It was by room 8."


async def test_what_is_missing_is_named_in_the_page_and_nothing_typed_is_lost(visit: Visit, world: World) -> None:
    browser = await visit(world.asha)
    typed = "She said “it’s <fine>” & sat down."

    answer = await browser.post("/entries", data=_filled(world, happening="", words=typed, when="60"))

    assert answer.status_code == 422
    assert "<title>Error: Log what happened" in answer.text
    assert '<a href="#happening">Choose what happened</a>' in answer.text
    assert typed in unescape(answer.text)
    assert "<fine>" not in answer.text
    assert _checked(answer.text) == {
        ("resident", world.residents["gwilym"].id),
        ("signs", "eyes-glassy"),
        ("signs", "swaying"),
        ("alternatives_considered", "yes"),
        ("done", "stayed"),
        ("when", "60"),
    }
    assert f'name="id" value="{ENTRY_ID}"' in answer.text
    assert await Entry.all().count() == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"resident": ""}, "Choose who it is about", id="nobody"),
        pytest.param({"resident": "0"}, "Choose who it is about", id="no-such-resident"),
        pytest.param({"happening": "dancing"}, "Choose what happened", id="no-such-happening"),
        pytest.param({"signs": ["shiny"]}, "Choose signs from the list", id="no-such-sign"),
        pytest.param({"confirmed": "XX"}, "Choose a substance from the list", id="no-such-substance"),
        pytest.param({"when": "other"}, "Enter the date and time it happened", id="no-time"),
        pytest.param({"when": "later"}, "Enter the date and time it happened", id="no-such-time"),
        pytest.param(
            {"when": "other", "occurred_date": "2026-02-30", "occurred_time": "01:40"},
            "Enter the date and time it happened",
            id="no-such-day",
        ),
        pytest.param(
            {"when": "other", "occurred_date": "2026-11-20", "occurred_time": "01:42"},
            "The time it happened must be in the past",
            id="in-the-future",
        ),
        pytest.param({"words": "x" * (WORDS_LIMIT + 1)}, "4,000 characters or fewer", id="one-character-too-many"),
    ],
)
async def test_every_fault_is_said_in_words_on_the_page(
    visit: Visit, world: World, changes: dict[str, Any], message: str
) -> None:
    browser = await visit(world.asha)

    answer = await browser.post("/entries", data=_filled(world, **changes))

    assert answer.status_code == 422
    assert message in answer.text
    assert await Entry.all().count() == 0


async def test_a_refusal_is_said_on_the_page_and_keeps_what_was_typed(visit: Visit, world: World) -> None:
    await (await visit(world.asha)).post("/entries", data=_filled(world))
    rob = await visit(world.rob)

    answer = await rob.post("/entries", data=_filled(world, words="What Rob saw"))

    assert answer.status_code == 409
    assert "already in use" in answer.text
    assert "What Rob saw" in answer.text
    assert await Entry.all().count() == 1


@pytest.mark.parametrize(
    ("date", "time", "instant"),
    [
        pytest.param("2026-11-20", "01:41", "2026-11-20T01:41:00+00:00", id="a-minute-fast-watch"),
        pytest.param("2026-11-19", "23:50", "2026-11-19T23:50:00+00:00", id="yesterday"),
        pytest.param("2026-07-10", "01:40", "2026-07-10T00:40:00+00:00", id="in-summer-time"),
    ],
)
async def test_another_time_is_read_on_the_clock_of_the_premises(
    visit: Visit, world: World, date: str, time: str, instant: str
) -> None:
    browser = await visit(world.asha)

    answer = await browser.post("/entries", data=_filled(world, when="other", occurred_date=date, occurred_time=time))

    assert answer.status_code == 303
    said = read_entry((await Entry.get(entry_id=ENTRY_ID)).body).occurred_at
    assert said == datetime.fromisoformat(instant)


async def test_the_longest_words_in_the_widest_characters_are_kept(visit: Visit, world: World) -> None:
    browser = await visit(world.asha)
    words = "𝔚" * WORDS_LIMIT

    answer = await browser.post("/entries", data=_filled(world, words=words))

    assert answer.status_code == 303
    assert read_entry((await Entry.get(entry_id=ENTRY_ID)).body).words == words


async def test_each_page_has_an_id_of_its_own_and_times_counted_from_now(visit: Visit, world: World) -> None:
    browser = await visit(world.asha)

    first, second = [(await browser.get("/entries/new")).text for _ in range(2)]

    assert _hidden(first, "id") != _hidden(second, "id")
    assert "Now, 01:40" in first
    assert "15 minutes ago, 01:25" in first
    assert "1 hour ago, 00:40" in first


async def test_the_address_can_name_the_resident(visit: Visit, world: World) -> None:
    browser = await visit(world.asha)
    lewis = world.residents["lewis"].id

    answer = await browser.get(f"/entries/new?resident={lewis}")

    assert ("resident", lewis) in _checked(answer.text)


async def test_a_worker_is_offered_their_own_house_and_can_log_about_no_other(visit: Visit, world: World) -> None:
    browser = await visit(world.chika)
    offered = (await browser.get("/entries/new")).text

    forbidden = await browser.post("/entries", data=_filled(world))
    unknown = await browser.post("/entries", data=_filled(world, resident=ENTRY_ID))

    assert "Aled Wynne-Hughes" in offered
    assert "Gwilym Tudor" not in offered
    assert (forbidden.status_code, unknown.status_code) == (422, 422)
    assert "Choose who it is about" in forbidden.text
    assert await Entry.all().count() == 0


async def test_an_entry_is_shown_to_nobody_who_may_not_see_its_resident(visit: Visit, world: World) -> None:
    await (await visit(world.asha)).post("/entries", data=_filled(world))
    chika, dev = await visit(world.chika), await visit(world.dev)

    assert (await dev.get(f"/entries/{ENTRY_ID}")).status_code == 200
    assert (await chika.get(f"/entries/{ENTRY_ID}")).status_code == 404
    assert (await chika.get("/entries/unknown")).status_code == 404


async def test_the_pages_a_phone_keeps_are_the_same_for_everybody_and_name_nobody(visit: Visit, world: World) -> None:
    asha, stranger = await visit(world.asha), await visit(None)

    for path in ("/app", "/app/log", "/app/outbox", "/app/offline"):
        mine, theirs = await asha.get(path), await stranger.get(path)
        assert (mine.status_code, theirs.status_code) == (200, 200)
        assert mine.text == theirs.text
        assert not [name for name in ("Asha", "Gwilym", "Elm") if name in mine.text]


async def test_the_phones_form_and_the_page_ask_the_same_questions(visit: Visit, world: World) -> None:
    browser = await visit(world.asha)
    page, phone = (await browser.get("/entries/new")).text, (await browser.get("/app/log")).text
    made_by_the_phone = {"id", "opened_at", "resident"}

    assert _names(page) - made_by_the_phone == _names(phone)


def _checked(html: str) -> set[tuple[str, str]]:
    boxes = [box for box in re.findall(r"<input[^>]*>", html) if re.search(r"\schecked[\s>]", box)]
    return {(_attribute(box, "name"), _attribute(box, "value")) for box in boxes}


def _hidden(html: str, name: str) -> str:
    return _attribute(next(box for box in re.findall(r"<input[^>]*>", html) if f'name="{name}"' in box), "value")


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    assert found
    return found[1]


def _names(html: str) -> set[str]:
    form = html[html.index('<form class="app-form"') :]
    return set(re.findall(r'<(?:input|select|textarea)[^>]*\sname="([^"]+)"', form))
