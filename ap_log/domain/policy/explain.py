"""Why the policy calls for a step, in sentences a manager reads in seconds, each pointing at what it rests on.

Every figure is the policy's or a fact's. Nothing is judged here: the sentences are made from the judgement itself.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from ap_log.domain.policy.active import Warning
from ap_log.domain.policy.evaluate import EpisodeAnswer
from ap_log.domain.policy.language import PolicyBook
from ap_log.domain.policy.replay import replay
from ap_log.domain.policy.rules import (
    Judgement,
    Outcome,
    may_reduce_to,
    route,
    warn_not_before,
)
from ap_log.domain.policy.timeline import Timeline
from ap_log.domain.policy.weighing import HIGHEST_CLIMB, Background
from ap_log.domain.policy.words import (
    STATUS_WORDS,
    STEP_NAMES,
    code_words,
    count_words,
    day_words,
    listed,
    mid_sentence,
    step_words,
    stream_words,
    term_words,
    time_words,
)


class Reason(msgspec.Struct, frozen=True):
    """One sentence: the rule behind it, and the ids of the events and decisions it rests on."""

    rule: str
    text: str
    facts: tuple[str, ...]


def explain(book: PolicyBook, timeline: Timeline, episode: EpisodeAnswer) -> tuple[Reason, ...]:
    """The reasons for one episode of this timeline's answer, in the order of the rules."""
    reasons = explain_all(book, timeline, (episode,))
    return reasons[0]


def explain_all(
    book: PolicyBook, timeline: Timeline, episodes: Sequence[EpisodeAnswer]
) -> tuple[tuple[Reason, ...], ...]:
    """The same for several episodes of one answer, for little more than the cost of one."""
    replayed = replay(book, timeline)
    by_first_event = {each.episode.events[0].id: each for each in replayed.judgements}
    return tuple(
        tuple(_Sentences(by_first_event[episode.events[0]], replayed.background, episode).all()) for episode in episodes
    )


