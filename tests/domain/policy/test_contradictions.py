"""Facts that are each well formed and cannot stand together: all are named, and there is no answer."""

import pytest

from ap_log.domain.policy.faults import Refused
from ap_log.domain.policy.language import PolicyBook
from tests.domain.policy.build import BOOK, answer, changed, decided, event, local, void

E1 = event("e1", "SUB-2", "03-10 12:00")
E2 = event("e2", "SUB-2", "03-10 13:00")
D1 = decided("d1", "e1", 1, "03-10 12:00")


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ([E1, event("e1", "SUB-3", "03-20 12:00")], "e1: 2 facts have this id"),
        ([E1, decided("e1", "e1", 1, "03-20 12:00")], "e1: 2 facts have this id"),
        ([E1, D1, void("d1", "03-20 12:00", decision="d1")], "d1: 2 facts have this id"),
        ([event("e1", "SUB-99", "03-10 12:00")], 'e1: ap-default/1 does not know the code "SUB-99"'),
        (
            [event("e1", "SUB-2", "03-10 12:00", aggravators=("rude",))],
            'ap-default/1 does not know the aggravator "rude"',
        ),
        (
            [event("e1", "SUB-2", "03-10 12:00", mitigators=("sorry",))],
            'ap-default/1 does not know the mitigator "sorry"',
        ),
        (
            [event("e1", "CON-2", "03-10 12:00", aggravators=("repeat-intoxicated-aggression",))],
            "e1: repeat-intoxicated-aggression is worked out, never entered by hand",
        ),
        ([event("e1", "SUB-2", local("2025-12-31 23:59:59"))], "e1: happened before the earliest policy"),
        ([decided("d1", "e9", 1, "03-10 12:00")], 'd1: names no event of this timeline: "e9"'),
        ([E1, D1, decided("d2", "d1", 1, "03-10 12:00")], 'd2: names no event of this timeline: "d1"'),
        ([E1, decided("d1", "e1", 1, "03-10 11:59:59")], "d1: is dated before the event e1, which it names"),
        ([E1, E2, decided("d1", "e2", 1, "03-10 12:30")], "d1: is dated before the event e2, which it names"),
        ([E1, D1, decided("d2", "e1", 1, "03-10 12:00")], "d1, d2: decisions for one episode (e1)"),
        ([E1, E2, D1, decided("d2", "e2", 1, "03-10 13:00")], "d1, d2: decisions for one episode (e1, e2)"),
        ([E1, void("v1", "03-20 12:00", decision="d1")], 'v1: names nothing in this timeline: "d1"'),
        ([E1, void("v1", "03-20 12:00", decision="e1")], 'v1: names nothing in this timeline: "e1"'),
        ([E1, D1, void("v1", "03-20 12:00", event="d1")], 'v1: names nothing in this timeline: "d1"'),
        ([E1, void("v1", "03-10 11:59:59", event="e1")], "v1: is dated before the event e1, which it names"),
        (
            [E1, decided("d1", "e1", 1, "03-11 12:00"), void("v1", "03-11 11:59:59", decision="d1")],
            "v1: is dated before the decision d1, which it names",
        ),
        ([E1, D1, void("v1", "03-20 12:00", decision="d1", event="e1")], "v1: must name either a decision or an event"),
        ([E1, D1, void("v1", "03-20 12:00")], "v1: must name either a decision or an event"),
    ],
)
def test_a_contradiction_is_refused_and_named(facts: list[object], fault: str) -> None:
    with pytest.raises(Refused) as refused:
        answer(*facts)  # type: ignore[arg-type]
    assert len(refused.value.faults) == 1
    assert fault in refused.value.faults[0]


@pytest.mark.parametrize(
    ("facts", "ids"),
    [
        ([E1, event("e1", "SUB-3", "03-20 12:00")], {"e1"}),
        ([event("the", "SUB-99", "03-10 12:00"), event("code", "SUB-2", "03-20 12:00")], {"the"}),
        ([event("e1", "SUB-2", "03-10 12:00", aggravators=("rude",), mitigators=("sorry",))], {"e1"}),
        ([event("e1", "CON-2", "03-10 12:00", aggravators=("repeat-intoxicated-aggression",))], {"e1"}),
        ([event("e1", "SUB-2", local("2025-12-31 23:59:59"))], {"e1"}),
        ([E1, E2, decided("d1", "e2", 1, "03-10 12:30")], {"d1", "e2"}),
        ([decided("d1", "e9", 1, "03-10 12:00")], {"d1", "e9"}),
        ([event("e0", "SUB-1", "03-01 12:00"), E1, E2, D1, decided("d2", "e2", 1, "03-10 13:00")],
         {"d1", "d2", "e1", "e2"}),
        ([E1, D1, void("v1", "03-10 11:00", decision="d1")], {"v1", "d1"}),
        ([E1, void("v1", "03-10 11:00", event="e1")], {"v1", "e1"}),
        ([E1, D1, void("v1", "03-20 12:00")], {"v1"}),
        ([E1, D1, void("v1", "03-20 12:00", event="e9")], {"v1", "e9"}),
    ],
)  # fmt: skip
def test_the_refusal_says_which_facts_it_is_about(facts: list[object], ids: set[str]) -> None:
    with pytest.raises(Refused) as refused:
        answer(*facts)  # type: ignore[arg-type]
    assert refused.value.facts == ids


