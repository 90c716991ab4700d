"""Loading a policy: what is refused, that every fault is named with key and line, and what is fine."""

import copy
import json
from datetime import UTC, date, datetime, time

import pytest

from ap_log.domain.policy.faults import Refused
from ap_log.domain.policy.language import policy_json
from ap_log.domain.policy.loading import load_policy
from tests.domain.policy.edits import Edit, drop, put
from tests.domain.policy.histories import DEFAULT_TOML, Json, default_policy
from tests.domain.policy.toml import toml_text


def faults_of(text: str) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        load_policy(text)
    return refused.value.faults


def after(change: Edit) -> str:
    policy = copy.deepcopy(default_policy())
    change(policy)
    return toml_text(policy)


NUMBERS = [
    ("version", 1, 1_000_000),
    ("episode_window_hours", 1, 1000),
    ("fit_to_warn_hours", 0, 1000),
    ("warning_days.1", 1, 3650),
    ("warning_days.2", 1, 3650),
    ("warning_days.3", 1, 3650),
    ("base.SUB-1", 0, 5),
    ("repeat.0.count", 1, 1000),
    ("repeat.0.days", 1, 3650),
    ("repeat.0.base", 0, 5),
    ("climb.low_cap.max", 0, 5),
    ("cap.CHG", 0, 5),
    ("aggravator.min_base", 0, 5),
    ("aggravator.add", 0, 5),
    ("aggravator.max", 0, 5),
    ("mitigator.subtract", 0, 5),
    ("mitigator.max_step", 0, 5),
    ("departure.needs_area_manager_at", 1, 5),
    ("notify.0.step", 0, 5),
]
NOT_A_NUMBER: list[object] = [True, False, 1.0, "1", [1], {"a": 1}]
TEXTS = ["name", "routes.licence", "notify.0.answer", "notify.0.tell_within", "notify.0.answer_within", "repeat.0.code"]
LISTS = [
    "climb.final_crosses", "climb.low_cap.codes", "aggravator.any_of", "mitigator.any_of", "help_seeking.streams",
    "help_seeking.except", "evidence_guard.any_of", "notify.0.who", "notify.3.then",
]  # fmt: skip
OPTIONAL = {"repeat", "notify", "notify.3.then"}
KEYS = [
    *default_policy(), *(path for path, _, _ in NUMBERS if "base." not in path and "cap." not in path), *TEXTS, *LISTS,
    *(f"routes.{status}" for status in default_policy()["routes"]), "climb.low_cap", "evidence_guard.step",
]  # fmt: skip


@pytest.mark.parametrize(("path", "low", "high"), NUMBERS)
def test_a_number_holds_from_its_lowest_to_its_highest(path: str, low: int, high: int) -> None:
    for value in (low, high):
        load_policy(after(put(path, value)))
    for value in (low - 1, high + 1, -1, 10**30):
        (fault,) = faults_of(after(put(path, value)))
        assert f"must be a whole number from {low} to {high}, not {value}" in fault


@pytest.mark.parametrize("path", [path for path, _, _ in NUMBERS] + ["evidence_guard.step"])
@pytest.mark.parametrize("value", NOT_A_NUMBER)
def test_what_only_looks_like_a_whole_number_is_refused(path: str, value: object) -> None:
    assert len(faults_of(after(put(path, value)))) == 1


@pytest.mark.parametrize("path", TEXTS)
@pytest.mark.parametrize("value", [1, True, "", "a b", "é", "x" * 65, ["a"]])
def test_a_text_of_the_wrong_form_is_refused(path: str, value: object) -> None:
    assert len(faults_of(after(put(path, value)))) == 1


@pytest.mark.parametrize("path", LISTS)
def test_a_list_may_be_empty_and_hold_an_entry_twice_but_nothing_of_another_form(path: str) -> None:
    load_policy(after(put(path, [])))
    policy: object = default_policy()
    for step in path.split("."):
        policy = policy[int(step)] if isinstance(policy, list) else policy[step]  # type: ignore[index]
    load_policy(after(put(path, [*policy, *policy])))  # type: ignore[misc]
    assert len(faults_of(after(put(path, "SUB")))) == 1
    assert len(faults_of(after(put(path, [1, "a b"])))) == 2


