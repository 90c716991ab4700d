"""What changes further on when a voided warning is taken away, beyond the episodes that met it."""

from tests.domain.policy.build import decided, episodes, event, last, void

FINAL = event("e1", "SUB-2", "01-05 12:00"), decided("d1", "e1", 3, "01-05 13:00")  # until 30 March
FINAL_VOID = void("v1", "06-01 12:00", decision="d1")
# Over the final warning these are for consideration and warn nobody; without it they warn, for 56 and for 28 days.
WARNS_ONLY_WITHOUT = event("e2", "SUB-3", "03-20 12:00")
WARNS_ONLY_WITHOUT_TOO = event("e3", "CON-1", "03-25 12:00")


def test_a_warning_that_is_made_only_without_the_voided_one_is_met_by_an_episode_that_met_nothing() -> None:
    found = episodes(*FINAL, WARNS_ONLY_WITHOUT, event("e4", "SUB-2", "04-20 12:00"), FINAL_VOID)
    assert [(each.step, each.reopened_by) for each in found] == [(1, ()), (4, ("d1",)), (1, ("d1",))]


def test_each_of_two_warnings_that_are_made_only_without_the_voided_one_is_met() -> None:
    found = last(*FINAL, WARNS_ONLY_WITHOUT, WARNS_ONLY_WITHOUT_TOO, event("e4", "SUB-2", "05-01 12:00"), FINAL_VOID)
    assert (found.step, found.reopened_by) == (1, ("d1",))


def test_an_episode_that_warns_nobody_any_more_is_met_by_no_later_one() -> None:
    found = episodes(
        event("e1", "SUB-1", "03-10 12:00"), decided("d1", "e1", 1, "03-10 13:00"),
        event("e2", "SUB-1", "03-20 12:00"), event("e3", "ENG-2", "03-22 12:00"), event("e4", "SUB-2", "04-10 12:00"),
        void("v1", "06-01 12:00", decision="d1"),
    )  # fmt: skip
    assert [(each.step, each.reopened_by) for each in found] == [(0, ()), (2, ("d1",)), (1, ()), (3, ("d1",))]


def test_a_warning_issued_at_the_instant_of_the_last_event_still_counts_when_another_is_taken_away() -> None:
    found = last(
        event("e1", "SUB-2", "03-10 12:00"), decided("d1", "e1", 1, "03-10 13:00"),
        event("e2", "CON-1", "03-15 12:00"), decided("d2", "e2", 3, "03-20 13:00"),
        event("e3", "SUB-2", "03-20 12:00"), event("e4", "CON-1", "03-20 13:00"),
        void("v1", "06-01 12:00", decision="d1"),
    )  # fmt: skip
    assert (found.deciding_event, found.step, found.reopened_by) == ("e4", 4, ())


def test_a_final_warning_of_another_stream_is_reason_enough() -> None:
    found = last(
        event("e1", "CON-1", "03-10 12:00"), decided("d1", "e1", 3, "03-10 13:00"), event("e2", "SUB-2", "03-20 12:00"),
        void("v1", "06-01 12:00", decision="d1"),
    )  # fmt: skip
    assert (found.step, found.reopened_by) == (4, ("d1",))


def test_what_was_taken_away_stays_away_when_its_episode_is_judged_again() -> None:
    # d2 goes first, then d1, and e2, which counted e1, is judged again: its warning does not come back to e3.
    found = last(
        event("e1", "SUB-1", "03-10 12:00"), decided("d1", "e1", 2, "03-25 13:00"),
        event("e2", "SUB-1", "03-20 12:00"), decided("d2", "e2", 2, "03-20 13:00"), event("e3", "SUB-2", "04-01 12:00"),
        void("v1", "06-01 12:00", decision="d1"), void("v2", "06-01 12:00", decision="d2"),
    )  # fmt: skip
    assert (found.step, found.reopened_by) == (3, ("d1",))
