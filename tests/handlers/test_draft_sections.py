"""The chapters of a draft as forms: what is typed is kept, what others changed is not lost, and no more changes."""

import asyncio

import pytest

from ap_log.actions.discard_draft import discard_draft
from ap_log.actions.publish_policy import publish_policy
from ap_log.domain.policy_drafts import CHAPTERS
from ap_log.store import policy_drafts
from ap_log.store.models import AuditRecord
from tests.cast import World
from tests.drafting import LONGER, a_draft, publication
from tests.form_pages import ADDING, address_of, changed, fields_of, fill_in, send
from tests.visitors import Visit


@pytest.mark.parametrize("chapter", CHAPTERS)
async def test_a_chapter_saved_as_it_was_opened_changes_nothing(visit: Visit, world: World, chapter: str) -> None:
    draft = await a_draft(world)

    answer = await fill_in(await visit(world.farah), address_of(draft, chapter), {})

    assert (answer.status_code, answer.headers["location"]) == (303, f"/policy-drafts/{draft.id}?saved={chapter}")
    after = await policy_drafts.get_draft(draft.id)
    assert (after.document, after.revision) == (draft.document, draft.revision)


SAVED = [
    ("times", {"warning_days.2": "42"}, {"warning_days": {"1": 28, "2": 42, "3": 84}}),
    ("times", {"fit_to_warn_hours": "0"}, {"fit_to_warn_hours": 0}),
    ("repeat", {"repeat-1.remove": "yes"}, {"repeat": [{"code": "RES-1", "count": 3, "days": 14, "base": 1}]}),
    ("routes", {"routes.bail": "placement-review"}, None),
    ("guard", {"departure.needs_area_manager_at": "1"}, {"departure": {"needs_area_manager_at": 1}}),
    ("climb", {"cap.SUB": "4", "cap.ENG": ""}, {"cap": {"CHG": 2, "SUB": 4}}),
    ("raising", {"help_seeking.streams": ["SUB", "CON"]}, None),
]


@pytest.mark.parametrize(("chapter", "typed", "expected"), SAVED)
async def test_what_is_typed_is_in_the_draft_and_in_no_other_chapter(
    visit: Visit, world: World, chapter: str, typed: dict[str, str | list[str]], expected: dict[str, object] | None
) -> None:
    draft = await a_draft(world)

    answer = await fill_in(await visit(world.farah), address_of(draft, chapter), typed)

    assert answer.status_code == 303
    after = (await policy_drafts.get_draft(draft.id)).document
    changed_keys = {key for key in after if after[key] != draft.document[key]}
    assert changed_keys
    assert changed_keys <= set(CHAPTERS[chapter])
    for key, value in (expected or {}).items():
        assert after[key] == value


async def test_a_rule_is_added_in_the_empty_row_and_another_can_follow(visit: Visit, world: World) -> None:
    draft = await a_draft(world)
    farah = await visit(world.farah)
    rule = {"repeat-3.code": "SUB-2", "repeat-3.count": "2", "repeat-3.days": "60", "repeat-3.base": "2"}

    answer = await fill_in(farah, address_of(draft, "repeat"), rule | {"next": "another"}, query=ADDING)

    assert answer.headers["location"] == f"{address_of(draft, 'repeat')}{ADDING}#new"
    rules = (await policy_drafts.get_draft(draft.id)).document["repeat"]
    assert isinstance(rules, list)
    assert rules[2] == {"code": "SUB-2", "count": 2, "days": 60, "base": 2}
    assert 'name="repeat-4.code"' in (await farah.get(address_of(draft, "repeat") + ADDING)).text
    assert 'name="repeat-4.code"' not in (await farah.get(address_of(draft, "repeat"))).text


