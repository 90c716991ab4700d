"""What one version changes in another: every difference is said, with the old and the new, and nothing else is."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ap_log.domain.policy.changes import changes
from ap_log.domain.policy.describe import TITLES
from ap_log.domain.policy.drafting import document_of
from ap_log.domain.policy.language import Policy
from tests.domain.policy.drawn import policies
from tests.domain.policy.leaves import DEFAULT, LEAVES, chapter_of, edited, figures, with_another

FIELDS = [field for field in Policy.__struct_fields__ if field not in ("name", "version", "effective_from")]


def said(path: str, value: object) -> list[str]:
    return [change.words for change in changes(DEFAULT, edited(path, value))]


@pytest.mark.parametrize(("path", "value"), LEAVES)
def test_another_value_of_any_key_is_said_in_its_chapter_with_the_old_and_the_new(path: str, value: object) -> None:
    policy, other = with_another(path, value)
    found = changes(DEFAULT, policy)
    assert {change.chapter for change in found} == {chapter_of(path)}
    if isinstance(value, int):
        words = " ".join(change.words for change in found)
        assert {value, other} <= figures(words), words


@given(policies(), policies(), st.sampled_from(FIELDS))
@settings(deadline=None, max_examples=40)
def test_whatever_differs_is_said_and_equal_policies_have_no_changes(old: Policy, new: Policy, field: str) -> None:
    mixed = msgspec.structs.replace(old, **{field: getattr(new, field)})
    found = changes(old, mixed)
    assert bool(found) == (document_of(old) != document_of(mixed))
    assert len({change.chapter for change in found}) <= 1
    assert changes(old, msgspec.structs.replace(old)) == ()


@given(policies(), policies())
@settings(deadline=None, max_examples=40)
def test_changes_of_any_two_policies_are_sentences_in_the_order_of_the_chapters(old: Policy, new: Policy) -> None:
    found = changes(old, new)
    order = list(TITLES)
    assert [change.chapter for change in found] == sorted((change.chapter for change in found), key=order.index)
    for change in found:
        assert change.words.endswith(".")
        assert change.words[0] == change.words[0].upper()


def test_a_heading_alone_is_no_change() -> None:
    later = msgspec.structs.replace(DEFAULT, name="other", version=9, effective_from=DEFAULT.effective_from.max)
    assert changes(DEFAULT, later) == ()


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("time_zone", "Europe/Paris", "Days are now counted on the clock of Europe/Paris instead of Europe/London."),
        ("episode_window_hours", 1,
         "An episode now takes in what happens within 1 hour of its first event, instead of 12 hours."),
        ("fit_to_warn_hours", 8,
         "A warning now waits 8 hours after the resident was last under the influence, instead of 6 hours."),
        ("warning_days.2", 42, "A first written warning now stays active for 42 days instead of 56."),
        ("base.RES-1", 1,
         "RES-1 (late, up to 30 minutes) now starts at step 1, verbal warning, instead of step 0, support."),
        ("base.DOG-1", 2, "DOG-1 is new and starts at step 2, first written warning."),
        ("repeat.1.count", 4, "RES-1 (late, up to 30 minutes) 4 times within 14 days starts at step 1, verbal warning; "
         "before, 3 times within 14 days started at step 1, verbal warning."),
        ("climb.final_crosses", ["SUB"], "Final warnings now count for each other across these streams: substances; "
         "before, these: substances, conduct and residence."),
        ("climb.low_cap.max", 2, "Events that climb only so far now climb to step 2, first written warning, at most, "
         "instead of step 3, final written warning."),
        ("climb.low_cap.codes", ["RES-1", "RES-2", "RES-5"],
         "RES-7 (guest or room not allowed) now climbs as far as most events do."),
        ("climb.low_cap.codes", ["RES-1", "RES-2", "RES-5", "RES-7", "SUB-7"],
         "SUB-7 (alcohol brought in, or drunk) now climbs to step 3, final written warning, at most."),
        ("cap.ENG", 2, "Events about engagement now never go above step 2, first written warning, "
         "instead of step 1, verbal warning."),
        ("cap.RES", 4, "Events about residence now never go above step 4, for the officer to consider; "
         "before, they had no highest step."),
        ("cap", {"CHG": 2}, "Events about engagement no longer have a highest step; it was step 1, verbal warning."),
        ("aggravator.min_base", 1, "What makes an event worse now counts from a start at step 1, verbal warning, "
         "instead of step 2, first written warning."),
        ("aggravator.add", 2, "What makes an event worse now adds 2 steps instead of 1 step."),
        ("aggravator.max", 3, "What makes an event worse now raises to step 3, final written warning, at most, "
         "instead of step 4, for the officer to consider."),
        ("aggravator.any_of.3", "victim-staff",
         "“Debt or bullying of a resident came into it” no longer makes an event worse."),
        ("mitigator.subtract", 2, "What speaks for a resident now lets a person give 2 steps less, instead of 1 step."),
        ("mitigator.max_step", 1, "What speaks for a resident now counts up to step 1, verbal warning, "
         "instead of step 3, final written warning."),
        ("mitigator.any_of", ["told-staff-first"],
         "“Went to treatment in the last 7 days” no longer speaks for a resident."),
        ("help_seeking.streams", ["SUB", "MED"], "Asking for help now makes events about medical support."),
        ("help_seeking.except", ["SUB-8"],
         "SUB-4 (had a drug on them or in their room) no longer keeps its step where help was asked for."),
        ("evidence_guard.any_of", ["SUB-3", "SUB-5", "SUB-8", "CON-2", "CON-4", "SUB-2"],
         "SUB-2 (strongly suspected use) is now firm enough evidence to put to the officer."),
        ("departure.needs_area_manager_at", 1,
         "A decision now needs an area manager’s sight from 1 step of difference, instead of 2 steps."),
        ("routes.bail", "placement-review",
         "For a resident on bail the way is now placement review instead of bail breach report."),
        ("notify.1.who", ["probation-practitioner", "senior-probation-officer"],
         "Senior probation officers are now told of step 2, first written warning."),
        ("notify.1.who", [], "Probation practitioners are no longer told of step 2, first written warning."),
        ("notify.2.tell_within", "same-day",
         "People are now told of step 3, final written warning, on the same day instead of within 4 hours."),
        ("notify.0.answer", "comment", "People told of step 1, verbal warning, are now asked for a plan or comment; "
         "before, to confirm that they have read it."),
        ("notify.0.answer_within", "next-working-day 09:00", "People told of step 1, verbal warning, are now to answer "
         "by 09:00 on the next working day instead of within 2 working days."),
        ("notify.4.then", [], "Where nobody answers in time of step 5, immediate danger or whereabouts unknown, "
         "it now goes to nobody; before, to area managers."),
        ("mitigator.any_of", ["told-staff-first", "attended-treatment-7-days"],
         "Written in another way, which changes no step – what speaks for a resident: "
         "“They told staff first” and “Went to treatment in the last 7 days”."),
    ],
)  # fmt: skip
def test_a_change_is_said_in_plain_words(path: str, value: object, words: str) -> None:
    assert said(path, value) == [words]


def test_a_code_that_is_taken_out_is_said() -> None:
    base = {code: step for code, step in DEFAULT.base.items() if code != "MED-1"}
    (change,) = changes(DEFAULT, msgspec.structs.replace(DEFAULT, base=base))
    assert change.words == "MED-1 (medical emergency) is taken out of the policy; it started at step 0, support."


def test_rules_that_come_and_go_are_said_whole() -> None:
    first, second = document_of(DEFAULT)["repeat"]
    third = {"code": "RES-1", "count": 5, "days": 28, "base": 2}
    assert said("repeat", [first, second, third]) == [
        "New: RES-1 (late, up to 30 minutes) 5 times within 28 days starts at step 2, first written warning."
    ]
    assert said("repeat", [second]) == [
        "No longer: SUB-1 (suspected use) 2 times within 14 days starts at step 1, verbal warning."
    ]
    (words,) = said("repeat", [second, first])
    assert words.startswith("Written in another way, which changes no step – repeat rules: RES-1")


def test_a_second_notice_of_a_step_is_said_whole_and_not_as_a_change_of_the_first() -> None:
    notices = document_of(DEFAULT)["notify"]
    more = notices[0] | {"who": ["manager"]}
    assert said("notify", [*notices, more]) == [
        "New: Step 1, verbal warning: managers are told by 12:00 on the next working day "
        "and are asked to confirm that they have read it within 2 working days."
    ]
    (gone,) = said("notify", notices[:-1])
    assert gone.startswith("No longer: Step 5, immediate danger or whereabouts unknown: on-duty managers and")