@pytest.mark.parametrize("path", sorted(set(KEYS)))
def test_every_key_is_needed_but_three(path: str) -> None:
    if path in OPTIONAL:
        load_policy(after(drop(path)))
    else:
        assert any(f"{path.replace('.0', ' 1')}: is missing" in fault for fault in faults_of(after(drop(path))))


@pytest.mark.parametrize(
    "path",
    ["extra", "warning_days.4", "warning_days.0", "repeat.0.extra", "climb.extra", "climb.low_cap.extra",
     "aggravator.extra",
     "mitigator.extra", "help_seeking.extra", "evidence_guard.extra", "departure.extra", "routes.parole",
     "notify.0.extra"],
)  # fmt: skip
def test_an_unknown_key_is_refused_at_every_level(path: str) -> None:
    (fault,) = faults_of(after(put(path, 1)))
    assert fault.endswith(f"{path.replace('.0.', ' 1.')}: unknown key")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (put("repeat.0.code", "SUB-99"), 'must be a code that [base] holds, not "SUB-99"'),
        (put("climb.low_cap.codes", ["SUB-99"]), 'must be a code that [base] holds, not "SUB-99"'),
        (put("help_seeking.except", ["SUB-1", "XYZ-1"]), 'help_seeking.except 2: must be a code that [base] holds'),
        (put("evidence_guard.any_of", ["sub-1"]), "must be a code that [base] holds"),
        (put("climb.final_crosses", ["XYZ"]), 'must be a stream that [base] holds, not "XYZ"'),
        (put("help_seeking.streams", ["SU"]), 'must be a stream that [base] holds, not "SU"'),
        (put("cap.XYZ", 1), "cap.XYZ: must be a stream that [base] holds"),
        (put("base.SUB-100", 1), "base.SUB-100: must be three capitals, a dash and one or two digits"),
        (put("base.sub-1", 1), "base.sub-1: must be three capitals, a dash and one or two digits"),
        (put("base.SUB-", 1), "must be three capitals"),
        (put("base.SUB-1\n", 1), "must be three capitals"),
        (put("base.SUB-١", 1), "must be three capitals"),
        (put("evidence_guard.step", 3), "must be 4, the step a case conference can stand in for, not 3"),
        (put("evidence_guard.step", 5), "must be 4"),
        (put("time_zone", "Europe/Camelot"), "must be a time zone"),
        (put("time_zone", "Europe"), "must be a time zone"),
        (put("time_zone", "../etc/passwd"), "must be a time zone"),
        (put("time_zone", "/etc/passwd"), "must be a time zone"),
        (put("time_zone", "localtime"), "must be a time zone"),
        (put("time_zone", "Factory"), "must be a time zone"),
        (put("time_zone", ""), "must be a time zone"),
        (put("time_zone", "Europe/London\x00"), "must be a time zone"),
        (put("time_zone", 1), "must be a time zone"),
        (put("effective_from", datetime(2026, 1, 1)), "must be a date and time with its offset"),  # noqa: DTZ001
        (put("effective_from", "2026-01-01T00:00:00Z"), "must be a date and time with its offset"),
        (put("effective_from", 1), "must be a date and time with its offset"),
        (put("notify.0.answer", "shrug"), 'must be "seen", "comment" or "decision"'),
        (put("notify.0.tell_within", "soon"), "must be a time such as"),
        (put("notify.0.tell_within", "0 hours"), "must be a time such as"),
        (put("notify.0.tell_within", "next-working-day 24:00"), "must be a time such as"),
        (put("notify.0.tell_within", "next-working-day"), "must be a time such as"),
        (put("name", "two words"), "must be 1 to 64 of"),
        (put("aggravator.any_of", ["a b"]), "aggravator.any_of 1: must be 1 to 64 of"),
        (put("warning_days", 28), "warning_days: must be a table of keys and values, not 28"),
        (put("repeat", "twice"), "repeat: must be a list"),
        (put("notify", [1]), "notify 1: must be a table"),
        (put("climb.low_cap", [1]), "climb.low_cap: must be a table"),
    ],
)  # fmt: skip
def test_a_fault_is_refused_by_name(change: Edit, fault: str) -> None:
    (found,) = faults_of(after(change))
    assert fault in found


