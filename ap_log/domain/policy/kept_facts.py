"""The facts that a recommendation used, kept with it as they were: in a timeline's form, without anybody's reasons.

Reasons are people's own words and stay where they were written: no rule reads them, and a copy could be neither put
right nor erased. Judged again under the same policies, the facts kept give the same step and outcome.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from ap_log.domain.policy.evaluate import EpisodeAnswer
from ap_log.domain.policy.replay import Replay
from ap_log.domain.policy.timeline import Decision, Event, Fact, Resident, Timeline, Void


class KeptFacts(msgspec.Struct, frozen=True):
    """What was kept, read back: the resident's standing and the facts in order of time, their reasons empty."""

    resident: Resident
    facts: tuple[Fact, ...]


def facts_used(replayed: Replay, timeline: Timeline, episode: EpisodeAnswer) -> list[dict[str, Any]]:
    """What one episode's answer was made from: its own facts, and those of every earlier episode that it rests on."""
    place = next(each for each in replayed.judgements if each.episode.events[0].id == episode.events[0]).episode.place
    events = {event.id for used in _places(replayed, episode, place) for event in _events(replayed, used)}
    decisions = {fact.id for fact in timeline.facts if isinstance(fact, Decision) and fact.event in events}
    named = events | decisions
    return _written(
        timeline.resident,
        (fact for fact in timeline.facts if fact.id in named or (isinstance(fact, Void) and fact.names in named)),
    )


def facts_named(timeline: Timeline, ids: Iterable[str]) -> list[dict[str, Any]]:
    """The facts with these ids: what the policy said contradict each other."""
    named = set(ids)
    return _written(timeline.resident, (fact for fact in timeline.facts if fact.id in named))


def read_facts(written: list[dict[str, Any]]) -> KeptFacts:
    """What `facts_used` wrote."""
    resident, *facts = written
    return KeptFacts(_read_resident(resident), tuple(in_order(_read(fact) for fact in facts)))


def fact_time(fact: Fact) -> datetime:
    """When it happened, was decided, or was made void."""
    match fact:
        case Event():
            return fact.occurred_at
        case Decision():
            return fact.decided_at
        case Void():
            return fact.at


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """Facts in order of time, then id."""
    return sorted(facts, key=lambda fact: (fact_time(fact), fact.id))


def _places(replayed: Replay, episode: EpisodeAnswer, place: int) -> set[int]:
    """The places of the episode and of those its answer rests on."""
    judgement = replayed.judgements[place]
    warnings = {*episode.counted_warnings, *episode.reopened_by}
    behind = {warning.place for warning in replayed.warnings() if warning.id in warnings}
    if judgement.step == judgement.episode.policy.evidence_guard.step:  # it looked behind every active warning
        behind |= {warning.place for warning in judgement.deciding.met}
    found, following = {place}, {*behind, *judgement.rests_on} - {place}
    while following:
        found |= following
        mixed = (used for used in following if len({event.stream for event in _events(replayed, used)}) > 1)
        # Only where its events are of several streams does the stream of a warning depend on what came before.
        following = {each for used in mixed for each in replayed.judgements[used].rests_on} - found
    return found


def _events(replayed: Replay, place: int) -> tuple[Event, ...]:
    return replayed.judgements[place].episode.events


def _written(resident: Resident, facts: Iterable[Fact]) -> list[dict[str, Any]]:
    standing = {"type": "resident", **msgspec.to_builtins(resident)}
    return [standing, *(dict(_fields(fact)) for fact in in_order(facts))]


def _fields(fact: Fact) -> Iterator[tuple[str, Any]]:
    yield "id", fact.id
    yield "type", type(fact).__name__.lower()
    for name, value in msgspec.to_builtins(fact).items():
        if name not in ("id", "reason") and value is not None:
            yield name, _iso(getattr(fact, name)) if name in ("occurred_at", "decided_at", "at") else value


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _read_resident(written: dict[str, Any]) -> Resident:
    return Resident(written["legal_status"], written["recalled_for_intoxicated_aggression"])


def _read(written: dict[str, Any]) -> Fact:
    """A fact read back; an empty reason stands for the one that was left out."""
    kinds: dict[str, type[Fact]] = {"event": Event, "decision": Decision, "void": Void}
    fields = {name: value for name, value in written.items() if name != "type"}
    kind = kinds[written["type"]]
    return msgspec.convert(fields if kind is Event else fields | {"reason": ""}, kind)
