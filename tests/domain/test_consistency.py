"""What is compared: in fives that are near the truth, like cases with like cases, and nothing small."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ap_log.domain.consistency import Practice, Span, Tally, compare, span_of
from ap_log.domain.recommendations import STEPS
from ap_log.domain.small_numbers import BASE, LEAST
from ap_log.presenters.times import ZONE

A_TALLY = st.builds(
    Tally,
    premises=st.sampled_from(["elm", "oak"]),
    decided_by=st.sampled_from(["ben", "nia", "rob"]),
    recommended=st.sampled_from([1, 2, 4]),
    step=st.sampled_from(STEPS),
    code=st.sampled_from(["SUB-2", "CON-1", "RES-1"]),
    count=st.integers(1, 14),
)
PRACTICE = st.lists(A_TALLY, min_size=1, max_size=14).map(tuple)


def tally(step: int = 2, count: int = 1, *, recommended: int = 2, code: str = "SUB-2", by: str = "ben") -> Tally:
    return Tally("elm", by, recommended, step, code, count)


@given(PRACTICE)
@settings(max_examples=100, deadline=None)
def test_what_is_shown_is_near_the_truth(tallies: tuple[Tally, ...]) -> None:
    practice = compare(tallies)
    assert abs(practice.all.total - sum(each.count for each in tallies)) <= BASE // 2
    for (house, who), row in practice.deciders.items():
        theirs = [each for each in tallies if (each.premises, each.decided_by) == (house, who)]
        assert abs(row.lower - sum(each.count for each in theirs if each.distance < 0)) < BASE
        assert abs(row.followed - sum(each.count for each in theirs if each.distance == 0)) < BASE
        assert abs(row.higher - sum(each.count for each in theirs if each.distance > 0)) < BASE
    for kind in practice.kinds:
        like = [each for each in tallies if (each.recommended, each.code) == (kind.recommended, kind.code)]
        for step, count in kind.issued.items():
            assert abs(count - sum(each.count for each in like if each.step == step)) < BASE


@given(PRACTICE)
@settings(max_examples=100, deadline=None)
def test_figures_are_in_fives_and_nothing_below_ten_is_compared(tallies: tuple[Tally, ...]) -> None:
    practice = compare(tallies)
    rows = [*practice.by_step.values(), *practice.premises.values(), *practice.deciders.values()]
    assert all(row.total >= LEAST for row in rows)
    assert all(kind.total >= LEAST for kind in practice.kinds)
    figures = [figure for row in (practice.all, *rows) for figure in (row.lower, row.followed, row.higher)]
    figures += [count for kind in practice.kinds for count in kind.issued.values()]
    assert all(figure % BASE == 0 <= figure for figure in (*figures, *practice.by_distance.values()))
    assert sum(practice.by_distance.values()) == practice.all.departed


@given(PRACTICE)
@settings(max_examples=50, deadline=None)
def test_the_same_decisions_give_the_same_page_in_any_order(tallies: tuple[Tally, ...]) -> None:
    pages: list[Practice] = [compare(tallies), compare(reversed(tallies))]
    assert pages[0] == pages[1]


def test_whole_fives_are_shown_as_they_are() -> None:
    practice = compare([tally(2, 40), tally(1, 10), tally(4, 10, by="nia"), tally(2, 20, by="nia")])
    whole = practice.all
    assert [whole.total, whole.departed, whole.lower, whole.higher] == [80, 20, 10, 10]
    assert whole.share == 30
    assert {who: row.share for (_, who), row in practice.deciders.items()} == {"ben": 20, "nia": 30}
    assert practice.by_distance == {-1: 10, 2: 10}
    assert practice.by_step[2].departed == 20


@pytest.mark.parametrize(("total", "is_too_few"), [(0, True), (1, True), (7, True), (8, False), (12, False)])
def test_fewer_than_about_ten_decisions_are_not_compared(total: int, is_too_few: bool) -> None:
    practice = compare([tally(2, total)] if total else [])
    assert practice.is_too_few is is_too_few
    assert bool(practice.deciders) is not is_too_few


@pytest.mark.parametrize(("cases", "kinds"), [(7, 1), (8, 2)])
def test_like_cases_are_compared_from_about_ten_on(cases: int, kinds: int) -> None:
    assert len(compare([tally(2, 30, code="ABS-1"), tally(2, cases)]).kinds) == kinds


@pytest.mark.parametrize(("departed", "share"), [(2, None), (5, 10), (15, 30), (25, 50)])
def test_a_percentage_is_in_tens_and_none_of_a_small_number(departed: int, share: int | None) -> None:
    assert compare([tally(1, departed), tally(2, 50 - departed)]).all.share == share


def test_kinds_differ_by_code_and_by_recommended_step_and_the_least_alike_come_first() -> None:
    practice = compare(
        [tally(2, 20), tally(2, 10, code="CON-1"), tally(1, 10, code="CON-1"), tally(3, 30, recommended=3)]
    )
    assert [(each.recommended, each.code, each.share) for each in practice.kinds] == [
        (2, "CON-1", 50),
        (3, "SUB-2", 100),
        (2, "SUB-2", 100),
    ]


def test_decisions_are_listed_for_the_steps_shown_as_ten_or_more_departures_first() -> None:
    [kind] = compare([tally(0, 5), tally(1, 10), tally(2, 30), tally(3, 20)]).kinds
    assert kind.listed == (1, 3, 2)


@pytest.mark.parametrize(
    ("years_ago", "now", "since", "until"),
    [
        (0, "2026-05-31T14:30", "2025-05-31T00:00", "2026-05-31T14:30"),
        (1, "2026-05-31T14:30", "2024-05-31T00:00", "2025-05-31T00:00"),
        (0, "2028-02-29T09:00", "2027-02-28T00:00", "2028-02-29T09:00"),
        (1, "2028-02-29T09:00", "2026-02-28T00:00", "2027-02-28T00:00"),
    ],
)
def test_a_year_is_counted_back_on_the_calendar(years_ago: int, now: str, since: str, until: str) -> None:
    assert span_of(years_ago, there(now)) == Span(there(since), there(until))


def there(at: str) -> datetime:
    return datetime.fromisoformat(at).replace(tzinfo=ZONE)


@given(st.datetimes(there("2020-01-01").replace(tzinfo=None), timezones=st.just(ZONE)))
def test_the_year_before_ends_where_the_last_begins_so_no_decision_is_in_both(now: datetime) -> None:
    last, before = span_of(0, now), span_of(1, now)
    assert before.until == last.since
    assert before.since < before.until < last.until
