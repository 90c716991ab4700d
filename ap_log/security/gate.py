"""Every request to a row passes here: signed in, permitted, from our own page, not too large, and on the record."""

import logging
import re
from collections.abc import Iterable
from functools import partial
from typing import Any

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from ap_log.domain.errors import NotAllowed, NotFound, NotSignedIn, Refusal, Unavailable
from ap_log.domain.people import Actor
from ap_log.domain.permissions import Permission, may
from ap_log.security.limits import limited
from ap_log.security.rows import Row, by_path
from ap_log.security.same_origin import require_same_origin
from ap_log.security.sessions import find_session
from ap_log.store import audit, confirmations, phones, policy_readings
from ap_log.store.transaction import transaction

_log = logging.getLogger(__name__)

_OUR_IDS = re.compile(r"[A-Za-z0-9_-]{1,36}")
_OUR_CODES = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What an id, or a secret code, in an address of ours can look like. Anything else names nothing, and a query for it
would fail: the database's columns hold no more."""

SHOWN = "record.shown"
"""The event of a page with a resident's record on it in answer to a form that was refused or is not finished."""

_SECRET_PARAMETERS = frozenset({"code"})
"""Parts of addresses that let somebody in: never on the record."""


def routes_of(rows: Iterable[Row]) -> list[Route]:
    """One Starlette route for each path, whatever its methods. Raises `BadRow`.

    Only what is the same for all goes out compressed: how short an answer becomes tells what else stands in it.
    """
    return [Route(path, Gate(of_path), middleware=_around(of_path)) for path, of_path in by_path(rows).items()]


def _around(of_path: Iterable[Row]) -> list[Middleware]:
    return [Middleware(GZipMiddleware)] if all(row.same_for_all for row in of_path) else []


class Gate:
    """The rows of one path, as an ASGI endpoint: it alone can say which methods the path has."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = {row.method: row for row in rows}
        heads = {"HEAD"} if "GET" in self.rows else set()
        self.allow = {"allow": ", ".join(sorted({*self.rows, *heads, "OPTIONS"}))}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=self.allow)
        row = self.rows.get("GET" if request.method == "HEAD" else request.method)
        if row is None:
            raise HTTPException(405, headers=self.allow)
        return await pass_through(row, request)


class Nowhere:
    """Every address that no row has: not found, on a page that knows who is asking."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _recognise(Request(scope, receive))
        raise NotFound


async def pass_through(row: Row, request: Request) -> Response:
    """Let the request through to the row's handler and record what a person read, or was refused."""
    request.state.route = row.name
    try:
        response = await row.handler(await _enter(row, request))
    except Refusal as refusal:
        await _record(row, request, "request.refused", code=refusal.code)
        raise
    if row.method == "GET" and response.status_code == 200:
        if not (row.recorded_once and await _is_recorded(row, request)):
            await _record(row, request, row.audit, **_shown(request))
    elif row.method != "GET" and response.status_code != 303 and (shown := _shown(request)):
        await _record(row, request, SHOWN, status=response.status_code, **shown)
    return response


def _shown(request: Request) -> dict[str, Any]:
    """Whose record the page shows, or what was handed out to a phone, as the handler put it on the request's state."""
    resident = getattr(request.state, "resident", None)
    return getattr(request.state, "handed_out", {}) | ({"resident": resident} if resident else {})


async def _enter(row: Row, request: Request) -> Request:
    state, app = request.state, request.app.state
    if row.method != "GET":
        require_same_origin(request, app.settings.origin)
    if row.throttled:
        app.throttle.count(request, state.now)
    _require_ids(request)
    if not row.same_for_all:
        await _recognise(request)
    _require_permission(row.permission, state.actor)
    if row.shows_page and state.actor is not None:
        state.unread_policy = await policy_readings.find_unread(state.actor)
        state.unconfirmed = await confirmations.count_unconfirmed(state.actor.id)
        state.phone_news = await phones.find_news(state.actor, state.now)
    return limited(request, row.limit)


async def _recognise(request: Request) -> None:
    """Who is asking, as the database has them now."""
    state = request.state
    state.session = await find_session(request, state.now)
    state.actor = state.session.actor if state.session else None


def _require_ids(request: Request) -> None:
    for name, value in request.path_params.items():
        shape = _OUR_CODES if name in _SECRET_PARAMETERS else _OUR_IDS
        if not shape.fullmatch(value):
            raise NotFound


def _require_permission(permission: Permission, actor: Actor | None) -> None:
    if permission is Permission.ANYONE:
        return
    if actor is None:
        raise NotSignedIn
    if not actor.postings or not may(actor, permission):
        raise NotAllowed


async def _record(row: Row, request: Request, event: str, **details: Any) -> None:
    """Put a read or a refusal of a signed-in person on the audit trail.

    Strangers are not recorded there, only in the request log: they could fill it. When the database takes no writes,
    reading goes on (somebody may need an address or an allergy now) and the log line stands in for the record.
    """
    actor, now = request.state.actor, request.state.now
    if actor is None:
        return
    kind, subject = _subject(row, request)
    facts: dict[str, Any] = {"subject_kind": kind, "subject": subject, "details": details | {"route": row.name}}
    try:
        await transaction(partial(audit.add, event, actor.id, now, **facts))
    except Unavailable:
        _log.exception("Not on the audit trail", extra={"fields": {"event": event, "actor": actor.id, **facts}})


async def _is_recorded(row: Row, request: Request) -> bool:
    actor, (_, subject) = request.state.actor, _subject(row, request)
    return actor is not None and await audit.is_recorded(row.audit, actor.id, subject)


def _subject(row: Row, request: Request) -> tuple[str, str | None]:
    """What was asked about: what the handler found by another name than its id, else the first id in the address,
    or the part of the product where there is none.
    """
    found: tuple[str, str] | None = getattr(request.state, "subject", None)
    if found is not None:
        return found
    named = [name for name in row.parameters if name not in _SECRET_PARAMETERS]
    if named and _OUR_IDS.fullmatch(request.path_params[named[0]]):
        return named[0], request.path_params[named[0]]
    return row.audit.partition(".")[0], None
