"""Four clocks of one entry, put together: what the person says, the phone's clock, its steady clock, and the server's.

A phone's clock may be hours or years out, and may be set while an entry waits. No entry is lost for it: its times are
put right as far as anything is known, and how far the clocks disagree is kept beside them.
"""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from .entries import Entry, PhoneClock

IN_DOUBT = timedelta(minutes=5)
"""Disagreement up to this is how phones and networks are. More is shown to whoever reads the entry."""

_NO_TIME = timedelta(0)
_MILLISECOND = timedelta(milliseconds=1)


class CountedAs(StrEnum):
    """Where the time comes from that an entry counts from."""

    SAID = "said"
    PUT_RIGHT = "put-right"
    ARRIVAL = "arrival"


class Times(msgspec.Struct, frozen=True):
    """The times an entry counts from. `occurred_at` is never later than its arrival.

    `offset_ms`: the server's clock minus the phone's when it was saved, None where nothing says. `doubt_ms`: the
    greatest disagreement among the clocks.
    """

    occurred_at: datetime
    recorded_at: datetime
    offset_ms: int | None
    since_contact_ms: int | None
    doubt_ms: int


def put_right(entry: Entry, sent_at: datetime | None, now: datetime) -> Times:
    """The times of an entry that arrived at `now`, sent when the phone's clock showed `sent_at`, where it said so."""
    clock = entry.clock or PhoneClock()
    offset = _offset_at_save(entry, sent_at, now)
    recorded = _moved(entry.recorded_at, offset or _NO_TIME)
    occurred = _occurred(entry, offset)
    doubts = (*_between_clocks(entry, sent_at, now), _cannot_be(recorded, now), _cannot_be(occurred, now))
    return Times(
        occurred_at=min(_believable(occurred, now), now),
        recorded_at=_recorded(recorded, now),
        offset_ms=None if offset is None else offset // _MILLISECOND,
        since_contact_ms=clock.since_contact_ms,
        doubt_ms=max(doubts) // _MILLISECOND,
    )


def is_in_doubt(doubt_ms: int) -> bool:
    """Whether whoever reads the entry has to know that its time may be wrong."""
    return doubt_ms * _MILLISECOND > IN_DOUBT


def counted_as(said: datetime, counted: datetime, received_at: datetime) -> CountedAs:
    """Where the time comes from that counts. Less than a minute apart is the same time to a reader."""
    if abs(said - counted) < timedelta(minutes=1):
        return CountedAs.SAID
    return CountedAs.ARRIVAL if counted == received_at else CountedAs.PUT_RIGHT


def _offset_at_save(entry: Entry, sent_at: datetime | None, now: datetime) -> timedelta | None:
    """The server's clock minus the phone's at save. What the phone learnt last, or what its sending shows.

    An entry from before phones told of their clocks is left as it is.
    """
    clock = entry.clock
    if clock is None:
        return None
    if clock.offset_ms is not None:
        return clock.offset_ms * _MILLISECOND + _set_back(clock.contact_at, entry.recorded_at, clock.since_contact_ms)
    return None if sent_at is None else now - sent_at


def _occurred(entry: Entry, offset: timedelta | None) -> datetime | None:
    """When it happened. What was counted back from the phone's clock is wrong as that clock was; what was typed is not.

    It was counted from when the form was opened: a clock that was set while it was open was another one then.
    """
    clock = entry.clock
    if clock is None or clock.occurred_from == "person":
        return entry.occurred_at
    set_back = _set_back(clock.opened_at, entry.recorded_at, clock.form_ms)
    return _moved(entry.occurred_at, (offset or _NO_TIME) - set_back)


def _between_clocks(entry: Entry, sent_at: datetime | None, now: datetime) -> tuple[timedelta, ...]:
    """How far the clocks disagree, each pair of them that can be compared."""
    clock = entry.clock or PhoneClock()
    drift = _NO_TIME if sent_at is None else now - sent_at - (clock.offset_ms or 0) * _MILLISECOND
    return (
        abs(drift),
        _set_back(clock.contact_at, entry.recorded_at, clock.since_contact_ms),
        _set_back(clock.opened_at, entry.recorded_at, clock.form_ms),
    )


def _set_back(shown_then: datetime | None, shown_now: datetime, steady_ms: int | None) -> timedelta:
    """How far the phone's clock was set back between two times that it showed, by its steady clock.

    That it was set forward cannot be told from this: steady clocks stand still while some phones sleep.
    """
    if shown_then is None or steady_ms is None:
        return _NO_TIME
    return max(steady_ms * _MILLISECOND - (shown_now - shown_then), _NO_TIME)


def _moved(at: datetime, offset: timedelta) -> datetime | None:
    """A time by the server's clock; None where no calendar has it."""
    try:
        return at + offset
    except OverflowError:
        return None


def _cannot_be(at: datetime | None, now: datetime) -> timedelta:
    """How far a time is from one that can be: after the arrival, or in another age."""
    if at is None:
        return timedelta.max
    return _NO_TIME if _is_believable(at) and at <= now else abs(at - now)


def _recorded(at: datetime | None, now: datetime) -> datetime:
    """Just after the arrival is how exact clocks are, and means the arrival."""
    recorded = _believable(at, now)
    return now if now < recorded <= now + IN_DOUBT else recorded


def _believable(at: datetime | None, now: datetime) -> datetime:
    return at if at is not None and _is_believable(at) else now


def _is_believable(at: datetime) -> bool:
    return 2000 <= at.year < 2100
