"""Aggravators, caps, mitigators, the evidence guard, routes and fitness: what is made of base and climb."""

import pytest

from ap_log.domain.policy.language import PolicyBook
from tests.domain.policy.build import BOOK, changed, decided, event, last, local, void


def with_aggravator(**fields: object) -> PolicyBook:
    return PolicyBook.of(changed(lambda policy: policy["aggravator"].update(fields)))


@pytest.mark.parametrize(
    ("case", "code", "step", "aggravated_by"),
    [
        ("base 1 is below the least base", "CON-1", 1, ()),
        ("base 2 is raised", "CON-5", 3, ("victim-staff",)),
        ("base 3 is raised", "CON-2", 4, ("victim-staff",)),
        ("base 4 is the most already", "SUB-8", 4, ()),
        ("base 5 is not lowered to the most", "CON-3", 5, ()),
    ],
)
def test_an_aggravator_raises_a_base_of_2_or_more_by_1_to_4(
    case: str, code: str, step: int, aggravated_by: tuple[str, ...]
) -> None:
    found = last(event("e1", code, "03-10 12:00", aggravators=("victim-staff",)))
    assert (found.step, found.aggravated_by) == (step, aggravated_by), case


def test_several_aggravators_raise_once_and_are_listed_sorted_and_each_once() -> None:
    found = last(event("e1", "CON-5", "03-10 12:00", aggravators=("victim-staff", "victim-roommate", "victim-staff")))
    assert (found.step, found.aggravated_by) == (3, ("victim-roommate", "victim-staff"))


def test_the_aggravator_raises_the_larger_of_base_and_climb_and_looks_at_the_base_only() -> None:
    warned = event("e1", "SUB-2", "03-10 12:00"), decided("d1", "e1", 2, "03-10 13:00")
    raised = last(*warned, event("e2", "SUB-3", "03-20 12:00", aggravators=("victim-staff",)))
    assert (raised.base, raised.climb, raised.step) == (2, 3, 4)
    unraised = last(*warned, event("e2", "SUB-2", "03-20 12:00", aggravators=("victim-staff",)))
    assert (unraised.base, unraised.climb, unraised.step, unraised.aggravated_by) == (1, 3, 3, ())


def test_an_aggravator_may_raise_a_base_of_0_where_the_policy_says_so() -> None:
    found = last(event("e1", "RES-1", "03-10 12:00", aggravators=("victim-staff",)), book=with_aggravator(min_base=0))
    assert (found.base, found.step, found.aggravated_by) == (0, 1, ("victim-staff",))


@pytest.mark.parametrize(
    ("code", "intoxicated", "recalled", "step"),
    [("CON-2", True, True, 4), ("CON-2", False, True, 3), ("CON-2", True, False, 3), ("SUB-3", True, True, 2)],
)
def test_repeated_intoxicated_aggression_is_worked_out(code: str, intoxicated: bool, recalled: bool, step: int) -> None:
    found = last(event("e1", code, "03-10 12:00", intoxicated=intoxicated), recalled=recalled)
    assert found.step == step
    assert found.aggravated_by == (("repeat-intoxicated-aggression",) if step == 4 else ())


def test_repeated_intoxicated_aggression_holds_only_where_the_policy_lists_it_and_beside_others() -> None:
    aggressive = event("e1", "CON-5", "03-10 12:00", intoxicated=True, aggravators=("victim-staff",))
    assert last(aggressive, recalled=True).aggravated_by == ("repeat-intoxicated-aggression", "victim-staff")
    unlisted = with_aggravator(any_of=["victim-staff"])
    assert last(aggressive, recalled=True, book=unlisted).aggravated_by == ("victim-staff",)


@pytest.mark.parametrize(("code", "step"), [("CHG-1", 1), ("CHG-2", 2), ("ENG-2", 1), ("ENG-1", 0)])
def test_a_capped_stream_never_goes_above_its_cap(code: str, step: int) -> None:
    warned = event("e1", code, "03-10 12:00"), decided("d1", "e1", 3, "03-10 13:00")
    assert last(event("e1", code, "03-10 12:00")).step == step
    assert last(*warned, event("e2", code, "03-20 12:00")).step == {"CHG": 2, "ENG": 1}[code[:3]] * (step > 0)


