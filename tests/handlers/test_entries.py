"""The log form as a page: nothing typed is lost, saving twice makes one entry, and nobody logs about another house."""

import re
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from starlette.applications import Starlette

from ap_log.actions import keep_version
from ap_log.domain.entries import WORDS_LIMIT, read_entry
from ap_log.store.models import AuditRecord, Entry, Recommendation
from tests.cast import World
from tests.entry_pages import ENTRY_ID, checked, filled, hidden
from tests.visitors import Visit


async def test_a_form_makes_the_entry_it_says_and_leads_to_its_receipt(visit: Visit, world: World) -> None:
    browser = await visit(world.asha)

    answer = await browser.post("/entries", data=filled(world, suspected="SC00"))

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
    await browser.post("/entries", data=filled(world))
    app.state.now = now.replace(second=30)

    again = await browser.post("/entries", data=filled(world))

    assert again.status_code == 303
    assert await Entry.all().count() == 1
    assert await AuditRecord.filter(event="entry.stored").count() == 1
    assert await Recommendation.all().count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"words": "It was by room 8."}, id="other-words"),
        pytest.param({"resident": "lewis"}, id="about-somebody-else"),
    ],
)
async def test_going_back_and_saving_something_else_asks_first_and_then_makes_another_entry(
    visit: Visit, world: World, changes: dict[str, str]
) -> None:
    browser = await visit(world.asha)
    await browser.post("/entries", data=filled(world))
    if "resident" in changes:
        changes = {"resident": world.residents["lewis"].id}

    asked = await browser.post("/entries", data=filled(world, **changes))

    assert asked.status_code == 409
    assert "This page was already saved" in asked.text
    assert "Save again to log another entry" in asked.text
    assert changes.get("words", "Found in the corridor by room 7.") in asked.text
    assert await Entry.all().count() == 1
    another = hidden(asked.text, "id")
    assert another != ENTRY_ID
    again = await browser.post("/entries", data=filled(world, **changes, id=another))
    assert (again.status_code, again.headers["location"]) == (303, f"/entries/{another}")
    assert await Entry.filter(superseded_at=None).count() == 2


async def test_our_own_failure_keeps_what_was_typed_and_gives_its_reference(
    visit: Visit, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def judge(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(keep_version, "judge", judge)

    answer = await (await visit(world.asha)).post("/entries", data=filled(world))

    assert answer.status_code == 500
    assert re.search("Reference: [A-Z2-9]{4}-[A-Z2-9]{4}", answer.text)
    assert "Found in the corridor by room 7." in answer.text
    assert f'name="id" value="{ENTRY_ID}"' in answer.text


async def test_what_is_missing_is_named_in_the_page_and_nothing_typed_is_lost(visit: Visit, world: World) -> None:
    browser = await visit(world.asha)
    typed = "She said “it’s <fine>” & sat down."

    answer = await browser.post("/entries", data=filled(world, happening="", words=typed, when="60"))

    assert answer.status_code == 422
    assert "<title>Error: Log what happened" in answer.text
    assert '<a href="#happening">Choose what happened</a>' in answer.text
    assert typed in unescape(answer.text)
    assert "<fine>" not in answer.text
    assert checked(answer.text) == {
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
    ("field", "changes", "tied"),
    [
        ("resident", {"resident": ""}, '<fieldset [^>]*aria-describedby="resident-error">'),
        ("happening", {"happening": ""}, '<fieldset [^>]*aria-describedby="happening-error">'),
        ("signs", {"signs": ["shiny"]}, '<fieldset [^>]*aria-describedby="signs-error">'),
        ("when", {"when": "later"}, '<fieldset [^>]*aria-describedby="when-error">'),
        ("confirmed", {"confirmed": "XX"}, '<select [^>]*aria-describedby="confirmed-error" aria-invalid="true">'),
        (
            "words",
            {"words": "x" * (WORDS_LIMIT + 1)},
            '<textarea [^>]*aria-describedby="words-hint words-info words-error" aria-invalid="true">',
        ),
    ],
)
async def test_a_fault_is_tied_to_its_field_and_to_no_other(
    visit: Visit, world: World, field: str, changes: dict[str, Any], tied: str
) -> None:
    page = (await (await visit(world.asha)).post("/entries", data=filled(world, **changes))).text
    assert f'id="{field}-error"' in page
    assert re.search(tied, page)
    assert len(re.findall(r'aria-describedby="[^"]*-error"', page)) == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"resident": ""}, "Choose who it is about", id="nobody"),
        pytest.param({"resident": "0"}, "Choose who it is about", id="no-such-resident"),
        pytest.param({"happening": "dancing"}, "Choose what happened", id="no-such-happening"),
        pytest.param({"signs": ["shiny"]}, "Choose signs from the list", id="no-such-sign"),
        pytest.param({"confirmed": "XX"}, "Choose a substance from the list", id="no-such-substance"),
        pytest.param({"when": "other"}, "Enter the date and time it happened", id="no-time"),
        pytest.param({"when": "later"}, "Choose when it happened", id="no-such-time"),
        pytest.param(
            {"when": "other", "occurred_date": "0206-11-20", "occurred_time": "01:40"},
            '<a href="#occurred_date">The date must have a year with four digits, like 2026',
            id="a-year-mistyped",
        ),
        pytest.param(
            {"when": "other", "occurred_date": "0001-01-01", "occurred_time": "00:00", "resident": ""},
            '<a href="#occurred_date">The date must have a year with four digits, like 2026',
            id="before-all-calendars",
        ),
        pytest.param(
            {"when": "other", "occurred_date": "2026-09-20", "occurred_time": "23:59"},
            '<a href="#occurred_date">The date must be 21 September 2026 or later',
            id="before-they-came",
        ),
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

    answer = await browser.post("/entries", data=filled(world, **changes))

    assert answer.status_code == 422
    assert message in answer.text
    assert await Entry.all().count() == 0


