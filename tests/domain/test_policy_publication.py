"""What keeps a draft from being published: times that are none, and chapters that keys belong to."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ap_log.domain.policies import next_minute
from ap_log.domain.policy.drafting import document_of
from ap_log.domain.policy.loading import load_policy
from ap_log.domain.policy_drafts import CHAPTERS, chapter_of
from ap_log.domain.policy_publication import local_time
from tests.cast import DEFAULT_POLICY

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 20, 1, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "utc"),
    [
        (("23", "11", "2026", "09:00"), "2026-11-23T09:00"),
        (("1", "7", "2027", "9:00"), "2027-07-01T08:00"),
        (("01", "07", "2027", "00:00"), "2027-06-30T23:00"),
        (("28", "3", "2027", "00:59"), "2027-03-28T00:59"),
        (("28", "3", "2027", "02:00"), "2027-03-28T01:00"),
        (("25", "10", "2026", "01:30"), "2026-10-25T00:30"),
    ],
)
def test_a_time_is_read_on_the_clock_of_the_zone(typed: tuple[str, str, str, str], utc: str) -> None:
    found = local_time(*typed, LONDON)
    assert found is not None
    assert f"{found.astimezone(UTC):%Y-%m-%dT%H:%M}" == utc


@pytest.mark.parametrize(
    "typed",
    [
        ("31", "2", "2026", "09:00"),
        ("28", "3", "2027", "01:00"),
        ("28", "3", "2027", "01:59"),
        ("23", "11", "26", "09:00"),
        ("23", "11", "2026", ""),
        ("", "11", "2026", "09:00"),
        ("23", "11", "2026", "24:00"),
        ("23", "11", "2026", "0900"),
        ("23", "11", "2026", "09:00:30"),
        ("23", "11", "2026", "09+01"),
        ("23", "11", "0000", "09:00"),
        ("٢٣", "11", "2026", "09:00"),
        ("23", "11", "99999", "09:00"),
        ("-1", "11", "2026", "09:00"),
    ],
)
def test_what_no_clock_shows_is_no_time(typed: tuple[str, str, str, str]) -> None:
    assert local_time(*typed, LONDON) is None


def test_at_once_is_the_next_full_minute_and_never_a_moment_ago() -> None:
    assert next_minute(NOW) == NOW
    assert next_minute(NOW.replace(microsecond=1)) == NOW.replace(minute=41)
    assert next_minute(NOW.replace(minute=59, second=59)) == NOW.replace(hour=2, minute=0)


def test_every_key_of_a_document_belongs_to_one_chapter() -> None:
    keys = [key for chapter in CHAPTERS.values() for key in chapter]
    assert sorted(keys) == sorted(document_of(load_policy(DEFAULT_POLICY)))


@pytest.mark.parametrize(
    ("place", "chapter"),
    [
        ("warning_days.1", "times"),
        ("base.SUB-1", "base"),
        ("repeat 2.code", "repeat"),
        ("climb.low_cap.max", "climb"),
        ("cap.CHG", "climb"),
        ("notify 3.who 1", "notify"),
        ("departure.needs_area_manager_at", "guard"),
        ("colour", None),
        ("", None),
    ],
)
def test_a_place_leads_to_its_chapter(place: str, chapter: str | None) -> None:
    assert chapter_of(place) == chapter
