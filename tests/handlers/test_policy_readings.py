"""Read receipts: who is shown what changed, when they confirm, what reminds them, and who sees that they have not."""

import asyncio
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from httpx2 import AsyncClient

from ap_log.actions.confirm_reading import confirm_reading
from ap_log.actions.invite_person import invite_person
from ap_log.store import models, policies
from tests.authenticator import Authenticator
from tests.cast import World
from tests.policies import publish, text_of
from tests.visitors import ORIGIN, Visit

STRIP = "app-policy-strip"
CONFIRM = "I have read this"
NOT_NOW = "Not now, go on"


async def registered(browser: AsyncClient, code: str) -> dict[str, object]:
    """The answer to somebody who makes a passkey from an invitation, and is signed in by it."""
    options = (await browser.post("/api/passkeys/registration/options", json={"code": code})).json()
    credential = Authenticator(ORIGIN, "log.example").create(options)
    answer = await browser.post("/api/passkeys/registration", json={"code": code, "credential": credential})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_after_signing_in_what_changed_comes_first(visit: Visit, world: World) -> None:
    second = await publish(world)
    browser = await visit(None)

    said = await registered(browser, (await invite_person(world.asha.id, world.grace, world.now)).code)

    assert said["read_first"] == f"/policies/{second}/changes"
    page = await browser.get(f"/policies/{second}/changes", params={"to": "/app"})
    assert CONFIRM in page.text
    assert re.search(rf'href="/app"[^>]*>{NOT_NOW}', page.text)


@pytest.mark.parametrize("who", ["dev", "grace", "farah"])
async def test_nothing_comes_first_for_who_need_not_confirm(visit: Visit, world: World, who: str) -> None:
    await publish(world, by="farah")

    said = await registered(await visit(None), (await invite_person(world.actors[who].id, world.grace, world.now)).code)

    assert said["read_first"] is None


