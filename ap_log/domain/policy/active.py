"""Warnings, and which of them are active at a time that only moves forward, as it does through a resident's events."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from heapq import heappop, heappush

import msgspec

FINAL_WARNING = 3


class Warning(msgspec.Struct, frozen=True, gc=False):
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


def rather_standing(warnings: Sequence[Warning]) -> Warning | None:
    """The first that was never voided, else the first; None where there are none."""
    for warning in warnings:
        if warning.voided_at is None:
            return warning
    return warnings[0] if warnings else None


def _firmness(warning: Warning) -> tuple[int, bool]:
    return warning.step, warning.voided_at is None


class Active(msgspec.Struct, frozen=True, gc=False):
    """The warnings of one stream in the order they began; the firmest is the highest, and rather never voided."""

    warnings: tuple[Warning, ...] = ()
    firmest: Warning | None = None

    def having(self, warning: Warning) -> "Active":
        firmer = self.firmest is None or _firmness(warning) > _firmness(self.firmest)
        return Active((*self.warnings, warning), warning if firmer else self.firmest)

    def without(self, warning: Warning) -> "Active":
        others = _all_but(warning, self.warnings)
        return Active(others, max(others, key=_firmness, default=None) if self.firmest is warning else self.firmest)


_NONE = Active()


class Met(msgspec.Struct, frozen=True, gc=False):
    """The warnings active at one time: by stream, and the final ones of all streams in the order they began.

    Both are asked for at every event, but change only where a warning begins or ends.
    """

    by_stream: Mapping[str, Active]
    final: tuple[Warning, ...]

    def __iter__(self) -> Iterator[Warning]:
        return (warning for active in self.by_stream.values() for warning in active.warnings)

    def of(self, stream: str) -> Active:
        return self.by_stream.get(stream, _NONE)

    def final_of(self, streams: Container[str]) -> list[Warning]:
        return [warning for warning in self.final if warning.stream in streams]

    def having(self, warning: Warning) -> "Met":
        final = (*self.final, warning) if warning.step == FINAL_WARNING else self.final
        return Met({**self.by_stream, warning.stream: self.of(warning.stream).having(warning)}, final)

    def without(self, warning: Warning) -> "Met":
        final = _all_but(warning, self.final) if warning.step == FINAL_WARNING else self.final
        return Met({**self.by_stream, warning.stream: self.of(warning.stream).without(warning)}, final)


def _all_but(warning: Warning, warnings: tuple[Warning, ...]) -> tuple[Warning, ...]:
    return tuple([each for each in warnings if each is not warning])


class Sweep:
    """Goes forward in time over warnings, which may be added as they are made. Nothing is looked at twice."""

    def __init__(self, warnings: Iterable[Warning] = ()) -> None:
        self._coming: list[tuple[datetime, str, Warning]] = []
        self._going: list[tuple[datetime, str, Warning]] = []
        self._met = Met({}, ())
        for warning in warnings:
            self.add(warning)

    def add(self, warning: Warning) -> None:
        heappush(self._coming, (warning.issued_at, warning.id, warning))

    def at(self, time: datetime) -> Met:
        """What is active now. A time before one asked for already is not possible."""
        while self._coming and self._coming[0][0] <= time:
            self._begin(heappop(self._coming)[2])
        while self._going and self._going[0][0] <= time:
            self._met = self._met.without(heappop(self._going)[2])
        return self._met

    def _begin(self, warning: Warning) -> None:
        heappush(self._going, (warning.ends_at, warning.id, warning))
        self._met = self._met.having(warning)
