"""Why the policy calls for a step, in sentences a manager reads in seconds, each pointing at what it rests on.

Every figure is the policy's or a fact's. Nothing is judged here: the grounds are made from the judgement itself, once,
and said in English and in Welsh.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from ap_log.domain.policy import grounds
from ap_log.domain.policy.active import Warning
from ap_log.domain.policy.evaluate import EpisodeAnswer
from ap_log.domain.policy.grounds import Figure, Ground, When, said
from ap_log.domain.policy.in_english import English
from ap_log.domain.policy.in_welsh import Welsh
from ap_log.domain.policy.language import Policy, PolicyBook
from ap_log.domain.policy.replay import Replay, replay
from ap_log.domain.policy.rules import Judgement, Outcome, may_reduce_to, route, warn_not_before
from ap_log.domain.policy.timeline import Timeline
from ap_log.domain.policy.weighing import HIGHEST_CLIMB, Background

_ENGLISH, _WELSH = English(), Welsh()


class Reason(msgspec.Struct, frozen=True):
    """One sentence in two languages: the rule, its figures in the policy, and the ids of the facts it rests on.

    The first of the `figures` is the one that the rule turns on; a person's act has none behind it.
    """

    rule: str
    figures: tuple[Figure, ...]
    text: str
    welsh: str
    facts: tuple[str, ...]

    @property
    def key(self) -> str | None:
        """The policy's key behind the sentence, such as "base.SUB-2"."""
        return self.figures[0].key if self.figures else None

    @property
    def figure(self) -> int | None:
        """The number at that key; None where it holds a list or a word."""
        return self.figures[0].number if self.figures else None


def explain(book: PolicyBook, timeline: Timeline, episode: EpisodeAnswer) -> tuple[Reason, ...]:
    """The headline and then the reasons for one episode of this timeline's answer, in the order of the rules."""
    return explain_all(replay(book, timeline), (episode,))[0]


def explain_all(replayed: Replay, episodes: Sequence[EpisodeAnswer]) -> tuple[tuple[Reason, ...], ...]:
    """The same for several episodes of one answer, for little more than the cost of one."""
    by_first_event = {each.episode.events[0].id: each for each in replayed.judgements}
    return tuple(
        tuple(_reason(each) for each in _grounds(by_first_event[episode.events[0]], replayed.background, episode))
        for episode in episodes
    )


def _reason(ground: Ground) -> Reason:
    return Reason(
        rule=ground.rule,
        figures=ground.figures,
        text=said(ground, _ENGLISH).sentence,
        welsh=said(ground, _WELSH).sentence,
        facts=ground.facts,
    )


def _grounds(judgement: Judgement, background: Background, answer: EpisodeAnswer) -> list[Ground]:
    """The headline first, then a ground for each rule that was met."""
    found = list(_Grounds(judgement, background, answer).all())
    decided_by = _deciding(judgement, found)
    headline = grounds.Headline(
        step=judgement.step,
        outcome=judgement.outcome,
        decided_by=decided_by,
        figures=decided_by.figures,
        facts=decided_by.facts,
    )
    return [headline, *found]


# What decides where it was met, the last word first; a climb only where it is higher than the start.
_LAST_WORD = (grounds.NothingFirm, grounds.Capped, grounds.Aggravated)
_CLIMBS = (grounds.LowCapped, grounds.FinalWarning, grounds.Climbs)


def _deciding(judgement: Judgement, found: list[Ground]) -> Ground:
    kinds = _LAST_WORD if judgement.deciding.climb <= judgement.deciding.base else (*_LAST_WORD, *_CLIMBS)
    met = (ground for kind in kinds for ground in found if isinstance(ground, kind))
    return next(met, found[0])


