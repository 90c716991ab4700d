"""Short ways to write facts and to ask the default policy, or one with a few things changed, about them."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ap_log.domain.policy.evaluate import Answer, EpisodeAnswer, evaluate
from ap_log.domain.policy.language import Policy, PolicyBook
from ap_log.domain.policy.loading import load_policy
from ap_log.domain.policy.timeline import Decision, Event, Fact, Resident, Timeline, Void
from tests.domain.policy.histories import DEFAULT_TOML, Json, default_policy
from tests.domain.policy.toml import toml_text

LONDON = ZoneInfo("Europe/London")
BOOK = PolicyBook.of(load_policy(DEFAULT_TOML))


def local(text: str, fold: int = 0) -> datetime:
    """A London clock reading: `03-10 20:00` of 2026, or with its own year."""
    text = text if text.startswith("20") else f"2026-{text}"
    return datetime.fromisoformat(text).replace(tzinfo=LONDON, fold=fold).astimezone(UTC)


def event(name: str, code: str, at: str | datetime, **fields: Any) -> Event:
    return Event(id=name, code=code, occurred_at=local(at) if isinstance(at, str) else at, **fields)


def decided(name: str, names: str, step: int, at: str | datetime) -> Decision:
    when = local(at) if isinstance(at, str) else at
    return Decision(id=name, event=names, step=step, decided_at=when, reason="as it seemed right")


def void(name: str, at: str | datetime, *, decision: str | None = None, event: str | None = None) -> Void:
    when = local(at) if isinstance(at, str) else at
    return Void(id=name, at=when, reason="laboratory negative", decision=decision, event=event)


def timeline(*facts: Fact, assumed: bool = True, status: str = "licence", recalled: bool = False) -> Timeline:
    return Timeline("case", Resident(status, recalled), assume_issued=assumed, facts=facts)


def changed(change: Callable[[Json], object], **fields: Any) -> Policy:
    """The default policy after `change` was done to it, or with top-level fields replaced."""
    policy = copy.deepcopy(default_policy())
    change(policy)
    return load_policy(toml_text(policy | fields))


def answer(*facts: Fact, book: PolicyBook = BOOK, **fields: Any) -> Answer:
    return evaluate(book, timeline(*facts, **fields))


def episodes(*facts: Fact, book: PolicyBook = BOOK, **fields: Any) -> tuple[EpisodeAnswer, ...]:
    return answer(*facts, book=book, **fields).episodes


def last(*facts: Fact, book: PolicyBook = BOOK, **fields: Any) -> EpisodeAnswer:
    """The answer for the last episode."""
    return episodes(*facts, book=book, **fields)[-1]
