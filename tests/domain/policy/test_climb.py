"""Climbing over active warnings: windows, clock changes, final warnings across streams, the low cap."""

from datetime import timedelta

import pytest

from ap_log.domain.policy.language import PolicyBook
from ap_log.domain.policy.timeline import Decision, Event
from tests.domain.policy.build import changed, decided, episodes, event, last, local, void
from tests.domain.policy.histories import Json


def warned(step: int, at: str = "03-10 12:00", code: str = "SUB-2") -> tuple[Event, Decision]:
    return event("e1", code, at), decided("d1", "e1", step, at)


@pytest.mark.parametrize(("step", "days", "climb"), [(1, 28, 2), (2, 56, 3), (3, 84, 4)])
def test_a_warning_of_each_step_is_active_for_its_days_and_not_a_second_longer(
    step: int, days: int, climb: int
) -> None:
    issued = local("06-01 12:00")
    facts = event("e1", "SUB-2", issued), decided("d1", "e1", step, issued)
    end = issued + timedelta(days=days)
    before = last(*facts, event("e2", "SUB-2", end - timedelta(seconds=1)))
    assert (before.climb, before.counted_warnings) == (climb, ("d1",))
    after = last(*facts, event("e2", "SUB-2", end))
    assert (after.climb, after.step, after.counted_warnings) == (0, 1, ())


def test_a_warning_counts_from_the_second_it_is_issued() -> None:
    first = event("e1", "SUB-2", "03-10 12:00")
    second = event("e2", "SUB-2", "03-12 12:00")
    for issued, climb in (("03-12 11:59:59", 2), ("03-12 12:00:00", 2), ("03-12 12:00:01", 0)):
        assert last(first, decided("d1", "e1", 1, issued), second).climb == climb


@pytest.mark.parametrize(
    ("case", "issued", "last_active", "first_inactive"),
    [
        ("into summer time", local("03-10 12:00"), local("04-07 11:59:59"), local("04-07 12:00")),
        ("out of summer time", local("10-10 12:00"), local("11-07 11:59:59"), local("11-07 12:00")),
        ("to a skipped reading", local("03-01 01:30"), local("03-29 02:29:59"), local("03-29 02:30")),
        ("to the gap's first second", local("03-01 01:00"), local("03-29 00:59:59"), local("03-29 02:00")),
        ("to the second after the gap", local("03-01 02:00"), local("03-29 00:59:59"), local("03-29 02:00")),
        ("to the second before the gap", local("03-01 00:59:59"), local("03-29 00:59:58"), local("03-29 00:59:59")),
        ("to a doubled reading", local("09-27 01:30"), local("10-25 01:29:59"), local("10-25 01:30")),
        ("to its first second", local("09-27 01:00"), local("10-25 00:59:59"), local("10-25 01:00")),
        ("to the reading after it", local("09-27 02:00"), local("10-25 01:59:59", fold=1), local("10-25 02:00")),
        (
            "from a doubled reading, the second time",
            local("10-25 01:30", fold=1),
            local("11-22 01:29:59"),
            local("11-22 01:30"),
        ),
    ],
)
def test_days_are_wall_clock_days_across_both_clock_changes(
    case: str, issued: object, last_active: object, first_inactive: object
) -> None:
    facts = event("e1", "SUB-2", issued), decided("d1", "e1", 1, issued)  # type: ignore[arg-type]
    assert last(*facts, event("e2", "SUB-2", last_active)).climb == 2, case  # type: ignore[arg-type]
    assert last(*facts, event("e2", "SUB-2", first_inactive)).climb == 0, case  # type: ignore[arg-type]


def test_only_warnings_of_the_events_own_stream_are_climbed() -> None:
    assert last(*warned(2), event("e2", "CON-1", "03-20 12:00")).climb == 0
    assert last(*warned(2), event("e2", "SUB-7", "03-20 12:00")).climb == 3


def test_the_highest_active_warning_counts_and_all_of_the_stream_are_listed() -> None:
    found = last(
        event("e1", "SUB-2", "03-10 12:00"), decided("z", "e1", 2, "03-10 13:00"),
        event("e2", "SUB-2", "03-11 12:00"), decided("a", "e2", 1, "03-11 13:00"),
        event("e3", "SUB-2", "03-20 12:00"),
    )  # fmt: skip
    assert (found.climb, found.counted_warnings) == (3, ("a", "z"))