@pytest.mark.parametrize(
    "facts",
    [
        [E1, D1],  # decided at the very instant
        [E1, D1, void("v1", "03-10 12:00", decision="d1")],
        [E1, void("v1", "03-10 12:00", event="e1")],
        [event("e1", "SUB-2", local("2026-01-01 00:00:00"))],
        [E1, D1, void("v1", "03-20 12:00", decision="d1"), void("v2", "03-20 12:00", decision="d1")],
    ],
)
def test_the_same_instant_is_fine(facts: list[object]) -> None:
    assert answer(*facts).episodes  # type: ignore[arg-type]


def test_a_late_event_that_joins_two_decided_episodes_is_refused() -> None:
    apart = (
        event("e1", "SUB-2", "03-10 12:00"),
        event("e2", "CON-1", "03-10 20:00"),
        event("e3", "SUB-2", "03-11 00:10"),
    )
    decisions = decided("d1", "e2", 1, "03-10 21:00"), decided("d2", "e3", 2, "03-11 01:00")
    assert [episode.events for episode in answer(*apart, *decisions).episodes] == [("e1", "e2"), ("e3",)]
    with pytest.raises(Refused, match=r"d1, d2: decisions for one episode \(e2, e3\)"):
        answer(*apart, *decisions, event("e0", "SUB-1", "03-10 01:00"))


def test_every_contradiction_is_named_at_once() -> None:
    with pytest.raises(Refused) as refused:
        answer(
            event("e1", "SUB-99", "03-10 12:00", aggravators=("rude",), mitigators=("sorry",)),
            event("e2", "SUB-98", local("2025-01-01 12:00")),
            decided("d1", "e9", 1, "03-10 12:00"),
            void("v1", "03-10 12:00", event="e9"),
        )
    assert len(refused.value.faults) == 7


def test_the_words_of_an_event_are_those_of_the_policy_of_its_episode() -> None:
    later = changed(lambda policy: policy["base"].update({"NEW-1": 1}), version=2, effective_from=local("04-01 00:00"))
    book = PolicyBook.of(*BOOK.policies, later)
    assert answer(event("e1", "NEW-1", "04-01 00:00"), book=book).episodes[0].stream == "NEW"
    with pytest.raises(Refused, match='e2: ap-default/1 does not know the code "NEW-1"'):
        answer(event("e1", "SUB-2", "03-31 23:59"), event("e2", "NEW-1", "04-01 01:00"), book=book)


def test_versions_of_one_policy_have_one_name_and_differ_in_version_and_beginning() -> None:
    default = BOOK.policies[0]
    with pytest.raises(Refused) as refused:
        PolicyBook.of(default, default, changed(lambda policy: policy, name="other"))
    assert refused.value.faults == (
        "version: must differ between the versions of a policy",
        "effective_from: must differ between the versions of a policy",
        "name: must be the same in every version of a policy",
    )
    with pytest.raises(Refused, match="there is no policy"):
        PolicyBook.of()


def test_an_event_before_every_policy_is_told_from_when_there_is_one_and_which_do_not_know_its_code() -> None:
    later = changed(lambda policy: policy, version=2, effective_from=local("04-01 00:00"))
    with pytest.raises(Refused) as refused:
        answer(event("e1", "NEW-1", local("2025-12-31 23:59")), book=PolicyBook.of(*BOOK.policies, later))
    assert refused.value.faults == (
        "e1: happened before the earliest policy, which is in force from 2026-01-01T00:00:00+00:00",
        'e1: ap-default/1, ap-default/2 does not know the code "NEW-1"',
    )


@pytest.mark.parametrize("words", [{"aggravators": ("rude",)}, {"mitigators": ("sorry",)}])
def test_a_fault_of_a_word_says_which_event_it_is_about(words: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(Refused) as refused:
        answer(event("e1", "SUB-2", "03-10 12:00", **words))
    assert tuple(refused.value.facts) == ("e1",)
