"""Weighing one event: its base, its climb over the warnings it meets, aggravators and caps, in that order.

Every number and list is the policy's own. What each rule met is kept, so that `explain` can say it in words.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

import msgspec

from ap_log.domain.policy.active import FINAL_WARNING, Met, Warning
from ap_log.domain.policy.calendar import days_after
from ap_log.domain.policy.contradictions import REPEAT_INTOXICATED_AGGRESSION
from ap_log.domain.policy.episodes import Episode
from ap_log.domain.policy.language import Policy, RepeatRule
from ap_log.domain.policy.timeline import Event, Resident

HIGHEST_CLIMB = 4
_CONDUCT = "CON"


class Repeat(msgspec.Struct, frozen=True):
    """A repeat rule that raised a base, and the places of the earlier episodes it needed."""

    rule: RepeatRule
    earlier: tuple[int, ...]


class Weighed(msgspec.Struct, frozen=True):
    """One event, weighed. `climb` is 0 where it does not climb.

    Of the warnings `met` at its time, `highest` is one of the highest in its stream and `final` one that crosses into
    it: as long as those stand, taking any other away changes no step.
    """

    event: Event
    base: int
    repeat: Repeat | None
    highest: Warning | None
    final: Warning | None
    climb: int
    aggravated_by: tuple[str, ...]
    step: int
    met: Met


class Holders:
    """Which episodes hold which code, for the repeat rules. Events that help-seeking relieved hold nothing."""

    def __init__(self, episodes: Sequence[Episode]) -> None:
        self._by_code: dict[str, list[Episode]] = defaultdict(list)
        for episode in episodes:
            for code in {event.code for event in episode.events if not episode.relieves(event)}:
                self._by_code[code].append(episode)

    def before(self, episode: Episode, code: str) -> Iterator[Episode]:
        """The earlier episodes that hold a code, the latest first."""
        held = self._by_code[code]
        first_not_earlier = bisect_left(held, episode.place, key=lambda holder: holder.place)
        return (held[index] for index in range(first_not_earlier - 1, -1, -1))


class Background(msgspec.Struct, frozen=True):
    """What events are weighed against besides warnings: the resident and the earlier episodes.

    Episodes taken `away` make no warning and count for no repeat rule, at any time.
    """

    resident: Resident
    episodes: Sequence[Episode]
    holders: Holders
    assume_issued: bool
    away: frozenset[int] = frozenset()


def weigh(event: Event, episode: Episode, met: Met, background: Background) -> Weighed:
    """One event against the warnings of earlier episodes that are active at its time."""
    policy, stream = episode.policy, event.stream
    base, repeat = _base(event, episode, background)
    highest = _firmest(met.of(stream))
    final = _firmest(crossing_final_warnings(event, base, met, policy))
    climb = _climb(event, base, highest, final, policy)
    step, aggravated_by = _aggravated(max(base, climb), event, base, policy, background.resident)
    return Weighed(
        event=event,
        base=base,
        repeat=repeat,
        highest=highest,
        final=final,
        climb=climb,
        aggravated_by=aggravated_by,
        step=min(step, policy.cap.get(stream, step)),
        met=met,
    )


def crossing_final_warnings(event: Event, base: int, met: Met, policy: Policy) -> list[Warning]:
    """The final warnings that meet the final-warning rule's condition for this event."""
    crosses = policy.climb.final_crosses
    return met.final_of(crosses) if base > 0 and event.stream in crosses else []


def _firmest(warnings: Sequence[Warning]) -> Warning | None:
    """One of the highest, and rather one that was never voided."""
    if not warnings:
        return None
    return max(warnings, key=lambda warning: (warning.step, warning.voided_at is None))


def _base(event: Event, episode: Episode, background: Background) -> tuple[int, Repeat | None]:
    if episode.relieves(event):
        return 0, None
    base, repeat = episode.policy.base[event.code], None
    for rule in episode.policy.repeat:
        if rule.code == event.code and rule.base > base:
            earlier = _needed(rule, event, episode, background)
            if earlier is not None:
                base, repeat = rule.base, Repeat(rule, earlier)
    return base, repeat


def _needed(rule: RepeatRule, event: Event, episode: Episode, background: Background) -> tuple[int, ...] | None:
    """The latest earlier episodes that, with this one, are as many as the rule asks for; None if there are fewer."""
    since = days_after(episode.started_at, -rule.days, episode.policy.zone)
    found: list[int] = []
    for earlier in background.holders.before(episode, rule.code):
        if len(found) + 1 == rule.count or earlier.started_at <= since:
            break
        if earlier.place not in background.away and not earlier.is_void_at(event.occurred_at):
            found.append(earlier.place)
    return tuple(found) if len(found) + 1 >= rule.count else None


def _climb(event: Event, base: int, highest: Warning | None, final: Warning | None, policy: Policy) -> int:
    if base == 0:
        return 0
    climb = 0 if highest is None else highest.step + 1
    if final is not None:
        climb = max(climb, FINAL_WARNING + 1)
    if event.code in policy.climb.low_cap_codes:
        climb = min(climb, policy.climb.low_cap_max)
    return min(climb, HIGHEST_CLIMB)


def _aggravated(step: int, event: Event, base: int, policy: Policy, resident: Resident) -> tuple[int, tuple[str, ...]]:
    rule = policy.aggravator
    raised = min(step + rule.add, rule.max)
    if base < rule.min_base or raised <= step:
        return step, ()
    holding = {word for word in event.aggravators if word in rule.any_of}
    if _repeats_intoxicated_aggression(event, policy, resident):
        holding.add(REPEAT_INTOXICATED_AGGRESSION)
    return (raised, tuple(sorted(holding))) if holding else (step, ())


def _repeats_intoxicated_aggression(event: Event, policy: Policy, resident: Resident) -> bool:
    return (
        event.intoxicated
        and resident.recalled_for_intoxicated_aggression
        and event.stream == _CONDUCT
        and REPEAT_INTOXICATED_AGGRESSION in policy.aggravator.any_of
    )
