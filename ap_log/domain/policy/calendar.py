"""Days and hours as the policy counts them: days on the wall clock of a zone, hours as elapsed time."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


def days_after(at: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The same clock reading that many days later (earlier when negative), in UTC.

    A reading that the clock change skips moves forward by the gap; one that occurs twice is its first occurrence.
    Both are what `fold=0` means, and adding to an aware time moves its reading alone and makes it so.
    """
    return (at.astimezone(zone) + _days(days)).astimezone(UTC)


def hours_after(at: datetime, hours: int) -> datetime:
    """That many elapsed hours later."""
    return at + _hours(hours)


# A policy counts with a handful of figures, and making a timedelta takes far longer than adding it.


@lru_cache
def _days(days: int) -> timedelta:
    return timedelta(days)


@lru_cache
def _hours(hours: int) -> timedelta:
    return timedelta(hours=hours)
