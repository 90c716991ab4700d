"""Reading a timeline: what form its facts have, and that every fault of it is named."""

import copy
import json
from datetime import UTC, datetime

import pytest

from ap_log.domain.policy.evaluate import evaluate, read_timeline
from ap_log.domain.policy.faults import Refused
from ap_log.domain.policy.timeline import Decision, Event, Resident, Void
from tests.domain.policy.build import BOOK
from tests.domain.policy.edits import Edit, drop, put
from tests.domain.policy.histories import Json

GOOD: Json = {
    "case": "short-name",
    "resident": {"legal_status": "licence", "recalled_for_intoxicated_aggression": False},
    "assume_issued": True,
    "facts": [
        {"id": "e1", "type": "event", "code": "SUB-2", "occurred_at": "2026-03-10T20:00:00+00:00",
         "intoxicated": True, "help_seeking": False, "aggravators": ["victim-staff"],
         "mitigators": ["told-staff-first"]},
        {"id": "d1", "type": "decision", "event": "e1", "step": 1, "decided_at": "2026-03-11T09:00:00Z",
         "reason": "..."},
        {"id": "v1", "type": "void", "decision": "d1", "at": "2026-03-14T10:00:00+01:00",
         "reason": "laboratory negative"},
    ],
}  # fmt: skip


def faults_of(text: str) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        read_timeline(text, BOOK)
    for fault in refused.value.faults:
        assert fault.isascii()
        assert "\n" not in fault
    return refused.value.faults


def after(*changes: Edit) -> str:
    timeline = copy.deepcopy(GOOD)
    for change in changes:
        change(timeline)
    return json.dumps(timeline)


def test_a_good_timeline_is_read_as_it_stands() -> None:
    found = read_timeline(json.dumps(GOOD), BOOK)
    assert (found.case, found.resident, found.assume_issued) == ("short-name", Resident("licence"), True)
    assert found.facts == (
        Event(
            "e1", "SUB-2", datetime(2026, 3, 10, 20, tzinfo=UTC), True, False, ("victim-staff",), ("told-staff-first",)
        ),
        Decision("d1", "e1", 1, datetime(2026, 3, 11, 9, tzinfo=UTC), "..."),
        Void("v1", datetime(2026, 3, 14, 9, tzinfo=UTC), "laboratory negative", decision="d1"),
    )


@pytest.mark.parametrize(
    "path",
    ["assume_issued", "resident.recalled_for_intoxicated_aggression", "facts.0.intoxicated", "facts.0.help_seeking",
     "facts.0.aggravators", "facts.0.mitigators"],
)  # fmt: skip
def test_a_missing_boolean_is_false_and_a_missing_list_is_empty(path: str) -> None:
    read_timeline(after(drop(path)), BOOK)


def test_missing_facts_are_none() -> None:
    assert read_timeline(after(drop("facts")), BOOK).facts == ()


NEEDED = [
    "case", "resident", "resident.legal_status", "facts.0.id", "facts.0.type", "facts.0.code", "facts.0.occurred_at",
    "facts.1.id", "facts.1.event", "facts.1.step", "facts.1.decided_at", "facts.1.reason", "facts.2.id", "facts.2.at",
    "facts.2.reason",
]  # fmt: skip
EVERY = [
    *NEEDED, "assume_issued", "facts", "resident.recalled_for_intoxicated_aggression", "facts.0.intoxicated",
    "facts.0.help_seeking", "facts.0.aggravators", "facts.0.mitigators", "facts.2.decision",
]  # fmt: skip


@pytest.mark.parametrize("path", NEEDED)
def test_every_other_key_is_needed(path: str) -> None:
    assert any("is missing" in fault for fault in faults_of(after(drop(path))))


@pytest.mark.parametrize("path", EVERY)
@pytest.mark.parametrize("value", [None, 1.5, {"a": 1}, {}])
def test_null_is_no_missing_value_and_a_wrong_type_is_refused(path: str, value: object) -> None:
    assert faults_of(after(put(path, value)))


@pytest.mark.parametrize(
    "path", ["extra", "resident.extra", "facts.0.extra", "facts.0.reason", "facts.1.at", "facts.2.step"]
)
def test_an_unknown_key_is_refused_at_every_level(path: str) -> None:
    (fault,) = faults_of(after(put(path, 1)))
    assert fault.endswith("unknown key")