def test_an_event_of_base_0_does_not_climb_and_still_lists_the_warnings_it_met() -> None:
    found = last(*warned(3), event("e2", "SUB-1", "03-20 12:00"))
    assert (found.base, found.climb, found.step, found.counted_warnings) == (0, 0, 0, ("d1",))


def test_a_base_higher_than_the_climb_stands_and_the_climb_is_printed_as_it_is() -> None:
    found = last(*warned(1), event("e2", "SUB-8", "03-20 12:00"))
    assert (found.base, found.climb, found.step) == (4, 2, 4)


@pytest.mark.parametrize("stream", ["SUB-2", "CON-1", "RES-3"])
@pytest.mark.parametrize("warned_code", ["SUB-2", "CON-1", "RES-3"])
def test_a_final_warning_crosses_substances_conduct_and_residence(stream: str, warned_code: str) -> None:
    found = last(*warned(3, code=warned_code), event("e2", stream, "03-20 12:00"))
    assert (found.climb, found.step, found.counted_warnings) == (4, 4, ("d1",))


def test_a_final_warning_does_not_cross_into_or_out_of_other_streams() -> None:
    into = last(*warned(3), event("e2", "CHG-1", "03-20 12:00"))
    assert (into.climb, into.counted_warnings) == (0, ())
    out = last(*warned(3, code="CHG-1"), event("e2", "SUB-2", "03-20 12:00"))
    assert (out.climb, out.counted_warnings) == (0, ())


def test_a_first_written_warning_crosses_nothing() -> None:
    assert last(*warned(2), event("e2", "CON-1", "03-20 12:00")).climb == 0


def test_a_final_warning_of_another_stream_is_not_listed_for_an_event_of_base_0() -> None:
    found = last(*warned(3), event("e2", "RES-1", "03-20 12:00"))
    assert (found.climb, found.counted_warnings) == (0, ())


def test_a_final_warning_is_listed_even_where_the_streams_own_gives_as_much() -> None:
    found = last(
        event("e1", "SUB-2", "03-10 12:00"), decided("d1", "e1", 3, "03-10 13:00"),
        event("e2", "CON-1", "03-11 12:00"), decided("d2", "e2", 3, "03-11 13:00"),
        event("e3", "SUB-2", "03-20 12:00"),
    )  # fmt: skip
    assert (found.climb, found.counted_warnings) == (4, ("d1", "d2"))


@pytest.mark.parametrize(("code", "climb"), [("RES-2", 3), ("RES-5", 3), ("RES-7", 3), ("RES-3", 4), ("RES-8", 4)])
def test_small_residence_matters_climb_to_3_at_most_and_list_the_final_warning_all_the_same(
    code: str, climb: int
) -> None:
    found = last(*warned(3), event("e2", code, "03-20 12:00"))
    assert (found.climb, found.counted_warnings) == (climb, ("d1",))


def test_the_low_cap_bounds_the_climb_and_not_the_base() -> None:
    def low(policy: Json) -> None:
        policy["climb"]["low_cap"] = {"codes": ["RES-3"], "max": 1}

    found = last(*warned(2, code="RES-3"), event("e2", "RES-3", "03-20 12:00"), book=PolicyBook.of(changed(low)))
    assert (found.base, found.climb, found.step) == (2, 1, 2)


def test_a_low_cap_of_5_still_climbs_to_4_at_most() -> None:
    def high(policy: Json) -> None:
        policy["climb"]["low_cap"]["max"] = 5

    assert last(*warned(3), event("e2", "RES-2", "03-20 12:00"), book=PolicyBook.of(changed(high))).climb == 4


def test_an_episode_never_meets_its_own_warning() -> None:
    found = last(
        event("e1", "SUB-2", "03-10 12:00"), decided("d1", "e1", 2, "03-10 12:30"), event("e2", "SUB-2", "03-10 13:00")
    )
    assert (found.events, found.climb, found.counted_warnings) == (("e1", "e2"), 0, ())


