"""Which events belong together, which of them decides, and under whose version."""

from datetime import timedelta

import pytest

from ap_log.domain.policy.language import PolicyBook
from tests.domain.policy.build import BOOK, answer, changed, decided, episodes, event, last, local
from tests.domain.policy.histories import default_policy


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("03-10 20:00:00", [("e1", "e2")]),
        ("03-11 07:59:59", [("e1", "e2")]),
        ("03-11 08:00:00", [("e1",), ("e2",)]),
        ("03-11 08:00:01", [("e1",), ("e2",)]),
    ],
)
def test_an_event_joins_the_open_episode_until_twelve_hours_after_its_first(
    second: str, expected: list[tuple[str, ...]]
) -> None:
    found = episodes(event("e1", "SUB-2", "03-10 20:00"), event("e2", "SUB-2", second))
    assert [episode.events for episode in found] == expected


def test_the_window_is_counted_from_the_first_event_and_not_from_the_latest() -> None:
    found = episodes(
        event("e1", "CON-1", "03-10 20:00"), event("e2", "CON-1", "03-11 07:00"), event("e3", "CON-1", "03-11 08:00")
    )
    assert [episode.events for episode in found] == [("e1", "e2"), ("e3",)]


def test_the_window_is_elapsed_time_across_the_spring_change() -> None:
    # 20:00 GMT and twelve elapsed hours are 09:00 BST: on the clock it looks like thirteen.
    found = episodes(event("e1", "CON-1", "03-28 20:00"), event("e2", "CON-1", "03-29 08:59:59"))
    assert len(found) == 1
    assert len(episodes(event("e1", "CON-1", "03-28 20:00"), event("e2", "CON-1", "03-29 09:00"))) == 2


def test_the_window_is_elapsed_time_across_the_autumn_change() -> None:
    assert len(episodes(event("e1", "CON-1", "10-24 20:00"), event("e2", "CON-1", "10-25 06:59:59"))) == 1
    assert len(episodes(event("e1", "CON-1", "10-24 20:00"), event("e2", "CON-1", "10-25 07:00"))) == 2


def test_events_of_one_instant_are_ordered_by_id() -> None:
    found = last(event("b", "CON-1", "03-10 20:00"), event("a", "CON-1", "03-10 20:00"))
    assert (found.events, found.deciding_event) == (("a", "b"), "a")


def test_ids_are_ordered_as_plain_strings() -> None:
    found = last(*(event(name, "CON-1", "03-10 20:00") for name in ("e2", "e10", "E3")))
    assert found.events == ("E3", "e10", "e2")


@pytest.mark.parametrize(
    ("case", "facts", "expected"),
    [
        ("the highest step", [("a", "SUB-2", 0), ("b", "SUB-3", 1)], "b"),
        ("among equals the earlier", [("b", "SUB-3", 0), ("a", "SUB-4", 1)], "b"),
        ("at one instant the smaller id", [("b", "SUB-3", 0), ("a", "SUB-4", 0)], "a"),
    ],
)
def test_the_deciding_event(case: str, facts: list[tuple[str, str, int]], expected: str) -> None:
    start = local("03-10 20:00")
    found = last(*(event(name, code, start + timedelta(hours=hours)) for name, code, hours in facts))
    assert found.deciding_event == expected, case


def test_among_equal_steps_the_higher_base_decides_although_it_came_later() -> None:
    found = last(
        event("e1", "SUB-2", "03-01 12:00"),  # step 1
        event("e2", "SUB-2", "03-10 12:00"),  # climbs to 2
        event("e3", "RES-3", "03-10 13:00"),  # is 2 by itself
    )
    assert (found.deciding_event, found.stream, found.base, found.climb, found.step) == ("e3", "RES", 2, 0, 2)


def test_no_events_are_no_episodes() -> None:
    assert answer().episodes == ()


