"""The base of an event: the table, repeat rules and help-seeking."""

import pytest

from ap_log.domain.policy.language import PolicyBook
from tests.domain.policy.build import BOOK, changed, decided, episodes, event, last, local, void
from tests.domain.policy.histories import Json, default_policy


@pytest.mark.parametrize(("code", "base"), sorted(default_policy()["base"].items()))
def test_each_code_has_the_base_of_the_table(code: str, base: int) -> None:
    found = last(event("e1", code, "03-10 20:00"))
    assert (found.base, found.climb, found.step) == (base, 0, base)


@pytest.mark.parametrize(
    ("case", "first", "base"),
    [
        ("14 days before, to the second", "03-10 12:00:00", 0),
        ("a second less", "03-10 12:00:01", 1),
        ("the day before", "03-23 12:00:00", 1),
    ],
)
def test_the_second_suspicion_within_14_days_has_base_1(case: str, first: str, base: int) -> None:
    assert last(event("e1", "SUB-1", first), event("e2", "SUB-1", "03-24 12:00")).base == base, case


@pytest.mark.parametrize(
    ("first", "now", "base"),
    [
        ("03-20 12:00:00", "04-03 12:00", 0),  # 13 days 23 hours elapsed, 14 on the clock
        ("03-20 12:00:01", "04-03 12:00", 1),
        ("10-15 12:00:00", "10-29 12:00", 0),  # 14 days 1 hour elapsed
        ("10-15 12:00:01", "10-29 12:00", 1),
    ],
)
def test_the_days_of_a_repeat_rule_are_counted_on_the_clock(first: str, now: str, base: int) -> None:
    assert last(event("e1", "SUB-1", first), event("e2", "SUB-1", now)).base == base


def test_days_before_that_lead_into_the_skipped_hour_begin_after_the_gap() -> None:
    # 14 days before 12 April 01:30 is 29 March 01:30, which does not exist: 02:30 BST stands for it.
    now = event("e2", "SUB-1", "04-12 01:30")
    assert last(event("e1", "SUB-1", "03-29 02:30:00"), now).base == 0
    assert last(event("e1", "SUB-1", "03-29 02:30:01"), now).base == 1


def test_days_before_that_lead_into_the_doubled_hour_mean_its_first_occurrence() -> None:
    now = event("e2", "SUB-1", "11-08 01:30")
    assert last(event("e1", "SUB-1", local("10-25 01:30:00", fold=0)), now).base == 0
    assert last(event("e1", "SUB-1", local("10-25 01:30:01", fold=0)), now).base == 1
    assert last(event("e1", "SUB-1", local("10-25 01:30:00", fold=1)), now).base == 1


def test_it_takes_three_late_returns() -> None:
    late = [event(f"e{day}", "RES-1", f"03-{day} 12:00") for day in (10, 15, 20)]
    assert [episode.base for episode in episodes(*late)] == [0, 0, 1]


def test_two_events_of_one_episode_count_once() -> None:
    assert last(event("e1", "SUB-1", "03-10 12:00"), event("e2", "SUB-1", "03-10 13:00")).base == 0


def test_the_window_reaches_back_from_the_episodes_first_event() -> None:
    # The second event of the episode is within 14 days of nothing more than its first one is.
    found = last(
        event("e1", "SUB-1", "03-10 12:00"), event("e2", "CON-1", "03-24 11:59:59"), event("e3", "SUB-1", "03-24 13:00")
    )
    assert found.stream == "CON"
    found = last(
        event("e1", "SUB-1", "03-10 12:00"), event("e2", "MED-1", "03-24 11:59"), event("e3", "SUB-1", "03-24 13:00")
    )
    assert (found.deciding_event, found.base) == ("e3", 1)


def test_an_earlier_episode_counts_by_its_own_first_event() -> None:
    found = last(
        event("e1", "MED-1", "03-10 12:00"), event("e2", "SUB-1", "03-10 13:00"), event("e3", "SUB-1", "03-24 12:30")
    )
    assert found.base == 0


def test_a_rule_never_lowers_a_base() -> None:
    def lower(policy: Json) -> None:
        policy["repeat"] = [{"code": "SUB-3", "count": 1, "days": 7, "base": 0}]

    assert last(event("e1", "SUB-3", "03-10 12:00"), book=PolicyBook.of(changed(lower))).base == 2


