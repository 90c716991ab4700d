"""Replaying a timeline: every episode judged in order, and again without each voided warning."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import msgspec

from ap_log.domain.policy.active import Sweep, Warning
from ap_log.domain.policy.contradictions import contradictions
from ap_log.domain.policy.episodes import Episode, Facts, episodes_of, group
from ap_log.domain.policy.faults import Refused
from ap_log.domain.policy.language import PolicyBook
from ap_log.domain.policy.rules import Judgement, judge
from ap_log.domain.policy.timeline import Timeline
from ap_log.domain.policy.weighing import Background, Holders


class Replay(msgspec.Struct, frozen=True, gc=False):
    """A timeline's judgements, in the order of its episodes, and what they were made against."""

    background: Background
    judgements: tuple[Judgement, ...]

    def warnings(self) -> Iterator[Warning]:
        return (judgement.warning for judgement in self.judgements if judgement.warning is not None)


def replay(book: PolicyBook, timeline: Timeline) -> Replay:
    """Every episode judged, the earliest first. Raises Refused when facts contradict each other or the policy."""
    facts = Facts.of(timeline, book)
    groups = group(facts.events, book)
    if faults := contradictions(facts, groups, book):
        raise Refused(faults)
    episodes = episodes_of(facts, groups)
    background = Background(timeline.resident, episodes, Holders(episodes), timeline.assume_issued)
    return Replay(background, _judged_in_order(episodes, background))


def reopened_by(first: Replay) -> Mapping[int, list[str]]:
    """By the place of an episode, the voided warnings of earlier ones without which it would have another answer.

    They are taken away one after another, by time of issue then id, and each stays away.
    """
    reopened: dict[int, list[str]] = defaultdict(list)
    before = first
    voided = [warning for warning in first.warnings() if warning.voided_at is not None]
    for warning in sorted(voided, key=lambda each: (each.issued_at, each.id)):
        after = _without(warning.place, before)
        for old, new in zip(before.judgements, after.judgements, strict=True):
            if old is not new and (old.step, old.outcome) != (new.step, new.outcome):
                reopened[new.episode.place].append(warning.id)
        before = after
    return reopened


def _judged_in_order(episodes: tuple[Episode, ...], background: Background) -> tuple[Judgement, ...]:
    sweep, judgements = Sweep(), list[Judgement]()
    for episode in episodes:
        judgement = judge(episode, sweep, background)
        if judgement.warning is not None:
            sweep.add(judgement.warning)
        judgements.append(judgement)
    return tuple(judgements)


def _without(place: int, before: Replay) -> Replay:
    """The same timeline with one more episode's warning never issued.

    Only episodes that rest on a changed one, or meet its changed warning, are judged again: a resident with many voids
    would otherwise be replayed whole for each of them.
    """
    background = msgspec.structs.replace(before.background, away=before.background.away | {place})
    judgements = list(before.judgements)
    judgements[place] = msgspec.structs.replace(judgements[place], warning=None)
    changed, made_anew = {place}, list[Warning]()
    for later in range(place + 1, len(judgements)):
        old = judgements[later]
        if changed.isdisjoint(old.rests_on) and not (made_anew and _may_meet_any(old.episode, made_anew)):
            continue
        judgements[later] = new = judge(old.episode, _met_by(old.episode, judgements), background)
        if new.warning != old.warning:
            changed.add(later)
            made_anew += [new.warning] if new.warning is not None else []
    return Replay(background, tuple(judgements))


def _met_by(episode: Episode, judgements: list[Judgement]) -> Sweep:
    earlier = (judgement.warning for judgement in judgements[: episode.place])
    return Sweep(warning for warning in earlier if warning is not None and _may_meet(episode, warning))


def _may_meet_any(episode: Episode, warnings: list[Warning]) -> bool:
    return any(_may_meet(episode, warning) for warning in warnings)


def _may_meet(episode: Episode, warning: Warning) -> bool:
    return warning.issued_at <= episode.events[-1].occurred_at and episode.started_at < warning.ends_at
