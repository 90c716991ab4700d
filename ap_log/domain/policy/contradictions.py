"""What makes a timeline unusable although each fact is well formed: facts that contradict each other or the policy.

Parts of facts that could not be read are passed over: their faults are known already.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from ap_log.domain.policy.episodes import Facts, Group, places_of
from ap_log.domain.policy.faults import FactFault, shown
from ap_log.domain.policy.language import Policy, PolicyBook
from ap_log.domain.policy.timeline import UNREAD, UNREAD_TIME, Decision, Event, Fact, Void

# Worked out from the resident and the event (rule 5), so that nobody can enter it by hand.
REPEAT_INTOXICATED_AGGRESSION = "repeat-intoxicated-aggression"


def contradictions(facts: Facts, groups: tuple[Group, ...], book: PolicyBook) -> list[str]:
    """Every contradiction as a sentence that begins with the id of the fact it is about."""
    events = {event.id: event for event in (*facts.events, *facts.unplaced) if event.id != UNREAD}
    decisions = {decision.id: decision for decision in facts.decisions if decision.id != UNREAD}
    return [
        *_ids_given_twice((*facts.events, *facts.unplaced, *facts.decisions, *facts.voids)),
        *_before_the_earliest_policy(facts, book),
        *_unknown_words(facts, groups, book),
        *_decisions_astray(facts, events),
        *_decided_twice(facts, groups),
        *_voids_astray(facts, events, decisions),
    ]


def _ids_given_twice(facts: Iterable[Fact]) -> Iterable[str]:
    times = Counter([fact.id for fact in facts if fact.id != UNREAD])
    return (FactFault(f"{name}: {count} facts have this id", name) for name, count in times.items() if count > 1)


def _before_the_earliest_policy(facts: Facts, book: PolicyBook) -> Iterable[str]:
    earliest = book.policies[0].effective_from.isoformat()
    return (
        FactFault(f"{_name(event)}: happened before the earliest policy, which is in force from {earliest}", event.id)
        for event in facts.unplaced
        if event.occurred_at is not UNREAD_TIME
    )


def _unknown_words(facts: Facts, groups: tuple[Group, ...], book: PolicyBook) -> Iterable[str]:
    for members in groups:
        for event in members.events:
            if event.code in members.policy.base and not event.aggravators and not event.mitigators:
                continue  # nearly all, and this is called for every event of a resident
            yield from _unknown_to((members.policy,), event)
    for event in facts.unplaced:  # which policy would judge it cannot be said: a word has to be known to one of them
        yield from _unknown_to(book.policies, event)


def _unknown_to(policies: tuple[Policy, ...], event: Event) -> Iterable[str]:
    doubt = f"{_name(event)}: {', '.join(policy.label for policy in policies)} does not know the"
    if event.code != UNREAD and not any(event.code in policy.base for policy in policies):
        yield FactFault(f"{doubt} code {shown(event.code)}", event.id)
    for word in event.aggravators:
        if word == REPEAT_INTOXICATED_AGGRESSION:
            yield FactFault(f"{_name(event)}: {word} is worked out, never entered by hand", event.id)
        elif word != UNREAD and not any(word in policy.aggravator.any_of for policy in policies):
            yield FactFault(f"{doubt} aggravator {shown(word)}", event.id)
    for word in event.mitigators:
        if word != UNREAD and not any(word in policy.mitigator.any_of for policy in policies):
            yield FactFault(f"{doubt} mitigator {shown(word)}", event.id)


def _decisions_astray(facts: Facts, events: Mapping[str, Event]) -> Iterable[str]:
    for decision in facts.decisions:
        event = events.get(decision.event)
        if event is None and decision.event != UNREAD:
            words = f"{_name(decision)}: names no event of this timeline: {shown(decision.event)}"
            yield FactFault(words, decision.id, decision.event)
        elif event is not None and _is_before(decision.decided_at, event.occurred_at):
            yield _too_early(decision, "event", event.id)


def _decided_twice(facts: Facts, groups: tuple[Group, ...]) -> Iterable[str]:
    places = places_of(groups)
    by_place: dict[int, list[Decision]] = defaultdict(list)
    for decision in facts.decisions:
        if decision.event in places and decision.event != UNREAD:
            by_place[places[decision.event]].append(decision)
    for place, decided in by_place.items():
        if len(decided) > 1:
            names = ", ".join(sorted(_name(decision) for decision in decided))
            events = [event.id for event in groups[place].events]
            words = f"{names}: decisions for one episode ({', '.join(events)}); all but one have to be withdrawn"
            yield FactFault(words, *(decision.id for decision in decided), *events)


def _voids_astray(facts: Facts, events: Mapping[str, Event], decisions: Mapping[str, Decision]) -> Iterable[str]:
    for void in facts.voids:
        if (void.decision is None) == (void.event is None):
            yield FactFault(f"{_name(void)}: must name either a decision or an event", void.id)
        elif decision := decisions.get(void.decision or UNREAD):
            if _is_before(void.at, decision.decided_at):
                yield _too_early(void, "decision", decision.id)
        elif event := events.get(void.event or UNREAD):
            if _is_before(void.at, event.occurred_at):
                yield _too_early(void, "event", event.id)
        elif void.names != UNREAD:
            yield FactFault(f"{_name(void)}: names nothing in this timeline: {shown(void.names)}", void.id, void.names)


def _is_before(at: datetime, named_at: datetime) -> bool:
    return at < named_at and UNREAD_TIME not in (at, named_at)


def _too_early(fact: Fact, kind: str, named: str) -> FactFault:
    return FactFault(f"{_name(fact)}: is dated before the {kind} {named}, which it names", fact.id, named)


def _name(fact: Fact) -> str:
    if fact.id != UNREAD:
        return fact.id
    match fact:
        case Event():
            return "an event"
        case Decision():
            return "a decision"
        case Void():
            return "a void"