async def test_a_rule_of_telling_keeps_the_order_of_who_is_asked_next(visit: Visit, world: World) -> None:
    draft = await a_draft(world)
    typed = {"notify-4.then-1": "area-manager", "notify-4.then-2": "", "notify-4.then-3": "deputy"}

    await fill_in(await visit(world.farah), address_of(draft, "notify"), typed)

    rules = (await policy_drafts.get_draft(draft.id)).document["notify"]
    assert isinstance(rules, list)
    assert rules[3]["then"] == ["area-manager", "deputy"]


async def test_an_area_adds_a_code_and_takes_one_out(visit: Visit, world: World) -> None:
    draft = await a_draft(world)
    farah = await visit(world.farah)
    typed = {"own-1.code": "SUB-10", "own-1.step": "2"}

    assert (await fill_in(farah, address_of(draft, "base"), typed, query=ADDING)).status_code == 303
    base = (await policy_drafts.get_draft(draft.id)).document["base"]
    assert isinstance(base, dict)
    assert base["SUB-10"] == 2

    assert (await fill_in(farah, address_of(draft, "base"), {"own-1.remove": "yes"})).status_code == 303
    base = (await policy_drafts.get_draft(draft.id)).document["base"]
    assert isinstance(base, dict)
    assert "SUB-10" not in base


async def test_times_stand_in_their_fields_in_plain_words(visit: Visit, world: World) -> None:
    farah = await visit(world.farah)
    draft = await a_draft(world)
    await fill_in(farah, address_of(draft, "notify"), {"notify-1.tell_within": "by noon", "notify-2.tell_within": "4h"})
    typed = {"notify-1.tell_within": "12:00 on the next working day", "notify-2.tell_within": "2 working days"}

    await fill_in(farah, address_of(draft, "notify"), typed)

    fields = fields_of((await farah.get(address_of(draft, "notify"))).text, address_of(draft, "notify"))
    assert set(typed.items()) <= set(fields)


async def test_what_is_in_force_stands_beside_what_differs_and_nowhere_else(visit: Visit, world: World) -> None:
    farah = await visit(world.farah)
    draft = await a_draft(world)
    assert "In force:" not in (await farah.get(address_of(draft, "times"))).text

    await fill_in(farah, address_of(draft, "times"), {"warning_days.2": "42"})
    page = (await farah.get(address_of(draft, "times"))).text

    assert page.count("In force:") == 1
    assert "In force: 56 days" in page


async def test_a_draft_is_compared_with_the_version_it_follows(visit: Visit, world: World) -> None:
    coming = await a_draft(world, **LONGER)
    await publish_policy(coming.id, publication(coming), world.farah, world.now)
    draft = await a_draft(world, warning_days={"1": 28, "2": 42, "3": 90})

    page = (await (await visit(world.farah)).get(address_of(draft, "times"))).text

    assert "Version 2: 56 days" in page
    assert "What version 2 says, in words" in page
    assert "In force" not in page
    assert "84 days" not in page


async def test_a_rule_is_compared_with_the_one_about_the_same_thing(visit: Visit, world: World) -> None:
    """With the first rule gone, the second is not said to have changed."""
    farah = await visit(world.farah)
    draft = await a_draft(world)

    await fill_in(farah, address_of(draft, "repeat"), {"repeat-1.remove": "yes"})

    assert "In force:" not in (await farah.get(address_of(draft, "repeat"))).text


async def test_somebody_elses_change_is_not_overwritten_unseen(visit: Visit, world: World) -> None:
    draft = await a_draft(world)
    farah = await visit(world.farah)
    opened = fields_of((await farah.get(address_of(draft, "times"))).text, address_of(draft, "times"))
    await fill_in(farah, address_of(draft, "times"), {"warning_days.3": "70"})
    await fill_in(farah, address_of(draft, "guard"), {"departure.needs_area_manager_at": "1"})

    answer = await send(farah, address_of(draft, "times"), changed(opened, {"warning_days.1": "14"}))

    assert answer.status_code == 409
    assert "This draft has changed since you opened this page" in answer.text
    assert "In the draft now: 70 days" in answer.text
    typed = fields_of(answer.text, address_of(draft, "times"))
    assert ("warning_days.1", "14") in typed
    again = await send(farah, address_of(draft, "times"), typed)
    assert again.status_code == 303
    after = (await policy_drafts.get_draft(draft.id)).document
    assert after["warning_days"] == {"1": 14, "2": 56, "3": 84}
    assert after["departure"] == {"needs_area_manager_at": 1}


