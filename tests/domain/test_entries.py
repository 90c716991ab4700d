"""What the ticked signs amount to, which code an entry carries, and what makes a body no entry."""

import tomllib
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from ap_log.domain import vocabulary
from ap_log.domain.entries import WORDS_LIMIT, Entry, code_of, evidence_level, is_intoxicated, read_entry
from ap_log.domain.errors import Invalid
from tests.cast import DEFAULT_POLICY


def _content(**changes: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "author": str(uuid4()),
        "device": str(uuid4()),
        "resident": str(uuid4()),
        "happening": "under-influence",
        "occurred_at": "2026-11-20T01:40:00+00:00",
        "recorded_at": "2026-11-20T01:41:00+00:00",
    } | changes


def _entry(**changes: Any) -> Entry:
    return read_entry(msgspec.json.encode(_content(**changes)).decode())


@pytest.mark.parametrize(
    ("signs", "considered", "level"),
    [
        pytest.param((), True, "E0", id="no-sign-is-a-concern"),
        pytest.param(("eyes-glassy",), True, "E1", id="one-sign"),
        pytest.param(("eyes-glassy", "sweating"), True, "E1", id="two-signs-of-one-group"),
        pytest.param(("eyes-glassy", "swaying"), False, "E1", id="two-groups-other-causes-not-thought-about"),
        pytest.param(("eyes-glassy", "swaying"), True, "E2", id="two-groups-other-causes-thought-about"),
        pytest.param(("on-site-positive",), True, "E1", id="an-on-site-test-alone-confirms-nothing"),
        pytest.param(("laboratory-positive",), False, "E3", id="laboratory"),
        pytest.param(("admitted",), False, "E3", id="clear-admission-when-fit"),
    ],
)
def test_the_evidence_level_follows_the_signs(signs: tuple[str, ...], considered: bool, level: str) -> None:
    assert evidence_level(signs, considered) == level


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"signs": []}, None),
        ({"signs": ["smell"]}, "SUB-1"),
        ({"signs": ["smell", "swaying"], "alternatives_considered": True}, "SUB-2"),
        ({"signs": ["admitted"]}, "SUB-3"),
        ({"happening": "supply"}, "SUB-8"),
        ({"happening": "not-back"}, "RES-4"),
    ],
)
def test_the_code_comes_from_what_happened_and_the_evidence(changes: dict[str, Any], code: str | None) -> None:
    assert code_of(_entry(**changes)) == code


def test_every_code_of_the_default_policy_can_be_logged_and_no_other() -> None:
    direct = {happening.code for happening in vocabulary.HAPPENINGS if happening.code}
    by_evidence = {code for code in vocabulary.SUSPECTED_USE.values() if code}
    assert direct | by_evidence == set(tomllib.loads(DEFAULT_POLICY)["base"]) == set(vocabulary.CODE_WORDS)


@pytest.mark.parametrize(
    ("changes", "intoxicated"),
    [
        ({"signs": ["swaying"]}, True),
        ({"signs": ["smell"]}, False),
        ({"happening": "threat"}, False),
        ({"happening": "threat", "intoxicated": True}, True),
        ({"happening": "threat", "signs": ["swaying"]}, False),
    ],
)
def test_intoxication_is_said_or_seen(changes: dict[str, Any], intoxicated: bool) -> None:
    assert is_intoxicated(_entry(**changes)) is intoxicated


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"happening": "flying"}, "happening"),
        ({"signs": ["halo"]}, "signs"),
        ({"signs": "swaying"}, "signs"),
        ({"signs": ["swaying"] * 51}, "signs"),
        ({"done": ["danced"]}, "done"),
        ({"reported": "spice"}, "reported"),
        ({"confirmed": 3}, "confirmed"),
        ({"words": "x" * (WORDS_LIMIT + 1)}, "words"),
        ({"words": None}, "words"),
        ({"occurred_at": "2026-11-20T01:40:00"}, "occurred_at"),
        ({"occurred_at": "yesterday"}, "occurred_at"),
        ({"resident": "7"}, "resident"),
        ({"id": "ABC"}, "id"),
        ({"help_seeking": 1}, "help_seeking"),
        ({"aggravators": ["repeat-intoxicated-aggression"]}, "aggravators"),
    ],
)
def test_a_fault_names_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        _entry(**changes)
    assert [fault.field for fault in refusal.value.faults] == [field]


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '{"a":1e999}', "[" * 10_000, '{"words":"\\ud800"}', "\x00"])
def test_what_is_no_entry_is_refused_and_never_an_error_of_ours(body: str) -> None:
    with pytest.raises(Invalid):
        read_entry(body)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(Invalid) as refusal:
        _entry(happening="flying", signs=["halo"], words="x" * (WORDS_LIMIT + 1))
    assert {fault.field for fault in refusal.value.faults} == {"happening", "signs", "words"}


def test_the_longest_words_are_taken() -> None:
    assert _entry(words="x" * WORDS_LIMIT).occurred_at == datetime(2026, 11, 20, 1, 40, tzinfo=UTC)