@pytest.mark.parametrize("value", [date(2026, 1, 1), time(12, 0)])
def test_a_date_or_a_time_alone_is_no_beginning(value: object) -> None:
    text = DEFAULT_TOML.replace("2026-01-01T00:00:00Z", str(value))
    (fault,) = faults_of(text)
    assert "effective_from: must be a date and time with its offset" in fault


@pytest.mark.parametrize(
    "value",
    ["15 minutes", "1 minute", "1 hour", "24 hours", "1 working-day", "2 working-days", "same-day",
     "next-working-day 00:00",
     "next-working-day 23:59"],
)  # fmt: skip
def test_times_of_a_notice_have_a_small_grammar(value: str) -> None:
    assert load_policy(after(put("notify.0.tell_within", value))).notify_at(1)[0].tell_within == value


def test_an_area_may_add_codes_and_streams_and_have_few_of_them() -> None:
    policy = load_policy(after(lambda policy: (policy["base"].update({"DOG-12": 2}), policy["cap"].update({"DOG": 2}))))
    assert (policy.base["DOG-12"], policy.cap["DOG"]) == (2, 2)

    def bare(policy: Json) -> None:
        policy |= {"base": {}, "cap": {}, "repeat": [], "notify": []}
        policy["climb"] = {"final_crosses": [], "low_cap": {"codes": [], "max": 0}}
        policy["help_seeking"] = {"streams": [], "except": []}
        policy["evidence_guard"]["any_of"] = []

    assert load_policy(after(bare)).base == {}


def test_every_fault_of_a_file_is_named_at_once_with_its_line() -> None:
    text = (
        DEFAULT_TOML.replace("version = 1", "version = 0").replace("1 = 28", "1 = 0").replace("count = 3", "count = 0")
        + "\nmore = 1\n"
    )
    assert faults_of(text) == (
        "line 4: version: must be a whole number from 1 to 1000000, not 0",
        "line 11: warning_days.1: must be a whole number from 1 to 3650, not 0",
        "line 53: repeat 2.count: must be a whole number from 1 to 1000, not 0",
        "line 135: notify 5.more: unknown key",
    )


def test_a_missing_base_is_one_fault_and_not_one_for_every_code() -> None:
    assert faults_of(after(drop("base"))) == ("base: is missing",)
    assert len(faults_of(after(put("base", 1)))) == 1


@pytest.mark.parametrize(
    "text",
    ["", "name", "name = ", "\x00", "= 1", 'name = "a"\nname = "b"', "[base]\n[base]", "a = " + "[" * 5000,
     "a = " + "9" * 5000,
     "effective_from = 2026-13-01T00:00:00Z", '"\\ud800" = 1', "é = 1"],
)  # fmt: skip
def test_no_text_is_more_than_refused(text: str) -> None:
    assert faults_of(text)


def test_a_beginning_in_another_offset_is_kept_in_utc() -> None:
    text = DEFAULT_TOML.replace("2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00")
    assert load_policy(text).effective_from == datetime(2026, 1, 1, tzinfo=UTC)
    assert faults_of(DEFAULT_TOML.replace("2026-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00"))


def test_the_json_of_a_policy_is_the_json_of_its_toml() -> None:
    expected = default_policy() | {"effective_from": "2026-01-01T00:00:00+00:00"}
    found = json.loads(json.dumps(policy_json(load_policy(DEFAULT_TOML))))
    for notify in found["notify"]:
        if not notify["then"]:
            del notify["then"]
    assert found == expected
