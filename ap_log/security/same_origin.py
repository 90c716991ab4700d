"""Only our own pages, under our own name: the Host header, and where a change was asked for."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from ap_log.domain.errors import CrossOrigin, WrongAddress


class OneHost:
    """Refuses requests addressed to any name but the configured one, before anything reads the name."""

    def __init__(self, app: ASGIApp, origin: str) -> None:
        self.app = app
        self.hosts = _host_headers(origin)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_ours(Headers(scope=scope)):
            raise WrongAddress
        await self.app(scope, receive, send)

    def _is_ours(self, headers: Headers) -> bool:
        named = headers.getlist("host")
        return len(named) == 1 and named[0].lower() in self.hosts


def require_same_origin(request: Request, origin: str) -> None:
    """Refuse a change that a page of another site asked for.

    `Sec-Fetch-Site` cannot be set by a page and decides where it is there. `Origin` alone would not do: our own
    forms send "null", because our pages give away no referrer. Browsers without the first are judged by the second.

    Raises:
        CrossOrigin: the request came from elsewhere, or does not say where from.
    """
    site = request.headers.get("sec-fetch-site")
    is_ours = site == "same-origin" if site is not None else request.headers.get("origin") == origin
    if not is_ours:
        raise CrossOrigin


def _host_headers(origin: str) -> frozenset[str]:
    parts = urlsplit(origin)
    default = {"http": 80, "https": 443}[parts.scheme]
    named = parts.netloc
    return frozenset({named} if parts.port not in (None, default) else {named, f"{named}:{default}"})
