"""How long things have waited, what is recommended at the end of the ladder, and policies by name."""

from datetime import timedelta

import pytest

from ap_log.presenters.recommendations import policy_words, recommending, waited


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=-5), "less than a minute"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59, seconds=59), "59 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=2, minutes=10), "2 hours 10 minutes"),
        (timedelta(hours=23, minutes=59), "23 hours 59 minutes"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=1, minutes=30), "1 day"),
        (timedelta(days=3, hours=4, minutes=59), "3 days 4 hours"),
    ],
)
def test_waiting_is_said_in_its_two_largest_units(length: timedelta, words: str) -> None:
    assert waited(length) == words


@pytest.mark.parametrize(
    ("route", "clause"),
    [
        ("recall-consideration", "recall is considered"),
        ("breach-consideration", "breach proceedings are considered"),
        ("bail-breach-report", "a report to the police or the court is considered"),
        ("placement-review", "the placement is reviewed"),
        ("an-areas-own-route", "what happens next is considered"),
        (None, "what happens next is considered"),
    ],
)
def test_the_end_of_the_ladder_is_a_recommendation_and_somebody_elses_decision(route: str | None, clause: str) -> None:
    assert recommending("consider", route) == f"You are recommending that {clause}. The decision is theirs."


def test_without_anything_confirmed_it_is_a_case_conference_that_is_recommended() -> None:
    assert "case conference" in recommending("case-conference", None)
    assert "recall" not in recommending("case-conference", "recall-consideration")


def test_a_policy_is_named_with_its_version() -> None:
    assert policy_words("ap-default/2") == "Policy version 2"
    assert policy_words("ap-default/1,ap-default/2") == "Policy versions 1 and 2"
