"""Which voided warnings an episode's answer was built on, and every warning of a timeline."""

from ap_log.domain.policy.evaluate import warnings_of
from ap_log.domain.policy.language import PolicyBook
from tests.domain.policy.build import BOOK, changed, decided, episodes, event, last, local, timeline, void

FIRST = event("e1", "SUB-2", "03-10 12:00")
SECOND = event("e2", "SUB-2", "03-20 12:00")
ISSUED = decided("d1", "e1", 1, "03-10 13:00")


def test_a_decided_episode_names_the_warning_that_was_voided_after_it_climbed_over_it() -> None:
    second = decided("d2", "e2", 2, "03-20 13:00")
    found = last(FIRST, ISSUED, SECOND, second, void("v1", "03-25 12:00", decision="d1"), assumed=False)
    assert (found.step, found.reopened_by) == (2, ("d1",))


def test_an_undecided_episode_names_nothing_unless_what_nobody_decided_is_assumed() -> None:
    voided = void("v1", "03-25 12:00", decision="d1")
    assert last(FIRST, ISSUED, SECOND, voided, assumed=False).reopened_by == ()
    assert last(FIRST, ISSUED, SECOND, voided, assumed=True).reopened_by == ("d1",)


def test_an_assumed_warning_is_named_by_its_deciding_event() -> None:
    assert last(FIRST, SECOND, void("v1", "03-25 12:00", event="e1")).reopened_by == ("e1",)


def test_a_warning_that_was_void_before_changed_nothing_and_is_not_named() -> None:
    assert last(FIRST, ISSUED, SECOND, void("v1", "03-20 12:00", decision="d1")).reopened_by == ()


def test_a_warning_without_which_step_and_outcome_stay_is_not_named() -> None:
    third = event("e2", "SUB-8", "03-20 12:00")
    assert last(FIRST, ISSUED, third, void("v1", "03-25 12:00", decision="d1")).reopened_by == ()


def test_a_changed_outcome_is_enough() -> None:
    firm = event("e0", "CON-4", "03-01 12:00"), decided("d0", "e0", 1, "03-01 13:00")
    final = event("e1", "SUB-2", "03-10 12:00"), decided("d1", "e1", 3, "03-10 13:00")
    found = last(*firm, *final, SECOND, void("v1", "03-25 12:00", decision="d0"))
    assert (found.step, found.outcome, found.reopened_by) == (4, "consider", ("d0",))


def test_of_two_that_hold_the_same_step_only_the_one_taken_away_last_is_named() -> None:
    found = last(
        FIRST, ISSUED, event("e1b", "SUB-2", "03-12 12:00"), decided("d1b", "e1b", 1, "03-12 13:00"), SECOND,
        void("v1", "03-25 12:00", decision="d1"), void("v2", "03-26 12:00", decision="d1b"),
    )  # fmt: skip
    assert (found.step, found.reopened_by) == (2, ("d1b",))


def test_they_are_taken_away_by_time_of_issue_and_not_by_episode() -> None:
    found = last(
        FIRST, decided("d1", "e1", 1, "03-15 13:00"),
        event("e1b", "SUB-2", "03-12 12:00"), decided("d1b", "e1b", 1, "03-12 13:00"), SECOND,
        void("v1", "03-25 12:00", decision="d1"), void("v2", "03-26 12:00", decision="d1b"),
    )  # fmt: skip
    assert found.reopened_by == ("d1",)


def test_two_of_one_instant_are_taken_away_by_id() -> None:
    def both(first: str, second: str) -> tuple[str, ...]:
        return last(
            FIRST, decided(first, "e1", 1, "03-15 13:00"),
            event("e1b", "SUB-2", "03-12 12:00"), decided(second, "e1b", 1, "03-15 13:00"), SECOND,
            void("v1", "03-25 12:00", decision=first), void("v2", "03-26 12:00", decision=second),
        ).reopened_by  # fmt: skip

    assert both("a", "b") == ("b",)
    assert both("b", "a") == ("b",)


