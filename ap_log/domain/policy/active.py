"""Warnings, and which of them are active at a time that only moves forward, as it does through a resident's events."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from heapq import heappop, heappush

import msgspec

FINAL_WARNING = 3


class Warning(msgspec.Struct, frozen=True):
    """A step 1 to 3 that was issued, or is taken as issued: `id` is the decision's, else the deciding event's.

    `place` is its episode's place among the resident's. It is active from `issued_at` until just before `ends_at`:
    `expires_at` or `voided_at`, whichever is first.
    """

    id: str
    place: int
    deciding_event: str
    stream: str
    step: int
    issued_at: datetime
    expires_at: datetime
    voided_at: datetime | None
    ends_at: datetime


class Met(msgspec.Struct, frozen=True):
    """The warnings active at one time, by stream."""

    by_stream: Mapping[str, tuple[Warning, ...]]

    def __iter__(self) -> Iterator[Warning]:
        return (warning for warnings in self.by_stream.values() for warning in warnings)

    def of(self, stream: str) -> tuple[Warning, ...]:
        return self.by_stream.get(stream, ())

    def final_of(self, streams: Iterable[str]) -> list[Warning]:
        return [warning for stream in streams for warning in self.of(stream) if warning.step == FINAL_WARNING]


class Sweep:
    """Goes forward in time over warnings, which may be added as they are made. Nothing is looked at twice."""

    def __init__(self, warnings: Iterable[Warning] = ()) -> None:
        self._coming: list[tuple[datetime, str, Warning]] = []
        self._going: list[tuple[datetime, str, Warning]] = []
        self._met = Met({})
        for warning in warnings:
            self.add(warning)

    def add(self, warning: Warning) -> None:
        heappush(self._coming, (warning.issued_at, warning.id, warning))

    def at(self, time: datetime) -> Met:
        """What is active now. A time before one asked for already is not possible."""
        while self._coming and self._coming[0][0] <= time:
            self._begin(heappop(self._coming)[2])
        while self._going and self._going[0][0] <= time:
            self._end(heappop(self._going)[2])
        return self._met

    def _begin(self, warning: Warning) -> None:
        heappush(self._going, (warning.ends_at, warning.id, warning))
        self._become(warning.stream, (*self._met.of(warning.stream), warning))

    def _end(self, warning: Warning) -> None:
        self._become(warning.stream, tuple(each for each in self._met.of(warning.stream) if each is not warning))

    def _become(self, stream: str, warnings: tuple[Warning, ...]) -> None:
        self._met = Met({**self._met.by_stream, stream: warnings})
