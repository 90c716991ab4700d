"""A person is asked whether they wrote what came under their name while somebody else was signed in."""

import pytest
from httpx2 import AsyncClient

from ap_log.actions.confirm_entries import confirm_entries, disown_entry
from ap_log.actions.log_entries import log_entry
from ap_log.domain.sync import Receipt
from ap_log.store import models
from tests.cast import World, an_entry
from tests.visitors import Visit

ASKED = "sent under your name while somebody else was signed in"
FORM = {"content-type": "application/x-www-form-urlencoded"}


async def brought(world: World, words: str = "He sang in the corridor") -> Receipt:
    """An entry of Asha's about Gwilym, which Rob's session carried."""
    return await log_entry(an_entry(world, words=words), world.rob, world.now)


async def post(browser: AsyncClient, address: str, *entries: int, **fields: str) -> int:
    content = "&".join([*(f"entries={one}" for one in entries), *(f"{name}={text}" for name, text in fields.items())])
    return (await browser.post(address, content=content, headers=FORM)).status_code


async def test_every_page_asks_until_it_is_said(visit: Visit, world: World) -> None:
    asha, receipt = await visit(world.asha), await brought(world)
    for path in ("/residents", f"/residents/{world.residents['gwilym'].id}", "/notices", "/policies"):
        assert f"1 entry was {ASKED}" in (await asha.get(path)).text, path
    assert ASKED not in (await asha.get("/confirmations")).text
    assert await post(asha, "/confirmations", receipt.sequence) == 303
    assert ASKED not in (await asha.get("/residents")).text


async def test_nobody_else_is_asked_and_a_phones_static_pages_ask_nobody(visit: Visit, world: World) -> None:
    await brought(world)
    for somebody in (world.rob, world.ben, world.grace):
        browser = await visit(somebody)
        assert ASKED not in (await browser.get("/residents")).text
        assert "He sang" not in (await browser.get("/confirmations")).text
    assert ASKED not in (await (await visit(world.asha)).get("/app")).text


async def test_the_page_says_what_was_written_about_whom_and_who_was_signed_in(visit: Visit, world: World) -> None:
    await brought(world)
    text = (await (await visit(world.asha)).get("/confirmations")).text
    for part in ("Gwilym Tudor", "He sang in the corridor", "Rob Ellis", "I wrote this", "I did not write this"):
        assert part in text


async def test_what_is_ticked_is_confirmed_and_the_rest_still_waits(visit: Visit, world: World) -> None:
    asha = await visit(world.asha)
    one, other = await brought(world), await brought(world, words="He slept all day")
    response = await asha.post("/confirmations", content=f"entries={one.sequence}", headers=FORM)
    assert (response.status_code, response.headers["location"]) == (303, "/confirmations?saved=confirmed")
    text = (await asha.get(response.headers["location"])).text
    assert "What you ticked is confirmed" in text
    assert "He sang" not in text
    assert "He slept all day" in text
    assert await post(asha, "/confirmations", one.sequence, other.sequence) == 303
    assert "Nothing to confirm" in (await asha.get("/confirmations")).text


@pytest.mark.parametrize("ticked", ["", "entries=", "entries=abc", "entries=" + "9" * 40])
async def test_where_nothing_is_ticked_the_page_says_so(visit: Visit, world: World, ticked: str) -> None:
    asha = await visit(world.asha)
    await brought(world)
    response = await asha.post("/confirmations", content=ticked, headers=FORM)
    assert response.status_code == 422
    assert "Tick the entries that you wrote" in response.text
    assert "He sang in the corridor" in response.text


async def test_disowning_asks_what_the_person_knows_and_keeps_what_is_on_the_record(visit: Visit, world: World) -> None:
    asha, receipt = await visit(world.asha), await brought(world)
    address = f"/confirmations/{receipt.sequence}/disowning"
    assert "What do you know about it?" in (await asha.get(address)).text
    empty = await asha.post(address, content="reason=", headers=FORM)
    assert (empty.status_code, "Say why, in your own words" in empty.text) == (422, True)
    for _ in range(2):
        assert await post(asha, address, reason="I was at home") == 303
    record = (await asha.get(f"/residents/{world.residents['gwilym'].id}")).text
    assert "that they did not write this, and it counts for nothing: I was at home" in record
    assert "He sang in the corridor" in record


async def test_saying_otherwise_afterwards_shows_what_was_said_and_keeps_the_words(visit: Visit, world: World) -> None:
    asha, receipt = await visit(world.asha), await brought(world)
    address = f"/confirmations/{receipt.sequence}/disowning"
    await confirm_entries([receipt.sequence], world.asha, world.now)
    response = await asha.post(address, content="reason=On second thoughts", headers=FORM)
    assert response.status_code == 409
    for part in ("You have already said that you wrote this entry", "On second thoughts", "It was not saved"):
        assert part in response.text


async def test_the_record_the_entry_and_the_queue_say_that_it_is_not_confirmed(visit: Visit, world: World) -> None:
    receipt, ben = await brought(world), await visit(world.ben)
    pages = (f"/residents/{world.residents['gwilym'].id}", f"/entries/{receipt.id}")
    for path in pages:
        assert "Not confirmed: Rob Ellis was signed in when it was sent" in (await ben.get(path)).text, path
    assert "Not yet confirmed by its author" in (await ben.get("/queue")).text
    await confirm_entries([receipt.sequence], world.asha, world.now)
    for path in (*pages, "/queue"):
        assert "onfirmed" not in (await ben.get(path)).text, path


async def test_managers_see_what_was_disowned_and_other_houses_do_not(visit: Visit, world: World) -> None:
    receipt = await brought(world)
    await disown_entry(receipt.sequence, "I was at home", world.asha, world.now)
    told = "Asha Rahman said today at 01:40 that they did not write it: I was at home. Rob Ellis was signed in"
    assert told in (await (await visit(world.ben)).get("/held-entries")).text
    assert "I was at home" not in (await (await visit(world.owen)).get("/held-entries")).text


async def test_a_sequence_that_is_no_number_is_nothing(visit: Visit, world: World) -> None:
    asha = await visit(world.asha)
    for sequence in ("x", "-1", "9" * 19, "9" * 36):
        assert (await asha.get(f"/confirmations/{sequence}/disowning")).status_code == 404
    assert await models.Entry.all().count() == 0