@pytest.mark.parametrize("path", ["case", "facts.0.id", "facts.1.id", "facts.2.id"])
@pytest.mark.parametrize("value", ["", "a b", "x" * 65, "é", "a\n", "a/b", 1, True, "\ud800", "１"])
def test_a_name_has_1_to_64_plain_characters(path: str, value: object) -> None:
    assert any("must be 1 to 64 of" in fault for fault in faults_of(after(put(path, value))))


@pytest.mark.parametrize("value", ["x" * 64, "0", "A.z_9:-"])
def test_a_name_of_the_right_form_is_fine(value: str) -> None:
    assert read_timeline(after(put("case", value)), BOOK).case == value


@pytest.mark.parametrize(
    "value",
    [
        "2026-03-10T20:00:00", "2026-03-10", "2026-03-10T20:00Z", "2026-03-10 20:00:00Z", "2026-03-10t20:00:00Z",
        "2026-03-10T20:00:00z", "2026-03-10T20:00:00.0Z", "2026-03-10T20:00:00,5Z", "2026-03-10T20:00:00+00",
        "2026-03-10T20:00:00+0000", "2026-03-10T20:00:00+00:00:00", "2026-03-10T20:00:00 +00:00",
        "2026-03-10T20:00:00+24:00",
        "2026-03-10T20:00:00+01:60", "2026-03-10T24:00:00Z", "2026-03-10T20:60:00Z", "2026-03-10T20:00:60Z",
        "2026-02-29T20:00:00Z", "2026-13-01T20:00:00Z", "2026-00-10T20:00:00Z", "2026-04-31T20:00:00Z",
        "1999-12-31T23:59:59Z",
        "2100-01-01T00:00:00Z", "2026-03-10T20:00:00Z\n", " 2026-03-10T20:00:00Z", "２026-03-10T20:00:00Z",
        "2026-W11-2T20:00:00Z",
        "20260310T200000Z", "2026-03-10T20:00:00−01:00", "2026-3-10T20:00:00Z", "now", "", 1773172800, True, None,
    ],
)  # fmt: skip
def test_a_time_of_any_other_form_is_refused(value: object) -> None:
    for path in ("facts.0.occurred_at", "facts.1.decided_at", "facts.2.at"):
        assert any("must be a time of the years 2000 to 2099" in fault for fault in faults_of(after(put(path, value))))


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-03-10T20:00:00Z", datetime(2026, 3, 10, 20, tzinfo=UTC)),
        ("2026-03-10T20:00:00-00:00", datetime(2026, 3, 10, 20, tzinfo=UTC)),
        ("2026-03-10T20:00:00+23:59", datetime(2026, 3, 9, 20, 1, tzinfo=UTC)),
        ("2026-03-10T20:00:00-23:59", datetime(2026, 3, 11, 19, 59, tzinfo=UTC)),
        ("2028-02-29T00:00:00+05:45", datetime(2028, 2, 28, 18, 15, tzinfo=UTC)),
        ("2099-12-31T23:59:59Z", datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_time_may_have_any_offset(value: str, moment: datetime) -> None:
    text = after(put("facts.0.occurred_at", value), drop("facts.1"), drop("facts.1"))
    (event,) = read_timeline(text, BOOK).facts
    assert isinstance(event, Event)
    assert event.occurred_at == moment


def test_the_first_and_last_years_can_be_judged() -> None:
    for value in ("2099-12-31T23:59:59-23:59", "2026-01-01T00:00:00Z"):
        text = after(put("facts.0.occurred_at", value), drop("facts.1"), drop("facts.1"))
        assert evaluate(BOOK, read_timeline(text, BOOK)).episodes
    text = after(put("facts.0.occurred_at", "2000-01-01T00:00:00+23:59"), drop("facts.1"), drop("facts.1"))
    assert "happened before the earliest policy" in faults_of(text)[0]


@pytest.mark.parametrize("value", [-1, 6, 1.0, True, False, "1", None, [1], 10**30])
def test_a_step_is_a_whole_number_from_0_to_5(value: object) -> None:
    (fault,) = faults_of(after(put("facts.1.step", value)))
    assert "facts 2.step: must be a whole number from 0 to 5" in fault


@pytest.mark.parametrize("path", ["facts.1.reason", "facts.2.reason"])
@pytest.mark.parametrize("value", ["", "\ud800", "a\udfff", 1, None, ["a"]])
def test_a_reason_is_a_text_that_is_not_empty(path: str, value: object) -> None:
    assert any("must be a text that is not empty" in fault for fault in faults_of(after(put(path, value))))


def test_a_reason_may_be_in_any_language() -> None:
    assert read_timeline(after(put("facts.1.reason", "Negatif y labordy 🧪\n")), BOOK).facts


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (put("resident.legal_status", "parole"), "must be one of licence, community-order"),
        (put("facts.0.type", "Event"), 'must be "event", "decision" or "void"'),
        (put("facts.0", "e1"), "facts 1: must be a table"),
        (put("facts.0", None), "facts 1: must be a table"),
        (put("facts", {"e1": 1}), "facts: must be a list"),
        (put("facts", None), "facts: must be a list"),
        (put("resident", []), "resident: must be a table"),
        (put("facts.0.aggravators", "victim-staff"), "facts 1.aggravators: must be a list"),
        (put("facts.0.aggravators", [None]), "facts 1.aggravators 1: must be"),
        (put("facts.0.mitigators", ["sorry"]), "does not know the mitigator"),
        (put("facts.0.code", "sub-2"), 'facts 1.code: must be a code such as "SUB-1"'),
        (put("facts.0.code", "SUB-98"), "does not know the code"),
        (put("facts.0.intoxicated", "true"), "must be true or false"),
        (put("assume_issued", 1), "assume_issued: must be true or false"),
        (drop("facts.2.decision"), "v1: must name either a decision or an event"),
        (put("facts.2.event", "e1"), "v1: must name either a decision or an event"),
        (put("facts.1.event", "e9"), "d1: names no event of this timeline"),
    ],
)
def test_a_fault_is_refused_by_name(change: Edit, fault: str) -> None:
    assert any(fault in found for found in faults_of(after(change)))