def test_a_rule_of_one_counts_the_episode_itself_and_the_highest_of_several_rules_stands() -> None:
    def several(policy: Json) -> None:
        policy["repeat"] = [{"code": "SUB-1", "count": 1, "days": 7, "base": base} for base in (2, 3, 1)]

    assert last(event("e1", "SUB-1", "03-10 12:00"), book=PolicyBook.of(changed(several))).base == 3


def test_help_seeking_at_the_first_event_makes_substances_0_and_leaves_possession() -> None:
    found = last(event("e1", "SUB-3", "03-10 12:00", help_seeking=True), event("e2", "SUB-4", "03-10 13:00"))
    assert (found.deciding_event, found.step) == ("e2", 2)
    assert last(event("e1", "SUB-3", "03-10 12:00", help_seeking=True)).step == 0


def test_help_seeking_leaves_other_streams_as_they_are() -> None:
    found = last(event("e1", "SUB-3", "03-10 12:00", help_seeking=True), event("e2", "CON-1", "03-10 13:00"))
    assert (found.deciding_event, found.base) == ("e2", 1)


def test_help_sought_by_another_event_of_the_first_instant_is_as_good() -> None:
    first = event("a", "SUB-3", "03-10 12:00")
    assert last(first, event("b", "MED-1", "03-10 12:00", help_seeking=True)).step == 0
    assert last(first, event("b", "MED-1", "03-10 12:00:01", help_seeking=True)).step == 2


def test_an_event_that_help_seeking_relieved_counts_for_no_repeat_rule() -> None:
    sought = event("e1", "SUB-1", "03-10 12:00", help_seeking=True)
    assert last(sought, event("e2", "SUB-1", "03-20 12:00")).base == 0


def test_an_excepted_code_counts_for_repeat_rules_in_spite_of_help_seeking() -> None:
    def repeated_possession(policy: Json) -> None:
        policy["repeat"] = [{"code": "SUB-4", "count": 2, "days": 14, "base": 3}]

    sought = event("e1", "SUB-4", "03-10 12:00", help_seeking=True)
    found = last(sought, event("e2", "SUB-4", "03-20 12:00"), book=PolicyBook.of(changed(repeated_possession)))
    assert found.base == 3


def test_whether_help_seeking_relieved_an_event_is_said_by_the_policy_of_its_own_episode() -> None:
    nothing: Json = {"streams": [], "except": []}
    later = changed(lambda policy: policy, version=2, effective_from=local("03-15 00:00"), help_seeking=nothing)
    sought = event("e1", "SUB-1", "03-10 12:00", help_seeking=True)
    assert last(sought, event("e2", "SUB-1", "03-20 12:00"), book=PolicyBook.of(later, *BOOK.policies)).base == 0


@pytest.mark.parametrize(("void_at", "base"), [("03-20 11:59:59", 0), ("03-20 12:00:00", 0), ("03-20 12:00:01", 1)])
def test_a_voided_episode_counts_for_no_repeat_rule_from_then_on(void_at: str, base: int) -> None:
    first, second = event("e1", "SUB-1", "03-10 12:00"), event("e2", "SUB-1", "03-20 12:00")
    assert last(first, second, void("v1", void_at, event="e1")).base == base  # step 0: it made no warning
    assert last(first, second, decided("d1", "e1", 0, "03-10 13:00"), void("v1", void_at, decision="d1")).base == base


def test_a_void_between_two_events_of_an_episode_takes_the_count_from_the_second_only() -> None:
    found = last(
        event("e1", "SUB-1", "03-10 12:00"),
        event("e2", "SUB-1", "03-20 12:00"),
        event("e3", "SUB-1", "03-20 14:00"),
        void("v1", "03-20 13:00", event="e1"),
    )
    assert (found.deciding_event, found.base) == ("e2", 1)


def test_an_episode_counts_itself_although_it_is_void() -> None:
    found = last(
        event("e1", "SUB-1", "03-10 12:00"), event("e2", "SUB-1", "03-20 12:00"), void("v1", "03-20 12:00", event="e2")
    )
    assert found.base == 1


def test_an_episode_that_holds_a_code_twice_counts_once() -> None:
    twice = event("e1", "RES-1", "03-10 20:00"), event("e2", "RES-1", "03-10 21:00")
    assert last(*twice, event("e3", "RES-1", "03-12 20:00")).base == 0
    assert last(*twice, event("e3", "RES-1", "03-12 20:00"), event("e4", "RES-1", "03-13 20:00")).base == 1
