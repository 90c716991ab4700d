"""A proxy between a phone and AP Log that does to requests what bad networks do: loses, delays, repeats, cuts.

It reads HTTP/1.1 whole, request by request, and lets a plan choose what becomes of each; it counts what it did. With a
`Link` it is slow as a bad signal is. `docs/failures.md` says which test uses it for what.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

HEAD_LIMIT = 65_536
UPSTREAM_SECONDS = 30
BLACK_HOLE_SECONDS = 600
"""How long a request that goes nowhere is left open, unless the phone or the test ends it sooner."""


class Fault(StrEnum):
    """What becomes of one request. `NONE`: it goes through, and its answer comes back."""

    NONE = "none"
    REQUEST_LOST = "request lost"
    REQUEST_CUT = "request cut half-way"
    REQUEST_REPEATED = "request repeated"
    ANSWER_LOST = "answer lost"
    ANSWER_CUT = "answer cut half-way"
    ANSWER_SLOW = "answer held back"
    DELAYED = "delayed"
    BLACK_HOLE = "no answer, no end"
    PORTAL_PAGE = "a portal's page with 200"
    PORTAL_REDIRECT = "a portal's redirect"
    PROXY_ERROR = "a proxy's own 502"
    NONSENSE = "JSON of another shape with 200"
    REFUSED = "a proxy's own 403"
    TOO_LARGE = "a proxy's own 413"
    BUSY = "a proxy's own 503"


MADE_UP = {
    Fault.PORTAL_PAGE: ("200 OK", "text/html", "<!doctype html><title>Welcome to FreeWiFi</title>"),
    Fault.PORTAL_REDIRECT: ("302 Found\r\nLocation: http://127.0.0.1:9/login", "text/html", ""),
    Fault.PROXY_ERROR: ("502 Bad Gateway", "text/html", "<h1>Bad Gateway</h1>"),
    Fault.NONSENSE: ("200 OK", "application/json", '{"results": [{"id": 7}], "server_time": "yesterday"}'),
    Fault.REFUSED: ("403 Forbidden", "text/plain", "Blocked by policy"),
    Fault.TOO_LARGE: ("413 Content Too Large", "text/html", "<h1>Too large</h1>"),
    Fault.BUSY: ("503 Service Unavailable\r\nRetry-After: 1", "text/html", "<h1>Busy</h1>"),
}


@dataclass(frozen=True)
class Link:
    """How slow the way is: seconds there and back, and bits per second each way (0: as fast as it goes)."""

    round_trip: float = 0.0
    bits_per_second: int = 0

    async def carry(self, content: bytes, writer: asyncio.StreamWriter) -> None:
        """Write the bytes no faster than the link is."""
        step = max(1, self.bits_per_second // 8 // 20) if self.bits_per_second else max(1, len(content))
        for start in range(0, len(content), step):
            writer.write(content[start : start + step])
            await writer.drain()
            if self.bits_per_second:
                await asyncio.sleep(1 / 20)


@dataclass(frozen=True)
class Asked:
    """One request as it came: its head with the blank line, and its body."""

    method: str
    path: str
    head: bytes
    body: bytes

    def cut(self) -> bytes:
        whole = self.head + self.body
        return whole[: len(whole) - max(1, len(self.body) // 2)]


@dataclass(frozen=True)
class Says:
    """JSON that a plan gives as the answer itself, such as a refusal in the shape of our own server's."""

    status: str
    text: str


Plan = Callable[[Asked], Fault | Says]


def all_well(_: Asked) -> Fault:
    """The plan of a network that works."""
    return Fault.NONE


