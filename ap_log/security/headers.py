"""The headers that every answer carries, whatever became of the request."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TRUSTED_TYPES_POLICY = "ap-log"
"""The one policy by which our scripts may name a script to run: the service worker's address."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        f"trusted-types {TRUSTED_TYPES_POLICY}",
    )
)

HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "publickey-credentials-create=(self), publickey-credentials-get=(self), camera=(),"
    " microphone=(), geolocation=(), payment=(), usb=()",
}

TRANSPORT = "max-age=63072000; includeSubDomains"
"""Two years of https only, for browsers that have been here once."""

KEEP_NOTHING = "no-store"


_POLICY = "content-security-policy"


class SecureHeaders:
    """Adds the headers to every answer. An answer that says nothing about caches is kept by none.

    An answer that has a content policy of its own gets ours beside it: browsers hold to both, so it can only be
    stricter.
    """

    def __init__(self, app: ASGIApp, is_https: bool) -> None:
        self.app = app
        self.headers = HEADERS | ({"strict-transport-security": TRANSPORT} if is_https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                own = headers.get(_POLICY)
                headers.update(self.headers)
                if own is not None:
                    headers.append(_POLICY, own)
                headers.setdefault("cache-control", KEEP_NOTHING)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)
