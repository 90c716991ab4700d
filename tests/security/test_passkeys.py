"""The two ceremonies over HTTP, with a software authenticator: what signs a person in, and what does not."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from starlette.applications import Starlette
from webauthn.helpers import bytes_to_base64url

from ap_log.store import audit, models
from ap_log.store.passkeys import CHALLENGE_LIFE
from tests.authenticator import Authenticator
from tests.cast import World
from tests.passkey_phones import (
    REGISTRATION,
    RP_ID,
    Phone,
    assert_refused,
    invite,
    registered,
)
from tests.visitors import ORIGIN


async def test_an_invitation_makes_a_passkey_and_signs_the_person_in(phone: Phone, world: World) -> None:
    answer = await phone.register(await invite(world, world.asha))

    assert answer.status_code == 200
    assert (await phone.browser.get("/")).headers["location"] == "/app"


async def test_the_passkey_signs_the_person_in_again(phone: Phone, world: World) -> None:
    await registered(phone, world, world.asha)
    assert (await phone.browser.get("/")).headers["location"] == "/sign-in"

    answer = await phone.sign_in()

    assert answer.status_code == 200
    assert (await phone.browser.get("/")).headers["location"] == "/app"


async def test_the_session_cookie_is_for_this_host_alone_and_for_no_script(phone: Phone, world: World) -> None:
    cookie = (await phone.register(await invite(world, world.asha))).headers["set-cookie"]

    assert cookie.startswith("__Host-ap_log=")
    for part in ("HttpOnly", "Secure", "Path=/", "SameSite=lax", "Max-Age=43200"):
        assert part in cookie
    assert "domain" not in cookie.lower()


async def test_what_is_asked_for_is_a_verified_person_and_a_passkey_that_offers_itself(
    phone: Phone, world: World
) -> None:
    made = await phone.options(await invite(world, world.asha))
    used = await phone.options()

    assert (
        made["authenticatorSelection"] | {"residentKey": "required", "userVerification": "required"}
        == made["authenticatorSelection"]
    )
    assert made["attestation"] == "none"
    assert made["user"]["id"] == bytes_to_base64url(world.people["asha"].user_handle)
    assert (used["userVerification"], used["rpId"], used.get("allowCredentials")) == ("required", RP_ID, [])


async def test_a_device_is_told_which_of_its_passkeys_the_person_has_already(phone: Phone, world: World) -> None:
    await registered(phone, world, world.asha)

    options = await phone.options(await invite(world, world.asha))

    assert [one["id"] for one in options["excludeCredentials"]] == [
        bytes_to_base64url(phone.authenticator.credential_id)
    ]


async def test_what_kind_of_passkey_it_is_is_kept(phone: Phone, world: World) -> None:
    phone.authenticator.is_synced = True
    await registered(phone, world, world.asha)

    passkey = await models.Passkey.get(person_id=world.asha.id)

    assert (passkey.device_type, passkey.backed_up) == ("multi_device", True)


# What does not sign anybody in.


@pytest.mark.parametrize("cheat", [{"origin": "https://log.example.evil"}, {"rp_id": "evil"}, {"verifies_user": False}])
async def test_a_new_passkey_from_elsewhere_or_without_a_verified_person_is_refused(
    phone: Phone, world: World, cheat: dict[str, Any]
) -> None:
    vars(phone.authenticator).update(cheat)

    answer = await phone.register(await invite(world, world.asha))

    assert_refused(answer)
    assert not await models.Passkey.exists()
    assert not await models.Invitation.exists(used_at__isnull=False)


@pytest.mark.parametrize("cheat", [{"origin": "https://log.example.evil"}, {"rp_id": "evil"}, {"verifies_user": False}])
async def test_a_use_from_elsewhere_or_without_a_verified_person_is_refused(
    phone: Phone, world: World, cheat: dict[str, Any]
) -> None:
    await registered(phone, world, world.asha)
    vars(phone.authenticator).update(cheat)

    assert_refused(await phone.sign_in())


async def test_an_answer_serves_once(phone: Phone, world: World) -> None:
    await registered(phone, world, world.asha)
    phone.authenticator.counts = False
    phone.authenticator.count = 0
    await models.Passkey.all().update(sign_count=0)
    credential = phone.authenticator.get(await phone.options())

    first, second = await phone.use(credential), await phone.use(credential)

    assert first.status_code == 200
    assert_refused(second)


async def test_of_one_answer_sent_five_times_at_once_one_is_taken(phone: Phone, world: World) -> None:
    await registered(phone, world, world.asha)
    credential = phone.authenticator.get(await phone.options())

    answers = await asyncio.gather(*(phone.use(credential) for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [200, 403, 403, 403, 403]


async def test_a_wrong_answer_uses_the_challenge_up(phone: Phone, world: World) -> None:
    await registered(phone, world, world.asha)
    options = await phone.options()
    phone.authenticator.origin = "https://evil.example"
    assert_refused(await phone.use(phone.authenticator.get(options)))
    phone.authenticator.origin = ORIGIN

    assert_refused(await phone.use(phone.authenticator.get(options)))


@pytest.mark.parametrize(("later", "status"), [(CHALLENGE_LIFE - timedelta(seconds=1), 200), (CHALLENGE_LIFE, 403)])
async def test_a_challenge_can_be_answered_for_five_minutes(
    phone: Phone, world: World, app: Starlette, later: timedelta, status: int
) -> None:
    await registered(phone, world, world.asha)
    credential = phone.authenticator.get(await phone.options())
    app.state.now += later

    assert (await phone.use(credential)).status_code == status


async def test_a_challenge_that_was_never_made_is_refused(phone: Phone, world: World) -> None:
    await registered(phone, world, world.asha)

    assert_refused(await phone.use(phone.authenticator.get({"challenge": bytes_to_base64url(b"x" * 32)})))


async def test_a_challenge_made_for_registration_does_not_sign_in(phone: Phone, world: World) -> None:
    await registered(phone, world, world.asha)
    options = await phone.options(await invite(world, world.asha))

    assert_refused(await phone.use(phone.authenticator.get(options)))


async def test_a_challenge_made_for_one_invited_person_does_not_serve_another(phone: Phone, world: World) -> None:
    for_asha = await phone.options(await invite(world, world.asha))
    code = await invite(world, world.ben)
    credential = phone.authenticator.create(for_asha)

    assert_refused(await phone.browser.post(REGISTRATION, json={"code": code, "credential": credential}))


async def test_a_passkey_that_claims_to_be_another_persons_is_refused(phone: Phone, world: World) -> None:
    await registered(phone, world, world.asha)
    phone.authenticator.user_handle = world.people["ben"].user_handle

    assert_refused(await phone.sign_in())


async def test_a_passkey_that_does_not_say_whose_it_is_is_refused(phone: Phone, world: World) -> None:
    await registered(phone, world, world.asha)
    phone.authenticator.user_handle = b""

    assert_refused(await phone.sign_in())


async def test_the_id_of_a_known_passkey_with_another_key_behind_it_is_refused(phone: Phone, world: World) -> None:
    await registered(phone, world, world.asha)
    phone.authenticator.key = Authenticator(ORIGIN, RP_ID).key

    assert_refused(await phone.sign_in())


async def test_a_passkey_that_somebody_has_already_cannot_be_registered_for_another(phone: Phone, world: World) -> None:
    await registered(phone, world, world.asha)

    assert_refused(await phone.register(await invite(world, world.ben)))
    assert not await models.Passkey.exists(person_id=world.ben.id)


async def test_an_unknown_passkey_is_refused(phone: Phone, world: World) -> None:
    assert_refused(await phone.sign_in())


async def test_a_revoked_passkey_is_refused(phone: Phone, world: World) -> None:
    await registered(phone, world, world.asha)
    await models.Passkey.all().update(revoked_at=world.now)

    assert_refused(await phone.sign_in())


async def test_the_passkey_of_a_person_who_has_left_is_refused(phone: Phone, world: World) -> None:
    await registered(phone, world, world.asha)
    await models.Person.filter(id=world.asha.id).update(left_at=world.now)

    assert_refused(await phone.sign_in())


@pytest.mark.parametrize(("stored", "status"), [(7, 200), (8, 403), (9, 403)])
async def test_a_count_that_does_not_grow_is_refused_and_put_on_record(
    phone: Phone, world: World, stored: int, status: int
) -> None:
    await registered(phone, world, world.asha)
    await models.Passkey.all().update(sign_count=stored)
    phone.authenticator.count = 7

    answer = await phone.sign_in()

    passkey = await models.Passkey.get()
    assert answer.status_code == status
    assert passkey.sign_count == max(stored, 8)
    assert await audit.list_events(passkey.id) == ([] if status == 200 else ["passkey.suspected"])


async def test_a_passkey_that_has_counted_and_now_says_nothing_is_refused(phone: Phone, world: World) -> None:
    await registered(phone, world, world.asha)
    phone.authenticator.counts = False
    phone.authenticator.count = 0

    assert_refused(await phone.sign_in())


# Invitations.
