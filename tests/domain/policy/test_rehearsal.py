"""A draft run over one history: nothing differs without a reason, and every difference says how."""

import random
from datetime import timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from ap_log.domain.policy.language import Policy, PolicyBook
from ap_log.domain.policy.rehearsal import Difference, Kind, Rehearsed, Unjudged, book_with, rehearse
from ap_log.domain.policy.replay import replay
from ap_log.domain.policy.timeline import Event, Fact, Timeline
from tests.domain.policy.build import BOOK, changed, decided, event, local, timeline, void
from tests.domain.policy.test_properties import START, histories

POLICY = BOOK.policies[0]
SINCE = local("03-01 00:00")
FIRMER = changed(lambda policy: policy["base"].update({"SUB-2": 2}))
WIDER = changed(lambda policy: None, episode_window_hours=48)
NARROWER = changed(lambda policy: None, episode_window_hours=1)
WITHOUT_CURFEW = msgspec.structs.replace(
    POLICY, base={code: base for code, base in POLICY.base.items() if code != "RES-2"}
)
MILDER = changed(lambda policy: policy["warning_days"].update({"1": 1, "2": 1, "3": 1}))


def tried(draft: Policy, *facts: Fact, book: PolicyBook = BOOK) -> Rehearsed:
    return rehearse(book, book_with(book, draft, SINCE), SINCE, timeline(*facts, assumed=False))


def only(draft: Policy, *facts: Fact) -> Difference:
    [difference] = tried(draft, *facts).differences
    return difference


def test_another_base_is_another_step() -> None:
    found = only(FIRMER, event("e1", "SUB-2", "03-10 20:00"), event("e2", "RES-1", "03-12 20:00"))

    assert (found.kind, found.entries, found.code) == (Kind.STEP, ("e1",), "SUB-2")
    assert (found.then.step, found.draft.step) == (1, 2)
    assert found.started_at == local("03-10 20:00")


def test_what_people_decided_stays_and_only_what_the_policy_makes_of_it_changes() -> None:
    facts = (
        event("e1", "SUB-2", "03-10 20:00"),
        decided("d1", "e1", 1, "03-11 09:00"),
        event("e2", "SUB-2", "03-20 20:00"),
    )
    found = only(MILDER, *facts)

    assert (found.entries, found.then.step, found.draft.step) == (("e2",), 2, 1)
    assert not tried(MILDER, *facts, void("v1", "03-12 09:00", decision="d1")).differences


def test_nobody_is_taken_to_have_issued_what_was_not_decided() -> None:
    found = tried(MILDER, event("e1", "SUB-2", "03-10 20:00"), event("e2", "SUB-2", "03-20 20:00"))

    assert (found.episodes, found.differences) == (2, ())


def test_an_episode_from_before_the_day_is_judged_as_it_was_and_not_counted() -> None:
    found = tried(FIRMER, event("e1", "SUB-2", SINCE - timedelta(seconds=1)), event("e2", "SUB-2", "03-10 20:00"))

    assert (found.episodes, len(found.differences)) == (1, 1)


def test_an_episode_at_the_very_beginning_of_the_day_counts() -> None:
    assert only(FIRMER, event("e1", "SUB-2", SINCE)).entries == ("e1",)


def test_episodes_that_the_draft_joins_are_one_difference_with_the_highest_step_of_each_side() -> None:
    found = only(WIDER, event("e1", "RES-1", "03-10 20:00"), event("e2", "SUB-2", "03-11 20:00"))

    assert (found.kind, found.entries) == (Kind.REGROUPED, ("e1", "e2"))
    assert (found.then.step, found.then.code, found.draft.step) == (1, "SUB-2", 1)


def test_an_episode_that_the_draft_splits_is_one_difference() -> None:
    found = only(NARROWER, event("e1", "SUB-2", "03-10 20:00"), event("e2", "SUB-2", "03-10 23:00"))

    assert (found.kind, found.entries) == (Kind.REGROUPED, ("e1", "e2"))


def test_two_decisions_in_one_episode_of_the_draft_cannot_be_judged_and_what_follows_can() -> None:
    found = tried(
        WIDER,
        event("e1", "SUB-2", "03-10 20:00"),
        decided("d1", "e1", 1, "03-10 21:00"),
        event("e2", "SUB-2", "03-11 20:00"),
        decided("d2", "e2", 2, "03-11 21:00"),
        void("v2", "03-11 22:00", decision="d2"),
        event("e3", "SUB-2", "04-10 20:00"),
    )

    [difference] = found.differences
    assert (difference.kind, difference.entries) == (Kind.CANNOT_JUDGE, ("e1", "e2"))
    assert (difference.draft.step, difference.draft.outcome) == (None, Unjudged.TWO_DECISIONS)
    assert (found.episodes, difference.then.step) == (3, 2)


