"""Invitations, and nonsense where a code or a passkey should be: how long they serve, and how often."""

from datetime import timedelta
from typing import Any

import pytest
from starlette.applications import Starlette
from webauthn.helpers import bytes_to_base64url

from ap_log.actions.invite_person import LIFE
from ap_log.store import models
from tests.authenticator import Authenticator
from tests.cast import World
from tests.passkey_phones import REGISTRATION, REGISTRATION_OPTIONS, RP_ID, Phone, assert_refused, invite, registered
from tests.visitors import ORIGIN, Visit


@pytest.mark.parametrize(("later", "status"), [(LIFE - timedelta(seconds=1), 200), (LIFE, 404)])
async def test_an_invitation_can_be_used_for_a_day(
    phone: Phone, world: World, app: Starlette, later: timedelta, status: int
) -> None:
    code = await invite(world, world.asha)
    app.state.now += later

    assert (await phone.browser.get(f"/invitations/{code}")).status_code == status
    assert (await phone.browser.post(REGISTRATION_OPTIONS, json={"code": code})).status_code == status


async def test_an_invitation_can_be_used_once(phone: Phone, world: World, visit: Visit) -> None:
    code = await invite(world, world.asha)
    other = Phone(await visit(None), Authenticator(ORIGIN, RP_ID))
    mine, theirs = await phone.options(code), await other.options(code)

    answers = [
        await one.browser.post(REGISTRATION, json={"code": code, "credential": one.authenticator.create(options)})
        for one, options in ((phone, mine), (other, theirs))
    ]

    assert answers[0].status_code == 200
    assert_refused(answers[1], "invitation-spent")
    assert await models.Passkey.all().count() == 1


async def test_a_new_invitation_ends_the_one_before(phone: Phone, world: World) -> None:
    first, second = await invite(world, world.asha), await invite(world, world.asha)

    assert (await phone.browser.get(f"/invitations/{first}")).status_code == 404
    assert (await phone.browser.get(f"/invitations/{second}")).status_code == 200


async def test_an_invitation_of_a_person_who_has_left_since_cannot_be_used(phone: Phone, world: World) -> None:
    code = await invite(world, world.asha)
    await models.Person.filter(id=world.asha.id).update(left_at=world.now)

    assert (await phone.browser.get(f"/invitations/{code}")).status_code == 404


async def test_only_the_hash_of_a_code_and_of_a_session_is_kept(phone: Phone, world: World) -> None:
    code = await invite(world, world.asha)
    cookie = (await phone.register(code)).headers["set-cookie"].partition("=")[2].partition(";")[0]

    kept = [vars(row) for model in (models.Invitation, models.Session, models.AuditRecord) for row in await model.all()]

    assert code not in str(kept)
    assert cookie not in str(kept)


# Nonsense.


NONSENSE: tuple[Any, ...] = (
    "",
    "!",
    "é",
    "A" * 16_000,
    bytes_to_base64url(b"{}"),
    bytes_to_base64url(b"\xff\x00"),
    None,
)


async def test_nonsense_in_a_use_is_refused_and_never_an_error_of_ours(phone: Phone, world: World) -> None:
    await registered(phone, world, world.asha)
    for part in ("clientDataJSON", "authenticatorData", "signature", "userHandle"):
        for nonsense in NONSENSE:
            credential = phone.authenticator.get(await phone.options())
            credential["response"][part] = nonsense
            assert (await phone.use(credential)).status_code in (403, 422), (part, nonsense)


async def test_nonsense_in_a_registration_is_refused_and_never_an_error_of_ours(phone: Phone, world: World) -> None:
    code = await invite(world, world.asha)
    for part in ("clientDataJSON", "attestationObject"):
        for nonsense in NONSENSE:
            credential = phone.authenticator.create(await phone.options(code))
            credential["response"][part] = nonsense
            answer = await phone.browser.post(REGISTRATION, json={"code": code, "credential": credential})
            assert answer.status_code in (403, 422), (part, nonsense)


async def test_a_nonsense_code_is_an_invitation_that_cannot_be_used(phone: Phone) -> None:
    for code in ("", "\u0000", "x" * 10_000, "é", "../.."):
        assert_refused(await phone.browser.post(REGISTRATION_OPTIONS, json={"code": code}), "invitation-spent")
