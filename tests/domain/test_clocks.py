"""Whatever a phone's clock shows, an entry gets a time that can be, and what is in doubt is known."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ap_log.domain.clocks import CountedAs, Times, counted_as, is_in_doubt, put_right
from ap_log.domain.entries import Entry, PhoneClock

NOW = datetime(2026, 11, 20, 1, 40, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (timedelta(**{name: 1}) for name in ("seconds", "minutes", "hours", "days"))
Clock = dict[str, Any]
AN_ID = "11111111-1111-4111-8111-000000000001"


def ms(length: timedelta) -> int:
    return length // timedelta(milliseconds=1)


def entry(recorded: datetime, occurred: datetime | None = None, **clock: Any) -> Entry:
    return Entry(
        id=AN_ID,
        author=AN_ID,
        device=AN_ID,
        resident=AN_ID,
        happening="under-influence",
        occurred_at=occurred or recorded,
        recorded_at=recorded,
        clock=PhoneClock(**clock) if clock else None,
    )


def saved_and_sent(ahead: timedelta, *, was: timedelta, waited: timedelta, **clock: Any) -> Times:
    """An entry saved `waited` ago on a phone whose clock was `was` ahead then and is `ahead` now."""
    recorded = NOW - waited + was
    return put_right(entry(recorded, offset_ms=-ms(was), **clock), NOW + ahead, NOW)


@pytest.mark.parametrize("wrong", [-2 * HOUR, 2 * HOUR, DAY, -DAY, NOW - datetime(1970, 1, 1, tzinfo=UTC), 0 * DAY])
@pytest.mark.parametrize("waited", [0 * HOUR, 3 * HOUR, 12 * DAY])
def test_f25_a_clock_that_was_wrong_all_along_is_put_right_and_leaves_no_doubt(
    wrong: timedelta, waited: timedelta
) -> None:
    times = saved_and_sent(wrong, was=wrong, waited=waited)

    assert (times.recorded_at, times.occurred_at) == (NOW - waited, NOW - waited)
    assert (times.offset_ms, times.doubt_ms) == (-ms(wrong), 0)


@pytest.mark.parametrize(
    ("then", "now", "in_doubt"),
    [
        pytest.param(0 * MINUTE, 0 * MINUTE, False, id="right"),
        pytest.param(2 * HOUR, 0 * MINUTE, True, id="put right after it was saved"),
        pytest.param(0 * MINUTE, -DAY, True, id="set wrong after it was saved"),
        pytest.param(0 * MINUTE, 5 * MINUTE, False, id="five minutes"),
        pytest.param(0 * MINUTE, 5 * MINUTE + SECOND, True, id="just over five minutes"),
        pytest.param(0 * MINUTE, -5 * MINUTE, False, id="five minutes behind"),
        pytest.param(0 * MINUTE, -5 * MINUTE - SECOND, True, id="just over five minutes behind"),
    ],
)
def test_a_clock_that_was_set_between_save_and_arrival_is_in_doubt_beyond_five_minutes(
    then: timedelta, now: timedelta, in_doubt: bool
) -> None:
    times = saved_and_sent(now, was=then, waited=HOUR)

    assert times.recorded_at == NOW - HOUR
    assert is_in_doubt(times.doubt_ms) == in_doubt
    assert times.doubt_ms == ms(abs(then - now))


def test_f25_a_phone_that_never_met_the_server_is_put_right_when_it_does_and_stays_in_doubt() -> None:
    recorded = NOW - HOUR - 2 * HOUR
    times = put_right(entry(recorded, form_ms=1000), NOW - 2 * HOUR, NOW)

    assert times.recorded_at == NOW - HOUR
    assert times.doubt_ms == ms(2 * HOUR)


def test_f25_a_clock_set_back_since_the_last_contact_is_put_right_by_the_steady_clock() -> None:
    contact = NOW - 3 * HOUR
    recorded = NOW - HOUR - 2 * HOUR  # An hour ago, by a clock that was set back by two meanwhile.
    clock: Clock = {"offset_ms": 0, "contact_at": contact, "since_contact_ms": ms(2 * HOUR)}

    times = put_right(entry(recorded, **clock), NOW - 2 * HOUR, NOW)

    assert (times.recorded_at, times.occurred_at) == (NOW - HOUR, NOW - HOUR)
    assert (times.since_contact_ms, times.doubt_ms) == (ms(2 * HOUR), ms(2 * HOUR))


def test_f25_a_clock_set_back_while_the_form_was_open_does_not_move_what_happened_before() -> None:
    opened = NOW - 10 * MINUTE
    recorded = NOW - HOUR
    clock: Clock = {"offset_ms": ms(HOUR), "opened_at": opened, "form_ms": ms(10 * MINUTE)}

    times = put_right(entry(recorded, opened - 15 * MINUTE, **clock), NOW - HOUR, NOW)

    assert (times.recorded_at, times.occurred_at) == (NOW, NOW - 25 * MINUTE)
    assert times.doubt_ms == ms(HOUR)


def test_a_phone_whose_steady_clock_stood_still_while_it_slept_is_believed() -> None:
    clock: Clock = {"offset_ms": 0, "contact_at": NOW - 9 * HOUR, "since_contact_ms": 1000}

    times = put_right(entry(NOW - HOUR, opened_at=NOW - 8 * HOUR, form_ms=1000, **clock), NOW, NOW)

    assert (times.recorded_at, times.doubt_ms) == (NOW - HOUR, 0)


def test_what_a_person_typed_is_not_moved_by_what_is_wrong_with_the_clock() -> None:
    typed = NOW - 5 * HOUR

    times = put_right(entry(NOW - 2 * HOUR, typed, offset_ms=ms(2 * HOUR), occurred_from="person"), NOW - 2 * HOUR, NOW)

    assert (times.recorded_at, times.occurred_at, times.doubt_ms) == (NOW, typed, 0)


@pytest.mark.parametrize(
    ("claimed", "in_doubt"),
    [(NOW, False), (NOW + 5 * MINUTE, False), (NOW + 5 * MINUTE + SECOND, True), (NOW + DAY, True)],
)
def test_what_is_said_to_happen_after_it_arrived_counts_from_its_arrival(claimed: datetime, in_doubt: bool) -> None:
    times = put_right(entry(NOW, claimed, offset_ms=0, occurred_from="person"), NOW, NOW)

    assert times.occurred_at == NOW
    assert is_in_doubt(times.doubt_ms) == in_doubt


@pytest.mark.parametrize("sent_at", [None, NOW])
@pytest.mark.parametrize("claimed", ["1970-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_f25_a_time_that_cannot_be_counts_from_its_arrival_and_is_in_doubt(
    claimed: str, sent_at: datetime | None
) -> None:
    clocks: tuple[Clock, ...] = ({}, {"form_ms": 1000}, {"offset_ms": 10**13}, {"offset_ms": -(10**13)})
    for clock in clocks:
        wrong = datetime.fromisoformat(claimed)
        times = put_right(entry(wrong, **clock), sent_at, NOW)
        assert times.occurred_at <= NOW
        assert 2000 <= times.occurred_at.year < 2100
        assert is_in_doubt(times.doubt_ms)
        assert times.doubt_ms < 2**63


def test_an_entry_of_a_phone_that_tells_nothing_of_its_clocks_is_taken_at_its_word() -> None:
    times = put_right(entry(NOW - HOUR, NOW - DAY), None, NOW)

    assert times == Times(
        occurred_at=NOW - DAY, recorded_at=NOW - HOUR, offset_ms=None, since_contact_ms=None, doubt_ms=0
    )


@pytest.mark.parametrize(
    ("ahead", "recorded"), [(SECOND, NOW), (5 * MINUTE, NOW), (6 * MINUTE, NOW + 6 * MINUTE), (-SECOND, NOW - SECOND)]
)
def test_what_was_saved_a_moment_after_it_arrived_was_saved_when_it_arrived(
    ahead: timedelta, recorded: datetime
) -> None:
    assert put_right(entry(NOW + ahead), None, NOW).recorded_at == recorded


@pytest.mark.parametrize("zone_change", ["2026-03-29T01:00:00+00:00", "2026-10-25T01:00:00+00:00"])
def test_f25_the_night_the_clocks_change_moves_nothing(zone_change: str) -> None:
    change = datetime.fromisoformat(zone_change)
    before = datetime.fromisoformat((change - HOUR).isoformat())
    clock: Clock = {"offset_ms": 0, "contact_at": before, "since_contact_ms": ms(2 * HOUR)}

    times = put_right(entry(change + HOUR, **clock), change + HOUR, change + HOUR)

    assert (times.recorded_at, times.occurred_at, times.doubt_ms) == (change + HOUR, change + HOUR, 0)


@pytest.mark.parametrize(
    ("said", "counted", "meant"),
    [
        (NOW, NOW, CountedAs.SAID),
        (NOW + 59 * SECOND, NOW, CountedAs.SAID),
        (NOW + MINUTE, NOW, CountedAs.ARRIVAL),
        (NOW - 2 * HOUR, NOW - HOUR, CountedAs.PUT_RIGHT),
    ],
)
def test_a_reader_is_told_where_the_time_comes_from(said: datetime, counted: datetime, meant: CountedAs) -> None:
    assert counted_as(said, counted, NOW) is meant
