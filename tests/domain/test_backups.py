"""Up to when a copy holds everything: the last time before the first thing that is missing, and never too soon."""

from datetime import UTC, datetime, timedelta

import pytest

from ap_log.domain.backups import SETTLES_AFTER, Copy, Kept, Received, compare

BEGAN = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def received(name: str, minutes_ago: int) -> Received:
    return Received(Kept("entry", name, f"sha of {name}"), BEGAN - minutes_ago * MINUTE)


LIVE = [received("a", 90), received("b", 60), received("c", 60), received("d", 30)]


def copy(*names: str) -> Copy:
    return Copy(frozenset(each.item for each in LIVE if each.item.id in names), frozenset())


@pytest.mark.parametrize(
    ("there", "up_to", "missing", "newer"),
    [
        ("abcd", 30, [], 0),
        ("abc", 60, [], 1),
        ("ab", 90, [], 2),  # c came in the same moment as b: nothing of that moment is safe.
        ("a", 90, [], 3),
        ("", None, [], 4),
        ("bcd", None, ["a"], 0),
        ("abd", 90, ["c"], 0),
        ("acd", 90, ["b"], 0),
    ],
)
def test_everything_up_to_the_first_missing_thing_is_safe(
    there: str, up_to: int | None, missing: list[str], newer: int
) -> None:
    found = compare(LIVE, copy(*there), BEGAN)

    assert found.up_to == (None if up_to is None else BEGAN - up_to * MINUTE)
    assert [each.item.id for each in found.missing] == missing
    assert found.newer == newer
    assert found.is_good is (not missing)


@pytest.mark.parametrize(("ago", "counts"), [(SETTLES_AFTER, True), (SETTLES_AFTER - timedelta(seconds=1), False)])
def test_nothing_is_said_of_what_may_have_companions_that_are_still_being_stored(ago: timedelta, counts: bool) -> None:
    fresh = Received(Kept("entry", "e", "s"), BEGAN - ago)

    found = compare([fresh], Copy(frozenset({fresh.item}), frozenset()), BEGAN)
    assert found.up_to == (fresh.received_at if counts else None)
    assert compare([fresh], Copy(frozenset(), frozenset()), BEGAN).newer == int(counts)


def test_the_same_entry_with_other_bytes_is_missing() -> None:
    other = Copy(frozenset({Kept("entry", "a", "sha of something else"), LIVE[3].item}), frozenset())
    assert [each.item.id for each in compare(LIVE, other, BEGAN).missing] == ["a", "b", "c"]


def test_a_copy_with_damage_is_not_a_good_one() -> None:
    damaged = Copy(copy("a", "b", "c").whole, frozenset({LIVE[3].item}))
    found = compare(LIVE, damaged, BEGAN)

    assert not found.is_good
    assert [item.id for item in found.damaged] == ["d"]


def test_an_empty_log_has_nothing_to_be_safe() -> None:
    found = compare([], copy(), BEGAN)
    assert (found.up_to, found.is_good, found.compared) == (None, True, {})
