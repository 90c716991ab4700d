"""The channels by which AP Log tells people that something needs them: one file each.

A message that leaves the system carries a reference and a link, and nothing about anybody: no name, no drug, no case
reference number, no premises. What it is about is read after signing in.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

import msgspec

_log = logging.getLogger(__name__)


class Message(msgspec.Struct, frozen=True):
    """One message to one address. `key` is the same at every try, so that a repeat can be told from a second one."""

    key: str
    to: str
    subject: str
    text: str
    made_at: datetime


class NotDelivered(Exception):
    """A message did not go. `is_final` when the other side refused it for good, and no further try would help.

    The sentence holds what happened and no address or name.
    """

    def __init__(self, sentence: str, *, is_final: bool = False) -> None:
        super().__init__(sentence)
        self.is_final = is_final


class Channel(Protocol):
    """A way to reach a person."""

    async def send(self, message: Message) -> None:
        """Hand one message over. Raises NotDelivered."""


async def attempt(channels: Mapping[str, Channel], channel: str, write: Callable[[], Message]) -> NotDelivered | None:
    """Write a message and hand it over; what kept it from going, a fault of our own too, or None."""
    try:
        await channels[channel].send(write())
    except NotDelivered as failure:
        return failure
    except Exception as error:
        _log.exception("A message could not be sent")
        return NotDelivered(f"AP Log failed ({type(error).__name__})")
    return None
