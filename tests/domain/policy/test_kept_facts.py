"""The facts kept with a recommendation: enough to judge it again, no more than was used, and nobody's own words."""

import json

import msgspec
from hypothesis import given, settings

from ap_log.domain.policy.evaluate import EpisodeAnswer, evaluate
from ap_log.domain.policy.kept_facts import facts_named, facts_used, read_facts
from ap_log.domain.policy.replay import replay
from ap_log.domain.policy.timeline import Fact, Timeline, parse_timeline
from tests.domain.policy.build import BOOK, decided, event, timeline, void
from tests.domain.policy.test_properties import histories

NOW = "03-20 12:00"


def used(*facts: Fact) -> list[str]:
    """The ids of the facts used for the last episode."""
    told = timeline(*facts, assumed=False)
    written = facts_used(replay(BOOK, told), told, evaluate(BOOK, told).episodes[-1])
    return [fact["id"] for fact in written[1:]]


def said(answer: EpisodeAnswer) -> EpisodeAnswer:
    """What does not depend on which voided warnings there once were."""
    return msgspec.structs.replace(answer, reopened_by=())


@given(histories(assumed=False))
@settings(deadline=None)
def test_judged_again_the_facts_kept_give_the_same_answer(told: Timeline) -> None:
    replayed = replay(BOOK, told)
    for answer in evaluate(BOOK, told).episodes:
        kept = read_facts(json.loads(json.dumps(facts_used(replayed, told, answer))))
        again = evaluate(BOOK, msgspec.structs.replace(told, resident=kept.resident, facts=kept.facts))
        found = next(each for each in again.episodes if each.events == answer.events)
        assert said(found) == said(answer)


def test_what_the_answer_does_not_rest_on_is_not_kept() -> None:
    unrelated = event("x1", "CHG-1", "03-10 12:00"), decided("x2", "x1", 1, "03-10 13:00")
    expired = event("y1", "SUB-2", "01-05 12:00"), decided("y2", "y1", 1, "01-05 13:00")
    warned = event("e1", "SUB-2", "03-03 12:00"), decided("d1", "e1", 1, "03-03 13:00")
    later = event("z1", "SUB-3", "03-25 12:00")
    told = timeline(*expired, *warned, *unrelated, event("e2", "SUB-2", NOW), later, assumed=False)
    third = evaluate(BOOK, told).episodes[-2]
    assert third.events == ("e2",)
    kept = [fact["id"] for fact in facts_used(replay(BOOK, told), told, third)[1:]]
    assert {"e1", "d1", "e2"} <= set(kept)
    assert not {"y1", "y2", "z1"} & set(kept)


def test_a_void_is_kept_with_what_it_takes_back() -> None:
    warned = event("e1", "SUB-2", "03-03 12:00"), decided("d1", "e1", 1, "03-03 13:00")
    own = event("e2", "SUB-2", NOW), decided("d2", "e2", 2, "03-20 13:00")
    assert used(*warned, *own, void("v1", "03-25 12:00", decision="d1")) == ["e1", "d1", "e2", "d2", "v1"]


def test_they_are_a_timeline_but_for_the_reasons() -> None:
    told = timeline(
        event("e1", "CON-2", NOW, intoxicated=True, aggravators=("victim-staff",)),
        decided("d1", "e1", 3, "03-20 13:00"),
        void("v1", "03-25 12:00", decision="d1"),
        assumed=False,
        recalled=True,
    )
    resident, *facts = facts_used(replay(BOOK, told), told, evaluate(BOOK, told).episodes[0])
    assert resident == {"type": "resident", "legal_status": "licence", "recalled_for_intoxicated_aggression": True}
    assert not any("reason" in fact for fact in facts)
    given_back = [fact | ({} if fact["type"] == "event" else {"reason": "as it was"}) for fact in facts]
    del resident["type"]
    read, faults = parse_timeline(json.dumps({"case": "again", "resident": resident, "facts": given_back}))
    assert faults == ()
    assert [fact.id for fact in read.facts] == ["e1", "d1", "v1"]
    assert read.facts[0] == told.facts[0]


def test_of_facts_that_contradict_each_other_the_named_ones_are_kept() -> None:
    told = timeline(event("e1", "SUB-2", NOW), event("e2", "SUB-2", "03-21 12:00"))
    assert [fact["id"] for fact in facts_named(told, {"e2", "unknown"})[1:]] == ["e2"]
