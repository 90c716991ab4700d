"""What a connection may do before there is a request: how long and how large its head may be, and one length only.

uvicorn waits for a head for ever and keeps all of it. A proxy in front may be stricter; this holds without one.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ap_log.security.headers import HEADERS

HEAD_SECONDS = 10.0
"""How long the request line and headers may take to arrive, from the connection or from their first byte."""

HEAD_BYTES = 64 * 1024
"""How large the request line and headers may be: browsers send 1 or 2 kB."""

_BOTH_LENGTHS = {b"content-length", b"transfer-encoding"}


class AmbiguousLength(Exception):
    """The head gives two lengths of its body. A proxy may believe the other one, and take our rest for a request."""


class StrictConnection(HttpToolsProtocol):
    """uvicorn's protocol with a deadline and a limit for the head."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._deadline: asyncio.TimerHandle | None = None
        self._head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._has_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._head_bytes += len(data)
        super().data_received(data)
        if self._deadline is not None and self._head_bytes > HEAD_BYTES:
            self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._await_head()

    def on_headers_complete(self) -> None:
        self._has_head()
        if {name for name, _ in self.headers} >= _BOTH_LENGTHS:
            raise AmbiguousLength
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """uvicorn's answer to what is no HTTP, with the headers that all our answers carry."""
        head = ["HTTP/1.1 400 Bad Request", *(f"{name}: {value}" for name, value in HEADERS.items())]
        head += ["content-type: text/plain; charset=utf-8", f"content-length: {len(msg)}", "connection: close"]
        self.transport.write("\r\n".join([*head, "", msg]).encode("ascii"))
        self.transport.close()

    def _await_head(self) -> None:
        self._has_head()
        self._head_bytes = 0
        self._deadline = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _has_head(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
