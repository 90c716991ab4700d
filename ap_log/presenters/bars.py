"""A plot of horizontal bars that compare counts. Callers pair it with a table, or link each bar to what it counts."""

import msgspec

_WHOLE = 100
_LEAST = 1.0
"""Percent of the track that the smallest count still fills: something must never look like nothing."""


class Bar(msgspec.Struct, frozen=True):
    """One thing counted. `count` None: the number is not shown, and then there is no bar either.

    `said` stands beside the bar in place of the bare number ("12 of 40", "fewer than 5"); `note` below the words.
    `tone` is blue, green, orange, red or grey; the words never need it.
    """

    words: str
    count: int | None
    href: str | None = None
    tone: str = "blue"
    note: str | None = None
    said: str | None = None


class BarRow(msgspec.Struct, frozen=True):
    """A bar as the page draws it. `width` is percent of the track, None where the number is not shown."""

    words: str
    said: str
    width: float | None
    href: str | None
    tone: str
    note: str | None


class BarPlot(msgspec.Struct, frozen=True):
    """A title and its bars, in the order given."""

    title: str
    rows: tuple[BarRow, ...]


def bar_plot(title: str, bars: tuple[Bar, ...], *, out_of: int | None = None) -> BarPlot:
    """Bars drawn to one scale: the longest fills the track, or with `out_of` (100 for percentages) that count does."""
    longest = out_of or max((bar.count or 0 for bar in bars), default=0)
    return BarPlot(title, tuple(_row(bar, longest) for bar in bars))


def _row(bar: Bar, longest: int) -> BarRow:
    said = bar.said if bar.said is not None else "not shown" if bar.count is None else f"{bar.count:,}"
    return BarRow(bar.words, said, _width(bar.count, longest), bar.href, bar.tone, bar.note)


def _width(count: int | None, longest: int) -> float | None:
    if count is None:
        return None
    return max(round(_WHOLE * count / longest, 1), _LEAST) if count else 0.0
