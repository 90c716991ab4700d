"""The shapes of the demo's history: something was logged, a warning was declared void, and what people made of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from ap_log.presenters.times import ZONE

When = Callable[[datetime], datetime]
"""A time, once it is known what time it is now."""


def on(days: int, clock: str) -> When:
    """So many days ago, at that reading of the clock on the wall."""
    return lambda now: _at(now, days, clock)


def ago(**length: float) -> When:
    """So long ago, as `timedelta` counts it."""
    return lambda now: now - timedelta(**length)


def last(clock: str, *, at_least: timedelta) -> When:
    """The last time the clock on the wall read this, if that is `at_least` so long ago, and else the day before."""

    def when(now: datetime) -> datetime:
        today = _at(now, 0, clock)
        return today if today <= now - at_least else _at(now, 1, clock)

    return when


def _at(now: datetime, days: int, clock: str) -> datetime:
    day = now.astimezone(ZONE).date() - timedelta(days=days)
    return datetime.combine(day, time.fromisoformat(clock), ZONE).astimezone(now.tzinfo)


START = "start"
"""To begin what the resident's route leads to: recall or breach consideration, a report, a review."""

MANAGE = "manage"
"""Not to begin it."""


@dataclass(frozen=True)
class Reply:
    """What the officer makes of a decision that wants an answer.

    `choice` is `START`, `MANAGE` or a choice's own code, and None where only words are wanted.

    Without a reason they never answer: the notice stays open, and goes on to the next person when its time is up.
    """

    choice: str | None = None
    reason: str = ""


NO_REPLY = Reply()


@dataclass(frozen=True)
class Review:
    """What whoever decides makes of an entry: the recommended step, unless `step` says another.

    With `keeps` an earlier decision that the entry puts in question stands; with `waits` nobody has come to it yet.
    """

    step: int | None = None
    reason: str = ""
    by: str | None = None
    when: When | None = None
    keeps: bool = False
    waits: bool = False
    reply: Reply | None = None


PLAIN = Review()
WAITS = Review(waits=True)


@dataclass(frozen=True)
class Logged:
    """Something a worker logged. `content` are the entry's other fields; it reached the server `after` it happened.

    `photos` are names of exhibits.
    """

    resident: str
    when: When
    happening: str
    author: str
    words: str = ""
    review: Review = PLAIN
    after: timedelta = timedelta(minutes=4)
    content: dict[str, object] = field(default_factory=dict)
    photos: tuple[str, ...] = ()


@dataclass(frozen=True)
class Voided:
    """The resident's first warning was declared void. With `instead`, their last decision was withdrawn for it and
    made again: it had counted the warning."""

    resident: str
    when: When
    by: str
    reason: str
    instead: Review | None = None


_SIGNS: dict[str, dict[str, object]] = {
    "E1": {"signs": ["eyes-glassy", "pupils-wide"]},
    "E2": {"signs": ["eyes-glassy", "swaying", "slurred"], "alternatives_considered": True},
    "E3": {"signs": ["eyes-glassy", "drowsy", "admitted"], "alternatives_considered": True},
}


def seen(evidence: str, **content: object) -> dict[str, object]:
    """The fields of an entry about somebody who seems under the influence, with signs that give this evidence level."""
    return {**_SIGNS[evidence], "suspected": "SC00", "done": ["stayed", "checks"], **content}