def versions() -> PolicyBook:
    def stricter(policy: dict[str, object]) -> None:
        policy["base"]["SUB-2"] = 2  # type: ignore[index]
        policy["base"]["NEW-1"] = 3  # type: ignore[index]

    later = changed(stricter, version=2, effective_from=local("04-01 00:00"), episode_window_hours=1)
    return PolicyBook.of(later, *BOOK.policies)


@pytest.mark.parametrize(("at", "step"), [("03-31 23:59:59", 1), ("04-01 00:00:00", 2), ("04-01 00:00:01", 2)])
def test_an_episode_is_judged_by_the_newest_policy_in_force_at_its_first_event(at: str, step: int) -> None:
    assert last(event("e1", "SUB-2", at), book=versions()).step == step


def test_the_whole_episode_keeps_the_policy_and_the_window_of_its_first_event() -> None:
    found = episodes(event("e1", "CON-1", "03-31 23:00"), event("e2", "SUB-2", "04-01 08:00"), book=versions())
    assert [(episode.events, episode.step) for episode in found] == [(("e1", "e2"), 1)]


def test_the_later_window_is_the_later_policys() -> None:
    found = episodes(event("e1", "CON-1", "04-02 20:00"), event("e2", "CON-1", "04-02 21:00"), book=versions())
    assert len(found) == 2


def test_the_answer_lists_the_versions_oldest_first() -> None:
    assert answer(book=versions()).policy == "ap-default/1,ap-default/2"


def test_a_warning_keeps_the_days_of_the_policy_that_judged_its_episode() -> None:
    days = {"1": 1, "2": 1, "3": 1}
    later = changed(lambda policy: policy, version=2, effective_from=local("03-20 00:00"), warning_days=days)
    book = PolicyBook.of(later, *BOOK.policies)
    found = last(event("e1", "SUB-2", "03-10 12:00"), event("e2", "SUB-2", "04-01 12:00"), book=book)
    assert found.counted_warnings == ("e1",)


def test_a_warning_keeps_the_zone_of_the_policy_that_judged_its_episode() -> None:
    # 28 days from 12:00 in London end at 12:00 BST; in the later policy's zone they would end an hour later.
    later = changed(lambda policy: policy, version=2, effective_from=local("03-20 00:00"), time_zone="UTC")
    book = PolicyBook.of(later, *BOOK.policies)
    warned = event("e1", "SUB-2", "03-10 12:00")
    assert last(warned, event("e2", "SUB-2", "04-07 11:59:59"), book=book).counted_warnings == ("e1",)
    assert last(warned, event("e2", "SUB-2", "04-07 12:00"), book=book).counted_warnings == ()


def test_the_rules_of_the_judged_episode_look_at_earlier_codes_its_own_policy_no_longer_knows() -> None:
    def without_paraphernalia(policy: dict[str, object]) -> None:
        del policy["base"]["SUB-6"]  # type: ignore[attr-defined]

    later = changed(without_paraphernalia, version=2, effective_from=local("03-20 00:00"))
    book = PolicyBook.of(later, *BOOK.policies)
    found = last(event("e1", "SUB-6", "03-10 12:00"), event("e2", "SUB-2", "03-21 12:00"), book=book)
    assert (found.step, found.counted_warnings) == (2, ("e1",))


def test_each_decision_belongs_to_the_episode_of_any_of_its_events_and_may_precede_later_ones() -> None:
    found = episodes(
        event("e1", "SUB-2", "03-10 12:00"),
        decided("d1", "e1", 2, "03-10 13:00"),
        event("e2", "SUB-2", "03-10 14:00"),
        event("e3", "SUB-2", "03-20 12:00"),
        assumed=False,
    )
    assert [(episode.events, episode.counted_warnings) for episode in found] == [(("e1", "e2"), ()), (("e3",), ("d1",))]


def test_the_default_policy_is_the_shared_one_word_for_word() -> None:
    assert default_policy()["name"] == "ap-default"
    assert BOOK.label == "ap-default/1"
