"""Days and hours as the policy counts them: days on the wall clock of a zone, hours as elapsed time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def days_after(at: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The same clock reading that many days later (earlier when negative), in UTC.

    A reading that the clock change skips moves forward by the gap; one that occurs twice is its first occurrence.
    Both are what `fold=0` means.
    """
    reading = at.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)
    return reading.replace(tzinfo=zone, fold=0).astimezone(UTC)


def hours_after(at: datetime, hours: int) -> datetime:
    """That many elapsed hours later."""
    return at + timedelta(hours=hours)