@dataclass
class FaultProxy:
    """A running proxy. `plan` and `link` may be changed at any time; `done` counts what was done to requests.

    `asked` holds each request as `POST /api/sync`, `answered_bytes` what came back to the phone, heads included.
    `delay`: seconds by which a request that is delayed, or an answer that is held back, comes later. `cut_at`: how much
    of an answer that is cut comes through.
    """

    upstream: str
    origin: str = ""
    plan: Plan = all_well
    link: Link = Link()
    delay: float = 1.0
    cut_at: float = 0.5
    done: Counter[Fault | Says] = field(default_factory=Counter)
    asked: list[str] = field(default_factory=list)
    answered_bytes: int = 0
    _open: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            # Cancelled is how `end_connections` ends it, and a connection's task that ends so is logged as an error.
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
                while (asked := await _read_request(reader)) is not None and await self._answer(asked, writer):
                    pass
        finally:
            self._open.discard(task)
            writer.close()

    async def end_connections(self) -> None:
        """End whatever is open: black holes too."""
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _answer(self, asked: Asked, writer: asyncio.StreamWriter) -> bool:
        """Do to the request what the plan says; whether the connection may be used again."""
        fault = self.plan(asked)
        self.done[fault] += 1
        self.asked.append(f"{asked.method} {asked.path}")
        await asyncio.sleep(self.link.round_trip)
        if isinstance(fault, Says):
            await self.link.carry(_made_up(fault.status, "application/problem+json", fault.text), writer)
            return False
        if fault in MADE_UP:
            await self.link.carry(_made_up(*MADE_UP[fault]), writer)
            return False
        match fault:
            case Fault.REQUEST_LOST:
                return False
            case Fault.BLACK_HOLE:
                await asyncio.sleep(BLACK_HOLE_SECONDS)
                return False
            case Fault.REQUEST_CUT:
                await self._begin(asked.cut())
                return False
            case Fault.DELAYED:
                await asyncio.sleep(self.delay)
            case Fault.REQUEST_REPEATED:
                await self._forward(asked.head + asked.body)
        await self._give(await self._forward(asked.head + asked.body), fault, writer)
        return False

    async def _give(self, answer: bytes, fault: Fault, writer: asyncio.StreamWriter) -> None:
        """Do to the server's answer what the plan said for its request."""
        if fault is Fault.ANSWER_LOST:
            return
        if fault is Fault.ANSWER_SLOW:
            await asyncio.sleep(self.delay)
        given = answer[: int(len(answer) * self.cut_at)] if fault is Fault.ANSWER_CUT else answer
        self.answered_bytes += len(given)
        await self.link.carry(given, writer)

    async def _begin(self, content: bytes) -> None:
        """Send what is the beginning of a request, and no more of it."""
        with suppress(OSError):
            _, writer = await self._connected()
            await self.link.carry(content, writer)
            writer.close()

    async def _forward(self, content: bytes) -> bytes:
        """Everything the server answers to these bytes, on a connection of their own; nothing where it is down."""
        with suppress(OSError, TimeoutError):
            reader, writer = await self._connected()
            try:
                await self.link.carry(content, writer)
                async with asyncio.timeout(UPSTREAM_SECONDS):
                    return await reader.read()
            finally:
                writer.close()
        return b""

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        parts = urlsplit(self.upstream)
        return await asyncio.open_connection(parts.hostname, parts.port)


@asynccontextmanager
async def fault_proxy(upstream: str, port: int) -> AsyncIterator[FaultProxy]:
    """A proxy on a loopback port in front of `upstream`, such as http://localhost:8000. At first it changes nothing."""
    proxy = FaultProxy(upstream, f"http://localhost:{port}")
    server = await asyncio.start_server(proxy.serve, "localhost", port, limit=HEAD_LIMIT)
    try:
        yield proxy
    finally:
        server.close()
        await proxy.end_connections()


async def _read_request(reader: asyncio.StreamReader) -> Asked | None:
    """The next request of a connection; None at its end."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    lines = head.decode("latin-1").split("\r\n")
    method, path, _ = lines[0].split(" ", 2)
    headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    # The server is to end the connection after its answer, so that the answer's end is plain to see.
    kept = [line for line in lines[:-2] if not line.lower().startswith("connection:")]
    return Asked(method, path, "\r\n".join([*kept, "Connection: close", "", ""]).encode("latin-1"), body)


def _made_up(status: str, kind: str, text: str) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n"
    return (head + text).encode()
