"""What is still going to happen in the demo's history, in the order of time, and the one source of its chances."""

import heapq
from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID

from ap_log.presenters.times import ZONE

Act = Callable[[datetime], Awaitable[None]]
"""Something somebody does at a time."""


class Agenda:
    """Acts by their time. `now` is where history ends."""

    def __init__(self, now: datetime, random: Random) -> None:
        self.now = now
        self.random = random
        self._acts: list[tuple[datetime, int, Act]] = []
        self._planned = 0

    def plan(self, at: datetime, act: Act) -> None:
        """Let something happen at a time; what would be after now has not happened yet."""
        if at <= self.now:
            self._planned += 1
            heapq.heappush(self._acts, (at, self._planned, act))

    def next_at(self) -> datetime | None:
        """When the next thing happens; None when nothing more does."""
        return self._acts[0][0] if self._acts else None

    def take(self) -> tuple[datetime, Act]:
        """The next thing and its time, taken off the agenda."""
        at, _, act = heapq.heappop(self._acts)
        return at, act

    def new_id(self) -> str:
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def between(self, shortest: timedelta, longest: timedelta) -> timedelta:
        """A length of time between two others, to the minute."""
        return timedelta(minutes=self.random.randint(shortest // _MINUTE, longest // _MINUTE))

    def next_morning(self, at: datetime) -> datetime:
        """Some time from half past eight on the next morning that comes after `at`."""
        local = at.astimezone(ZONE)
        day = local.date() + timedelta(days=local.time() >= _MORNING)
        return datetime.combine(day, _MORNING, ZONE).astimezone(at.tzinfo) + self.between(_MINUTE, 2 * _HOUR)


_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_MORNING = time(8, 30)


def hour_at(at: datetime) -> int:
    """The hour on the clock on the wall."""
    return at.astimezone(ZONE).hour
