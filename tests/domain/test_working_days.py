"""The times by which the policy wants something, on both sides of every edge."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ap_log.bank_holidays import BankHolidays
from ap_log.domain.policy.loading import load_policy
from ap_log.domain.working_days import WorkingCalendar
from tests.cast import DEFAULT_POLICY

AMMAN = ZoneInfo("Asia/Amman")
LONDON = ZoneInfo("Europe/London")
CALENDAR = WorkingCalendar(LONDON, BankHolidays())

# 20 November 2026 is a Friday. The clocks go back on Sunday 25 October and forward on Sunday 28 March 2027. Good Friday
# is 26 March 2027, Easter Monday the 29th; Christmas Day 2026 is a Friday, and Boxing Day's holiday is Monday the 28th.
CASES = {
    "minutes-are-elapsed-time": ("15 minutes", "2026-11-20 01:40", "2026-11-20 01:55"),
    "one-hour": ("1 hour", "2026-11-20 23:30", "2026-11-21 00:30"),
    "hours-run-through-a-weekend": ("24 hours", "2026-11-21 10:00", "2026-11-22 10:00"),
    "hours-when-the-clocks-go-back": ("24 hours", "2026-10-24 12:00", "2026-10-25 11:00"),
    "hours-when-the-clocks-go-forward": ("24 hours", "2027-03-27 12:00", "2027-03-28 13:00"),
    "a-working-day-is-the-same-reading-on-the-next": ("1 working-day", "2026-11-19 14:05", "2026-11-20 14:05"),
    "friday-evening-to-monday-evening": ("1 working-day", "2026-11-20 18:30", "2026-11-23 18:30"),
    "two-working-days-over-a-weekend": ("2 working-days", "2026-11-20 01:40", "2026-11-24 01:40"),
    "saturday-counts-from-monday-morning": ("1 working-day", "2026-11-21 03:00", "2026-11-24 09:00"),
    "sunday-counts-from-monday-morning": ("2 working-days", "2026-11-22 23:59", "2026-11-25 09:00"),
    "a-bank-holiday-counts-from-the-next-working-day": ("1 working-day", "2026-12-25 08:00", "2026-12-30 09:00"),
    "over-christmas": ("2 working-days", "2026-12-24 16:00", "2026-12-30 16:00"),
    "over-easter": ("1 working-day", "2027-03-25 10:00", "2027-03-30 10:00"),
    "a-reading-stays-when-the-clocks-go-back": ("1 working-day", "2026-10-23 12:00", "2026-10-26 12:00"),
    "same-day-in-the-night": ("same-day", "2026-11-20 01:40", "2026-11-20 23:59"),
    "same-day-just-before-five": ("same-day", "2026-11-20 16:59", "2026-11-20 23:59"),
    "same-day-at-five-on-friday": ("same-day", "2026-11-20 17:00", "2026-11-23 12:00"),
    "same-day-at-five-on-thursday": ("same-day", "2026-11-19 17:00", "2026-11-20 12:00"),
    "same-day-on-saturday": ("same-day", "2026-11-21 09:00", "2026-11-23 12:00"),
    "same-day-on-good-friday": ("same-day", "2027-03-26 09:00", "2027-03-30 12:00"),
    "next-working-day-at-noon": ("next-working-day 12:00", "2026-11-19 01:40", "2026-11-20 12:00"),
    "next-working-day-after-friday": ("next-working-day 12:00", "2026-11-20 01:40", "2026-11-23 12:00"),
    "next-working-day-after-saturday": ("next-working-day 08:30", "2026-11-21 01:40", "2026-11-23 08:30"),
    "next-working-day-after-christmas-eve": ("next-working-day 12:00", "2026-12-24 01:40", "2026-12-29 12:00"),
}


def london(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=LONDON)


@pytest.mark.parametrize(("within", "made_at", "due"), CASES.values(), ids=CASES)
def test_the_time_by_which_something_is_wanted(within: str, made_at: str, due: str) -> None:
    assert CALENDAR.due(within, london(made_at)) == london(due)


def test_the_day_is_the_one_in_the_policys_zone_and_not_in_utc() -> None:
    half_past_midnight_in_summer = datetime(2026, 7, 2, 23, 30, tzinfo=UTC)  # Friday the 3rd in London
    assert CALENDAR.due("same-day", half_past_midnight_in_summer) == london("2026-07-03 23:59")


def test_a_reading_that_the_clock_change_skips_moves_forward_by_the_gap() -> None:
    # In London the clocks change on Sundays, when nothing is due; in Amman they changed on Fridays.
    due = WorkingCalendar(AMMAN, ()).due("next-working-day 00:30", datetime(2022, 2, 24, 12, tzinfo=AMMAN))
    assert due == datetime(2022, 2, 24, 22, 30, tzinfo=UTC)  # 01:30 there


def test_a_reading_that_occurs_twice_is_its_first_occurrence() -> None:
    due = WorkingCalendar(AMMAN, ()).due("next-working-day 00:30", datetime(2021, 10, 28, 12, tzinfo=AMMAN))
    assert due == datetime(2021, 10, 28, 21, 30, tzinfo=UTC)


def test_what_is_answered_is_in_utc() -> None:
    assert CALENDAR.due("same-day", london("2026-07-01 10:00")).tzinfo is UTC


@pytest.mark.parametrize("within", ["soon", "3 fortnights", "", "same-day "])
def test_a_span_that_no_policy_can_say_is_refused(within: str) -> None:
    with pytest.raises(ValueError, match="no span"):
        CALENDAR.due(within, london("2026-11-20 10:00"))


def test_every_span_of_the_default_policy_is_understood() -> None:
    for notify in load_policy(DEFAULT_POLICY).notify:
        for span in (notify.tell_within, notify.answer_within):
            assert CALENDAR.due(span, london("2026-11-20 10:00")) > london("2026-11-20 10:00")
