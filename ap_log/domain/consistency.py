"""How decisions compare with what the policy recommended, and whether like cases were treated alike.

A departure is not a fault: the policy recommends and a person decides. Every figure here is in fives, so that nobody
can be picked out (`small_numbers`), and what is shown or left out depends on those figures alone.
"""

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeVar

import msgspec

from ap_log.domain.recommendations import STEPS
from ap_log.domain.small_numbers import LEAST, in_fives, share

Case = tuple[int, str]
"""What makes cases alike: the step that was recommended, and the code that decided."""

LOWER, FOLLOWED, HIGHER = -1, 0, 1

Row = TypeVar("Row", str, int, tuple[str, str])


class Tally(msgspec.Struct, frozen=True):
    """How many decisions that stand are the same in all of this. `code` is the deciding entry's when it was decided."""

    premises: str
    decided_by: str
    recommended: int
    step: int
    code: str
    count: int

    @property
    def distance(self) -> int:
        """Steps above (or below 0, below) what was recommended."""
        return self.step - self.recommended


class Span(msgspec.Struct, frozen=True):
    """A stretch of time, from `since` until before `until`; both aware."""

    since: datetime
    until: datetime


def span_of(years_ago: int, now: datetime) -> Span:
    """A year: the last one for 0, from midnight of the same day a year ago until now; the one before that for 1.

    No two of them overlap, so that nothing can be learnt from the difference of two pages. `now` is as the clock there
    says it; in place of 29 February stands the last day of February.
    """
    return Span(_years_before(years_ago + 1, now), _years_before(years_ago, now) if years_ago else now)


def _years_before(years: int, now: datetime) -> datetime:
    year = now.year - years
    return datetime(year, now.month, min(now.day, monthrange(year, now.month)[1]), tzinfo=now.tzinfo)


class Names(msgspec.Struct, frozen=True):
    """Names by id, in their order: of every premises reviewed, and of everybody who decided."""

    premises: Mapping[str, str]
    people: Mapping[str, str]


class CaseDecided(msgspec.Struct, frozen=True):
    """One decision of a kind, as a list shows it. `reason` is empty where none was given.

    Who decided is in the record: a list of them could be counted.
    """

    decision_id: str
    resident_id: str
    resident_name: str
    room: str
    reason: str
    at: datetime


class Compared(msgspec.Struct, frozen=True):
    """Some decisions beside what was recommended, in fives."""

    lower: int
    followed: int
    higher: int

    @property
    def departed(self) -> int:
        return self.lower + self.higher

    @property
    def total(self) -> int:
        return self.followed + self.departed

    @property
    def share(self) -> int | None:
        """About what percentage departed."""
        return share(self.departed, self.total)


class Kind(msgspec.Struct, frozen=True):
    """Cases that are like each other, and how many got each step, in fives."""

    recommended: int
    code: str
    issued: Mapping[int, int]

    @property
    def total(self) -> int:
        return sum(self.issued.values())

    @property
    def share(self) -> int:
        """About what percentage got the commonest step."""
        return share(max(self.issued.values()), self.total) or 0

    @property
    def listed(self) -> tuple[int, ...]:
        """The steps whose newest decisions are listed, departures first: that tells nothing the figure does not."""
        steps = (step for step, count in self.issued.items() if count >= LEAST)
        return tuple(sorted(steps, key=lambda step: (step == self.recommended, step)))


class Practice(msgspec.Struct, frozen=True):
    """A comparison of what has a total of `LEAST` or more. `by_distance` is by steps below (-1, -2 …) and above.

    `premises` are by id, `deciders` by the ids of their premises and of their own; `kinds` are the least alike first.
    """

    all: Compared
    by_distance: Mapping[int, int]
    by_step: Mapping[int, Compared]
    premises: Mapping[str, Compared]
    deciders: Mapping[tuple[str, str], Compared]
    kinds: tuple[Kind, ...]

    @property
    def is_too_few(self) -> bool:
        """Whether nothing is to be said, not even how many there are."""
        return self.all.total < LEAST


def compare(tallies: Iterable[Tally]) -> Practice:
    """The comparison of these decisions: always the same, in whatever order they come.

    There are two tables in fives, one of who decided and one of the cases. Both go by the way of departing first, so
    all that the one says of the other is how many went each way.
    """
    who: Counter[tuple[int, str, str]] = Counter()
    cases: Counter[tuple[int, int, str]] = Counter()
    for each in tallies:
        who[_way(each.distance), each.premises, each.decided_by] += each.count
        cases[each.distance, each.recommended, each.code] += each.count
    by_who, by_case = in_fives(who), in_fives(cases)
    return Practice(
        all=_everything(by_who),
        by_distance=_by_distance(by_case),
        by_step=_rows((step, _way(distance), count) for (distance, step, _), count in by_case.items()),
        premises=_rows((premises, way, count) for (way, premises, _), count in by_who.items()),
        deciders=_rows(((premises, by), way, count) for (way, premises, by), count in by_who.items()),
        kinds=_kinds(by_case),
    )


def _way(distance: int) -> int:
    return LOWER if distance < 0 else HIGHER if distance > 0 else FOLLOWED


def _compared(ways: Mapping[int, int]) -> Compared:
    return Compared(ways.get(LOWER, 0), ways.get(FOLLOWED, 0), ways.get(HIGHER, 0))


def _everything(by_who: Mapping[tuple[int, str, str], int]) -> Compared:
    ways: Counter[int] = Counter()
    for (way, _, _), count in by_who.items():
        ways[way] += count
    return _compared(ways)


def _rows(counted: Iterable[tuple[Row, int, int]]) -> dict[Row, Compared]:
    """What went which way, by row; those that are too small are left out."""
    rows: defaultdict[Row, Counter[int]] = defaultdict(Counter)
    for row, way, count in counted:
        rows[row][way] += count
    compared = {row: _compared(ways) for row, ways in sorted(rows.items())}
    return {row: each for row, each in compared.items() if each.total >= LEAST}


def _by_distance(by_case: Mapping[tuple[int, int, str], int]) -> dict[int, int]:
    counts: Counter[int] = Counter()
    for (distance, _, _), count in by_case.items():
        counts[distance] += count
    return {distance: count for distance, count in sorted(counts.items()) if distance and count}


def _kinds(by_case: Mapping[tuple[int, int, str], int]) -> tuple[Kind, ...]:
    issued: defaultdict[Case, dict[int, int]] = defaultdict(lambda: dict.fromkeys(STEPS, 0))
    for (distance, recommended, code), count in by_case.items():
        issued[recommended, code][recommended + distance] = count
    kinds = (Kind(*case, steps) for case, steps in issued.items())
    return tuple(sorted((kind for kind in kinds if kind.total >= LEAST), key=_least_alike_first))


def _least_alike_first(kind: Kind) -> tuple[int, int, int, str]:
    return (kind.share, -kind.total, kind.recommended, kind.code)
