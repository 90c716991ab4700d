"""Bars: drawn to one scale, never looking like nothing when they are something, and whole without the drawing."""

import pytest

from ap_log.presenters.bars import Bar, bar_plot
from ap_log.templating import environment


def widths(*counts: int | None, out_of: int | None = None) -> list[float | None]:
    plot = bar_plot("Counts", tuple(Bar("One", count) for count in counts), out_of=out_of)
    return [row.width for row in plot.rows]


def test_the_longest_bar_fills_the_track_and_the_others_keep_their_share() -> None:
    assert widths(40, 10, 20) == [100, 25, 50]


def test_bars_out_of_a_whole_leave_room_for_the_rest() -> None:
    assert widths(40, 10, out_of=100) == [40, 10]


@pytest.mark.parametrize(("count", "width"), [(0, 0), (1, 1)])
def test_one_among_thousands_can_still_be_seen_and_none_cannot(count: int, width: float) -> None:
    assert widths(5000, count) == [100, width]


def test_nothing_counted_at_all_is_drawn_as_nothing() -> None:
    assert widths(0, 0) == [0, 0]
    assert widths() == []


def test_a_number_that_is_not_shown_has_no_bar_and_stretches_no_other() -> None:
    assert widths(None, 8) == [None, 100]
    assert bar_plot("Counts", (Bar("One", None),)).rows[0].said == "not shown"


def test_whoever_cannot_see_the_bars_reads_the_words_and_the_numbers() -> None:
    bars = (Bar("Elm House", 1200, href="/elm"), Bar("Tŷ <Oak>", None, said="fewer than 5", note="opened in May"))
    macro = environment().get_template("components/bars.html").module.barPlot  # type: ignore[attr-defined]
    drawn = str(macro(bar_plot("Decisions", bars)))
    assert '<figcaption class="app-bars__title">Decisions</figcaption>' in drawn
    assert '<a class="govuk-link" href="/elm">Elm House</a>' in drawn
    assert ">1,200<" in drawn
    assert "Tŷ &lt;Oak&gt;" in drawn
    assert "fewer than 5" in drawn
    assert "opened in May" in drawn
    assert drawn.count("<svg") == drawn.count('aria-hidden="true"') == 1
    assert "style=" not in drawn