async def test_the_same_form_sent_twice_and_in_parallel_changes_the_draft_once(visit: Visit, world: World) -> None:
    draft = await a_draft(world)
    farah, address = await visit(world.farah), address_of(draft, "repeat")
    fields = changed(fields_of((await farah.get(address)).text, address), {"repeat-1.remove": "yes"})

    answers = [*await asyncio.gather(send(farah, address, fields), send(farah, address, fields))]
    answers.append(await send(farah, address, fields))

    assert [answer.status_code for answer in answers] == [303, 303, 303]
    assert (await policy_drafts.get_draft(draft.id)).revision == draft.revision + 1
    assert await AuditRecord.filter(event="policy-draft.changed").count() == 1


async def test_of_two_different_forms_in_parallel_one_is_told(visit: Visit, world: World) -> None:
    draft = await a_draft(world)
    farah, address = await visit(world.farah), address_of(draft, "times")
    fields = fields_of((await farah.get(address)).text, address)

    answers = await asyncio.gather(
        *(send(farah, address, changed(fields, {"warning_days.1": days})) for days in ("14", "21"))
    )

    assert sorted(answer.status_code for answer in answers) == [303, 409]


@pytest.mark.parametrize("ending", ["discarded", "published"])
async def test_a_draft_that_has_ended_cannot_be_changed_and_shows_what_was_typed(
    visit: Visit, world: World, ending: str
) -> None:
    draft = await a_draft(world, **LONGER)
    farah, address = await visit(world.farah), address_of(draft, "times")
    fields = fields_of((await farah.get(address)).text, address)
    if ending == "discarded":
        await discard_draft(draft.id, draft.revision, world.farah, world.now)
    else:
        await publish_policy(draft.id, publication(draft), world.farah, world.now)

    answer = await send(farah, address, changed(fields, {"warning_days.1": "11"}))

    assert answer.status_code == 409
    assert 'value="11"' in answer.text
    assert (await policy_drafts.get_draft(draft.id)).document == draft.document
    opened = await farah.get(address)
    assert (opened.status_code, opened.headers["location"]) == (303, f"/policy-drafts/{draft.id}")


async def test_a_form_without_its_hidden_fields_changes_nothing(visit: Visit, world: World) -> None:
    draft = await a_draft(world)
    farah = await visit(world.farah)

    for chapter in CHAPTERS:
        answer = await send(farah, address_of(draft, chapter), [("next", "another")])
        assert answer.status_code in (409, 422)

    assert (await policy_drafts.get_draft(draft.id)).document == draft.document


async def test_there_is_no_other_chapter_and_no_other_draft(visit: Visit, world: World) -> None:
    draft = await a_draft(world)
    farah = await visit(world.farah)

    for address in (f"/policy-drafts/{draft.id}/sections/name", "/policy-drafts/no-such-draft/sections/times"):
        assert (await farah.get(address)).status_code == 404
        assert (await send(farah, address, [("revision", "1")])).status_code == 404


@pytest.mark.parametrize("who", ["asha", "ben", "dev", "grace"])
async def test_only_area_managers_write_the_policy(visit: Visit, world: World, who: str) -> None:
    draft = await a_draft(world)
    browser = await visit(world.actors[who])

    assert (await browser.get(address_of(draft, "times"))).status_code == 403
    assert (await send(browser, address_of(draft, "times"), [("revision", "1")])).status_code == 403
