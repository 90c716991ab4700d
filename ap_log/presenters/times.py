"""Times as people say them, in the time zone of the premises: "today at 01:40", "3 March at 09:00"."""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

ZONE = ZoneInfo("Europe/London")
"""Every Approved Premises is in England or Wales."""


class Moment(msgspec.Struct, frozen=True):
    """A time for a page: `iso` for machines (UTC offset included), `words` for people."""

    iso: str
    words: str


def moment(at: datetime, now: datetime) -> Moment:
    """The time `at` as it is said at `now`; both aware."""
    return Moment(at.astimezone(ZONE).isoformat(timespec="seconds"), when(at, now))


def when(at: datetime, now: datetime) -> str:
    """Day and clock time: "today at 01:40"."""
    return f"{day(at, now)} at {clock(at)}"


def day(at: datetime, now: datetime) -> str:
    """The day alone: "today", "yesterday", "tomorrow", "3 March", and with the year where it is another one."""
    local, today = at.astimezone(ZONE).date(), now.astimezone(ZONE).date()
    near = {0: "today", -1: "yesterday", 1: "tomorrow"}.get((local - today).days)
    if near is not None:
        return near
    said = f"{local.day} {local:%B}"
    return said if local.year == today.year else f"{said} {local.year}"


def clock(at: datetime) -> str:
    """The clock time: "01:40"."""
    return f"{at.astimezone(ZONE):%H:%M}"
