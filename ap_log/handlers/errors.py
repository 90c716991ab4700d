"""What each refusal means over HTTP: a status, and a page for people or a problem in JSON for programs."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ap_log.domain import errors, sync, sync_errors
from ap_log.security.request_log import log_failure
from ap_log.store.engine import DATABASE_ERRORS
from ap_log.templating import page

STATUS: dict[type[errors.Refusal], int] = {
    errors.Refusal: 400,
    errors.WrongAddress: 400,
    errors.NotSignedIn: 401,
    errors.NotAllowed: 403,
    errors.CrossOrigin: 403,
    errors.PasskeyRefused: 403,
    errors.AnotherPhone: 403,
    errors.PlatformPasskey: 403,
    errors.NotFound: 404,
    errors.NotOnYourList: 404,
    errors.InvitationSpent: 404,
    errors.WrongMethod: 405,
    errors.TooSlow: 408,
    errors.FactsHaveChanged: 409,
    errors.AlreadyDecided: 409,
    errors.AlreadyVoid: 409,
    errors.AlreadyWithdrawn: 409,
    errors.AlreadyAnswered: 409,
    sync_errors.AlreadyConfirmed: 409,
    sync_errors.AlreadyDisowned: 409,
    sync_errors.HeldDecided: 409,
    errors.IdTaken: 409,
    sync_errors.OtherBytes: 409,
    errors.FormUsed: 409,
    errors.EntrySaved: 409,
    errors.DraftChanged: 409,
    errors.DraftClosed: 409,
    errors.NewerPublished: 409,
    errors.NewestWithdrawn: 409,
    errors.VersionWithdrawn: 409,
    errors.VersionInForce: 409,
    errors.NotReadyToPublish: 409,
    errors.RehearsalUnderWay: 409,
    errors.TooLarge: 413,
    errors.Invalid: 422,
    errors.CodeTwice: 422,
    sync_errors.SealBroken: 422,
    sync_errors.UnknownSealingKey: 422,
    sync_errors.UnknownAuthor: 422,
    errors.TooMany: 429,
    errors.Failed: 500,
    errors.Unavailable: 503,
}

_MORE_HEADERS: dict[type[errors.Refusal], dict[str, str]] = {
    # The rest of the body is still on its way, and nobody will read it.
    errors.TooLarge: {"connection": "close"},
    errors.TooSlow: {"connection": "close"},
    errors.TooMany: {"retry-after": "600"},
    errors.Unavailable: {"retry-after": "30"},
}

_FROM_STARLETTE: dict[int, type[errors.Refusal]] = {
    404: errors.NotFound,
    405: errors.WrongMethod,
    413: errors.TooLarge,
}


async def answer_refusal(request: Request, refusal: Exception) -> Response:
    """The answer to a refusal, whichever module raised it."""
    assert isinstance(refusal, errors.Refusal)  # noqa: S101 Starlette's handlers are typed for any exception
    return answer(request, refusal)


async def answer_starlette(request: Request, error: Exception) -> Response:
    """The answer to Starlette's own errors: no such route, wrong method, bad request."""
    assert isinstance(error, HTTPException)  # noqa: S101 Starlette's handlers are typed for any exception
    return answer(request, _FROM_STARLETTE.get(error.status_code, errors.Refusal)(), error.headers)


def answer(request: Request, refusal: errors.Refusal, headers: Mapping[str, str] | None = None) -> Response:
    """A page or a problem. Somebody who is not signed in and wants to read a page is sent to sign in first."""
    status = status_of(refusal)
    response = _problem(request, refusal, status) if _wants_json(request) else _page(request, refusal, status)
    response.headers.update(_MORE_HEADERS.get(type(refusal), {}) | dict(headers or {}))
    return response


def page_again(request: Request, template: str, refusal: errors.Refusal | None, **context: Any) -> Response:
    """A form's page: as it is opened, or once more with why what was sent on it was refused.

    The template gets `refusal` and `errors`, its faults; the answer has the status and the headers of the refusal.
    """
    status, faults = (200, ()) if refusal is None else (status_of(refusal), refusal.faults)
    response = page(request, template, status, refusal=refusal, errors=faults, **context)
    response.headers.update(_MORE_HEADERS.get(type(refusal), {}) if refusal else {})
    return response


def is_spent(refusal: errors.Refusal | None) -> bool:
    """Whether the form's own id cannot be sent again, so that its page needs a new one."""
    used = (errors.FormUsed, errors.AlreadyDecided, errors.AlreadyAnswered)
    return refusal is not None and (isinstance(refusal, used) or any(each.field == "id" for each in refusal.faults))


def status_of(refusal: errors.Refusal) -> int:
    return STATUS[type(refusal)]


def problem_of(refusal: errors.Refusal, reference: str) -> sync.Problem:
    """A refusal in its JSON shape, for an answer of its own or as part of one."""
    return sync.Problem(
        refusal.code, refusal.title, refusal.way_on, status_of(refusal), reference, tuple(refusal.faults)
    )


class LastResort:
    """Whatever is raised further in becomes an answer with a reference, and a line in the log: never a traceback."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        has_started = False

        async def send_and_note(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except Exception as error:
            if has_started:  # Half an answer cannot be taken back; the connection breaks off.
                raise
            await _last_answer(Request(scope), error)(scope, receive, send)


def _last_answer(request: Request, error: Exception) -> Response:
    refusal = _refusal_for(error)
    if not isinstance(error, errors.Refusal):
        log_failure(request.scope["state"], error)
    try:
        return answer(request, refusal)
    except Exception as worse:  # The page itself fails; words alone cannot.
        log_failure(request.scope["state"], worse)
        words = f"{refusal.title}. {refusal.way_on} Reference: {request.state.reference}"
        return Response(words, status_of(refusal), media_type="text/plain")


def _refusal_for(error: Exception) -> errors.Refusal:
    if isinstance(error, errors.Refusal):
        return error
    return errors.Unavailable() if isinstance(error, DATABASE_ERRORS) else errors.Failed()


def _wants_json(request: Request) -> bool:
    return request.url.path.startswith("/api/") or request.url.path == "/health"


def _problem(request: Request, refusal: errors.Refusal, status: int) -> Response:
    problem = problem_of(refusal, request.state.reference)
    return Response(msgspec.json.encode(problem), status, media_type="application/problem+json")


def _written(request: Request) -> list[str]:
    """What the person had written on the form that this answers, for where its own page cannot be shown."""
    form = getattr(request.state, "form", None)
    return form.words() if form else []


def _page(request: Request, refusal: errors.Refusal, status: int) -> Response:
    if isinstance(refusal, errors.NotSignedIn) and request.method in ("GET", "HEAD"):
        return RedirectResponse(f"/sign-in?to={quote(request.url.path)}", 303)
    return page(
        request,
        "pages/errors/refusal.html",
        status,
        refusal=refusal,
        written=_written(request),
        reference=request.state.reference,
        origin=request.app.state.settings.origin,
    )
