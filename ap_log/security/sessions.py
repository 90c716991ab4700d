"""The session cookie: 256 random bits in the browser, their hash in the database, one person and one shift."""

import hashlib
import logging
import secrets
from datetime import datetime
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from ap_log.domain.errors import Unavailable
from ap_log.settings import Settings
from ap_log.store import sessions
from ap_log.store.transaction import transaction

_log = logging.getLogger(__name__)

SECURE_COOKIE = "__Host-ap_log"
"""Browsers take a cookie of this name only over https, from this very host, for all of it."""

LOOPBACK_COOKIE = "ap_log"
"""The name over http, which settings allow on loopback only."""


def new_token() -> str:
    """A token for a new session, to be given to the browser and nobody else."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What the database keeps of a token or a code. Their 128 bits and more need no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


async def find_session(request: Request, now: datetime) -> sessions.Found | None:
    """The session of this request's cookie, if it is good now; its use is noted.

    When the database takes no writes the note is left out and reading goes on, for as long as the session was good.
    """
    token = request.cookies.get(cookie_name(request.app.state.settings))
    if not token:
        return None
    found = await sessions.find_session(token_hash(token), now)
    if found is not None and now - found.seen_at >= sessions.SEEN_EVERY:
        try:
            await transaction(partial(sessions.see_session, found, now))
        except Unavailable:
            _log.warning("The use of a session could not be noted; reading goes on")
    return found


def give_cookie(response: Response, token: str, settings: Settings) -> None:
    response.set_cookie(
        cookie_name(settings),
        token,
        max_age=int(sessions.ABSOLUTE.total_seconds()),
        secure=settings.is_https,
        httponly=True,
        samesite="lax",
    )


def take_cookie_back(response: Response, settings: Settings) -> None:
    """Clear the cookie and what the browser's cache holds.

    Never `"storage"`: it would destroy entries that have not been sent.
    """
    response.delete_cookie(cookie_name(settings), secure=settings.is_https, httponly=True, samesite="lax")
    response.headers["clear-site-data"] = '"cache"'


def cookie_name(settings: Settings) -> str:
    return SECURE_COOKIE if settings.is_https else LOOPBACK_COOKIE
