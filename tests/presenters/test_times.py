"""Times are said as people say them, on the clock of the premises."""

from datetime import UTC, datetime

import pytest

from ap_log.presenters.times import moment, when

NOW = datetime(2026, 11, 20, 1, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 11, 20, 1, 25, tzinfo=UTC), "today at 01:25"),
        (datetime(2026, 11, 20, 0, 0, tzinfo=UTC), "today at 00:00"),
        (datetime(2026, 11, 19, 23, 59, tzinfo=UTC), "yesterday at 23:59"),
        (datetime(2026, 11, 18, 23, 59, tzinfo=UTC), "18 November at 23:59"),
        (datetime(2026, 11, 21, 12, 0, tzinfo=UTC), "tomorrow at 12:00"),
        (datetime(2026, 7, 9, 23, 30, tzinfo=UTC), "10 July at 00:30"),
        (datetime(2025, 12, 31, 12, 0, tzinfo=UTC), "31 December 2025 at 12:00"),
    ],
)
def test_a_time_is_said_by_its_distance_from_now(at: datetime, said: str) -> None:
    assert when(at, NOW) == said


def test_a_moment_carries_the_exact_time_for_machines() -> None:
    shown = moment(datetime(2026, 7, 10, 0, 40, tzinfo=UTC), NOW)

    assert (shown.iso, shown.words) == ("2026-07-10T01:40:00+01:00", "10 July at 01:40")
