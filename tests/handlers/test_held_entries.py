"""Managers see what is held, read it, and take it into the log or set it aside."""

from functools import partial

import pytest

from ap_log.actions.log_entries import log_entries
from ap_log.domain.sync import Push
from ap_log.handlers.errors import problem_of
from ap_log.store import models
from tests.cast import World, an_entry, changed
from tests.visitors import Visit

FORM = {"content-type": "application/x-www-form-urlencoded"}


async def a_held(world: World, **changes: object) -> str:
    """An entry of Esther, who has left, about Gwilym, which Rob's session carried."""
    entry = changed(an_entry(world, author="esther", words="He sang in the corridor"), **changes)
    await log_entries(Push((entry,)), world.rob, world.now, partial(problem_of, reference=""))
    return str((await models.HeldEntry.get(entry_id=entry.id)).id)


async def test_the_queue_says_how_many_wait_and_the_list_whom_they_are_about(visit: Visit, world: World) -> None:
    ben = await visit(world.ben)
    assert "Held entries" in (await ben.get("/queue")).text
    assert "Nothing is held" in (await ben.get("/held-entries")).text
    held = await a_held(world)
    assert "1 entry is held and waits for you" in (await ben.get("/queue")).text
    text = (await ben.get("/held-entries")).text
    for part in ("1 entry is held", "Gwilym Tudor", "Esther Lowe", f"/held-entries/{held}"):
        assert part in text
    await a_held(world)
    assert "2 entries are held and wait for you" in (await ben.get("/queue")).text


async def test_a_held_entry_says_why_and_everything_that_was_written(visit: Visit, world: World) -> None:
    text = (await (await visit(world.ben)).get(f"/held-entries/{await a_held(world)}")).text
    for part in ("Its author has left", "He sang in the corridor", "Esther Lowe", "Rob Ellis", "Take it into the log"):
        assert part in text


async def test_other_houses_and_workers_learn_nothing(visit: Visit, world: World) -> None:
    held = await a_held(world)
    owen = await visit(world.owen)
    assert "Gwilym" not in (await owen.get("/held-entries")).text
    assert (await owen.get(f"/held-entries/{held}")).status_code == 404
    assert (await (await visit(world.asha)).get("/held-entries")).status_code == 403


async def test_taking_it_puts_it_on_the_record_of_its_resident(visit: Visit, world: World) -> None:
    ben, held = await visit(world.ben), await a_held(world)
    for _ in range(2):
        response = await ben.post(f"/held-entries/{held}/decision", content="outcome=taken&reason=", headers=FORM)
        assert (response.status_code, response.headers["location"]) == (303, "/held-entries?saved=taken")
    text = (await ben.get("/held-entries?saved=taken")).text
    assert "The entry is in the log" in text
    assert "Taken into the log today at 01:40 by Ben Carter." in text
    record = (await ben.get(f"/residents/{world.residents['gwilym'].id}")).text
    assert "He sang in the corridor" in record
    assert "Not confirmed: Rob Ellis was signed in" in record


async def test_setting_it_aside_needs_a_reason_and_keeps_it_on_the_page(visit: Visit, world: World) -> None:
    ben, held = await visit(world.ben), await a_held(world)
    address = f"/held-entries/{held}/decision"
    refused = await ben.post(address, content="outcome=set-aside&reason=", headers=FORM)
    assert (refused.status_code, "Say why, in your own words" in refused.text) == (422, True)
    assert 'value="set-aside" checked' in refused.text
    assert (await ben.post(address, content="outcome=set-aside&reason=A test", headers=FORM)).status_code == 303
    assert "Set aside today at 01:40 by Ben Carter: A test." in (await ben.get("/held-entries")).text
    assert await models.Entry.all().count() == 0


@pytest.mark.parametrize("outcome", ["", "burn"])
async def test_a_decision_without_a_choice_keeps_the_words(visit: Visit, world: World, outcome: str) -> None:
    ben, held = await visit(world.ben), await a_held(world)
    content = f"outcome={outcome}&reason=I know her hand"
    response = await ben.post(f"/held-entries/{held}/decision", content=content, headers=FORM)
    assert response.status_code == 422
    assert "Choose whether it goes into the log" in response.text
    assert "I know her hand" in response.text


async def test_what_somebody_else_decided_meanwhile_is_shown_with_the_words_that_were_not_saved(
    visit: Visit, world: World
) -> None:
    ben, rob, held = await visit(world.ben), await visit(world.rob), await a_held(world)
    address = f"/held-entries/{held}/decision"
    await ben.post(address, content="outcome=taken&reason=", headers=FORM)
    response = await rob.post(address, content="outcome=set-aside&reason=It was a test", headers=FORM)
    assert response.status_code == 409
    for part in ("already been dealt with", "by Ben Carter", "It was a test", "It was not saved"):
        assert part in response.text


async def test_an_entry_about_nobody_known_offers_only_to_be_set_aside(visit: Visit, world: World) -> None:
    ben, held = await visit(world.ben), await a_held(world, resident=world.oak.id)
    text = (await ben.get(f"/held-entries/{held}")).text
    assert "Resident not known" in text
    assert "log it in your own name" in text
    assert 'value="taken"' not in text
    response = await ben.post(f"/held-entries/{held}/decision", content="outcome=taken", headers=FORM)
    assert response.status_code == 422


async def test_reading_what_is_held_is_on_the_audit_trail(visit: Visit, world: World) -> None:
    ben, held = await visit(world.ben), await a_held(world)
    await ben.get(f"/held-entries/{held}")
    record = await models.AuditRecord.get(event="held-entry.viewed")
    assert record.details["resident"] == world.residents["gwilym"].id
