"""Bodies that are too large or too slow are refused before anything is made of them, and nothing is kept of them."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from httpx2 import AsyncClient, Response

from ap_log.security import limits
from tests.cast import World
from tests.visitors import ON_SQLITE, Visit

OPTIONS = "/api/passkeys/sign-in/options"
JSON = {"content-type": "application/json"}


async def pieces(size: int, of: int = 1024) -> AsyncIterator[bytes]:
    """A body that does not say how long it is: `{}` after `size` bytes of blanks."""
    for begun in range(0, size, of):
        yield b" " * min(of, size - begun)
    yield b"{}"


class Unread:
    """A body that nobody may read."""

    def __aiter__(self) -> "Unread":
        return self

    async def __anext__(self) -> bytes:
        raise AssertionError("somebody read the body")


async def send(browser: AsyncClient, content: bytes | AsyncIterator[bytes]) -> Response:
    return await browser.post(OPTIONS, content=content, headers=JSON)


@ON_SQLITE
@pytest.mark.parametrize(("size", "status"), [(limits.FORM_BYTES, 200), (limits.FORM_BYTES + 1, 413)])
async def test_a_body_may_be_as_large_as_its_row_says(visit: Visit, world: World, size: int, status: int) -> None:
    stranger = await visit(None)

    declared = await send(stranger, b" " * (size - 2) + b"{}")
    undeclared = await send(stranger, pieces(size - 2))

    assert (declared.status_code, undeclared.status_code) == (status, status)


@ON_SQLITE
async def test_a_body_that_says_it_is_too_large_is_not_read_at_all(visit: Visit, world: World) -> None:
    stranger = await visit(None)
    answer = await stranger.post(OPTIONS, content=Unread(), headers=JSON | {"content-length": "400000000"})

    assert answer.status_code == 413
    assert answer.json()["code"] == "too-large"
    assert answer.headers["connection"] == "close"


@ON_SQLITE
async def test_a_body_that_dawdles_is_refused_when_its_time_is_up(
    visit: Visit, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "RECEIVE_SECONDS", 0.2)

    async def dawdle() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.05)

    answer = await send(await visit(None), dawdle())

    assert (answer.status_code, answer.json()["code"]) == (408, "too-slow")


@ON_SQLITE
async def test_a_body_for_nobody_is_not_read(visit: Visit, world: World) -> None:
    """A stranger's upload to a signed-in row is refused by its first line."""

    answer = await (await visit(None)).post(f"/people/{world.asha.id}/invitations", content=Unread())

    assert answer.status_code == 401
