"""Writing the next policy in a browser without scripts: its task list, what it changes, publishing and discarding."""

import asyncio
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from httpx2 import AsyncClient, Response

from ap_log.actions.change_draft import change_draft, change_examples
from ap_log.actions.publish_policy import publish_policy
from ap_log.domain.policy_drafts import Draft
from ap_log.store import policies, policy_drafts
from ap_log.store.models import PolicyDraft, PolicyVersion, Premises
from tests.cast import World
from tests.deciding import hidden
from tests.drafting import LONGER, a_draft, publication
from tests.visitors import Visit

SENT = {
    "when": "on-a-day",
    "day": "27",
    "month": "11",
    "year": "2026",
    "clock": "09:00",
    "reason": "Final warnings ran out too soon.",
}


async def send(browser: AsyncClient, draft: Draft, **changes: str) -> Response:
    """Publish by form, as the draft's page would have it unless told otherwise."""
    form = (
        SENT
        | {
            "revision": str(draft.revision),
            "version": str(draft.version),
            "follows": str(draft.follows),
        }
        | changes
    )
    return await browser.post(f"/policy-drafts/{draft.id}/publication", data=form)


async def test_starting_a_draft_twice_leads_to_the_same_task_list(visit: Visit, world: World) -> None:
    farah = await visit(world.farah)
    form = {"id": str(uuid4())}
    answers = await asyncio.gather(*(farah.post("/policy-drafts", data=form) for _ in range(3)))
    assert {(each.status_code, each.headers["location"]) for each in answers} == {(303, f"/policy-drafts/{form['id']}")}
    page = (await farah.get(answers[0].headers["location"])).text
    assert "Draft of version 2" in page
    assert "from version 1" in page
    assert page.count("Unchanged") == 8
    assert "It cannot be published yet: it changes nothing yet." in page


async def test_a_form_without_its_number_starts_nothing(visit: Visit, world: World) -> None:
    answer = await (await visit(world.farah)).post("/policy-drafts", data={"id": "nonsense"})
    assert (answer.status_code, await PolicyDraft.all().count()) == (422, 0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (LONGER, ("1 change", "All 12 pass", "active for 90 days instead of 84", "Publish version 2")),
        ({"warning_days": {"1": 42, "2": 56, "3": 84}}, ("1 change", "1 of 12 fail", "yet: 1 worked example fails.")),
        ({"fit_to_warn_hours": -1, "cap": {}}, ("1 fault", "Changed", "Not tried", "yet: it has 1 fault.")),
        ({"repeat": []}, ("2 changes",)),
    ],
)
async def test_the_task_list_says_what_is_changed_wrong_and_failing(
    visit: Visit, world: World, change: dict[str, Any], words: tuple[str, ...]
) -> None:
    draft = await a_draft(world, **change)
    page = (await (await visit(world.farah)).get(f"/policy-drafts/{draft.id}")).text
    for each in words:
        assert each in page


async def test_the_comparison_is_with_the_version_in_force_and_the_newest(visit: Visit, world: World) -> None:
    first = await a_draft(world, **LONGER)
    draft = await a_draft(world, fit_to_warn_hours=8)
    await publish_policy(first.id, publication(first), world.farah, world.now)
    farah = await visit(world.farah)
    page = (await farah.get(f"/policy-drafts/{draft.id}/comparison")).text
    in_force, coming = page.split("Compared with version ")[1:]
    assert in_force.startswith("1, in force since")
    assert "8 hours" in in_force
    assert "90 days" not in in_force
    assert coming.startswith("2, which takes effect")
    assert "active for 84 days instead of 90" in coming
    assert (
        "Version 2 was published after this draft was started" in (await farah.get(f"/policy-drafts/{draft.id}")).text
    )


async def test_a_draft_with_faults_is_not_compared_and_each_fault_leads_to_its_field(
    visit: Visit, world: World
) -> None:
    draft = await a_draft(world, warning_days={"1": "<b>", "2": 56, "3": 84})
    page = (await (await visit(world.farah)).get(f"/policy-drafts/{draft.id}/comparison")).text
    assert f'href="/policy-drafts/{draft.id}/sections/times#warning_days.1"' in page
    assert "not “&lt;b&gt;”" in page