def test_a_cap_bounds_the_base_too_and_base_and_climb_are_printed_as_they_were() -> None:
    book = PolicyBook.of(changed(lambda policy: policy, cap={"CON": 2}))
    found = last(event("e1", "CON-3", "03-10 12:00"), book=book)
    assert (found.base, found.climb, found.step, found.outcome) == (5, 0, 2, "warn")


def test_a_cap_that_takes_a_raise_back_changes_neither_the_list_nor_the_mitigator() -> None:
    charged = event("e1", "CHG-2", "03-10 12:00", aggravators=("victim-staff",), mitigators=("told-staff-first",))
    found = last(charged)
    assert (found.step, found.aggravated_by, found.may_reduce_to) == (2, ("victim-staff",), None)


@pytest.mark.parametrize(
    ("code", "expected"), [("SUB-1", None), ("SUB-2", 0), ("SUB-3", 1), ("CON-2", 2), ("SUB-8", None), ("CON-3", None)]
)
def test_a_mitigator_allows_one_step_less_between_1_and_3(code: str, expected: int | None) -> None:
    found = last(event("e1", code, "03-10 12:00", mitigators=("told-staff-first",)))
    assert found.may_reduce_to == expected
    assert found.step == BOOK.policies[0].base[code]


@pytest.mark.parametrize(("subtract", "expected"), [(0, 2), (2, 0), (5, 0)])
def test_a_mitigator_never_leads_below_0(subtract: int, expected: int) -> None:
    book = PolicyBook.of(changed(lambda policy: policy["mitigator"].update(subtract=subtract)))
    assert (
        last(event("e1", "SUB-3", "03-10 12:00", mitigators=("told-staff-first",)), book=book).may_reduce_to == expected
    )


def test_only_the_deciding_events_mitigator_counts() -> None:
    found = last(
        event("e1", "SUB-3", "03-10 12:00"), event("e2", "CON-1", "03-10 13:00", mitigators=("told-staff-first",))
    )
    assert found.may_reduce_to is None


def test_an_aggravated_event_may_not_be_reduced() -> None:
    both = {"aggravators": ("victim-staff",), "mitigators": ("told-staff-first",)}
    assert last(event("e1", "CON-5", "03-10 12:00", **both)).may_reduce_to is None
    # The aggravator does not reach a base of 1, so that nothing was raised.
    assert last(event("e1", "CON-1", "03-10 12:00", **both)).may_reduce_to == 0


@pytest.mark.parametrize(("step", "outcome"), [(0, "support"), (1, "warn"), (2, "warn"), (3, "warn"), (5, "act-now")])
def test_each_step_has_its_outcome(step: int, outcome: str) -> None:
    code = {0: "SUB-1", 1: "SUB-2", 2: "SUB-3", 3: "CON-2", 5: "CON-3"}[step]
    found = last(event("e1", code, "03-10 12:00"))
    assert (found.step, found.outcome) == (step, outcome)


def suspected_to_the_top(*more: object, code: str = "SUB-2") -> object:
    first = event("e1", code, "03-10 12:00"), decided("d1", "e1", 3, "03-10 13:00")
    return last(*first, *more, event("e9", "SUB-2", "03-20 12:00"))  # type: ignore[arg-type]


@pytest.mark.parametrize("code", ["SUB-2", "SUB-4", "SUB-6", "SUB-7", "SUB-9"])
def test_suspicion_alone_leads_to_a_case_conference(code: str) -> None:
    found = suspected_to_the_top(code=code)
    assert (found.step, found.outcome, found.route) == (4, "case-conference", None)  # type: ignore[attr-defined]


