"""How much a request may bring and how long it may take to bring it. Held before anything is parsed.

Starlette's own limit answers in plain text; a phone reads refusals as JSON, so ours raise refusals instead.
"""

import asyncio

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Message, Receive

from ap_log.domain.errors import TooLarge, TooSlow

FORM_BYTES = 16 * 1024
"""A posted form of ticks, names and a line of words. A row whose form takes longer words says a larger limit."""

LONG_FORM_BYTES = 256 * 1024
"""A form with free text: five texts of 4,000 characters, each of up to 12 percent-encoded bytes, and room to spare."""

CREDENTIAL_BYTES = 64 * 1024
"""A passkey as a browser describes it: a few kB, more where the maker of a security key adds its certificates."""

FORM_FIELDS = 2000
"""Fields in one form: the longest says whom a policy tells, in `policy_rules.MOST_RULES` rules of at most 32."""

RECEIVE_SECONDS = 15.0
"""How long the body of a request may take to arrive: 16 KiB at 10 kbit/s."""


def limited(request: Request, most_bytes: int) -> Request:
    """The same request, whose body raises `TooLarge` or `TooSlow` when it is read past its limits.

    Raises:
        TooLarge: the request says itself that it brings more.
    """
    declared = Headers(scope=request.scope).get("content-length", "")
    if declared.isdigit() and int(declared) > most_bytes:
        raise TooLarge
    return Request(request.scope, _Body(request.receive, most_bytes).receive)


class _Body:
    """Counts the bytes of one body and the time it takes."""

    def __init__(self, receive: Receive, most_bytes: int) -> None:
        self._receive = receive
        self._left = most_bytes
        self._deadline = asyncio.get_running_loop().time() + RECEIVE_SECONDS

    async def receive(self) -> Message:
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            raise TooSlow from None
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise TooLarge
        return message
