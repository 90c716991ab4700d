"""The server itself, over a real socket: what it says of itself, and what it does with bodies that never end."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from ap_log.app import make_server
from ap_log.security import connection, limits
from ap_log.settings import Settings
from tests.sealing import keys_file
from tests.visitors import ON_SQLITE
from tests.waiting import until

OPTIONS = "POST /api/passkeys/sign-in/options HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


@pytest.fixture
async def port(database_url: str) -> AsyncIterator[int]:
    """A running server's port. Its origin has no port of its own, so that requests can name it."""
    settings = Settings(origin="http://localhost", port=0, database_url=database_url, sealing_keys=str(keys_file()))
    server = make_server(settings)
    running = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await running


async def say(port: int, words: bytes) -> str:
    """Everything the server answers until it closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(words)
    await writer.drain()
    try:
        return (await asyncio.wait_for(reader.read(), 10)).decode()
    finally:
        writer.close()
        await writer.wait_closed()


@ON_SQLITE
async def test_the_server_does_not_say_what_it_is(port: int) -> None:
    answer = await say(port, b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")

    assert answer.startswith("HTTP/1.1 200")
    assert "server:" not in answer.lower()


@ON_SQLITE
async def test_a_body_that_will_be_too_large_is_refused_before_it_comes(port: int) -> None:
    head = f"{OPTIONS}Sec-Fetch-Site: same-origin\r\nContent-Length: 400000000\r\n\r\n"

    answer = await say(port, head.encode())

    assert answer.startswith("HTTP/1.1 413")


@ON_SQLITE
async def test_a_body_that_stops_half_way_is_refused_when_its_time_is_up_and_the_line_is_cut(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "RECEIVE_SECONDS", 0.3)
    head = f"{OPTIONS}Sec-Fetch-Site: same-origin\r\nContent-Length: 10\r\n\r\n{{"

    answer = await say(port, head.encode())

    assert answer.startswith("HTTP/1.1 408")


@ON_SQLITE
async def test_a_visitor_who_leaves_half_way_leaves_nothing_running(port: int) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{OPTIONS}Sec-Fetch-Site: same-origin\r\nContent-Length: 10\r\n\r\n{{".encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()

    answer = await say(port, b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")

    assert answer.startswith("HTTP/1.1 200")


@ON_SQLITE
@pytest.mark.parametrize("named", ["", "Host: evil.example\r\n", "Host: localhost\r\nHost: evil.example\r\n"])
async def test_a_request_that_does_not_name_us_is_refused(port: int, named: str) -> None:
    answer = await say(port, f"GET / HTTP/1.1\r\n{named}Connection: close\r\n\r\n".encode())

    assert answer.startswith("HTTP/1.1 400")


@ON_SQLITE
@pytest.mark.parametrize("words", [b"", b"G", b"GET / HTTP/1.1\r\nHost: local"])
async def test_a_head_that_does_not_come_is_not_waited_for(
    port: int, monkeypatch: pytest.MonkeyPatch, words: bytes
) -> None:
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.2)

    assert await say(port, words) == ""


@ON_SQLITE
async def test_a_second_head_on_the_same_connection_is_not_waited_for_either(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.2)

    answer = await say(port, b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\nGET /hea")

    assert answer.startswith("HTTP/1.1 200")


@ON_SQLITE
async def test_a_head_without_end_is_cut_off(port: int) -> None:
    line = b"X-More: " + b"x" * 1000 + b"\r\n"

    try:
        answer = await say(port, b"GET / HTTP/1.1\r\nHost: localhost\r\n" + line * 1000)
    except ConnectionResetError:  # Cut while we were still sending.
        answer = ""

    assert answer == ""


@ON_SQLITE
async def test_a_request_with_two_lengths_is_refused_and_nothing_after_it_is_read(port: int) -> None:
    head = f"{OPTIONS}Sec-Fetch-Site: same-origin\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"

    answer = await say(port, head.encode() + b"2\r\n{}\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")

    assert answer.startswith("HTTP/1.1 400")
    assert answer.count("HTTP/1.1") == 1


@ON_SQLITE
@pytest.mark.parametrize(
    "words", [b"nonsense\r\n\r\n", b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\x16\x03\x01"]
)
async def test_what_is_no_http_is_refused_with_the_headers_of_every_answer(port: int, words: bytes) -> None:
    answer = await say(port, words + b"\r\n\r\n")

    assert answer.startswith("HTTP/1.1 400")
    assert "default-src 'none'" in answer
