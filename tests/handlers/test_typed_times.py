"""Times as people type them: each is read as it is kept, and what is none stays as it was typed."""

import pytest

from ap_log.handlers.typed_times import clock, span
from ap_log.presenters.policy_spans import span_words


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("9.30pm", "21:30"),
        ("9:30", "09:30"),
        ("21.30", "21:30"),
        ("12 am", "00:00"),
        ("12.05PM", "12:05"),
        ("12am", "00:00"),
        ("7pm", "19:00"),
        ("22:15", "22:15"),
    ],
)
def test_a_reading_of_the_clock_may_be_typed_as_people_write_it(typed: str, kept: str) -> None:
    assert clock(typed) == kept


@pytest.mark.parametrize("typed", ["13pm", "0am", "930", "9", "", "noon", "9:3", "9:30:00", "٩:٣٠"])
def test_what_is_no_reading_of_a_clock_stays_as_it_was_typed(typed: str) -> None:
    assert clock(typed) == typed


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2 working days", "2 working-days"),
        ("1 working-day", "1 working-day"),
        ("4  Hours", "4 hours"),
        ("15 mins", "15 minutes"),
        ("1 hr", "1 hour"),
        ("within 24 hours", "24 hours"),
        ("Same day", "same-day"),
        ("on the same day", "same-day"),
        ("12:00 on the next working day", "next-working-day 12:00"),
        ("by 9.30am on the next working day.", "next-working-day 09:30"),
        ("next working day at 4pm", "next-working-day 16:00"),
        ("next working day 09:30", "next-working-day 09:30"),
        ("next-working-day 12:00", "next-working-day 12:00"),
    ],
)
def test_a_time_of_a_rule_may_be_typed_as_people_write_it(typed: str, kept: str) -> None:
    assert span(typed) == kept
    assert span(span_words(kept)) == kept


@pytest.mark.parametrize("typed", ["13pm on the next working day", "2 weeks", "next working day", "soon", ""])
def test_what_is_no_time_of_a_rule_stays_as_it_was_typed(typed: str) -> None:
    assert span(typed) == typed
    assert span_words(typed) == typed