@pytest.mark.parametrize("code", ["SUB-3", "SUB-5", "SUB-8"])
def test_firm_evidence_behind_the_active_warning_leads_to_consideration(code: str) -> None:
    found = suspected_to_the_top(code=code)
    assert (found.outcome, found.route) == ("consider", "recall-consideration")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("case", "outcome", "facts"),
    [
        ("in the episode itself", "consider", [event("e8", "SUB-3", "03-20 11:00")]),
        ("behind an active warning of another stream", "consider",
         [event("e2", "CON-4", "03-12 12:00"), decided("d2", "e2", 1, "03-12 13:00")]),
        ("behind a step that made no warning", "case-conference",
         [event("e2", "CON-4", "03-12 12:00"), decided("d2", "e2", 0, "03-12 13:00")]),
        ("behind a void warning", "case-conference",
         [event("e2", "CON-4", "03-12 12:00"), decided("d2", "e2", 1, "03-12 13:00"),
          void("v1", "03-20 12:00", decision="d2")]),
        ("behind a warning that is void later", "consider",
         [event("e2", "CON-4", "03-12 12:00"), decided("d2", "e2", 1, "03-12 13:00"),
          void("v1", "03-20 12:00:01", decision="d2")]),
        ("behind an expired warning", "case-conference",
         [event("e0", "CON-4", "02-10 12:00"), decided("d0", "e0", 1, "02-20 12:00")]),
        ("behind a warning in its last second", "consider",
         [event("e0", "CON-4", "02-10 12:00"), decided("d0", "e0", 1, "02-20 12:00:01")]),
        ("relieved by help-seeking, in the episode of a warning", "case-conference",
         [event("e2", "SUB-3", "03-12 12:00", help_seeking=True), decided("d2", "e2", 1, "03-12 13:00")]),
        ("relieved by help-seeking, in the episode itself", "case-conference",
         [event("e7", "MED-1", "03-20 10:00", help_seeking=True), event("e8", "SUB-3", "03-20 11:00"),
          event("e8b", "RES-3", "03-20 11:30")]),
        ("excepted from help-seeking", "consider",
         [event("e2", "SUB-8", "03-12 12:00", help_seeking=True), decided("d2", "e2", 1, "03-12 13:00")]),
    ],
)  # fmt: skip
def test_where_the_evidence_guard_looks(case: str, outcome: str, facts: list[object]) -> None:
    found = suspected_to_the_top(*facts)
    assert (found.step, found.outcome) == (4, outcome), case  # type: ignore[attr-defined]


def test_the_guard_looks_at_the_time_of_the_deciding_event() -> None:
    # The firm warning ends between the two events of the last episode; the first of equals decides.
    firm = event("e0", "CON-4", "02-10 12:00"), decided("d0", "e0", 1, "02-20 12:00")
    final = event("e1", "SUB-2", "03-10 12:00"), decided("d1", "e1", 3, "03-10 13:00")
    first = event("e2", "SUB-2", "03-20 11:59:59")
    assert last(*firm, *final, first, event("e3", "SUB-2", "03-20 12:30")).outcome == "consider"
    assert last(*firm, *final, event("e3", "SUB-2", "03-20 12:30")).outcome == "case-conference"


@pytest.mark.parametrize(
    ("status", "route"),
    [
        ("licence", "recall-consideration"),
        ("community-order", "breach-consideration"),
        ("suspended-sentence-order", "breach-consideration"),
        ("bail", "bail-breach-report"),
        ("post-sentence-supervision", "placement-review"),
    ],
)
def test_consideration_and_immediate_danger_take_the_route_of_the_legal_status(status: str, route: str) -> None:
    assert last(event("e1", "SUB-8", "03-10 12:00"), status=status).route == route
    assert last(event("e1", "RES-4", "03-10 12:00"), status=status).route == route
    assert last(event("e1", "CON-2", "03-10 12:00"), status=status).route is None


def test_a_warning_waits_six_elapsed_hours_after_the_latest_intoxicated_event_across_the_clock_change() -> None:
    found = last(
        event("e1", "SUB-2", "10-24 22:00", intoxicated=True),
        event("e2", "SUB-1", local("10-25 01:30", fold=0), intoxicated=True),
        event("e3", "CON-1", "10-25 03:00"),
    )
    assert found.warn_not_before == local("10-25 06:30")


@pytest.mark.parametrize("code", ["SUB-1", "SUB-8", "CON-3"])
def test_only_steps_1_to_3_wait_for_fitness(code: str) -> None:
    assert last(event("e1", code, "03-10 12:00", intoxicated=True)).warn_not_before is None


def test_a_sober_episode_waits_for_nothing() -> None:
    assert last(event("e1", "SUB-2", "03-10 12:00")).warn_not_before is None