def test_what_cannot_be_read_starts_no_second_fault_elsewhere() -> None:
    assert len(faults_of(after(put("facts.0.occurred_at", "noon")))) == 1
    assert len(faults_of(after(put("facts.0.code", 1)))) == 1
    assert len(faults_of(after(put("facts.1.event", 1)))) == 1
    assert len(faults_of(after(put("facts.2.decision", None)))) == 1


@pytest.mark.parametrize(
    ("spoilt", "fault"),
    [
        ((drop("facts.0.id"), put("facts.0.code", "NEW-1")), 'an event: ap-default/1 does not know the code "NEW-1"'),
        ((drop("facts.1.id"), put("facts.1.event", "e9")), 'a decision: names no event of this timeline: "e9"'),
        ((drop("facts.2.id"), put("facts.2.decision", "d9")), 'a void: names nothing in this timeline: "d9"'),
    ],
)
def test_a_fact_whose_id_cannot_be_read_is_named_by_what_it_is(spoilt: tuple[Edit, ...], fault: str) -> None:
    assert fault in faults_of(after(*spoilt))


def test_faults_of_form_and_contradictions_are_named_together() -> None:
    found = faults_of(
        after(
            put("extra", 1),
            put("facts.0.occurred_at", "noon"),
            put("facts.0.aggravators", ["rude"]),
            put("facts.1.event", "e9"),
            put("facts.2.id", "d1"),
        )
    )
    assert len(found) == 5


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"case": "a", "case": "b"}', 'the key "case" is given twice'),
        (
            '{"resident": {"legal_status": "bail", "legal_status": "bail"}}',
            'resident: the key "legal_status" is given twice',
        ),
        ('{"facts": [{"type": "event", "id": "a", "id": "b", "id": "c"}]}', 'facts 1: the key "id" is given twice'),
        ('{"\\ud800": 1}', '"\\ud800": unknown key'),
        ('{"a\\nb": 1}', '"a\\nb": unknown key'),
    ],
)
def test_keys_are_looked_at_too(text: str, fault: str) -> None:
    assert fault in faults_of(text)


@pytest.mark.parametrize(
    "text",
    ["", " ", "null", "1", '"text"', "[]", "[{}]", "true", "NaN", "{", "{}}", "{} {}", '{"case": NaN}',
     '{"case": Infinity}',
     '{"case": -Infinity}', "{'case': 1}", '{"case": "a",}', '{"case": "a\nb"}', '{"case": 01}', '{"case": "\\x"}',
     "[" * 100_000, '{"a":' * 100_000, '{"facts": ' + "[" * 5000, "\x00", "{}\x00", '{"case": ' + "9" * 5000 + "}",
     '{"case": "\\u12"}', '{"case": 1e999}', "\ufeff\ufeff{}"],
)  # fmt: skip
def test_no_text_is_more_than_refused(text: str) -> None:
    assert faults_of(text)


def test_a_fault_shows_no_more_than_the_beginning_of_a_long_value() -> None:
    (fault,) = faults_of(after(put("case", "x" * 100_000)))
    assert len(fault) < 200
