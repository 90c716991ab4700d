"""Keeps tests off the network: they may reach this machine and nothing else, not even to look a name up."""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest


class NetworkIsOff(Exception):
    """A test tried to reach something that is not this machine; the message says what."""


@pytest.fixture(scope="session", autouse=True)
def network_is_off() -> Iterator[None]:
    """Refuse every connection and every name look-up that leaves this machine, for the whole run."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        require_this_machine(self.family, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        require_this_machine(self.family, address)
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *arguments: Any, **options: Any) -> Any:
        require_this_machine(socket.AF_INET, (host,))
        return look_up(host, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


def require_this_machine(family: int, address: Any) -> None:
    """Raise NetworkIsOff unless the address is a Unix socket or this machine's own."""
    if family in (socket.AF_INET, socket.AF_INET6) and not is_this_machine(address[0]):
        raise NetworkIsOff(f"A test tried to reach {address[0]}: tests may only reach this machine.")


def is_this_machine(host: str | bytes | None) -> bool:
    """Tell whether a host is a loopback address, localhost, or the wildcard a server listens on."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost", "0.0.0.0", "::"):  # noqa: S104 compared with, not bound to
        return True
    try:
        return ipaddress.ip_address(str(name)).is_loopback
    except ValueError:
        return False
