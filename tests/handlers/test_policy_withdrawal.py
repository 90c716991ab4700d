"""Withdrawing a version in a browser without scripts: who may, what it asks, and what every page says afterwards."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from httpx2 import AsyncClient, Response

from ap_log.actions.publish_policy import publish_policy
from ap_log.actions.withdraw_policy import withdraw_policy
from ap_log.store import audit, policies
from ap_log.store.models import PolicyVersion
from tests.cast import World
from tests.drafting import LONGER, a_draft, publication
from tests.policies import publish, text_of
from tests.visitors import Visit

WHY = "Both houses <asked> for more time."


async def send(browser: AsyncClient, policy: str, reason: str = WHY) -> Response:
    return await browser.post(f"/policies/{policy}/withdrawal", data={"reason": reason})


async def test_a_version_to_come_is_withdrawn_and_listed_with_who_when_and_why(visit: Visit, world: World) -> None:
    second = await publish(world, starts=world.now + timedelta(days=11))
    farah = await visit(world.farah)
    assert f'href="/policies/{second}/withdrawal"' in (await farah.get("/policies")).text
    asked = text_of((await farah.get(f"/policies/{second}/withdrawal")).text)
    assert "Withdraw version 2 Takes effect on 1 December at 01:40" in asked

    answers = [await send(farah, second), *await asyncio.gather(*(send(farah, second) for _ in range(3)))]

    assert {(each.status_code, each.headers["location"]) for each in answers} == {(303, "/policies?saved=withdrawn")}
    assert await audit.list_events(second) == ["policy.viewed", "policy.withdrawn"]
    page = (await farah.get("/policies?saved=withdrawn")).text
    text = text_of(page)
    assert "Success Version withdrawn" in text
    assert "Coming" not in text
    assert text.index("Withdrawn versions") < text.index("Version 2") < text.index("Never in force.")
    assert "It was to take effect on 1 December at 01:40" in text
    assert f"Farah Aziz withdrew it today at 01:40. {WHY}" in text
    assert "/withdrawal" not in page
    assert "/readings" not in page


async def test_its_own_pages_say_that_it_was_withdrawn(visit: Visit, world: World) -> None:
    second = await publish(world)
    await withdraw_policy(second, WHY, world.farah, world.now)
    ben = await visit(world.ben)

    whole, changes, readings = [
        text_of((await ben.get(f"/policies/{second}{page}")).text) for page in ("", "/changes", "/readings")
    ]

    for text in (whole, changes):
        assert f"Farah Aziz withdrew it today at 01:40. {WHY}" in text
    assert "Version 2 was withdrawn and changed nothing" in changes
    assert "It was to take the place of version 1, which goes on as it was." in changes
    assert "nobody is asked about it any more" in readings
    assert "I have read this" not in changes


async def test_nobody_is_asked_to_read_it_and_the_version_before_has_no_end(visit: Visit, world: World) -> None:
    second = await publish(world)
    asha = await visit(world.asha)
    assert "app-policy-strip" in (await asha.get("/residents")).text
    assert "until" in text_of((await asha.get("/policies")).text)

    await withdraw_policy(second, WHY, world.farah, world.now)

    assert "app-policy-strip" not in (await asha.get("/residents")).text
    assert "until" not in text_of((await asha.get("/policies")).text)


async def test_one_that_is_withdrawn_between_two_others_is_left_out_of_what_they_change(
    visit: Visit, world: World
) -> None:
    second = await publish(world, reason="The second, which was withdrawn.")
    third = await publish(world, 3)
    await withdraw_policy(second, WHY, world.farah, world.now)

    text = text_of((await (await visit(world.asha)).get(f"/policies/{third}/changes")).text)

    assert "takes the place of version 1" in text
    assert "which was withdrawn" not in text


@pytest.mark.parametrize("starts", [timedelta(0), timedelta(seconds=60)])
async def test_in_force_it_is_refused_with_the_words_kept(visit: Visit, world: World, starts: timedelta) -> None:
    second = await publish(world, starts=world.now + starts)
    farah = await visit(world.farah)
    asked = await farah.get(f"/policies/{second}/withdrawal")
    assert (asked.status_code, asked.headers["location"]) == (303, f"/policies/{second}")
    assert "/withdrawal" not in (await farah.get("/policies")).text

    answer = await send(farah, second)

    assert answer.status_code == 409
    text = text_of(answer.text)
    assert "This version can no longer be withdrawn" in text
    assert f"What you wrote {WHY} It was not saved." in text
    assert await PolicyVersion.filter(withdrawn_at=None).count() == 2


async def test_withdrawn_by_somebody_else_it_is_refused_with_the_words_kept(visit: Visit, world: World) -> None:
    second = await publish(world)
    await withdraw_policy(second, "Mine came first.", world.ben, world.now)

    answer = await send(await visit(world.farah), second)

    assert answer.status_code == 409
    for words in ("This version has already been withdrawn", "Mine came first.", f"What you wrote {WHY}"):
        assert words in text_of(answer.text)


@pytest.mark.parametrize("reason", ["", " ", "x" * 2001])
async def test_without_a_reason_that_can_be_kept_the_page_comes_again(visit: Visit, world: World, reason: str) -> None:
    second = await publish(world)
    answer = await send(await visit(world.farah), second, reason)
    assert answer.status_code == 422
    assert 'href="#reason"' in answer.text
    assert reason.strip() in answer.text
    assert len((await policies.get_book()).policies) == 2


@pytest.mark.parametrize("who", ["asha", "ben", "nia", "dev", "sian", "grace"])
async def test_only_area_managers_withdraw(visit: Visit, world: World, who: str) -> None:
    second = await publish(world)
    browser = await visit(world.actors[who])
    assert (await browser.get(f"/policies/{second}/withdrawal")).status_code == 403
    assert (await send(browser, second)).status_code == 403
    if who != "grace":
        for page in ("/policies", f"/policies/{second}"):
            assert "/withdrawal" not in (await browser.get(page)).text
    assert len((await policies.get_book()).policies) == 2


async def test_a_version_there_is_not_is_not_found(visit: Visit, world: World) -> None:
    farah = await visit(world.farah)
    assert (await farah.get(f"/policies/{uuid4()}/withdrawal")).status_code == 404
    assert (await send(farah, str(uuid4()))).status_code == 404


async def test_a_draft_says_that_the_version_it_was_started_from_is_gone_and_is_read_again_before_it_is_published(
    visit: Visit, world: World
) -> None:
    first = await a_draft(world, warning_days={"1": 28, "2": 56, "3": 85})
    second = await publish_policy(first.id, publication(first), world.farah, world.now)
    draft = await a_draft(world, **LONGER)
    farah = await visit(world.farah)
    await withdraw_policy(second, WHY, world.farah, world.now)
    assert (
        "Version 2, from which this draft was started, has been withdrawn"
        in (await farah.get(f"/policy-drafts/{draft.id}")).text
    )
    compared = (await farah.get(f"/policy-drafts/{draft.id}/comparison")).text
    assert "Compared with version 1" in compared
    assert "Compared with version 2" not in compared
    form = {"revision": "2", "version": "3", "follows": "2", "when": "at-once", "reason": "Final warnings."}

    answer = await farah.post(f"/policy-drafts/{draft.id}/publication", data=form)

    assert answer.status_code == 409
    assert "A version was withdrawn since you opened this page" in answer.text
    assert "active for 90 days instead of 84" in answer.text
    again = await farah.post(f"/policy-drafts/{draft.id}/publication", data=form | {"follows": "1"})
    assert again.status_code == 303
    assert [policy.version for policy in (await policies.get_book()).policies] == [1, 3]
