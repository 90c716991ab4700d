"""Re-judges one resident after a fact about them has come or changed, inside the transaction that brought it.

The policy recommends and nothing more: here recommendations are stored and superseded, and the person who decides is
told. A decision already made is never changed; where its episode now calls for something else, it is put in question.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from ap_log.actions.raise_notices import close_review_notices, raise_review_notice
from ap_log.domain.policy.evaluate import EpisodeAnswer, evaluate
from ap_log.domain.policy.explain import explain_all
from ap_log.domain.policy.faults import Refused
from ap_log.domain.policy.kept_facts import facts_named, facts_used
from ap_log.domain.policy.language import PolicyBook
from ap_log.domain.policy.replay import replay
from ap_log.domain.policy.timeline import Decision as DecisionFact
from ap_log.domain.policy.timeline import Event, Timeline, Void
from ap_log.store import policies, recommendations, timelines
from ap_log.store.models import Recommendation, Resident

CANNOT_JUDGE = "cannot-judge"


async def judge(resident: Resident, now: datetime) -> list[Recommendation]:
    """Bring a resident's recommendations up to date; returns the ones that are new."""
    book = await policies.get_book()
    timeline = await timelines.timeline_of(resident, book.policies[0].effective_from)
    current = await recommendations.list_current(resident.id)
    try:
        episodes = evaluate(book, timeline).episodes
    except Refused as refusal:
        wanted = [_cannot_judge(book, timeline, resident, refusal, now)]
        return await _replace(current, wanted, now)
    wanted = [await _recommendation(book, timeline, resident, episode, now) for episode in episodes]
    _explain([one for one in wanted if not _stands(one, current)], book, timeline, episodes)
    return await _replace(current, wanted, now)


def _explain(
    said: list[Recommendation], book: PolicyBook, timeline: Timeline, episodes: Sequence[EpisodeAnswer]
) -> None:
    """Write down the reasons, and the facts as they are now: years later the page of what is stored says the same."""
    if not said:
        return
    replayed = replay(book, timeline)
    answers = {episode.deciding_event: episode for episode in episodes}
    explained = [answers[one.deciding_entry] for one in said]
    for one, answer, reasons in zip(said, explained, explain_all(replayed, explained), strict=True):
        one.reasons = _as_stored(reasons)
        one.facts = _as_stored(facts_used(replayed, timeline, answer))


async def _replace(current: list[Recommendation], wanted: list[Recommendation], now: datetime) -> list[Recommendation]:
    """Store what is not said already and supersede what is no longer said.

    New ones first: the notice that asks for a decision on an episode goes over to its new recommendation, and only a
    notice that nothing took over is closed.
    """
    new = [one for one in wanted if not _is_said(one, current)]
    for one in new:
        # More news of an episode does not make it wait from the start again.
        waited = [other for other in current if _needs_a_person(other) and set(other.episode) & set(one.episode)]
        one.waiting_since = min((other.waiting_since for other in waited), default=now)
        await one.save(force_create=True)
        if _needs_a_person(one):
            await raise_review_notice(one, now)
    for other in current:
        if not _is_said(other, wanted):
            await recommendations.supersede(other, now)
            await close_review_notices(other, None, now)
    return new


async def _recommendation(
    book: PolicyBook, timeline: Timeline, resident: Resident, episode: EpisodeAnswer, now: datetime
) -> Recommendation:
    """What should stand for one episode, as a row not yet saved."""
    policy = book.in_force_at(episode.started_at)
    assert policy is not None  # noqa: S101 - `evaluate` refuses an event from before every policy
    one = Recommendation(
        resident_id=resident.id,
        premises_id=resident.premises_id,
        policy=policy.label,
        episode=list(episode.events),
        deciding_entry=episode.deciding_event,
        started_at=episode.started_at,
        stream=episode.stream,
        step=episode.step,
        outcome=episode.outcome,
        answer=_as_stored(episode),
        reasons=[],
        made_at=now,
    )
    decisions = (fact for fact in timeline.facts if isinstance(fact, DecisionFact))
    decision = next((fact for fact in decisions if fact.event in episode.events), None)
    if decision is not None:
        await _link(one, decision, timeline)
    return one


def _cannot_judge(
    book: PolicyBook, timeline: Timeline, resident: Resident, refusal: Refused, now: datetime
) -> Recommendation:
    # What was decided stays in question even where its entry has become a note, which is no event any more.
    events = [fact.id for fact in timeline.facts if isinstance(fact, Event)]
    decided = [fact.event for fact in timeline.facts if isinstance(fact, DecisionFact) and fact.event not in events]
    about = [*decided, *events]
    return Recommendation(
        resident_id=resident.id,
        premises_id=resident.premises_id,
        policy=book.label,
        episode=about,
        deciding_entry=about[-1],
        started_at=now,
        stream="",
        step=None,
        outcome=CANNOT_JUDGE,
        answer={},
        reasons=[],
        facts=_as_stored(facts_named(timeline, {*decided, *refusal.facts})),
        faults=list(refusal.faults),
        made_at=now,
    )


async def _link(one: Recommendation, decision: DecisionFact, timeline: Timeline) -> None:
    """Tie a recommendation to the decision its episode has, and say whether it puts that decision in question."""
    one.decision_id = decision.id
    decided_on = await recommendations.find_decided_on(decision.id)
    if decided_on is None:
        return
    voided_since = {fact.names for fact in timeline.facts if isinstance(fact, Void) and fact.at > decision.decided_at}
    # A warning that was void when the person decided was no news to them, nor one they have looked at since.
    news = voided_since & set(one.answer["reopened_by"]) - set(decided_on.answer["reopened_by"])
    one.look_again = bool(news) or (decided_on.step, decided_on.outcome) != (one.step, one.outcome)


def _needs_a_person(one: Recommendation) -> bool:
    """Whether somebody has to decide: a decision is in question, or none settles what is called for."""
    return one.look_again or (one.decision_id is None and one.step != 0)


def _is_said(one: Recommendation, others: list[Recommendation]) -> bool:
    """Whether one of the others says the same, so that it need not be replaced."""
    return _stands(one, others) or any(_says_the_same(one, other) for other in others)


def _stands(one: Recommendation, others: list[Recommendation]) -> bool:
    """Whether it is decided, and was before: that stands, reasons and all, until its step or outcome changes."""
    return _is_settled(one) and any(
        _is_settled(other) and one.decision_id == other.decision_id and set(one.episode) & set(other.episode)
        for other in others
    )


def _is_settled(one: Recommendation) -> bool:
    return one.decision_id is not None and not one.look_again


def _says_the_same(one: Recommendation, other: Recommendation) -> bool:
    """Whether nothing of it is news to the person it waits for: an answer may stay while what it rests on changes."""
    return _told(one) == _told(other)


def _told(one: Recommendation) -> tuple[object, ...]:
    return one.decision_id, one.look_again, one.policy, one.answer, one.faults, one.facts, one.reasons


def _as_stored(value: object) -> Any:
    """What is read back once this has been stored as JSON."""
    return msgspec.json.decode(msgspec.json.encode(value))
