"""Worked examples: those of the default policy pass on it and fail when it changes; faulty ones say what is wrong."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

import ap_log.domain.policy
from ap_log.domain.policy.examples import (
    Example,
    ExampleEvent,
    examples_json,
    faults_of_example,
    read_examples,
    try_example,
)
from ap_log.domain.policy.faults import Refused
from ap_log.domain.policy.language import Policy
from tests.domain.policy.leaves import DEFAULT, edited

EXAMPLES = read_examples(json.loads((Path(ap_log.domain.policy.__file__).parent / "default-examples.json").read_text()))
IDS = [example.id for example in EXAMPLES]


def example(*events: ExampleEvent, **fields: Any) -> Example:
    plain = Example(
        "a", "A title", "licence", recalled_for_intoxicated_aggression=False, events=events, step=1, outcome="warn"
    )
    return msgspec.structs.replace(plain, **fields)


def event(day: int = 1, at: str = "22:15", code: str = "SUB-2", **fields: Any) -> ExampleEvent:
    return ExampleEvent(day, at, code, **fields)


def failing(policy: Policy) -> set[str]:
    return {each.id for each in EXAMPLES if not try_example(policy, each).passes}


def faulty(tried: Example, policy: Policy = DEFAULT) -> list[str]:
    return [fault.field for fault in faults_of_example(tried, policy)]


@pytest.mark.parametrize("default", EXAMPLES, ids=IDS)
def test_the_default_policy_passes_its_examples_and_says_why(default: Example) -> None:
    tried = try_example(DEFAULT, default)
    assert (tried.passes, tried.faults, tried.example) == (True, (), default)
    assert tried.answer is not None
    assert (tried.answer.step, tried.answer.outcome) == (default.step, default.outcome)
    assert tried.reasons
    assert all(reason.endswith(".") for reason in tried.reasons)


def test_the_default_examples_have_titles_and_ids_of_their_own_and_reach_every_outcome() -> None:
    assert len(set(IDS)) == len({each.title for each in EXAMPLES}) == len(EXAMPLES)
    assert {each.outcome for each in EXAMPLES} == {"support", "warn", "consider", "case-conference", "act-now"}


@pytest.mark.parametrize(
    ("path", "value", "fails"),
    [
        ("base.SUB-1", 1, "first-suspicion"),
        ("base.SUB-2", 2, "strong-signs"),
        ("base.SUB-8", 3, "supply"),
        ("base.RES-4", 4, "not-back"),
        ("warning_days.1", 13, "second-episode"),
        ("warning_days.1", 29, "expired"),
        ("warning_days.3", 19, "final-crosses"),
        ("climb.final_crosses", ["SUB", "RES"], "final-crosses"),
        ("evidence_guard.any_of", ["SUB-2"], "suspicion-alone"),
        ("evidence_guard.any_of", [], "supply"),
        ("help_seeking.streams", [], "asked-for-help"),
        ("help_seeking.except", ["SUB-3"], "asked-for-help"),
        ("repeat.1.count", 4, "late-again"),
        ("repeat.1.days", 10, "late-again"),
        ("repeat.1.base", 2, "late-again"),
        ("cap.CHG", 3, "charges"),
        ("aggravator.min_base", 4, "threat-to-staff"),
        ("aggravator.add", 2, None),
        ("aggravator.max", 3, "threat-to-staff"),
        ("aggravator.any_of", [], "threat-to-staff"),
        ("fit_to_warn_hours", 12, None),
        ("routes.bail", "elsewhere", None),
    ],
)
def test_a_changed_policy_fails_the_example_that_shows_it(path: str, value: object, fails: str | None) -> None:
    found = failing(edited(path, value))
    assert fails in found if fails else found == set()


@pytest.mark.parametrize("begins", [datetime(2000, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)])
def test_an_example_says_the_same_whenever_its_policy_takes_effect(begins: datetime) -> None:
    assert failing(msgspec.structs.replace(DEFAULT, effective_from=begins)) == set()


@pytest.mark.parametrize("zone", ["Australia/Lord_Howe", "Asia/Kathmandu", "America/New_York"])
def test_an_example_says_the_same_in_any_zone(zone: str) -> None:
    assert failing(msgspec.structs.replace(DEFAULT, zone=ZoneInfo(zone))) == set()


def test_day_1_is_a_monday_read_on_the_policys_clock() -> None:
    for zone in (ZoneInfo("Europe/London"), ZoneInfo("Asia/Kathmandu")):
        answer = try_example(msgspec.structs.replace(DEFAULT, zone=zone), example(event(day=8, at="06:00"))).answer
        assert answer is not None
        assert f"{answer.started_at.astimezone(zone):%A %H:%M}" == "Monday 06:00"


def test_only_the_last_episode_is_asked_about_and_earlier_ones_count_as_issued() -> None:
    late, early = event(day=15), event(day=1)
    assert try_example(DEFAULT, example(late, early, step=2)).passes
    assert not try_example(DEFAULT, example(late, early, step=1)).passes


def test_the_last_day_of_an_example_and_events_of_one_minute_are_fine() -> None:
    assert try_example(DEFAULT, example(event(day=1), event(day=400))).passes
    assert try_example(DEFAULT, example(event(), event(code="SUB-1"))).passes


def test_a_wrong_outcome_of_the_right_step_does_not_pass() -> None:
    supply = example(event(code="SUB-8"), step=4, outcome="case-conference")
    tried = try_example(DEFAULT, supply)
    assert (tried.faults, tried.passes) == ((), False)


def test_recalled_for_intoxicated_aggression_counts() -> None:
    drunk = event(code="CON-2", intoxicated=True)
    assert try_example(DEFAULT, example(drunk, step=3)).passes
    assert try_example(
        DEFAULT, example(drunk, recalled_for_intoxicated_aggression=True, step=4, outcome="consider")
    ).passes


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"id": ""}, "id"),
        ({"id": "a b"}, "id"),
        ({"title": ""}, "title"),
        ({"title": " \n"}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"legal_status": "parole"}, "legal_status"),
        ({"events": ()}, "events"),
        ({"events": (event(),) * 21}, "events"),
        ({"step": 6}, "step"),
        ({"step": -1}, "step"),
        ({"outcome": "support"}, "outcome"),
        ({"outcome": ""}, "outcome"),
        ({"step": 4}, "outcome"),
        ({"events": (event(), event(day=0))}, "events 2.day"),
        ({"events": (event(day=401),)}, "events 1.day"),
        ({"events": (event(at="24:00"),)}, "events 1.at"),
        ({"events": (event(at="9:00"),)}, "events 1.at"),
        ({"events": (event(at=""),)}, "events 1.at"),
        ({"events": (event(code="SUB-99"),)}, "events 1.code"),
        ({"events": (event(code=""),)}, "events 1.code"),
        ({"events": (event(aggravators=("bad-luck",)),)}, "events 1.aggravators"),
        ({"events": (event(aggravators=("repeat-intoxicated-aggression",)),)}, "events 1.aggravators"),
        ({"events": (event(mitigators=("victim-staff",)),)}, "events 1.mitigators"),
    ],
)
def test_a_faulty_example_is_not_judged_and_names_its_field(fields: dict[str, Any], field: str) -> None:
    wrong = example(event(), **fields) if "events" not in fields else example(**fields)
    assert faulty(wrong) == [field]
    tried = try_example(DEFAULT, wrong)
    assert (tried.passes, tried.answer, len(tried.faults)) == (False, None, 1)
    assert tried.faults[0].endswith(".")


def test_every_fault_of_an_example_is_named_at_once() -> None:
    wrong = example(event(day=0, at="x", code="y"), title="", step=9)
    assert faulty(wrong) == ["title", "step", "events 1.day", "events 1.at", "events 1.code"]


def test_an_example_at_the_edges_of_its_fields_is_fine() -> None:
    assert faulty(example(*[event(day=day * 20) for day in range(1, 21)], title="x" * 200)) == []


def test_a_code_the_policy_no_longer_holds_is_a_fault_of_the_example() -> None:
    base = {code: step for code, step in DEFAULT.base.items() if code != "SUB-2"}
    assert faulty(example(event()), msgspec.structs.replace(DEFAULT, base=base)) == ["events 1.code"]


def test_examples_are_kept_as_json_and_read_again() -> None:
    kept = json.loads(json.dumps(examples_json(EXAMPLES)))
    assert kept == examples_json(EXAMPLES)
    assert read_examples(kept) == EXAMPLES
    assert read_examples([]) == ()


@pytest.mark.parametrize("content", [[1], [{}], [{"id": "a"}], [examples_json(EXAMPLES)[0] | {"more": 1}]])
def test_what_cannot_be_examples_is_refused(content: list[object]) -> None:
    with pytest.raises(Refused, match="not examples"):
        read_examples(content)
