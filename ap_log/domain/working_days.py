"""Working days, and the times by which the policy wants something: its spans in words, counted on the wall clock.

A working day is Monday to Friday without a bank holiday. Which days those are is given from outside: the domain knows
no country.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

START_OF_DAY = time(9)
"""When a working day begins for something that came at a weekend or on a bank holiday."""

LAST_CALL = time(17)
"""From this time on "same-day" would leave nobody time to answer at work."""

END_OF_DAY = time(23, 59)
NOON = time(12)

_ELAPSED = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """A time zone and its bank holidays. Times come and go aware; what is answered is in UTC."""

    zone: ZoneInfo
    bank_holidays: Container[date]

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.bank_holidays

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`."""
        day += timedelta(days=1)
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def due(self, within: str, made_at: datetime) -> datetime:
        """The time by which the policy wants what it wants `within` some span of `made_at`.

        * `N minutes`, `N hours`: elapsed time, day and night.
        * `N working-days`: the same clock reading N working days later; what is made on any other day counts from
          09:00 on the next working day.
        * `same-day`: 23:59, if made on a working day before 17:00; else 12:00 on the next working day.
        * `next-working-day HH:MM`: that clock reading on the first working day after.

        A clock reading that a clock change skips moves forward by the gap; one that occurs twice is its first
        occurrence.

        Raises:
            ValueError: `within` is none of these; no policy that loads says such a thing.
        """
        amount, _, unit = within.partition(" ")
        unit = unit.removesuffix("s")
        if unit in _ELAPSED:
            return made_at.astimezone(UTC) + int(amount) * _ELAPSED[unit]
        local = made_at.astimezone(self.zone).replace(tzinfo=None)
        if within == "same-day":
            return self._in_utc(self._same_day(local))
        if amount == "next-working-day":
            return self._in_utc(datetime.combine(self.next_working_day(local.date()), time.fromisoformat(unit)))
        if unit == "working-day":
            return self._in_utc(self._working_days_after(local, int(amount)))
        raise ValueError(f"{within!r} is no span of the policy language")

    def _same_day(self, local: datetime) -> datetime:
        if self.is_working_day(local.date()) and local.time() < LAST_CALL:
            return datetime.combine(local.date(), END_OF_DAY)
        return datetime.combine(self.next_working_day(local.date()), NOON)

    def _working_days_after(self, local: datetime, days: int) -> datetime:
        if not self.is_working_day(local.date()):
            local = datetime.combine(self.next_working_day(local.date()), START_OF_DAY)
        day = local.date()
        for _ in range(days):
            day = self.next_working_day(day)
        return datetime.combine(day, local.time())

    def _in_utc(self, local: datetime) -> datetime:
        # `fold=0` is both halves of the rule: the first of two readings, and a skipped one moved on by the gap.
        return local.replace(tzinfo=self.zone, fold=0).astimezone(UTC)