def test_a_code_that_the_draft_does_not_know_cannot_be_judged() -> None:
    found = only(WITHOUT_CURFEW, event("e1", "RES-2", "03-10 20:00"), event("e2", "SUB-2", "03-20 20:00"))

    assert (found.kind, found.entries, found.code) == (Kind.CANNOT_JUDGE, ("e1",), "RES-2")
    assert found.draft.outcome == Unjudged.UNKNOWN_CODE


def test_an_aggravator_that_the_draft_does_not_know_cannot_be_judged() -> None:
    word = POLICY.aggravator.any_of[1]
    draft = changed(lambda policy: policy["aggravator"]["any_of"].remove(word))
    found = only(draft, event("e1", "SUB-2", "03-10 20:00", aggravators=(word,)), event("e2", "RES-1", "03-20 20:00"))

    assert (found.entries, found.draft.outcome) == (("e1",), Unjudged.UNKNOWN_WORD)


def test_what_only_the_draft_can_judge_is_a_difference_too() -> None:
    book = PolicyBook.of(WITHOUT_CURFEW)
    [found] = tried(POLICY, event("e1", "RES-2", "03-10 20:00"), book=book).differences

    assert (found.kind, found.then.step) == (Kind.CANNOT_JUDGE, None)
    assert found.draft.step == POLICY.base["RES-2"]


def test_facts_that_contradict_each_other_under_any_policy_are_not_compared() -> None:
    found = tried(FIRMER, event("e1", "SUB-2", "03-10 20:00"), decided("d1", "gone", 1, "03-11 09:00"))

    assert found == Rehearsed("case", comparable=False)


def test_versions_from_after_the_day_never_came() -> None:
    later = msgspec.structs.replace(FIRMER, version=2, effective_from=local("03-05 00:00"))
    book = book_with(PolicyBook.of(POLICY, later), MILDER, SINCE)

    assert [policy.version for policy in book.policies] == [1, 3]
    assert book.policies[1].warning_days == MILDER.warning_days
    assert book.policies[1].effective_from == SINCE


def test_a_draft_from_the_first_policy_on_replaces_it() -> None:
    assert len(book_with(BOOK, FIRMER, POLICY.effective_from).policies) == 1


DRAFTS = st.sampled_from((FIRMER, WIDER, NARROWER, MILDER, WITHOUT_CURFEW))


@given(histories(assumed=False), st.integers(-10, 70))
@settings(deadline=None)
def test_the_same_policy_as_a_draft_gives_no_difference(told: Timeline, days: int) -> None:
    since = START + timedelta(days=days)
    found = rehearse(BOOK, book_with(BOOK, POLICY, since), since, told)

    assert found.differences == ()
    assert found.comparable
    began = [judgement.episode.started_at for judgement in replay(BOOK, told).judgements]
    assert found.episodes == sum(at >= since for at in began)


@given(histories(assumed=False), DRAFTS, st.integers())
@settings(deadline=None)
def test_the_order_in_which_facts_arrive_never_changes_what_differs(told: Timeline, draft: Policy, seed: int) -> None:
    shuffled = list(told.facts)
    random.Random(seed).shuffle(shuffled)
    book = book_with(BOOK, draft, SINCE)

    mixed = msgspec.structs.replace(told, facts=tuple(shuffled))
    assert rehearse(BOOK, book, SINCE, mixed) == rehearse(BOOK, book, SINCE, told)


@given(histories(assumed=False), DRAFTS)
@settings(deadline=None)
def test_only_what_differs_appears_and_each_entry_once(told: Timeline, draft: Policy) -> None:
    found = rehearse(BOOK, book_with(BOOK, draft, SINCE), SINCE, told)

    entries = [entry for difference in found.differences for entry in difference.entries]
    assert len(entries) == len(set(entries))
    assert set(entries) <= {fact.id for fact in told.facts if isinstance(fact, Event)}
    assert len(found.differences) <= found.episodes
    for difference in found.differences:
        if difference.kind is not Kind.REGROUPED:
            assert (difference.then.step, difference.then.outcome) != (difference.draft.step, difference.draft.outcome)
