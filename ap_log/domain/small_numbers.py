"""Figures in fives, from which nobody can be picked out, whatever else of the same page is known.

What has been counted so far is rounded, and a figure is the step from one such sum to the next. So every page has
others behind it that look the same, in which the figure is another; and the figures of a page still add up.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

BASE = 5

LEAST = 10
"""The smallest figure that is compared with anything; what is shown as 10 is 6 or more."""

NEWEST = 5
"""Decisions listed behind a figure of `LEAST` or more: fewer than it certainly stands for, so the list adds nothing."""

Key = TypeVar("Key", bound=tuple[Any, ...])


def in_fives(counts: Mapping[Key, int]) -> dict[Key, int]:
    """Each count as a multiple of five, less than five away from it; all of them together are at most two away.

    They are summed in the order of their keys. Two tables of the same things, whose keys begin with the same parts,
    agree on each part: their sums up to there are one sum, which is rounded once.
    """
    shown: dict[Key, int] = {}
    counted = 0
    for key in sorted(counts):
        shown[key] = _nearest(counted + counts[key]) - _nearest(counted)
        counted += counts[key]
    return shown


def share(part: int, whole: int) -> int | None:
    """About what percentage a figure is of another, in tens; None where the part is under five or the whole too small.

    More exact it would only seem to be: the figures are in fives.
    """
    if part < BASE or whole < LEAST:
        return None
    return 10 * ((20 * part + whole) // (2 * whole))


def _nearest(count: int) -> int:
    return (count + BASE // 2) // BASE * BASE
