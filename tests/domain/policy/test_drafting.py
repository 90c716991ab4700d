"""Documents and TOML of policies: both lead back to the same policy, and faults say where they stand."""

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings

from ap_log.domain.policy.drafting import Document, document_of, policy_of, policy_text
from ap_log.domain.policy.faults import PlacedFault, Refused
from ap_log.domain.policy.language import Policy
from ap_log.domain.policy.loading import load_policy
from tests.domain.policy.drawn import policies
from tests.domain.policy.edits import Edit, drop, put
from tests.domain.policy.histories import DEFAULT_TOML, default_policy

DEFAULT = load_policy(DEFAULT_TOML)
FROM = datetime(2026, 4, 1, tzinfo=UTC)


def read(document: Document, *, name: str = "ap-default", version: int = 2, effective_from: datetime = FROM) -> Policy:
    return policy_of(document, name=name, version=version, effective_from=effective_from)


def refused(document: Document, **heading: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        read(document, **heading)
    return caught.value


def after(*edits: Edit) -> dict[str, Any]:
    document = document_of(DEFAULT)
    for edit in edits:
        edit(document)
    return document


@given(policies())
@settings(deadline=None, max_examples=40)
def test_the_toml_of_any_policy_is_read_as_the_same_policy(policy: Policy) -> None:
    assert load_policy(policy_text(policy)) == policy


@given(policies())
@settings(deadline=None, max_examples=40)
def test_the_document_of_any_policy_leads_back_to_it_through_json(policy: Policy) -> None:
    kept = json.loads(json.dumps(document_of(policy)))
    assert kept == document_of(policy)
    assert read(kept, name=policy.name, version=policy.version, effective_from=policy.effective_from) == policy


def test_a_document_holds_every_key_but_those_of_the_heading() -> None:
    assert set(document_of(DEFAULT)) == set(default_policy()) - {"name", "version", "effective_from"}


def test_a_document_may_be_changed_without_changing_its_policy() -> None:
    document = document_of(DEFAULT)
    before = copy.deepcopy(document)
    document["base"]["SUB-1"] = 5
    document["repeat"].clear()
    document["notify"][0]["who"] = []
    assert document_of(DEFAULT) == before


def test_a_policy_gets_the_heading_it_is_given() -> None:
    policy = read(document_of(DEFAULT))
    assert (policy.label, policy.effective_from) == ("ap-default/2", FROM)
    assert document_of(policy) == document_of(DEFAULT)


@pytest.mark.parametrize(
    ("edit", "place", "words"),
    [
        (put("warning_days.1", 0), "warning_days.1", "must be a whole number from 1 to 3650, not 0"),
        (put("warning_days.1", ""), "warning_days.1", 'must be a whole number from 1 to 3650, not ""'),
        (put("base.SUB-1", "6"), "base.SUB-1", 'must be a whole number from 0 to 5, not "6"'),
        (put("base", None), "base", "must be a table of keys and values, not null"),
        (put("repeat.1.code", "RES-99"), "repeat 2.code", 'must be a code that [base] holds, not "RES-99"'),
        (put("climb.low_cap.max", 6), "climb.low_cap.max", "must be a whole number from 0 to 5, not 6"),
        (put("notify.2.who.0", "a b"), "notify 3.who 1", 'must be 1 to 64 of A-Z a-z 0-9 . _ : -, not "a b"'),
        (put("notify.2.more", 1), "notify 3.more", "unknown key"),
        (drop("cap"), "cap", "is missing"),
        (put("version", 3), "version", "unknown key"),
    ],
)
def test_a_fault_of_a_document_says_where_it_stands_and_what_would_be_right(edit: Edit, place: str, words: str) -> None:
    found = refused(after(edit))
    assert found.placed == (PlacedFault(place, words),)
    assert found.faults == (f"{place}: {words}",)


def test_every_fault_of_a_document_and_its_heading_is_named_at_once() -> None:
    document = after(put("fit_to_warn_hours", -1), put("routes.bail", ""), put("repeat.0.days", 0))
    naive = datetime(2026, 4, 1)  # noqa: DTZ001
    found = refused(document, name="two words", version=0, effective_from=naive)
    places = [fault.place for fault in found.placed]
    assert places == ["name", "version", "effective_from", "fit_to_warn_hours", "repeat 1.days", "routes.bail"]
    assert len(found.faults) == len(found.placed)


def test_the_faults_of_a_text_have_places_too() -> None:
    with pytest.raises(Refused) as caught:
        load_policy(DEFAULT_TOML.replace("1 = 28", "1 = 0"))
    (placed,) = caught.value.placed
    assert placed.place == "warning_days.1"
    assert caught.value.faults == (f"line 11: warning_days.1: {placed.words}",)


def test_a_fault_of_the_whole_has_no_place() -> None:
    with pytest.raises(Refused) as caught:
        load_policy("[")
    assert [fault.place for fault in caught.value.placed] == [""]
    assert caught.value.placed[0].words == caught.value.faults[0]


def test_a_beginning_in_another_zone_is_kept_in_utc() -> None:
    summer = datetime.fromisoformat("2026-07-01T00:00:00+01:00")
    assert read(document_of(DEFAULT), effective_from=summer).effective_from == datetime(2026, 6, 30, 23, tzinfo=UTC)
