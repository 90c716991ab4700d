"""The two ceremonies of passkeys, each in two requests: what to ask the browser for, and what it answered."""

from datetime import datetime

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ap_log.actions import accept_invitation, sign_in
from ap_log.domain.entries import Id
from ap_log.handlers import forms
from ap_log.presenters.policy_readings import changes_address
from ap_log.security.passkeys import Assertion, Attestation, RelyingParty
from ap_log.security.sessions import give_cookie
from ap_log.store import policy_readings


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /api/passkeys/registration/options`: the code of the invitation, and the id of the phone that asks."""

    code: str
    device: Id | None = None


class Registered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /api/passkeys/registration`: the code of the invitation, and the passkey that the browser made."""

    code: str
    credential: Attestation


class Used(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /api/passkeys/sign-in`: the passkey's answer."""

    credential: Assertion


class SignedIn(msgspec.Struct, frozen=True):
    """The person is signed in: the cookie comes with this.

    `person` is their id, so that the phone opens what is theirs; `server_time` when they were let in, for the phone's
    clock. `read_first` is the page to be shown before the one they were going to, which goes with it as `?to=`.
    """

    person: str
    server_time: datetime
    signed_in: bool = True
    read_first: str | None = None


async def sign_in_options(request: Request) -> Response:
    await forms.read_json(request, dict[str, None])
    return _options(await sign_in.ask(_party(request), request.state.now))


async def use(request: Request) -> Response:
    used = await forms.read_json(request, Used)
    token = await sign_in.sign_in(_party(request), used.credential, _replaced(request), request.state.now)
    return await _signed_in(request, token)


async def registration_options(request: Request) -> Response:
    asked = await forms.read_json(request, Asked)
    return _options(await accept_invitation.ask(_party(request), asked.code, asked.device, request.state.now))


async def register(request: Request) -> Response:
    made = await forms.read_json(request, Registered)
    token = await accept_invitation.accept_invitation(
        _party(request), made.code, made.credential, _replaced(request), request.state.now
    )
    return await _signed_in(request, token)


def _party(request: Request) -> RelyingParty:
    return RelyingParty.of(request.app.state.settings)


def _replaced(request: Request) -> str | None:
    """The session this browser has now: a new one takes its place, whoever's it is."""
    return request.state.session.id if request.state.session else None


def _options(options: str) -> Response:
    return Response(options, media_type="application/json")


async def _signed_in(request: Request, token: str) -> Response:
    actor = await sign_in.find_actor(token, request.state.now)
    unread = await policy_readings.find_unread(actor)
    read_first = changes_address(unread.policy) if unread else None
    response = forms.json(SignedIn(actor.id, request.state.now, read_first=read_first))
    give_cookie(response, token, request.app.state.settings)
    return response
