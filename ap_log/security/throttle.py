"""Counts tries for each visitor's address, so that guessing is slow and cannot fill the database.

In this process's memory: each web process counts for itself, and a restart forgets. What is guarded cannot be guessed
anyway (128-bit codes, signatures); this keeps the load of trying off everybody else.
"""

import ipaddress
from collections import OrderedDict
from datetime import datetime, timedelta

from starlette.requests import Request

from ap_log.domain.errors import TooMany

TRIES = 60
"""Tries in one window: a whole shift signs in behind one address, at two tries each."""

WINDOW = timedelta(minutes=10)

ADDRESSES = 10_000
"""Addresses remembered at once, about 2 MB; the one seen longest ago is forgotten first."""


class Throttle:
    """The tries of each address in its current window."""

    def __init__(self, proxy_hops: int = 0, tries: int = TRIES) -> None:
        self._proxy_hops = proxy_hops
        self._tries = tries
        self._windows: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def count(self, request: Request, now: datetime) -> None:
        """Count one try. Raises `TooMany` when the address has had its tries."""
        address = visitor_address(request, self._proxy_hops)
        began, tries = self._windows.pop(address, (now, 0))
        if now - began >= WINDOW:
            began, tries = now, 0
        self._windows[address] = (began, tries + 1)
        if len(self._windows) > ADDRESSES:
            self._windows.popitem(last=False)
        if tries >= self._tries:
            raise TooMany


def visitor_address(request: Request, proxy_hops: int) -> str:
    """Where the request came from: an IPv4 address, or the /64 network of an IPv6 one, which one visitor has whole.

    `X-Forwarded-For` is read from the right, as many steps as there are proxies of ours: what lies further left is
    the visitor's own word.
    """
    found = request.client.host if request.client else ""
    forwarded = [name.strip() for line in request.headers.getlist("x-forwarded-for") for name in line.split(",")]
    if 0 < proxy_hops <= len(forwarded):
        found = forwarded[-proxy_hops]
    try:
        address = ipaddress.ip_address(found)
    except ValueError:
        return "unknown"
    return str(address) if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))
