"""What the policy says of a timeline, for pages, actions and the command line alike. Pure and synchronous."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from ap_log.domain.policy.active import Warning
from ap_log.domain.policy.contradictions import contradictions
from ap_log.domain.policy.episodes import Facts, group
from ap_log.domain.policy.faults import Refused
from ap_log.domain.policy.language import PolicyBook
from ap_log.domain.policy.replay import reopened_by, replay
from ap_log.domain.policy.rules import (
    Judgement,
    Outcome,
    counted_warnings,
    may_reduce_to,
    route,
    warn_not_before,
)
from ap_log.domain.policy.timeline import Timeline, parse_timeline
from ap_log.domain.policy.weighing import Background


class EpisodeAnswer(msgspec.Struct, frozen=True, gc=False):
    """What the policy says of one episode. `base` and `climb` are the deciding event's; times are in UTC."""

    events: tuple[str, ...]
    started_at: datetime
    deciding_event: str
    stream: str
    base: int
    climb: int
    step: int
    outcome: Outcome
    route: str | None
    may_reduce_to: int | None
    warn_not_before: datetime | None
    aggravated_by: tuple[str, ...]
    counted_warnings: tuple[str, ...]
    reopened_by: tuple[str, ...]


class Answer(msgspec.Struct, frozen=True, gc=False):
    """What the policy says of a resident: `policy` lists the versions given, oldest first."""

    case: str
    policy: str
    episodes: tuple[EpisodeAnswer, ...]


def read_timeline(text: str, book: PolicyBook) -> Timeline:
    """The timeline a JSON text holds. Raises Refused with every fault: of form, and of facts that contradict."""
    timeline, faults = parse_timeline(text)
    facts = Facts.of(timeline, book)
    faults = (*faults, *contradictions(facts, group(facts.events, book), book))
    if faults:
        raise Refused(faults)
    return timeline


def evaluate(book: PolicyBook, timeline: Timeline) -> Answer:
    """Every episode's recommendation. Raises Refused with every contradiction of the facts."""
    replayed = replay(book, timeline)
    reopened = reopened_by(replayed)
    episodes = [
        _answer(judgement, replayed.background, reopened.get(judgement.episode.place, ()))
        for judgement in replayed.judgements
    ]
    return Answer(timeline.case, book.label, tuple(episodes))


def warnings_of(book: PolicyBook, timeline: Timeline) -> tuple[Warning, ...]:
    """Every warning of a timeline, active, expired or void, in the order of their episodes. Raises Refused."""
    return tuple(replay(book, timeline).warnings())


def answer_json(answer: Answer) -> bytes:
    """The answer on one line, as `docs/policy-guide.md` prints it: keys in a fixed order, no spaces, a newline."""
    content = {
        "case": answer.case,
        "policy": answer.policy,
        "episodes": [_episode_json(episode) for episode in answer.episodes],
    }
    return json.dumps(content, separators=(",", ":")).encode() + b"\n"


def _answer(judgement: Judgement, background: Background, reopened: Sequence[str]) -> EpisodeAnswer:
    episode, deciding = judgement.episode, judgement.deciding
    looks_again = episode.decision is not None or background.assume_issued
    not_before = warn_not_before(judgement)
    return EpisodeAnswer(
        events=tuple([event.id for event in episode.events]),
        started_at=episode.started_at.astimezone(UTC),
        deciding_event=deciding.event.id,
        stream=deciding.rules.stream,
        base=deciding.base,
        climb=deciding.climb,
        step=deciding.step,
        outcome=judgement.outcome,
        route=route(judgement, background),
        may_reduce_to=may_reduce_to(judgement),
        warn_not_before=not_before and not_before.astimezone(UTC),
        aggravated_by=deciding.aggravated_by,
        counted_warnings=counted_warnings(judgement),
        reopened_by=tuple(sorted(reopened)) if looks_again else (),
    )


def _episode_json(episode: EpisodeAnswer) -> dict[str, object]:
    not_before = episode.warn_not_before
    return {
        "events": episode.events,
        "started_at": episode.started_at.isoformat(),
        "deciding_event": episode.deciding_event,
        "stream": episode.stream,
        "base": episode.base,
        "climb": episode.climb,
        "step": episode.step,
        "outcome": episode.outcome,
        "route": episode.route,
        "may_reduce_to": episode.may_reduce_to,
        "warn_not_before": None if not_before is None else not_before.isoformat(),
        "aggravated_by": episode.aggravated_by,
        "counted_warnings": episode.counted_warnings,
        "reopened_by": episode.reopened_by,
    }
