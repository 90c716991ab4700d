"""The administrator's list of people, and the invitation links made from it."""

import re
from datetime import timedelta

import pytest
from starlette.applications import Starlette

from ap_log.actions.invite_person import invite_by_email
from ap_log.domain.errors import NotFound
from ap_log.store import audit, models
from ap_log.store.staff import list_staff
from tests.cast import PEOPLE, World
from tests.visitors import ORIGIN, Visit

LINK = re.compile(rf"{ORIGIN}/invitations/([A-Za-z0-9_-]{{22}})")


async def test_everybody_is_listed_with_their_duties_and_those_who_left_come_last(visit: Visit, world: World) -> None:
    text = (await (await visit(world.grace)).get("/people")).text

    assert all(name in text for name, _ in PEOPLE.values())
    assert "Residential worker, Elm House" in text
    assert "On-duty manager, Oak House" in text
    assert "Left 13 November" in text
    assert text.index("Tom Reilly") < text.index("Esther Lowe")


async def test_who_has_left_cannot_be_invited(visit: Visit, world: World) -> None:
    grace = await visit(world.grace)

    assert f"/people/{world.esther.id}/invitations" not in (await grace.get("/people")).text
    assert (await grace.post(f"/people/{world.esther.id}/invitations")).status_code == 404
    assert not await models.Invitation.exists()


async def test_a_link_is_shown_once_and_opens_a_page_that_greets_the_person(visit: Visit, world: World) -> None:
    grace, stranger = await visit(world.grace), await visit(None)

    made = await grace.post(f"/people/{world.asha.id}/invitations")

    found = LINK.search(made.text)
    assert found
    assert found[1] not in (await grace.get("/people")).text
    greeted = await stranger.get(f"/invitations/{found[1]}")
    assert greeted.status_code == 200
    assert "Asha" in greeted.text
    assert "asha@example.invalid" in greeted.text
    assert "invitation.made" in await audit.list_events(world.asha.id)


async def test_the_list_follows_an_invitation_from_open_to_run_out(visit: Visit, world: World, app: Starlette) -> None:
    grace = await visit(world.grace)
    await grace.post(f"/people/{world.asha.id}/invitations")

    assert "Open until tomorrow at 01:40" in (await grace.get("/people")).text
    app.state.now += timedelta(hours=24)
    assert "Ran out today" in (await (await visit(world.grace)).get("/people")).text


async def test_the_list_takes_as_many_questions_for_thirty_people_as_for_twelve(world: World) -> None:
    for number in range(18):
        await models.Person.create(
            name=f"Person {number}", email=f"p{number}@example.invalid", user_handle=b"x", created_at=world.now
        )

    assert len(await list_staff(world.now)) == 30


async def test_somebody_can_be_invited_from_the_command_line(visit: Visit, world: World) -> None:
    made = await invite_by_email("Asha@Example.invalid", world.now)

    answer = await (await visit(None)).get(made.link(ORIGIN).removeprefix(ORIGIN))
    assert "Asha" in answer.text


@pytest.mark.parametrize("email", ["nobody@example.invalid", "esther@example.invalid", "", "%"])
async def test_nobody_and_who_has_left_cannot(world: World, email: str) -> None:
    with pytest.raises(NotFound):
        await invite_by_email(email, world.now)


@pytest.mark.parametrize("code", ["A" * 22, "x", "not-a-code"])
async def test_an_invitation_that_never_was_says_so_and_whom_to_ask(visit: Visit, world: World, code: str) -> None:
    answer = await (await visit(None)).get(f"/invitations/{code}")

    assert answer.status_code == 404
    assert "This invitation cannot be used" in answer.text


async def test_a_lost_phone_lets_nobody_in_any_more(visit: Visit, world: World) -> None:
    grace, asha = await visit(world.grace), await visit(world.asha)
    made = await models.Passkey.create(
        person_id=world.asha.id,
        credential_id="lost",
        public_key=b"",
        device_type="single_device",
        backed_up=False,
        made_at=world.now,
    )
    await invite_by_email("asha@example.invalid", world.now)
    assert f"/people/{world.asha.id}/revocation" in (await grace.get("/people")).text
    assert "Asha Rahman" in (await grace.get(f"/people/{world.asha.id}/revocation")).text

    answer = await grace.post(f"/people/{world.asha.id}/revocation")

    assert (answer.status_code, answer.headers["location"]) == (303, "/people")
    assert (await asha.get("/")).headers["location"] == "/sign-in"
    assert (await models.Passkey.get(id=made.id)).revoked_at == world.now
    assert not await models.Invitation.exists(expires_at__gt=world.now)
    assert f"/people/{world.asha.id}/revocation" not in (await grace.get("/people")).text
    assert "passkeys.revoked" in await audit.list_events(world.asha.id)
    assert (await grace.get("/people")).status_code == 200


async def test_nobodys_passkeys_cannot_be_taken_away(visit: Visit, world: World) -> None:
    grace = await visit(world.grace)

    for person in (world.esther.id, "nobody"):
        assert (await grace.get(f"/people/{person}/revocation")).status_code == 404
        assert (await grace.post(f"/people/{person}/revocation")).status_code == 404