async def test_a_refusal_is_said_on_the_page_and_keeps_what_was_typed(visit: Visit, world: World) -> None:
    await (await visit(world.asha)).post("/entries", data=filled(world))
    rob = await visit(world.rob)

    answer = await rob.post("/entries", data=filled(world, words="What Rob saw"))

    assert answer.status_code == 409
    assert hidden(answer.text, "id") != ENTRY_ID
    assert "What Rob saw" in answer.text
    assert await Entry.all().count() == 1


async def test_the_longest_words_in_the_widest_characters_are_kept(visit: Visit, world: World) -> None:
    browser = await visit(world.asha)
    words = "𝔚" * WORDS_LIMIT

    answer = await browser.post("/entries", data=filled(world, words=words))

    assert answer.status_code == 303
    assert read_entry((await Entry.get(entry_id=ENTRY_ID)).body).words == words


async def test_each_page_has_an_id_of_its_own_and_times_counted_from_now(visit: Visit, world: World) -> None:
    browser = await visit(world.asha)

    first, second = [(await browser.get("/entries/new")).text for _ in range(2)]

    assert hidden(first, "id") != hidden(second, "id")
    assert "Now, 01:40" in first
    assert "15 minutes ago, 01:25" in first
    assert "1 hour ago, 00:40" in first


async def test_the_address_can_name_the_resident(visit: Visit, world: World) -> None:
    browser = await visit(world.asha)
    lewis = world.residents["lewis"].id

    answer = await browser.get(f"/entries/new?resident={lewis}")

    assert ("resident", lewis) in checked(answer.text)


async def test_a_worker_is_offered_their_own_house_and_can_log_about_no_other(visit: Visit, world: World) -> None:
    browser = await visit(world.chika)
    offered = (await browser.get("/entries/new")).text

    forbidden = await browser.post("/entries", data=filled(world))
    unknown = await browser.post("/entries", data=filled(world, resident=ENTRY_ID))

    assert "Aled Wynne-Hughes" in offered
    assert "Gwilym Tudor" not in offered
    assert (forbidden.status_code, unknown.status_code) == (422, 422)
    assert "Choose who it is about" in forbidden.text
    assert await Entry.all().count() == 0


async def test_an_entry_is_shown_to_nobody_who_may_not_see_its_resident(visit: Visit, world: World) -> None:
    await (await visit(world.asha)).post("/entries", data=filled(world))
    chika, dev = await visit(world.chika), await visit(world.dev)

    assert (await dev.get(f"/entries/{ENTRY_ID}")).status_code == 200
    assert (await chika.get(f"/entries/{ENTRY_ID}")).status_code == 404
    assert (await chika.get("/entries/unknown")).status_code == 404


async def test_the_pages_a_phone_keeps_are_the_same_for_everybody_and_name_nobody(visit: Visit, world: World) -> None:
    asha, stranger = await visit(world.asha), await visit(None)

    for path in ("/app", "/app/log", "/app/outbox", "/app/phone", "/app/offline"):
        mine, theirs = await asha.get(path), await stranger.get(path)
        assert (mine.status_code, theirs.status_code) == (200, 200)
        assert mine.text == theirs.text
        assert not [name for name in ("Asha", "Gwilym", "Elm") if name in mine.text]


async def test_the_phones_form_and_the_page_ask_the_same_questions(visit: Visit, world: World) -> None:
    browser = await visit(world.asha)
    page, phone = (await browser.get("/entries/new")).text, (await browser.get("/app/log")).text
    made_by_the_phone = {"id", "opened_at", "resident"}

    assert _names(page) - made_by_the_phone == _names(phone)


def _names(html: str) -> set[str]:
    form = html[html.index('<form class="app-form"') :]
    return set(re.findall(r'<(?:input|select|textarea)[^>]*\sname="([^"]+)"', form))
