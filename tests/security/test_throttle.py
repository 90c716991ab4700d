"""Tries are counted for each address, in windows, without growing for ever."""

from datetime import datetime, timedelta

import pytest
from starlette.requests import Request

from ap_log.domain.errors import TooMany
from ap_log.security import throttle
from ap_log.security.throttle import TRIES, WINDOW, Throttle, visitor_address
from tests.cast import World
from tests.visitors import ON_SQLITE, Visit


def a_request(client: str = "192.0.2.1", forwarded: str | None = None) -> Request:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    return Request({"type": "http", "headers": headers, "client": (client, 4711)})


def use_up(counted: Throttle, now: datetime) -> None:
    for _ in range(TRIES):
        counted.count(a_request(), now)


def test_an_address_has_its_tries_and_not_one_more(now: datetime) -> None:
    counted = Throttle()
    use_up(counted, now)

    with pytest.raises(TooMany):
        counted.count(a_request(), now)


def test_another_address_has_tries_of_its_own(now: datetime) -> None:
    counted = Throttle()
    use_up(counted, now)

    counted.count(a_request("192.0.2.2"), now)


def test_tries_come_back_when_the_window_is_over(now: datetime) -> None:
    counted = Throttle()
    use_up(counted, now)

    with pytest.raises(TooMany):
        counted.count(a_request(), now + WINDOW - timedelta(seconds=1))
    counted.count(a_request(), now + WINDOW)


def test_memory_is_bounded(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "ADDRESSES", 3)
    counted = Throttle()

    for number in range(10):
        counted.count(a_request(f"192.0.2.{number}"), now)

    assert len(counted._windows) == 3


@pytest.mark.parametrize(
    ("hops", "forwarded", "found"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.66, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.66, 203.0.113.9, 192.0.2.50", "203.0.113.9"),
        (1, None, "192.0.2.1"),
        (3, "203.0.113.9", "192.0.2.1"),
        (1, "nonsense", "unknown"),
    ],
)
def test_the_visitors_address_is_counted_from_our_own_proxies(hops: int, forwarded: str | None, found: str) -> None:
    assert visitor_address(a_request(forwarded=forwarded), hops) == found


def test_the_addresses_of_one_ipv6_network_are_one_visitor() -> None:
    one, other, elsewhere = (
        visitor_address(a_request(f"2001:db8:{net}::{host}"), 0)
        for net, host in (("1", "1"), ("1", "ffff"), ("2", "1"))
    )

    assert one == other != elsewhere


@ON_SQLITE
async def test_signing_in_and_invitations_are_throttled_together(visit: Visit, world: World) -> None:
    stranger = await visit(None)
    for _ in range(TRIES):
        await stranger.get("/invitations/guess")

    answers = [
        await stranger.get("/invitations/guess"),
        await stranger.post("/api/passkeys/sign-in/options", json={}),
        await stranger.post("/api/passkeys/sign-in", json={}),
        await stranger.post("/api/passkeys/registration/options", json={}),
        await stranger.post("/api/passkeys/registration", json={}),
    ]

    assert [answer.status_code for answer in answers] == [429] * 5
    assert "retry-after" in answers[0].headers
    assert (await stranger.get("/sign-in")).status_code == 200
