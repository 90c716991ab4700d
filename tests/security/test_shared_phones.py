"""A phone that several people use: no passkey is made on it, because its passcode is nobody's own."""

from typing import Any

import pytest

from ap_log.actions.share_device import share_device
from ap_log.store import models
from tests.cast import World
from tests.passkey_phones import REGISTRATION, REGISTRATION_OPTIONS, Phone, assert_refused, invite
from tests.phones import Phone as Reporting
from tests.visitors import Visit

ON_THE_PHONE: tuple[dict[str, Any], ...] = (
    {"authenticatorAttachment": "platform", "transports": ["internal"]},
    {"authenticatorAttachment": "platform", "transports": []},
    {"transports": ["internal"]},
    {"authenticatorAttachment": "platform", "transports": ["hybrid", "internal"]},
)
ELSEWHERE: tuple[dict[str, Any], ...] = (
    {"authenticatorAttachment": "cross-platform", "transports": ["usb", "nfc"]},
    {"authenticatorAttachment": "cross-platform", "transports": ["hybrid", "internal"]},
    {"transports": []},
)


@pytest.fixture
async def shared(visit: Visit, world: World) -> str:
    """The id of a phone of Elm House that Ben has marked as shared."""
    reporting = Reporting()
    await reporting.report(await visit(world.asha))
    await share_device(reporting.id, world.ben, world.now, is_shared=True)
    return reporting.id


async def made(phone: Phone, world: World, device: str | None, said: dict[str, Any]) -> Any:
    """The answer to a passkey made on this phone, whose browser says this of it."""
    code = await invite(world, world.asha)
    asked = {"code": code} | ({"device": device} if device else {})
    options = (await phone.browser.post(REGISTRATION_OPTIONS, json=asked)).json()
    credential = phone.authenticator.create(options)
    if "authenticatorAttachment" in said:
        credential["authenticatorAttachment"] = said["authenticatorAttachment"]
    credential["response"]["transports"] = said["transports"]
    return await phone.browser.post(REGISTRATION, json={"code": code, "credential": credential})


async def test_a_shared_phone_is_asked_for_something_outside_itself_and_others_are_not(
    phone: Phone, world: World, shared: str
) -> None:
    code = await invite(world, world.asha)

    async def asked_for(**more: str) -> str | None:
        options = (await phone.browser.post(REGISTRATION_OPTIONS, json={"code": code, **more})).json()
        return dict(options["authenticatorSelection"]).get("authenticatorAttachment")

    assert await asked_for(device=shared) == "cross-platform"
    assert await asked_for() is None
    assert await asked_for(device=Reporting().id) is None


@pytest.mark.parametrize("said", ON_THE_PHONE)
async def test_a_passkey_that_lives_on_a_shared_phone_is_refused_with_a_way_on(
    phone: Phone, world: World, shared: str, said: dict[str, Any]
) -> None:
    answer = await made(phone, world, shared, said)

    assert answer.status_code == 403
    assert_refused(answer, "platform-passkey")
    assert "security key" in answer.json()["way_on"]
    assert "QR code" in answer.json()["way_on"]
    assert not await models.Passkey.exists()
    assert await models.Invitation.exists(used_at=None)


@pytest.mark.parametrize("said", ELSEWHERE)
async def test_a_key_of_ones_own_and_ones_own_phone_by_qr_code_are_taken(
    phone: Phone, world: World, shared: str, said: dict[str, Any]
) -> None:
    assert (await made(phone, world, shared, said)).status_code == 200


@pytest.mark.parametrize("said", ON_THE_PHONE)
async def test_a_phone_of_ones_own_may_hold_the_passkey(phone: Phone, world: World, said: dict[str, Any]) -> None:
    assert (await made(phone, world, None, said)).status_code == 200


async def test_a_challenge_for_a_shared_phone_serves_once(phone: Phone, world: World, shared: str) -> None:
    code = await invite(world, world.asha)
    options = (await phone.browser.post(REGISTRATION_OPTIONS, json={"code": code, "device": shared})).json()
    credential = phone.authenticator.create(options) | {"authenticatorAttachment": "platform"}

    assert_refused(
        await phone.browser.post(REGISTRATION, json={"code": code, "credential": credential}), "platform-passkey"
    )
    del credential["authenticatorAttachment"]
    assert_refused(await phone.browser.post(REGISTRATION, json={"code": code, "credential": credential}))


async def test_the_phone_names_itself_by_an_id_or_not_at_all(phone: Phone, world: World) -> None:
    code = await invite(world, world.asha)
    answer = await phone.browser.post(REGISTRATION_OPTIONS, json={"code": code, "device": "x" * 50})
    assert answer.status_code == 422