async def test_publishing_twice_or_at_once_makes_one_version_and_leads_to_it(visit: Visit, world: World) -> None:
    draft = await a_draft(world, **LONGER)
    farah = await visit(world.farah)
    page = await farah.get(f"/policy-drafts/{draft.id}/publication")
    assert [hidden(page, name) for name in ("revision", "version", "follows")] == ["2", "2", "1"]
    assert re.search(r'name="day"[^>]* value="21"', page.text)
    answers = await asyncio.gather(*(send(farah, draft) for _ in range(3)))
    newest = (await policies.list_versions())[-1]
    assert {(each.status_code, each.headers["location"]) for each in answers} == {
        (303, f"/policies/{newest.id}?published=1")
    }
    assert newest.policy.effective_from.isoformat() == "2026-11-27T09:00:00+00:00"
    assert "Published as version 2" in (await farah.get(f"/policy-drafts/{draft.id}")).text
    for page_of_open in ("publication", "discard"):
        assert (await farah.get(f"/policy-drafts/{draft.id}/{page_of_open}")).status_code == 303


async def test_the_form_says_how_far_it_reaches_and_when_at_once_is(visit: Visit, world: World) -> None:
    draft = await a_draft(world, **LONGER)
    farah, address = await visit(world.farah), f"/policy-drafts/{draft.id}/publication"
    assert "It takes effect at all 2 premises, all of them yours." in (await farah.get(address)).text
    await Premises.create(name="Yew House")
    page = (await farah.get(address)).text
    assert "It takes effect at all 3 premises, 1 of them not yours." in page
    assert "One to two minutes from now, on the full minute" in page


async def test_the_form_proposes_a_day_after_a_version_that_is_still_to_come(visit: Visit, world: World) -> None:
    first, draft = await a_draft(world, **LONGER), await a_draft(world, fit_to_warn_hours=8)
    await publish_policy(first.id, publication(first), world.farah, world.now)
    page = (await (await visit(world.farah)).get(f"/policy-drafts/{draft.id}/publication")).text
    assert re.search(r'name="day"[^>]* value="28"', page)


async def test_at_once_needs_no_date(visit: Visit, world: World) -> None:
    draft = await a_draft(world, **LONGER)
    answer = await send(await visit(world.farah), draft, when="at-once", day="", month="", year="", clock="")
    assert answer.status_code == 303
    assert (await policies.list_versions())[-1].policy.effective_from == world.now + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"when": ""}, ["when"]),
        ({"when": "soon"}, ["when"]),
        ({"day": "31", "month": "2"}, ["effective_from"]),
        ({"clock": "nine"}, ["effective_from"]),
        ({"year": "2025"}, ["effective_from"]),
        ({"year": "2028"}, ["effective_from"]),
        ({"reason": " "}, ["reason"]),
        ({"reason": "x" * 2001}, ["reason"]),
        ({"clock": "", "reason": ""}, ["effective_from", "reason"]),
    ],
)
async def test_what_is_wrong_with_the_form_is_named_and_what_was_typed_is_kept(
    visit: Visit, world: World, wrong: dict[str, str], fields: list[str]
) -> None:
    draft = await a_draft(world, **LONGER)
    answer = await send(await visit(world.farah), draft, **wrong)
    assert answer.status_code == 422
    assert re.findall(r'<a href="#([a-z_]+)">', answer.text) == fields
    for field in fields:
        assert f'id="{field}"' in answer.text
    for typed in (SENT | wrong).values():
        assert typed.strip() in answer.text
    assert await PolicyVersion.all().count() == 1


async def test_a_draft_that_fails_its_own_example_is_not_published_by_a_crafted_form(
    visit: Visit, world: World
) -> None:
    draft = await a_draft(world, **LONGER)
    wrong = msgspec.structs.replace(draft.examples[0], step=3, outcome="warn", title="Red <eyes>")
    draft = await change_examples(draft.id, draft.revision, (wrong,), world.farah, world.now)
    farah = await visit(world.farah)
    page = (await farah.get(f"/policy-drafts/{draft.id}/publication")).text
    assert "“Red &lt;eyes&gt;” expects step 3, and this draft gives step 0" in page
    assert "app-publication" not in page
    answer = await send(farah, draft, reason="Because of <b>this</b>", clock="")
    assert answer.status_code == 409
    assert re.findall(r'<a href="#([a-z_]+)">', answer.text) == ["examples", "effective_from"]
    assert 'id="examples"' in answer.text
    assert "Because of &lt;b&gt;this&lt;/b&gt;" in answer.text
    assert await PolicyVersion.all().count() == 1


