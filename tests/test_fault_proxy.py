"""The fault proxy itself: each fault does what its name says, and is counted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic

import httpx2
import pytest

from tests.browser.serving import free_port
from tests.fault_proxy import MADE_UP, Fault, FaultProxy, Link, fault_proxy

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nkept"


@dataclass
class Upstream:
    """Answers `kept` to everything, and remembers the bodies that came whole."""

    bodies: list[bytes] = field(default_factory=list)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            self.bodies.append(
                await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r")[0]))
            )
            writer.write(ANSWER)
            await writer.drain()
        writer.close()


@dataclass
class Way:
    """A phone's way to the upstream, through the proxy."""

    upstream: Upstream
    proxy: FaultProxy

    async def post(self, fault: Fault, seconds: float = 5) -> httpx2.Response:
        self.proxy.plan = lambda _: fault
        async with httpx2.AsyncClient(base_url=self.proxy.origin, timeout=seconds) as client:
            return await client.post("/api/sync", content=b"ten bytes!")


@pytest.fixture
async def way() -> AsyncIterator[Way]:
    upstream, port = Upstream(), free_port()
    server = await asyncio.start_server(upstream.answer, "127.0.0.1", port)
    async with fault_proxy(f"http://127.0.0.1:{port}", free_port()) as proxy:
        yield Way(upstream, proxy)
    server.close()


async def test_without_a_fault_request_and_answer_come_through(way: Way) -> None:
    assert (await way.post(Fault.NONE)).text == "kept"
    assert way.upstream.bodies == [b"ten bytes!"]
    assert way.proxy.done == {Fault.NONE: 1}


@pytest.mark.parametrize(
    ("fault", "arrived"),
    [(Fault.REQUEST_LOST, 0), (Fault.REQUEST_CUT, 0), (Fault.ANSWER_LOST, 1), (Fault.ANSWER_CUT, 1)],
)
async def test_what_is_lost_or_cut_gives_no_answer(way: Way, fault: Fault, arrived: int) -> None:
    with pytest.raises(httpx2.TransportError):
        await way.post(fault)
    assert len(way.upstream.bodies) == arrived


async def test_a_repeated_request_arrives_twice_and_is_answered_once(way: Way) -> None:
    assert (await way.post(Fault.REQUEST_REPEATED)).text == "kept"
    assert len(way.upstream.bodies) == 2


async def test_a_black_hole_answers_nobody_and_ends_with_the_test(way: Way) -> None:
    with pytest.raises(httpx2.ReadTimeout):
        await way.post(Fault.BLACK_HOLE, seconds=0.2)
    assert way.upstream.bodies == []


@pytest.mark.parametrize("fault", MADE_UP)
async def test_a_made_up_answer_never_reaches_the_server(way: Way, fault: Fault) -> None:
    assert str((await way.post(fault)).status_code) == MADE_UP[fault][0].split()[0]
    assert way.upstream.bodies == []


async def test_an_answer_that_is_held_back_is_of_a_request_that_arrived_at_once(way: Way) -> None:
    way.proxy.delay = 0.5
    asked = asyncio.create_task(way.post(Fault.ANSWER_SLOW))
    await asyncio.sleep(0.25)
    assert (way.upstream.bodies, asked.done()) == ([b"ten bytes!"], False)
    assert (await asked).text == "kept"


@pytest.mark.parametrize("share", [0.0, 0.1, 0.9])
async def test_an_answer_is_cut_where_the_test_says(way: Way, share: float) -> None:
    way.proxy.cut_at = share
    with pytest.raises(httpx2.TransportError):
        await way.post(Fault.ANSWER_CUT)
    assert way.proxy.answered_bytes == int(len(ANSWER) * share)


async def test_a_slow_link_takes_the_time_it_says(way: Way) -> None:
    way.proxy.link = Link(round_trip=0.2, bits_per_second=8_000)
    started = monotonic()
    assert (await way.post(Fault.NONE)).text == "kept"
    assert monotonic() - started > 0.3