async def test_confirming_leads_on_to_where_the_person_was_going_and_takes_the_strip_away(
    visit: Visit, world: World
) -> None:
    second = await publish(world, starts=world.now + timedelta(days=11))
    asha = await visit(world.asha)
    before = (await asha.get("/residents")).text
    assert STRIP in before
    assert "The policy changes on 1 December." in before
    assert f'href="/policies/{second}/changes?to=/residents"' in before

    answer = await asha.post(f"/policies/{second}/readings", data={"to": "/residents"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/residents")
    assert STRIP not in (await asha.get("/residents")).text


async def test_a_change_that_has_begun_is_said_to_have_begun(visit: Visit, world: World) -> None:
    await publish(world, starts=world.now)

    text = (await (await visit(world.asha)).get("/residents")).text

    assert "The policy changed today." in text
    assert "Read what changed<" in text


async def test_whoever_says_not_now_is_asked_again_and_never_stopped(visit: Visit, world: World) -> None:
    await publish(world)
    asha = await visit(world.asha)

    for address in ("/residents", "/entries/new", "/notices", "/policies"):
        answer = await asha.get(address)
        assert answer.status_code == 200
        assert STRIP in answer.text, address
    assert (await asha.get("/")).headers["location"] == "/app"


async def test_the_page_of_the_changes_and_the_phones_own_pages_have_no_strip(visit: Visit, world: World) -> None:
    second = await publish(world)
    asha = await visit(world.asha)

    for address in (f"/policies/{second}/changes", "/app", "/app/log", "/app/outbox", "/app/phone", "/app/offline"):
        assert STRIP not in (await asha.get(address)).text, address


@pytest.mark.parametrize("who", ["dev", "sian", "grace", "farah"])
async def test_nobody_who_need_not_confirm_sees_a_strip_or_a_button(visit: Visit, world: World, who: str) -> None:
    second = await publish(world, by="farah")
    browser = await visit(world.actors[who])

    assert STRIP not in (await browser.get("/people" if who == "grace" else "/notices")).text
    assert CONFIRM not in (await browser.get(f"/policies/{second}/changes")).text


async def test_while_there_is_one_version_nobody_is_asked_anything(visit: Visit, world: World) -> None:
    assert STRIP not in (await (await visit(world.asha)).get("/residents")).text


@pytest.mark.parametrize(
    ("to", "goes"),
    [
        ("/", "/"),
        ("/notices/K7QD-3M2X", "/notices/K7QD-3M2X"),
        ("", "/policies/{policy}/changes?confirmed=1"),
        ("//evil.example", "/policies/{policy}/changes?confirmed=1"),
        ("/\\evil.example", "/policies/{policy}/changes?confirmed=1"),
        ("https://evil.example", "/policies/{policy}/changes?confirmed=1"),
        ("javascript:alert(1)", "/policies/{policy}/changes?confirmed=1"),
    ],
)
async def test_the_way_on_is_a_page_of_ours(visit: Visit, world: World, to: str, goes: str) -> None:
    second = await publish(world)
    asha = await visit(world.asha)

    shown = await asha.get(f"/policies/{second}/changes", params={"to": to})
    answer = await asha.post(f"/policies/{second}/readings", data={"to": to})

    assert (NOT_NOW in shown.text) is (to == goes)
    assert "evil" not in shown.text
    assert answer.headers["location"] == goes.format(policy=second)


async def test_the_way_on_is_never_the_page_itself(visit: Visit, world: World) -> None:
    second = await publish(world)
    address = f"/policies/{second}/changes"

    shown = await (await visit(world.asha)).get(address, params={"to": address})

    assert re.search(rf'href="/"[^>]*>{NOT_NOW}', shown.text)


async def test_confirmed_it_says_when_and_asks_no_more(visit: Visit, world: World) -> None:
    second = await publish(world)
    asha = await visit(world.asha)
    await asha.post(f"/policies/{second}/readings", data={"to": ""})

    text = text_of((await asha.get(f"/policies/{second}/changes")).text)

    assert "You confirmed that you have read this: today at 01:40" in text
    assert CONFIRM not in text


async def test_success_is_said_only_to_whoever_has_confirmed(visit: Visit, world: World) -> None:
    second = await publish(world)
    address = f"/policies/{second}/changes"
    asha, ben = await visit(world.asha), await visit(world.ben)
    await asha.post(f"/policies/{second}/readings", data={"to": ""})

    assert "Success You have read version 2" in text_of((await asha.get(f"{address}?confirmed=1")).text)
    assert "Success" not in (await asha.get(address)).text
    assert "Success" not in (await ben.get(f"{address}?confirmed=1")).text


async def test_sent_twice_and_in_parallel_it_is_one_reading(visit: Visit, world: World) -> None:
    second = await publish(world)
    asha = await visit(world.asha)

    answers = await asyncio.gather(*(asha.post(f"/policies/{second}/readings", data={"to": ""}) for _ in range(5)))
    again = await asha.post(f"/policies/{second}/readings", data={"to": ""})

    assert {answer.status_code for answer in (*answers, again)} == {303}
    assert await models.PolicyReading.filter(policy_id=second).count() == 1


async def test_a_version_there_is_not_cannot_be_confirmed(visit: Visit, world: World) -> None:
    assert (await (await visit(world.asha)).post(f"/policies/{uuid4()}/readings", data={"to": ""})).status_code == 404


async def test_a_page_of_another_site_cannot_confirm(visit: Visit, world: World) -> None:
    second = await publish(world)
    asha = await visit(world.asha)

    answer = await asha.post(f"/policies/{second}/readings", data={"to": ""}, headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403
    assert not await models.PolicyReading.exists()


async def test_a_manager_sees_who_has_not_read_it_at_their_own_premises(visit: Visit, world: World) -> None:
    second = await publish(world)
    await confirm_reading(second, world.asha, world.now)

    text = text_of((await (await visit(world.ben)).get(f"/policies/{second}/readings")).text)

    assert "Elm House 1 of 4 has read it" in text
    assert text.index("Not yet") < text.index("Ben Carter") < text.index("Nia Bevan") < text.index("Rob Ellis")
    assert text.index("Rob Ellis") < text.index("Have read it") < text.index("Asha Rahman")
    assert "today at 01:40" in text
    for absent in ("Oak House", "Chika", "Esther", "Farah"):
        assert absent not in text


async def test_an_area_manager_sees_each_premises(visit: Visit, world: World) -> None:
    second = await publish(world, by="ben")

    text = text_of((await (await visit(world.farah)).get(f"/policies/{second}/readings")).text)

    assert "Elm House 0 of 4 have read it" in text
    assert "Oak House 0 of 4 have read it" in text


@pytest.mark.parametrize("who", ["asha", "nia", "dev", "grace"])
async def test_nobody_else_sees_who_has_read_it(visit: Visit, world: World, who: str) -> None:
    second = await publish(world)

    assert (await (await visit(world.actors[who])).get(f"/policies/{second}/readings")).status_code == 403


async def test_of_an_older_version_and_of_the_first_it_says_that_nobody_is_asked(visit: Visit, world: World) -> None:
    second = await publish(world)
    third = await publish(world, 3)
    [first, *_] = await policies.list_versions()
    ben = await visit(world.ben)

    older = (await ben.get(f"/policies/{second}/readings")).text

    assert "nobody is asked about this one any more" in text_of(older)
    assert f'href="/policies/{third}/readings"' in older
    assert "Nobody has to confirm the first version" in text_of((await ben.get(f"/policies/{first.id}/readings")).text)


async def test_reading_and_confirming_are_on_the_audit_trail(visit: Visit, world: World) -> None:
    second = await publish(world)
    asha = await visit(world.asha)

    await asha.get(f"/policies/{second}/changes")
    await asha.post(f"/policies/{second}/readings", data={"to": ""})

    events = [record.event for record in await models.AuditRecord.filter(actor_id=world.asha.id).order_by("sequence")]
    assert events == ["policy-changes.viewed", "policy.read"]
