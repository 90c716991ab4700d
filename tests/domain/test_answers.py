"""What an officer may answer, on each legal route, and what makes an answer whole."""

from uuid import uuid4

import pytest

from ap_log.domain.answers import (
    Answer,
    AnswerKind,
    choice_words,
    choices,
    faults_of_answer,
    is_answerable,
)
from ap_log.domain.policy.loading import load_policy
from ap_log.domain.recommendations import REASON_LIMIT
from tests.cast import DEFAULT_POLICY

ROUTES = load_policy(DEFAULT_POLICY).routes
RECALL = choices("decision", "recall-consideration", "consider")


def codes(route: str | None, outcome: str = "consider") -> list[str]:
    return [term.code for term in choices("decision", route, outcome)]


@pytest.mark.parametrize("route", [*ROUTES.values(), "an-areas-own", None])
def test_every_route_offers_to_start_it_not_to_and_to_ask_for_more(route: str | None) -> None:
    assert len(codes(route)) == 3
    assert codes(route)[-1] == "needs-more"


@pytest.mark.parametrize("route", [*ROUTES.values(), None])
def test_no_choice_names_a_type_of_recall(route: str | None) -> None:
    said = " ".join(f"{term.code} {term.words} {term.hint}" for term in choices("decision", route, "consider")).lower()
    assert not any(word in said for word in ("fixed", "standard", "emergency", "28", "56"))


def test_routes_share_no_choice_that_means_another_thing() -> None:
    routes = dict.fromkeys(ROUTES.values())
    decisions = [code for route in routes for code in codes(route)[:-1]]
    assert len(set(decisions)) == len(decisions)


def test_a_case_conference_can_be_chosen_where_the_policy_recommends_one() -> None:
    assert "case-conference" in codes("recall-consideration", "case-conference")
    assert "case-conference" not in codes("recall-consideration")


def test_where_words_are_wanted_nothing_is_to_be_chosen() -> None:
    assert choices("comment", "recall-consideration", "warn") == ()


def test_a_choice_is_said_in_the_words_it_was_made_in() -> None:
    assert choice_words("no-recall") == "Decision not to recall: manage in the community"
    assert choice_words("from-another-age") == "from-another-age"


@pytest.mark.parametrize(
    ("choice", "kind"),
    [(None, AnswerKind.COMMENT), ("no-recall", AnswerKind.DECISION), ("needs-more", AnswerKind.NEEDS_MORE)],
)
def test_what_an_answer_is_follows_from_what_was_chosen(choice: str | None, kind: AnswerKind) -> None:
    assert Answer(str(uuid4()), choice, "Because.").kind is kind


@pytest.mark.parametrize(
    ("answer", "fields"),
    [
        (Answer(str(uuid4()), "no-recall", "Because."), []),
        (Answer(str(uuid4()), "no-recall", "x" * REASON_LIMIT), []),
        (Answer(str(uuid4()), "no-recall", "x" * (REASON_LIMIT + 1)), ["reason"]),
        (Answer(str(uuid4()), "no-recall", "  \n"), ["reason"]),
        (Answer(str(uuid4()), "needs-more", ""), ["reason"]),
        (Answer(str(uuid4()), "", "Because."), ["choice"]),
        (Answer(str(uuid4()), "no-breach", "Because."), ["choice"]),
        (Answer(str(uuid4()), None, ""), ["choice", "reason"]),
        (Answer("1", "no-recall", "Because."), ["id"]),
        (Answer("", "", ""), ["id", "choice", "reason"]),
    ],
)
def test_every_fault_of_an_answer_names_its_field(answer: Answer, fields: list[str]) -> None:
    assert [fault.field for fault in faults_of_answer(answer, RECALL)] == fields


def test_a_comment_needs_its_words() -> None:
    assert [fault.field for fault in faults_of_answer(Answer(str(uuid4()), None, ""), ())] == ["reason"]
    assert faults_of_answer(Answer(str(uuid4()), None, "A plan."), ()) == []


def test_opening_and_deciding_are_no_answers_in_words() -> None:
    assert [is_answerable(wanted) for wanted in ("seen", "review", "comment", "decision")] == [False, False, True, True]
