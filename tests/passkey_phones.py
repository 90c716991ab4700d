"""A stranger's browser with a software authenticator beside it, for tests of the two ceremonies over HTTP."""

from dataclasses import dataclass
from typing import Any

import pytest
from httpx2 import AsyncClient, Response

from ap_log.actions.invite_person import invite_person
from ap_log.domain.people import Actor
from tests.authenticator import Authenticator
from tests.cast import World
from tests.visitors import ORIGIN, Visit

RP_ID = "log.example"
OPTIONS, SIGN_IN = "/api/passkeys/sign-in/options", "/api/passkeys/sign-in"
REGISTRATION_OPTIONS, REGISTRATION = "/api/passkeys/registration/options", "/api/passkeys/registration"


@dataclass
class Phone:
    """A stranger's browser with an authenticator beside it."""

    browser: AsyncClient
    authenticator: Authenticator

    async def options(self, code: str | None = None) -> dict[str, Any]:
        address, content = (REGISTRATION_OPTIONS, {"code": code}) if code else (OPTIONS, {})
        answer = await self.browser.post(address, json=content)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def register(self, code: str) -> Response:
        credential = self.authenticator.create(await self.options(code))
        return await self.browser.post(REGISTRATION, json={"code": code, "credential": credential})

    async def sign_in(self) -> Response:
        return await self.use(self.authenticator.get(await self.options()))

    async def use(self, credential: dict[str, Any]) -> Response:
        return await self.browser.post(SIGN_IN, json={"credential": credential})


@pytest.fixture
async def phone(visit: Visit, world: World) -> Phone:
    return Phone(await visit(None), Authenticator(ORIGIN, RP_ID))


async def invite(world: World, actor: Actor) -> str:
    return (await invite_person(actor.id, world.grace, world.now)).code


async def registered(phone: Phone, world: World, actor: Actor) -> Phone:
    """The phone with the actor's passkey on it, signed out again."""
    answer = await phone.register(await invite(world, actor))
    assert answer.status_code == 200, answer.text
    await phone.browser.post("/sign-out")
    return phone


def assert_refused(answer: Response, code: str = "passkey-refused") -> None:
    assert answer.json()["code"] == code
    assert "set-cookie" not in answer.headers