class _Grounds:
    """The grounds of one judgement, a method for each rule."""

    def __init__(self, judgement: Judgement, background: Background, answer: EpisodeAnswer) -> None:
        self._judgement = judgement
        self._background = background
        self._answer = answer
        self._episode = judgement.episode
        self._policy = judgement.episode.policy
        self._deciding = judgement.deciding
        self._event = judgement.deciding.event
        self._year = self._episode.started_at.astimezone(self._policy.zone).year

    def all(self) -> Iterator[Ground]:
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

    def _base(self) -> Ground:
        code, base, repeat = self._event.code, self._deciding.base, self._deciding.repeat
        if self._episode.relieves(self._event):
            return self._help_seeking()
        if repeat is None:
            figures = (self._figure(f"base.{code}", base),)
            return grounds.Starts(code=code, step=base, figures=figures, facts=(self._event.id,))
        rule = repeat.rule
        counted = [self._background.episodes[place] for place in sorted(repeat.earlier)]
        held = [event.id for each in counted for event in each.events if event.code == code]
        key = f"repeat {self._policy.repeat.index(rule) + 1}"
        return grounds.Repeated(
            code=code,
            count=rule.count,
            days=rule.days,
            step=base,
            figures=(
                self._figure(f"{key}.base", rule.base),
                self._figure(f"{key}.count", rule.count),
                self._figure(f"{key}.days", rule.days),
            ),
            facts=(*held, self._event.id),
        )

    def _help_seeking(self) -> Ground:
        started_at = self._episode.started_at
        calls = [each for each in self._episode.events if each.help_seeking and each.occurred_at == started_at]
        facts = dict.fromkeys((*(each.id for each in calls), self._event.id))
        figures = (self._figure("help_seeking.streams"),)
        return grounds.HelpSought(code=self._event.code, figures=figures, facts=tuple(facts))

    def _climb(self) -> Iterator[Ground]:
        highest, final, base = self._deciding.highest, self._deciding.final, self._deciding.base
        if highest is not None:
            step = min(highest.step + 1, HIGHEST_CLIMB) if base > 0 else None
            yield grounds.Climbs(
                warning=self._active(highest),
                step=step,
                is_higher=step is not None and step > base,
                figures=(self._days_of(highest),),
                facts=(highest.id,),
            )
        if base > 0 and final is not None and (highest is None or highest.step < final.step):
            yield grounds.FinalWarning(
                warning=self._active(final),
                streams=tuple(dict.fromkeys(self._policy.climb.final_crosses)),
                step=HIGHEST_CLIMB,
                is_higher=base < HIGHEST_CLIMB,
                figures=(self._figure("climb.final_crosses"), self._days_of(final)),
                facts=(final.id,),
            )

    def _low_cap(self) -> Iterator[Ground]:
        rule, final = self._policy.climb, self._deciding.final
        highest = max((warning.step for warning in (self._deciding.highest, final) if warning is not None), default=0)
        capped = self._event.code in rule.low_cap_codes and self._deciding.climb <= highest
        if self._deciding.base > 0 and highest > 0 and capped:
            figures = (self._figure("climb.low_cap.max", rule.low_cap_max),)
            yield grounds.LowCapped(
                code=self._event.code, step=rule.low_cap_max, figures=figures, facts=(self._event.id,)
            )

    def _aggravator(self) -> Iterator[Ground]:
        if self._deciding.aggravated_by:
            rule = self._policy.aggravator
            yield grounds.Aggravated(
                terms=self._deciding.aggravated_by,
                step=self._uncapped,
                figures=(self._figure("aggravator.add", rule.add), self._figure("aggravator.max", rule.max)),
                facts=(self._event.id,),
            )

    @property
    def _uncapped(self) -> int:
        step, rule = max(self._deciding.base, self._deciding.climb), self._policy.aggravator
        return min(step + rule.add, rule.max) if self._deciding.aggravated_by else step

    def _cap(self) -> Iterator[Ground]:
        stream, step = self._event.stream, self._deciding.step
        if step < self._uncapped:
            figures = (self._figure(f"cap.{stream}", step),)
            yield grounds.Capped(stream=stream, step=step, figures=figures, facts=(self._event.id,))

    def _among(self) -> Iterator[Ground]:
        events, hours = self._episode.events, self._policy.episode_window_hours
        if len(events) > 1:
            yield grounds.Together(
                entries=len(events),
                hours=hours,
                code=self._event.code,
                figures=(self._figure("episode_window_hours", hours),),
                facts=tuple(event.id for event in events),
            )

    def _mitigator(self) -> Iterator[Ground]:
        step = may_reduce_to(self._judgement)
        if step is not None:
            yield grounds.Mitigated(
                terms=tuple(dict.fromkeys(self._event.mitigators)),
                step=step,
                figures=(self._figure("mitigator.subtract", self._policy.mitigator.subtract),),
                facts=(self._event.id,),
            )

    def _guard(self) -> Iterator[Ground]:
        found = self._judgement.evidence
        figures = (self._figure("evidence_guard.step", self._policy.evidence_guard.step),)
        if self._judgement.outcome is Outcome.CASE_CONFERENCE:
            facts = (*self._answer.events, *(warning.id for warning in self._deciding.met))
            yield grounds.NothingFirm(figures=figures, facts=facts)
        elif found is not None:
            day, event = self._when(found.event.occurred_at), found.event
            yield grounds.Firm(code=event.code, day=day, figures=figures, facts=(event.id,))

    def _route(self) -> Iterator[Ground]:
        leads_to, status = route(self._judgement, self._background), self._background.resident.legal_status
        if leads_to is not None:
            figures = (self._figure(f"routes.{status}"),)
            yield grounds.Leads(legal_status=status, route=leads_to, figures=figures, facts=(self._event.id,))

    def _fitness(self) -> Iterator[Ground]:
        fit_at, hours = warn_not_before(self._judgement), self._policy.fit_to_warn_hours
        if fit_at is not None:
            latest = [event for event in self._episode.events if event.intoxicated][-1]
            yield grounds.NotFit(
                fit_at=self._when(fit_at),
                seen_at=self._when(latest.occurred_at),
                hours=hours,
                figures=(self._figure("fit_to_warn_hours", hours),),
                facts=(latest.id,),
            )

    def _reopened(self) -> Iterator[Ground]:
        if self._answer.reopened_by:
            yield grounds.Reopened(figures=(), facts=self._answer.reopened_by)

    def _active(self, warning: Warning) -> grounds.Active:
        issued, expires = self._when(warning.issued_at), self._when(warning.expires_at)
        return grounds.Active(warning.step, warning.stream, issued, expires)

    def _when(self, at: datetime) -> When:
        return When(at, self._policy.zone, self._year)

    def _days_of(self, warning: Warning) -> Figure:
        """How long a warning stays active is for the policy of its own episode to say."""
        policy = self._background.episodes[warning.place].policy
        return self._figure(f"warning_days.{warning.step}", policy.warning_days[warning.step], policy)

    def _figure(self, key: str, number: int | None = None, policy: Policy | None = None) -> Figure:
        return Figure(key, number, (policy or self._policy).label)
