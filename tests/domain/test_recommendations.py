"""What a person may choose, when a reason is needed, and what the five heads must hold. Edges on both sides."""

from typing import Any

import pytest

from ap_log.domain.recommendations import (
    ALTERNATIVES,
    DETAILS_LIMIT,
    HEAD_LIMIT,
    REASON_LIMIT,
    AlternativeTried,
    Choice,
    Grounds,
    Heads,
    faults_of_choice,
    faults_of_grounds,
    faults_of_heads,
    is_departure,
    needs_area_manager,
)

ID = "3f1d9a52-6c0e-4b7b-9f0e-2d5c8a71e604"

HEADS: dict[str, Any] = {
    "immediate_risk": "He may use again tonight",
    "who_is_vulnerable": "The man he shares a landing with",
    "current_circumstances": "In his room, checked every 15 minutes",
    "alternatives": (AlternativeTried("DRUG_TESTING", "Weekly since 2 March, two positive"),),
    "protective_factors": "His sister visits on Sundays",
    "resident_says": "He says that he is sorry and wants to stay",
}


def heads(**changes: Any) -> Heads:
    return Heads(**HEADS | changes)


def fields(*, step: int | None, recommended: int | None, **changes: Any) -> list[str]:
    """The fields at fault in a choice."""
    return [fault.field for fault in faults_of_choice(Choice(**{"id": ID, "step": step} | changes), recommended)]


@pytest.mark.parametrize("step", [0, 1, 2, 3])
def test_the_recommended_step_needs_no_reason(step: int) -> None:
    assert fields(step=step, recommended=step) == []


@pytest.mark.parametrize(("step", "recommended"), [(0, 1), (1, 2), (3, 2), (2, 3), (1, 5)])
@pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
def test_any_other_step_needs_a_reason_of_words(step: int, recommended: int, reason: str) -> None:
    assert fields(step=step, recommended=recommended, reason=reason) == ["reason"]
    assert fields(step=step, recommended=recommended, reason="His first week here") == []


@pytest.mark.parametrize("step", [None, -1, 6])
def test_there_are_no_steps_but_nought_to_five(step: int | None) -> None:
    assert fields(step=step, recommended=1) == ["step"]


@pytest.mark.parametrize("made", ["", "1", ID.upper(), f"{ID} ", ID.replace("-", "")])
def test_an_id_that_no_form_of_ours_made_is_refused(made: str) -> None:
    assert fields(step=1, recommended=1, id=made) == ["id"]


def test_a_reason_has_a_longest_length() -> None:
    assert fields(step=1, recommended=1, reason="a" * REASON_LIMIT) == []
    assert fields(step=1, recommended=1, reason="a" * (REASON_LIMIT + 1)) == ["reason"]


@pytest.mark.parametrize("step", [4, 5])
def test_steps_4_and_5_need_all_five_heads_and_the_residents_account(step: int) -> None:
    assert fields(step=step, recommended=step, heads=heads()) == []
    assert fields(step=step, recommended=step) == [
        "immediate_risk",
        "who_is_vulnerable",
        "current_circumstances",
        "alternatives",
        "protective_factors",
        "resident_says",
    ]


def test_a_lower_step_is_not_sent_with_heads() -> None:
    assert fields(step=3, recommended=3, heads=heads()) == ["step"]


@pytest.mark.parametrize("name", ["immediate_risk", "who_is_vulnerable", "current_circumstances", "protective_factors"])
def test_each_head_is_needed_and_has_a_longest_length(name: str) -> None:
    assert faults_of_heads(heads(**{name: "a" * HEAD_LIMIT})) == []
    for text in ("", "  ", "a" * (HEAD_LIMIT + 1)):
        assert [fault.field for fault in faults_of_heads(heads(**{name: text}))] == [name]


@pytest.mark.parametrize(
    ("tried", "field"),
    [
        ([], "alternatives"),
        ([("NONE", "")], None),
        ([(term.code, "in March") for term in ALTERNATIVES], None),
        ([("NONE", ""), ("DRUG_TESTING", "in March")], "alternatives"),
        ([("DRUG_TESTING", "in March"), ("DRUG_TESTING", "in May")], "alternatives"),
        ([("RECALL", "in March")], "alternatives"),
        ([("DRUG_TESTING", " ")], "details-DRUG_TESTING"),
        ([("DRUG_TESTING", "a" * DETAILS_LIMIT)], None),
        ([("DRUG_TESTING", "a" * (DETAILS_LIMIT + 1))], "details-DRUG_TESTING"),
    ],
)
def test_alternatives_are_ticked_once_each_with_details_or_none_alone(
    tried: list[tuple[str, str]], field: str | None
) -> None:
    alternatives = tuple(AlternativeTried(code, details) for code, details in tried)
    assert [fault.field for fault in faults_of_heads(heads(alternatives=alternatives))] == ([field] if field else [])


def test_the_resident_is_heard_or_it_is_said_why_not_but_not_both() -> None:
    assert faults_of_heads(heads(resident_says="", not_asked_because="In hospital")) == []
    assert [fault.field for fault in faults_of_heads(heads(resident_says=""))] == ["resident_says"]
    assert [fault.field for fault in faults_of_heads(heads(not_asked_because="In hospital"))] == ["not_asked_because"]


@pytest.mark.parametrize(
    ("recommended", "step", "told"),
    [(2, 2, False), (2, 3, False), (2, 4, True), (4, 2, True), (5, 0, True), (0, 1, False)],
)
def test_an_area_manager_hears_of_a_departure_of_two_steps_either_way(recommended: int, step: int, told: bool) -> None:
    assert needs_area_manager(recommended, step, 2) is told


def test_where_the_policy_could_not_judge_every_step_departs_and_none_is_far() -> None:
    assert is_departure(None, 1)
    assert not needs_area_manager(None, 5, 2)


def test_taking_back_always_needs_a_reason() -> None:
    assert [fault.field for fault in faults_of_grounds(Grounds(ID, " "))] == ["reason"]
    assert faults_of_grounds(Grounds(ID, "Laboratory negative")) == []