async def test_faults_of_the_document_are_named_in_the_words_of_its_form(visit: Visit, world: World) -> None:
    draft = await a_draft(world, fit_to_warn_hours=-1)
    answer = await send(await visit(world.farah), draft)
    assert answer.status_code == 409
    assert 'href="#times"' in answer.text
    assert 'id="times"' in answer.text
    assert "fit_to_warn_hours must" not in answer.text


async def test_what_changed_meanwhile_is_read_first_with_the_words_kept(visit: Visit, world: World) -> None:
    draft = await a_draft(world, **LONGER)
    await change_draft(draft.id, draft.revision, {"fit_to_warn_hours": 8}, world.farah, world.now)
    farah = await visit(world.farah)
    answer = await send(farah, draft)
    assert answer.status_code == 409
    for words in ("This draft has changed since you opened this page", SENT["reason"], "8 hours"):
        assert words in answer.text
    again = await send(farah, draft, revision=hidden(answer, "revision"))
    assert again.status_code == 303


async def test_a_version_published_meanwhile_is_read_first(visit: Visit, world: World) -> None:
    first, draft = await a_draft(world, **LONGER), await a_draft(world, fit_to_warn_hours=8)
    await publish_policy(first.id, publication(first), world.farah, world.now)
    farah = await visit(world.farah)
    answer = await send(farah, draft)
    assert answer.status_code == 409
    assert "Another version was published since you opened this page" in answer.text
    assert "active for 84 days instead of 90" in answer.text
    again = await send(farah, draft, version=hidden(answer, "version"), follows="2", day="28")
    assert again.status_code == 303
    assert (await policies.list_versions())[-1].version == 3


async def test_a_draft_published_by_somebody_else_meanwhile_keeps_the_words(visit: Visit, world: World) -> None:
    draft = await a_draft(world, **LONGER)
    await publish_policy(draft.id, publication(draft), world.farah, world.now)
    answer = await send(await visit(world.farah), draft, reason="Mine was better")
    assert answer.status_code == 409
    assert "This draft can no longer be changed" in answer.text
    assert "Mine was better" in answer.text


async def test_discarding_asks_first_and_keeps_the_draft(visit: Visit, world: World) -> None:
    draft = await a_draft(world)
    farah = await visit(world.farah)
    page = await farah.get(f"/policy-drafts/{draft.id}/discard")
    form = {"revision": hidden(page, "revision")}
    answers = [await farah.post(f"/policy-drafts/{draft.id}/discard", data=form) for _ in range(2)]
    assert {(each.status_code, each.headers["location"]) for each in answers} == {(303, "/policies?saved=discarded")}
    shown = (await farah.get(f"/policy-drafts/{draft.id}")).text
    assert "This draft was discarded" in shown
    assert "/sections/" not in shown
    assert (await policy_drafts.get_draft(draft.id)).document == draft.document


async def test_a_draft_changed_since_is_shown_before_it_is_discarded(visit: Visit, world: World) -> None:
    draft = await a_draft(world, **LONGER)
    answer = await (await visit(world.farah)).post(f"/policy-drafts/{draft.id}/discard", data={"revision": "1"})
    assert answer.status_code == 409
    assert hidden(answer, "revision") == "2"
    assert (await policy_drafts.get_draft(draft.id)).is_open


@pytest.mark.parametrize("who", ["asha", "ben", "nia", "dev", "sian", "grace"])
async def test_only_area_managers_reach_a_draft(visit: Visit, world: World, who: str) -> None:
    draft = await a_draft(world, **LONGER)
    browser = await visit(world.actors[who])
    for page in ("", "/comparison", "/publication", "/discard"):
        assert (await browser.get(f"/policy-drafts/{draft.id}{page}")).status_code == 403
    assert (await send(browser, draft)).status_code == 403
    assert await PolicyVersion.all().count() == 1


@pytest.mark.parametrize("page", ["", "/comparison", "/publication", "/discard"])
async def test_a_draft_that_never_was_is_not_found(visit: Visit, world: World, page: str) -> None:
    farah = await visit(world.farah)
    assert (await farah.get(f"/policy-drafts/{uuid4()}{page}")).status_code == 404
    if page in ("/publication", "/discard"):
        assert (await farah.post(f"/policy-drafts/{uuid4()}{page}", data=SENT)).status_code == 404
