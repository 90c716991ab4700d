"""Weighing one event: its base, its climb over the warnings it meets, aggravators and caps, in that order.

Every number and list is the policy's own. What each rule met is kept, so that `explain` can say it in words.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

import msgspec

from ap_log.domain.policy.active import Met, Warning, rather_standing
from ap_log.domain.policy.calendar import days_after
from ap_log.domain.policy.contradictions import REPEAT_INTOXICATED_AGGRESSION
from ap_log.domain.policy.episodes import Episode
from ap_log.domain.policy.language import CodeRules, Policy, RepeatRule
from ap_log.domain.policy.timeline import Event, Resident

HIGHEST_CLIMB = 4
_CONDUCT = "CON"


class Repeat(msgspec.Struct, frozen=True, gc=False):
    """A repeat rule that raised a base, and the places of the earlier episodes it needed."""

    rule: RepeatRule
    earlier: tuple[int, ...]


class Weighed(msgspec.Struct, frozen=True, gc=False):
    """One event, weighed. `climb` is 0 where it does not climb.

    Of the warnings `met` at its time, `highest` is one of the highest in its stream and `final` one that crosses into
    it: as long as those stand, taking any other away changes no step. `crossing` are all that meet the final-warning
    rule's condition.
    """

    event: Event
    rules: CodeRules
    base: int
    repeat: Repeat | None
    highest: Warning | None
    crossing: Sequence[Warning]
    final: Warning | None
    climb: int
    aggravated_by: tuple[str, ...]
    step: int
    met: Met


class Holders:
    """Which episodes hold which code, for the repeat rules. Events that help-seeking relieved hold nothing."""

    def __init__(self, episodes: Sequence[Episode]) -> None:
        self._places: dict[str, list[int]] = defaultdict(list)
        self._places_of_any: dict[tuple[str, ...], frozenset[int]] = {}
        for episode in episodes:
            for event in episode.events:
                places = self._places[event.code]
                if not episode.relieves(event) and episode.place not in places[-1:]:
                    places.append(episode.place)

    def before(self, place: int, code: str) -> Iterator[int]:
        """The places of the earlier episodes that hold a code, the latest first."""
        places = self._places[code]
        return (places[index] for index in range(bisect_left(places, place) - 1, -1, -1))

    def of_any(self, codes: tuple[str, ...]) -> frozenset[int]:
        """The places of all episodes that hold one of these codes: a policy asks for the same ones again and again."""
        if codes not in self._places_of_any:
            self._places_of_any[codes] = frozenset(place for code in codes for place in self._places[code])
        return self._places_of_any[codes]


class Background(msgspec.Struct, frozen=True, gc=False):
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
    rules = episode.policy.by_code[event.code]
    base, repeat = _base(rules, event, episode, background)
    highest = met.of(rules.stream).firmest
    crossing = met.final_of(rules.crosses) if base > 0 and met.final else ()
    final = rather_standing(crossing) if crossing else None
    climb = _climb(rules, base, highest, final)
    step, aggravated_by = _aggravated(max(base, climb), event, base, episode.policy, background.resident)
    return Weighed(
        event=event,
        rules=rules,
        base=base,
        repeat=repeat,
        highest=highest,
        crossing=crossing,
        final=final,
        climb=climb,
        aggravated_by=aggravated_by,
        step=step if rules.cap is None else min(step, rules.cap),
        met=met,
    )


def _base(rules: CodeRules, event: Event, episode: Episode, background: Background) -> tuple[int, Repeat | None]:
    if episode.relieves(event):
        return 0, None
    base, repeat = rules.base, None
    for rule in rules.repeat:
        if rule.base > base:
            earlier = _needed(rule, event, episode, background)
            if earlier is not None:
                base, repeat = rule.base, Repeat(rule, earlier)
    return base, repeat


def _needed(rule: RepeatRule, event: Event, episode: Episode, background: Background) -> tuple[int, ...] | None:
    """The latest earlier episodes that, with this one, are as many as the rule asks for; None if there are fewer."""
    since = days_after(episode.started_at, -rule.days, episode.policy.zone)
    found: list[int] = []
    for place in background.holders.before(episode.place, rule.code):
        earlier = background.episodes[place]
        if len(found) + 1 == rule.count or earlier.started_at <= since:
            break
        if place not in background.away and not earlier.is_void_at(event.occurred_at):
            found.append(place)
    return tuple(found) if len(found) + 1 >= rule.count else None


def _climb(rules: CodeRules, base: int, highest: Warning | None, final: Warning | None) -> int:
    if base == 0 or (highest is None and final is None):
        return 0
    climb = HIGHEST_CLIMB if highest is None or final is not None else highest.step + 1
    return climb if rules.low_cap is None else min(climb, rules.low_cap)


def _aggravated(step: int, event: Event, base: int, policy: Policy, resident: Resident) -> tuple[int, tuple[str, ...]]:
    rule = policy.aggravator
    if base < rule.min_base or not (event.aggravators or event.intoxicated):
        return step, ()
    raised = min(step + rule.add, rule.max)
    holding = {word for word in event.aggravators if word in rule.any_of}
    if _repeats_intoxicated_aggression(event, policy, resident):
        holding.add(REPEAT_INTOXICATED_AGGRESSION)
    return (raised, tuple(sorted(holding))) if holding and raised > step else (step, ())


def _repeats_intoxicated_aggression(event: Event, policy: Policy, resident: Resident) -> bool:
    return (
        event.intoxicated
        and resident.recalled_for_intoxicated_aggression
        and event.stream == _CONDUCT
        and REPEAT_INTOXICATED_AGGRESSION in policy.aggravator.any_of
    )
