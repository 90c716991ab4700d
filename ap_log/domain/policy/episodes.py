"""From facts to episodes: which events belong together, who decided them, and from when they are void.

Whether facts contradict each other is in `contradictions`; what an episode calls for is in `rules`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import attrgetter

import msgspec

from ap_log.domain.policy.calendar import hours_after
from ap_log.domain.policy.language import Policy, PolicyBook
from ap_log.domain.policy.timeline import UNREAD_TIME, Decision, Event, Timeline, Void


class Facts(msgspec.Struct, frozen=True, gc=False):
    """The facts of a timeline by their type. Events are in order; `unplaced` ones have no time or no policy."""

    events: tuple[Event, ...]
    unplaced: tuple[Event, ...]
    decisions: tuple[Decision, ...]
    voids: tuple[Void, ...]

    @classmethod
    def of(cls, timeline: Timeline, book: PolicyBook) -> "Facts":
        events, decisions, voids = list[Event](), list[Decision](), list[Void]()
        for fact in timeline.facts:
            match fact:
                case Event():
                    events.append(fact)
                case Decision():
                    decisions.append(fact)
                case Void():
                    voids.append(fact)
        earliest = book.policies[0].effective_from
        placed = [event for event in events if event.occurred_at is not UNREAD_TIME and event.occurred_at >= earliest]
        placed.sort(key=attrgetter("occurred_at", "id"))
        return cls(
            events=tuple(placed),
            unplaced=tuple([event for event in events if event.occurred_at < earliest]),
            decisions=tuple(decisions),
            voids=tuple(voids),
        )


class Group(msgspec.Struct, frozen=True, gc=False):
    """The events of one episode, in order, and the policy in force at the first."""

    policy: Policy
    events: tuple[Event, ...]


class Episode(msgspec.Struct, frozen=True, gc=False):
    """One episode: its place among the resident's, its policy, events in order, and what people did with it.

    `voided_at` is the earliest void that names the episode or its decision, whether or not it made a warning.
    """

    place: int
    policy: Policy
    started_at: datetime
    events: tuple[Event, ...]
    help_seeking: bool
    decision: Decision | None
    voided_at: datetime | None

    def relieves(self, event: Event) -> bool:
        """Whether help-seeking makes the base of this event of the episode 0."""
        return self.help_seeking and self.policy.by_code[event.code].is_relieved

    def is_void_at(self, at: datetime) -> bool:
        return self.voided_at is not None and self.voided_at <= at


def group(events: Iterable[Event], book: PolicyBook) -> tuple[Group, ...]:
    """Ordered events in groups: an event joins the open one before its window, counted from its first event, ends."""
    groups: list[Group] = []
    held: list[Event] = []
    (policy, *later), ends_at = book.policies, UNREAD_TIME
    for event in events:
        if event.occurred_at >= ends_at:
            if held:
                groups.append(Group(policy, tuple(held)))
            held = []
            while later and later[0].effective_from <= event.occurred_at:
                policy = later.pop(0)
            ends_at = hours_after(event.occurred_at, policy.episode_window_hours)
        held.append(event)
    if held:
        groups.append(Group(policy, tuple(held)))
    return tuple(groups)


def places_of(groups: Iterable[Group]) -> Mapping[str, int]:
    """The place of the episode each event, by id, belongs to."""
    return {event.id: place for place, members in enumerate(groups) for event in members.events}


def episodes_of(facts: Facts, groups: tuple[Group, ...]) -> tuple[Episode, ...]:
    """The episodes of facts that do not contradict each other."""
    places = places_of(groups)
    decisions = {places[decision.event]: decision for decision in facts.decisions}
    named = {decision.id: decision.event for decision in facts.decisions}
    voids: dict[int, datetime] = {}
    for void in facts.voids:
        place = places[named.get(void.names, void.names)]
        voids[place] = min(void.at, voids.get(place, void.at))
    episodes = [
        Episode(
            place=place,
            policy=members.policy,
            started_at=members.events[0].occurred_at,
            events=members.events,
            help_seeking=_help_was_sought(members.events),
            decision=decisions.get(place),
            voided_at=voids.get(place),
        )
        for place, members in enumerate(groups)
    ]
    return tuple(episodes)


def _help_was_sought(events: tuple[Event, ...]) -> bool:
    """Events are in order, so that any at the start of the episode comes before those that are later."""
    for event in events:
        if event.help_seeking:
            return event.occurred_at == events[0].occurred_at
    return False