def test_each_event_meets_the_warnings_of_its_own_time() -> None:
    first = event("e1", "SUB-2", "03-10 12:00")
    late = decided("d1", "e1", 1, "03-20 13:00")
    found = last(first, event("e2", "SUB-2", "03-20 12:00"), late, event("e3", "SUB-2", "03-20 14:00"))
    assert (found.deciding_event, found.climb, found.counted_warnings) == ("e3", 2, ("d1",))


def test_what_nobody_decided_counts_as_recommended_only_where_that_is_assumed() -> None:
    facts = event("e1", "SUB-2", "03-10 12:00"), event("e2", "SUB-2", "03-20 12:00")
    assert last(*facts, assumed=True).counted_warnings == ("e1",)
    assert last(*facts, assumed=False).counted_warnings == ()


def test_an_assumed_warning_is_issued_at_the_deciding_events_time_and_carries_its_id() -> None:
    facts = event("e1", "SUB-1", "03-10 08:00"), event("e2", "SUB-2", "03-10 12:00")
    assert last(*facts, event("e3", "SUB-2", "04-07 11:59:59")).counted_warnings == ("e2",)
    assert last(*facts, event("e3", "SUB-2", "04-07 12:00:00")).counted_warnings == ()


@pytest.mark.parametrize("step", [0, 4, 5])
def test_a_decision_of_step_0_4_or_5_makes_no_warning(step: int) -> None:
    assert last(*warned(step), event("e2", "SUB-2", "03-20 12:00")).counted_warnings == ()


def test_a_decision_replaces_what_would_have_been_assumed() -> None:
    found = last(*warned(2), event("e2", "SUB-2", "03-20 12:00"))
    assert (found.climb, found.counted_warnings) == (3, ("d1",))


@pytest.mark.parametrize(("at", "climb"), [("03-20 11:59:59", 0), ("03-20 12:00:00", 0), ("03-20 12:00:01", 2)])
def test_a_void_warning_is_void_from_its_very_second(at: str, climb: int) -> None:
    now = event("e2", "SUB-2", "03-20 12:00")
    assert last(*warned(1), void("v1", at, decision="d1"), now).climb == climb
    assert last(*warned(1), void("v1", at, event="e1"), now).climb == climb
    assert last(event("e1", "SUB-2", "03-10 12:00"), void("v1", at, event="e1"), now).climb == climb


def test_the_earliest_of_several_voids_counts() -> None:
    voids = void("v1", "03-30 12:00", decision="d1"), void("v2", "03-15 12:00", event="e1")
    assert last(*warned(1), *voids, event("e2", "SUB-2", "03-20 12:00")).climb == 0


def test_a_warning_voided_before_it_was_issued_never_counts() -> None:
    facts = event("e1", "SUB-2", "03-10 12:00"), decided("d1", "e1", 1, "03-12 12:00")
    assert last(*facts, void("v1", "03-11 12:00", event="e1"), event("e2", "SUB-2", "03-13 12:00")).climb == 0


def test_a_decisions_warning_has_the_stream_of_its_episode_as_it_is_now_known() -> None:
    facts = event("e1", "SUB-2", "03-10 12:00"), decided("d1", "e1", 1, "03-10 18:00")
    late = event("e0", "CON-4", "03-10 13:00")
    assert last(*facts, event("e2", "SUB-2", "03-20 12:00")).counted_warnings == ("d1",)
    found = last(*facts, late, event("e2", "SUB-2", "03-20 12:00"))
    assert found.counted_warnings == ()
    assert last(*facts, late, event("e2", "CON-1", "03-20 12:00")).counted_warnings == ("d1",)


def test_a_warning_of_a_later_episode_is_not_met_although_it_was_issued_before() -> None:
    # Nothing is issued before its own event; a later episode's warning is simply never earlier than this episode.
    found = episodes(*warned(1), event("e0", "SUB-2", "03-09 12:00"))
    assert [episode.counted_warnings for episode in found] == [(), ("e0",)]


def test_a_final_warning_that_crosses_counts_for_more_than_a_lower_one_of_the_events_own_stream() -> None:
    own = event("e2", "CON-1", "03-12 12:00"), decided("d2", "e2", 1, "03-12 12:30")
    found = last(*warned(3), *own, event("e3", "CON-1", "03-20 12:00"))
    assert (found.climb, found.counted_warnings) == (4, ("d1", "d2"))