class _Sentences:
    """The sentences about one judgement, a method for each rule."""

    def __init__(self, judgement: Judgement, background: Background, answer: EpisodeAnswer) -> None:
        self._judgement = judgement
        self._background = background
        self._answer = answer
        self._episode = judgement.episode
        self._policy = judgement.episode.policy
        self._deciding = judgement.deciding
        self._event = judgement.deciding.event
        self._what = code_words(self._event.code)
        self._year = self._episode.started_at.astimezone(self._policy.zone).year

    def all(self) -> Iterator[Reason]:
        yield self._base()
        yield from self._climb()
        yield from self._low_cap()
        yield from self._aggravator()
        yield from self._cap()
        yield from self._among()
        yield from self._mitigator()
        yield from self._guard()
        yield from self._route()
        yield from self._fitness()
        yield from self._reopened()

    def _base(self) -> Reason:
        if self._episode.relieves(self._event):
            return self._help_seeking()
        repeat, step = self._deciding.repeat, step_words(self._deciding.base)
        if repeat is None:
            return Reason("base", f"{self._what} starts at {step}.", (self._event.id,))
        times = f"{count_words(repeat.rule.count, 'time')} within {count_words(repeat.rule.days, 'day')}"
        counted = [self._background.episodes[place] for place in sorted(repeat.earlier)]
        held = [event.id for each in counted for event in each.events if event.code == self._event.code]
        return Reason("repeat", f"{self._what} {times} starts at {step}.", (*held, self._event.id))

    def _help_seeking(self) -> Reason:
        started_at = self._episode.started_at
        calls = [each for each in self._episode.events if each.help_seeking and each.occurred_at == started_at]
        facts = dict.fromkeys((*(each.id for each in calls), self._event.id))
        return Reason("help-seeking", f"Help was asked for, so {self._lower} stays at {step_words(0)}.", tuple(facts))

    @property
    def _lower(self) -> str:
        return mid_sentence(self._what)

    def _climb(self) -> Iterator[Reason]:
        highest, final = self._deciding.highest, self._deciding.final
        if self._deciding.base == 0:
            if highest is not None:
                text = f"{self._active(highest)}, but what starts at {step_words(0)} does not climb."
                yield Reason("climb", text, (highest.id,))
            return
        if highest is not None:
            step = min(highest.step + 1, HIGHEST_CLIMB)
            yield Reason("climb", f"{self._active(highest)}, so this {self._climbs(step)}.", (highest.id,))
        if final is not None and (highest is None or highest.step < final.step):
            streams = listed([stream_words(stream) for stream in dict.fromkeys(self._policy.climb.final_crosses)])
            across = f"Final warnings count across {streams}"
            text = f"{self._active(final)}. {across}, so this {self._climbs(HIGHEST_CLIMB)}."
            yield Reason("final-warning", text, (final.id,))

    def _climbs(self, step: int) -> str:
        words = f"climbs to {step_words(step)}"
        return words if step > self._deciding.base else f"{words}, which is no higher than where it starts"

    def _active(self, warning: Warning) -> str:
        issued, expires = self._day(warning.issued_at), self._day(warning.expires_at)
        name = STEP_NAMES[warning.step]
        return f"A {name} for {stream_words(warning.stream)} from {issued} is active until {expires}"

    def _day(self, at: datetime) -> str:
        return day_words(at, self._policy.zone, self._year)

    def _low_cap(self) -> Iterator[Reason]:
        rule, final = self._policy.climb, self._deciding.final
        highest = max((warning.step for warning in (self._deciding.highest, final) if warning is not None), default=0)
        capped = self._event.code in rule.low_cap_codes and self._deciding.climb <= highest
        if self._deciding.base > 0 and highest > 0 and capped:
            text = f"{self._what} climbs to {step_words(rule.low_cap_max)} at most."
            yield Reason("low-cap", text, (self._event.id,))

    def _aggravator(self) -> Iterator[Reason]:
        if self._deciding.aggravated_by:
            words = listed([term_words(word) for word in self._deciding.aggravated_by])
            yield Reason("aggravator", f"{words}: that raises it to {step_words(self._uncapped)}.", (self._event.id,))

    @property
    def _uncapped(self) -> int:
        step, rule = max(self._deciding.base, self._deciding.climb), self._policy.aggravator
        return min(step + rule.add, rule.max) if self._deciding.aggravated_by else step

    def _cap(self) -> Iterator[Reason]:
        if self._deciding.step < self._uncapped:
            stream = stream_words(self._event.stream).capitalize()
            text = f"{stream} never goes above {step_words(self._deciding.step)}."
            yield Reason("cap", text, (self._event.id,))

    def _among(self) -> Iterator[Reason]:
        events = self._episode.events
        if len(events) > 1:
            hours = count_words(self._policy.episode_window_hours, "hour")
            text = f"{len(events)} entries within {hours} are one episode; {self._lower} calls for the most."
            yield Reason("episode", text, tuple(event.id for event in events))

    def _mitigator(self) -> Iterator[Reason]:
        step = may_reduce_to(self._judgement)
        if step is not None:
            words = listed([term_words(word) for word in dict.fromkeys(self._event.mitigators)])
            text = f"{words}: you may reduce this to {step_words(step)}, with a reason."
            yield Reason("mitigator", text, (self._event.id,))

    def _guard(self) -> Iterator[Reason]:
        found = self._judgement.evidence
        if self._judgement.outcome is Outcome.CASE_CONFERENCE:
            held = "Nothing here or behind an active warning is firm enough to put to the officer"
            text = f"{held}: hold a case conference."
            yield Reason("guard", text, (*self._answer.events, *(warning.id for warning in self._deciding.met)))
        elif found is not None:
            what, day = code_words(found.event.code), self._day(found.event.occurred_at)
            yield Reason("guard", f"{what} on {day} is firm enough to put to the officer.", (found.event.id,))

    def _route(self) -> Iterator[Reason]:
        leads_to = route(self._judgement, self._background)
        if leads_to is not None:
            status = STATUS_WORDS[self._background.resident.legal_status]
            text = f"For a resident on {status} the way is {mid_sentence(term_words(leads_to))}. A person decides."
            yield Reason("route", text, (self._event.id,))

    def _fitness(self) -> Iterator[Reason]:
        fit_at = warn_not_before(self._judgement)
        if fit_at is not None:
            latest = [event for event in self._episode.events if event.intoxicated][-1]
            hours = count_words(self._policy.fit_to_warn_hours, "hour")
            seen = time_words(latest.occurred_at, self._policy.zone, self._year)
            text = (
                f"Do not give a warning before {time_words(fit_at, self._policy.zone, self._year)}: "
                f"they were under the influence at {seen}, and {hours} must pass."
            )
            yield Reason("fitness", text, (latest.id,))

    def _reopened(self) -> Iterator[Reason]:
        if self._answer.reopened_by:
            text = "Look again: a warning this step was built on has been made void since."
            yield Reason("reopened", text, self._answer.reopened_by)
