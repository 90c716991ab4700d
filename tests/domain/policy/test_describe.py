"""A policy in words: complete, chapter by chapter, and in sentences."""

import pytest
from hypothesis import given, settings

from ap_log.domain.policy.changes import changes
from ap_log.domain.policy.describe import TITLES, Chapter, describe
from ap_log.domain.policy.language import Policy
from tests.domain.policy.drawn import policies
from tests.domain.policy.leaves import DEFAULT, LEAVES, chapter_of, edited, figures, with_another


def chapter(policy: Policy, key: str) -> Chapter:
    return next(chapter for chapter in describe(policy) if chapter.key == key)


@pytest.mark.parametrize(("path", "value"), LEAVES)
def test_every_key_is_said_in_its_chapter(path: str, value: object) -> None:
    policy, _ = with_another(path, value)
    differ = {new.key for old, new in zip(describe(DEFAULT), describe(policy), strict=True) if old != new}
    assert differ == {chapter_of(path)}
    if isinstance(value, int):
        assert value in figures(" ".join(chapter(DEFAULT, chapter_of(path)).lines))


@given(policies(), policies())
@settings(deadline=None, max_examples=40)
def test_any_policy_is_described_in_sentences_and_two_that_differ_differently(one: Policy, other: Policy) -> None:
    found = describe(one)
    assert [(each.key, each.title) for each in found] == list(TITLES.items())
    for line in (line for each in found for line in each.lines):
        assert line.endswith(".")
        assert line[0] == line[0].upper()
    assert all(each.lines for each in found)
    if changes(one, other):
        assert found != describe(other)


@pytest.mark.parametrize(
    ("key", "lines"),
    [
        ("times", [
            "Days are counted on the clock of Europe/London.",
            "An episode takes in what happens within 12 hours of its first event.",
            "A warning waits 6 hours after the resident was last under the influence.",
            "A verbal warning stays active for 28 days.",
            "A first written warning stays active for 56 days.",
            "A final written warning stays active for 84 days.",
        ]),
        ("repeat", [
            "SUB-1 (suspected use) 2 times within 14 days starts at step 1, verbal warning.",
            "RES-1 (late, up to 30 minutes) 3 times within 14 days starts at step 1, verbal warning.",
        ]),
        ("routes", [
            "For a resident on licence the way is recall consideration.",
            "For a resident on a community order the way is breach consideration.",
            "For a resident on a suspended sentence order the way is breach consideration.",
            "For a resident on bail the way is bail breach report.",
            "For a resident on post-sentence supervision the way is placement review.",
        ]),
    ],
)  # fmt: skip
def test_the_default_policy_is_read_in_plain_words(key: str, lines: list[str]) -> None:
    assert list(chapter(DEFAULT, key).lines) == lines


def test_events_are_said_by_the_step_they_start_at() -> None:
    lines = chapter(DEFAULT, "base").lines
    assert [line.split(":")[0] for line in lines] == [
        "Step 0, support",
        "Step 1, verbal warning",
        "Step 2, first written warning",
        "Step 3, final written warning",
        "Step 4, for the officer to consider",
        "Step 5, immediate danger or whereabouts unknown",
    ]
    assert "SUB-8 (supplying, a quantity, or dealing items)" in lines[4]


def test_who_is_told_is_said_with_who_comes_after_them() -> None:
    assert chapter(DEFAULT, "notify").lines[3] == (
        "Step 4, for the officer to consider: probation practitioners, senior probation officers and area managers are "
        "told within 2 hours and are asked for a decision with a reason within 24 hours. If they do not answer it goes "
        "to deputies, then senior probation officers, then area managers."
    )
    assert chapter(DEFAULT, "notify").lines[-1] == "Nobody is told of step 0."


def test_what_a_policy_leaves_out_is_said_too() -> None:
    assert chapter(edited("repeat", []), "repeat").lines == ("Nothing starts higher because it is repeated.",)
    assert chapter(edited("cap", {}), "climb").lines[-1] == "No stream has a highest step of its own."
    assert chapter(edited("notify", []), "notify").lines == (
        "Nobody is told of step 0 or step 1 or step 2 or step 3 or step 4 or step 5.",
    )
    assert "These speak for a resident: none." in chapter(edited("mitigator.any_of", []), "raising").lines


def test_an_areas_own_words_are_said_as_they_are_spelt() -> None:
    assert "DOG-1" in " ".join(chapter(edited("base.DOG-1", 2), "base").lines)
    assert "“night-lead” are told" in chapter(edited("notify.0.who", ["night-lead"]), "notify").lines[0]