def test_both_are_named_where_each_took_the_step_down_and_they_are_sorted() -> None:
    found = last(
        FIRST, decided("z", "e1", 2, "03-10 13:00"),
        event("e1b", "SUB-2", "03-12 12:00"), decided("a", "e1b", 1, "03-12 13:00"), SECOND,
        void("v1", "03-25 12:00", decision="z"), void("v2", "03-26 12:00", decision="a"),
    )  # fmt: skip
    assert (found.step, found.reopened_by) == (3, ("a", "z"))


def test_assumed_warnings_are_worked_out_afresh_so_that_a_void_reaches_further_than_its_own_warning() -> None:
    found = episodes(FIRST, SECOND, event("e3", "SUB-2", "04-20 12:00"), void("v1", "05-01 12:00", event="e1"))
    # The first warning expired before the third episode, which climbed over the second, which climbed over the first.
    assert [(episode.step, episode.reopened_by) for episode in found] == [(1, ()), (2, ("e1",)), (3, ("e1",))]


def test_decisions_keep_their_step_whatever_is_taken_away() -> None:
    found = episodes(
        FIRST, SECOND, decided("d2", "e2", 2, "03-20 13:00"), event("e3", "SUB-2", "04-20 12:00"),
        void("v1", "05-01 12:00", event="e1"),
    )  # fmt: skip
    assert [episode.reopened_by for episode in found] == [(), ("e1",), ()]


def test_a_repeat_rule_that_counted_the_voided_episode_is_reason_enough() -> None:
    facts = (
        event("e1", "SUB-1", "03-10 12:00"),
        decided("d1", "e1", 1, "03-10 13:00"),
        event("e2", "SUB-1", "03-20 12:00"),
    )
    found = last(*facts, void("v1", "03-25 12:00", decision="d1"))
    assert (found.base, found.step, found.reopened_by) == (1, 2, ("d1",))


def test_an_episode_that_made_no_warning_reopens_nothing_although_it_is_void() -> None:
    facts = event("e1", "SUB-1", "03-10 12:00"), event("e2", "SUB-1", "03-20 12:00")
    found = last(*facts, void("v1", "03-25 12:00", event="e1"))
    assert (found.base, found.reopened_by) == (1, ())


def test_an_episode_counts_itself_after_its_own_warning_was_taken_away() -> None:
    # e2's own warning is taken away first; what then takes its repeat count away is e1's.
    found = episodes(
        event("e1", "SUB-1", "03-10 12:00"), decided("d1", "e1", 1, "03-25 13:00"),
        event("e2", "SUB-1", "03-20 12:00"), decided("d2", "e2", 1, "03-20 13:00"),
        void("v1", "03-26 12:00", decision="d1"), void("v2", "03-26 12:00", decision="d2"),
    )  # fmt: skip
    assert found[1].reopened_by == ("d1",)


def test_warnings_say_when_they_were_issued_end_and_were_voided() -> None:
    found = warnings_of(BOOK, timeline(FIRST, ISSUED, SECOND, void("v1", "03-25 12:00", decision="d1")))
    assert [
        (each.id, each.stream, each.step, each.issued_at, each.expires_at, each.voided_at, each.deciding_event)
        for each in found
    ] == [
        ("d1", "SUB", 1, local("03-10 13:00"), local("04-07 13:00"), local("03-25 12:00"), "e1"),
        ("e2", "SUB", 2, local("03-20 12:00"), local("05-15 12:00"), None, "e2"),
    ]


def test_a_void_under_an_older_version_reopens_an_episode_judged_under_a_newer_one() -> None:
    later = changed(lambda policy: policy, version=2, effective_from=local("03-15 00:00"))
    book = PolicyBook.of(*BOOK.policies, later)
    assert last(FIRST, SECOND, void("v1", "03-25 12:00", event="e1"), book=book).reopened_by == ("e1",)
