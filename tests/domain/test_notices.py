"""Who is told of a step, in which order, what is wanted of them and by when."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from ap_log.bank_holidays import BankHolidays
from ap_log.domain import notices
from ap_log.domain.notices import Next, Wanted
from ap_log.domain.policy.language import Notify, Policy
from ap_log.domain.policy.loading import load_policy
from ap_log.domain.working_days import WorkingCalendar
from tests.cast import DEFAULT_POLICY

POLICY = load_policy(DEFAULT_POLICY)
CALENDAR = WorkingCalendar(POLICY.zone, BankHolidays())
AT = datetime(2026, 11, 20, 1, 40, tzinfo=UTC)

EVERYBODY = {
    "probation-practitioner": "dev",
    "senior-probation-officer": "sian",
    "key-worker": "asha",
    "manager": "ben",
    "deputy": "rob",
    "on-duty-manager": "nia",
    "area-manager": "farah",
}


def told(step: int, holders: dict[str, str], policy: Policy = POLICY) -> list[tuple[str, str, str]]:
    found = notices.tellings(policy.notify_at(step), holders, CALENDAR, AT)
    return sorted((each.person, each.duty, each.wanted) for each in found)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (0, []),
        (1, [("asha", "key-worker", "seen"), ("dev", "probation-practitioner", "seen")]),
        (2, [("dev", "probation-practitioner", "comment")]),
        (3, [("dev", "probation-practitioner", "comment"), ("sian", "senior-probation-officer", "seen")]),
        (
            4,
            [
                ("dev", "probation-practitioner", "decision"),
                ("farah", "area-manager", "seen"),
                ("sian", "senior-probation-officer", "seen"),
            ],
        ),
        (5, [("dev", "probation-practitioner", "decision"), ("nia", "on-duty-manager", "seen")]),
    ],
)
def test_the_default_policy_tells_these_people(step: int, expected: list[tuple[str, str, str]]) -> None:
    assert told(step, EVERYBODY) == expected


def test_only_the_officer_who_is_to_answer_carries_the_chain() -> None:
    found = notices.tellings(POLICY.notify_at(4), EVERYBODY, CALENDAR, AT)
    chains = {each.person: each.remaining for each in found}
    assert chains == {"dev": ("deputy", "senior-probation-officer", "area-manager"), "sian": (), "farah": ()}


def test_times_are_counted_from_the_decision() -> None:
    (dev,) = notices.tellings(POLICY.notify_at(2), EVERYBODY, CALENDAR, AT)
    assert dev.tell_by == AT + timedelta(hours=24)
    assert dev.answer_by == datetime(2026, 11, 23, 1, 40, tzinfo=UTC)


def test_a_duty_nobody_holds_is_left_out_and_named() -> None:
    holders = {"probation-practitioner": "dev"}
    assert told(4, holders) == [("dev", "probation-practitioner", "decision")]
    assert notices.unheld(POLICY.notify_at(4), holders) == ("senior-probation-officer", "area-manager")


def test_a_person_with_two_duties_is_told_once_and_in_the_one_that_has_to_answer() -> None:
    holders = EVERYBODY | {"area-manager": "dev", "senior-probation-officer": "dev"}
    assert told(4, holders) == [("dev", "probation-practitioner", "decision")]


def test_where_there_is_no_officer_the_senior_officer_is_asked() -> None:
    holders = {duty: person for duty, person in EVERYBODY.items() if duty != "probation-practitioner"}
    assert ("sian", "senior-probation-officer", "decision") in told(4, holders)


def test_where_there_is_no_officer_at_all_the_first_of_the_chain_is_asked_at_once() -> None:
    holders = {"area-manager": "farah", "on-duty-manager": "nia"}
    assert told(5, holders) == [("farah", "area-manager", "decision"), ("nia", "on-duty-manager", "seen")]


def test_where_nobody_of_the_chain_is_there_either_whoever_is_told_is_asked() -> None:
    assert told(5, {"on-duty-manager": "nia"}) == [("nia", "on-duty-manager", "decision")]
    assert told(5, {}) == []


def test_a_row_that_names_no_officer_asks_the_first_it_names() -> None:
    row = Notify(2, ("manager", "key-worker"), "1 hour", "comment", "1 hour", ("area-manager",))
    policy = replace(POLICY, notify=(row,))
    assert told(2, EVERYBODY, policy) == [("asha", "key-worker", "seen"), ("ben", "manager", "comment")]


def test_a_person_named_in_two_rows_is_asked_for_the_larger_answer() -> None:
    seen = Notify(2, ("probation-practitioner",), "1 hour", "seen", "1 hour", ())
    decides = replace(seen, answer="decision")
    for rows in ((seen, decides), (decides, seen)):
        assert told(2, EVERYBODY, replace(POLICY, notify=rows)) == [("dev", "probation-practitioner", "decision")]


def test_the_next_in_line_is_the_first_who_holds_a_duty_and_was_not_asked() -> None:
    duties = ("deputy", "senior-probation-officer", "area-manager")
    assert notices.next_in_line(duties, EVERYBODY) == Next("deputy", "rob", duties[1:])
    assert notices.next_in_line(duties, EVERYBODY, {"rob", "sian"}) == Next("area-manager", "farah", ())
    assert notices.next_in_line(duties, {"area-manager": "farah"}) == Next("area-manager", "farah", ())
    assert notices.next_in_line(duties, EVERYBODY, {"rob", "sian", "farah"}) is None
    assert notices.next_in_line((), EVERYBODY) is None


@pytest.mark.parametrize(("person", "duty"), [("ben", "manager"), ("nia", "on-duty-manager"), ("grace", "manager")])
def test_whoever_decided_is_written_to_in_their_own_duty(person: str, duty: str) -> None:
    assert notices.duty_of(person, EVERYBODY) == duty


@pytest.mark.parametrize(("step", "first"), [(1, "manager"), (4, "manager"), (5, "on-duty-manager"), (None, "manager")])
def test_the_manager_decides_and_at_step_5_whoever_is_on_duty(step: int | None, first: str) -> None:
    assert notices.reviewers(step)[0] == first
    assert set(notices.reviewers(step)) == {"manager", "deputy", "on-duty-manager", "area-manager"}


@pytest.mark.parametrize(
    ("step", "by"),
    [
        (1, datetime(2026, 11, 23, 12, tzinfo=UTC)),
        (2, AT + timedelta(hours=24)),
        (3, AT + timedelta(hours=4)),
        (4, AT + timedelta(hours=2)),
        (5, AT + timedelta(minutes=15)),
        (None, AT + timedelta(hours=24)),
    ],
)
def test_an_episode_is_decided_by_the_time_others_have_to_be_told(step: int | None, by: datetime) -> None:
    assert notices.review_by(POLICY, step, CALENDAR, AT) == by


def test_a_policy_that_tells_nobody_of_a_step_still_wants_it_decided() -> None:
    assert notices.review_by(replace(POLICY, notify=()), 3, CALENDAR, AT) == AT + timedelta(hours=24)


@pytest.mark.parametrize(
    ("wanted", "step", "by"),
    [
        (Wanted.DECISION, 4, AT + timedelta(hours=24)),
        (Wanted.DECISION, 5, AT + timedelta(hours=1)),
        (Wanted.COMMENT, 3, datetime(2026, 11, 20, 23, 59, tzinfo=UTC)),
        (Wanted.REVIEW, 5, AT + timedelta(minutes=15)),
        (Wanted.COMMENT, 5, AT + timedelta(hours=24)),
    ],
)
def test_whoever_is_asked_next_has_the_same_span_again(wanted: Wanted, step: int, by: datetime) -> None:
    assert notices.answer_again_by(POLICY, wanted, step, CALENDAR, AT) == by


def test_references_hold_nothing_that_is_read_for_something_else() -> None:
    assert not set(notices.REFERENCE_LETTERS) & set("01258OILZSBAEIOU")
    assert len(set(notices.REFERENCE_LETTERS)) == len(notices.REFERENCE_LETTERS)
