"""What can be logged and a draft could not judge, and whom it names that nobody is: each at its place."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from ap_log.domain.policy.drafting import document_of
from ap_log.domain.policy.loading import load_policy
from ap_log.domain.policy_coverage import faults_in_use, faults_of_coverage
from ap_log.domain.policy_drafts import Draft
from tests.cast import DEFAULT_POLICY


def test_the_shipped_policy_can_judge_whatever_is_logged() -> None:
    assert not list(faults_of_coverage(document_of(load_policy(DEFAULT_POLICY))))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda document: document["base"].pop("MED-1"), ("base.MED-1", "MED-1 is missing, and “Medical emergency”")),
        (lambda document: document["base"].pop("SUB-2"), ("base.SUB-2", "SUB-2 is missing, and “Strongly suspected")),
        (
            lambda document: document["aggravator"]["any_of"].remove("victim-staff"),
            ("aggravator.any_of", "was the victim”"),
        ),
        (
            lambda document: document["mitigator"]["any_of"].remove("told-staff-first"),
            ("mitigator.any_of", "told staff first”"),
        ),
        (lambda document: document["notify"][0].update(who=["governor"]), ("notify 1.who", "“governor”")),
        (
            lambda document: document["notify"][3].update(then=["manager", "residential-worker"]),
            ("notify 4.then 2", "“residential-worker”"),
        ),
        (lambda document: document["notify"][1].update(who=[]), ("notify 2.who", "Choose who is told, or remove this")),
        (lambda document: document["notify"].pop(3), ("notify", "Nobody in probation is told of step 4")),
        (
            lambda document: document["notify"][4].update(who=["on-duty-manager"]),
            ("notify 5.who", "Nobody in probation is told of step 5"),
        ),
    ],
)
def test_a_policy_that_could_not_judge_or_tell_is_named(
    change: Callable[[dict[str, Any]], object], fault: tuple[str, str]
) -> None:
    document = document_of(load_policy(DEFAULT_POLICY))
    for codes in (document["climb"]["low_cap"]["codes"], document["evidence_guard"]["any_of"]):
        codes[:] = [code for code in codes if code not in ("MED-1", "SUB-2")]
    change(document)
    [found] = faults_of_coverage(document)
    assert found.place == fault[0]
    assert fault[1] in found.words


def test_what_worked_out_itself_may_be_taken_off_the_list() -> None:
    document = document_of(load_policy(DEFAULT_POLICY))
    document["aggravator"]["any_of"].remove("repeat-intoxicated-aggression")
    assert not list(faults_of_coverage(document))


def test_the_same_place_is_not_said_to_be_wrong_twice() -> None:
    document = document_of(load_policy(DEFAULT_POLICY))
    document["notify"][0]["who"] = ["not a name", "governor"]
    document["fit_to_warn_hours"] = "soon"
    del document["base"]["MED-1"]
    draft = draft_of(document)

    assert [each.place for each in faults_in_use(draft)] == ["fit_to_warn_hours", "notify 1.who 1", "base.MED-1"]


@pytest.mark.parametrize("value", [None, "x", 3, [], {}, [1], [{}], [{"who": 3, "then": None, "step": "4"}]])
@pytest.mark.parametrize("key", ["base", "aggravator", "mitigator", "notify"])
def test_what_cannot_be_read_stops_nothing(key: str, value: object) -> None:
    assert all(each.place and each.words for each in faults_of_coverage({key: value}))


def draft_of(document: dict[str, Any]) -> Draft:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    return Draft(
        id="d1",
        based_on="ap-default/1",
        name="ap-default",
        version=2,
        follows=1,
        document=document,
        examples=(),
        revision=1,
        started_by="Farah Aziz",
        started_at=at,
        changed_by="Farah Aziz",
        changed_at=at,
    )
