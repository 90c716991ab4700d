"""The published versions of the policy as pages show them: which is in force, and what one says in plain words."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from ap_log.domain import vocabulary
from ap_log.domain.policies import PublishedVersion, can_be_withdrawn, standing
from ap_log.domain.policy.describe import describe
from ap_log.domain.policy.examples import Example, ExampleEvent
from ap_log.domain.policy.language import Policy
from ap_log.domain.policy.words import STATUS_WORDS, count_words
from ap_log.presenters import words
from ap_log.presenters.times import clock, day, when
from ap_log.presenters.words import Step

_STATES = {
    "in force": ("In force", "green"),
    "coming": ("Coming", "blue"),
    "earlier": ("Earlier", "grey"),
    "withdrawn": ("Withdrawn", "grey"),
}

_NO_WARNING = "Staff talk with the resident and offer help. No warning."


class Act(msgspec.Struct, frozen=True):
    """What was done with a version: a sentence that says who published or withdrew it and when, and their reason."""

    words: str
    reason: str | None


class VersionCard(msgspec.Struct, frozen=True):
    """One version on a list or at the head of its page. `period` says when it is in force; the first changes nothing.

    `is_newest` where nothing that stands has been published since: it is the one that people confirm, unless it is the
    first. `withdrawal` is None for a version that stands.
    """

    id: str
    number: int
    state: str
    tone: str
    period: str
    publication: Act
    withdrawal: Act | None
    is_first: bool
    is_newest: bool
    can_be_withdrawn: bool


class Index(msgspec.Struct, frozen=True):
    """The versions by what they are now, the newest first."""

    in_force: tuple[VersionCard, ...]
    coming: tuple[VersionCard, ...]
    earlier: tuple[VersionCard, ...]
    withdrawn: tuple[VersionCard, ...]


class Rung(msgspec.Struct, frozen=True):
    """One rung of the ladder with what this version says of it."""

    step: Step
    notes: tuple[str, ...]


class Sentence(msgspec.Struct, frozen=True):
    """A sentence of a chapter. `lead` is what a list is about, empty where the sentence holds none."""

    lead: str
    rest: str


class ChapterRows(msgspec.Struct, frozen=True):
    """A chapter of the rules; `key` is its place on the page."""

    key: str
    title: str
    sentences: tuple[Sentence, ...]


class ExampleRow(msgspec.Struct, frozen=True):
    """A worked example: what happens with whom, in lines, and the step that follows."""

    title: str
    resident: str
    lines: tuple[str, ...]
    step: Step


class VersionPage(msgspec.Struct, frozen=True):
    """A whole version in plain words. `rungs` are the ladder from the top down."""

    card: VersionCard
    rungs: tuple[Rung, ...]
    chapters: tuple[ChapterRows, ...]
    examples: tuple[ExampleRow, ...]


def index_page(versions: Sequence[PublishedVersion], now: datetime) -> Index:
    """`versions` are all, oldest first."""
    cards: dict[str, list[VersionCard]] = {state: [] for state in _STATES}
    for version in reversed(versions):
        cards[_state(version, versions, now)].append(version_card(version, versions, now))
    return Index(*(tuple(cards[state]) for state in _STATES))


def version_page(version: PublishedVersion, versions: Sequence[PublishedVersion], now: datetime) -> VersionPage:
    return VersionPage(
        card=version_card(version, versions, now),
        rungs=tuple(Rung(step, _notes(step, version.policy)) for step in reversed(words.ladder())),
        chapters=tuple(
            ChapterRows(chapter.key, chapter.title, tuple(_sentence(line) for line in chapter.lines))
            for chapter in describe(version.policy)
        ),
        examples=tuple(_example(example) for example in version.examples),
    )


def version_card(version: PublishedVersion, versions: Sequence[PublishedVersion], now: datetime) -> VersionCard:
    state, tone = _STATES[_state(version, versions, now)]
    return VersionCard(
        id=version.id,
        number=version.version,
        state=state,
        tone=tone,
        period=_period(version, versions, now),
        publication=publication(version, now),
        withdrawal=_withdrawal(version, now),
        is_first=version.id == versions[0].id,
        is_newest=version.id == standing(versions)[-1].id,
        can_be_withdrawn=can_be_withdrawn(version, versions, now),
    )


def publication(version: PublishedVersion, now: datetime) -> Act:
    """Who published a version, when and why."""
    if version.published_by is None:
        return Act("It came with AP Log.", version.reason)
    return Act(f"{version.published_by} published it {_on(when(version.published_at, now))}.", version.reason)


def _withdrawal(version: PublishedVersion, now: datetime) -> Act | None:
    if version.withdrawal is None:
        return None
    return Act(
        f"{version.withdrawal.by} withdrew it {_on(when(version.withdrawal.at, now))}.", version.withdrawal.reason
    )


def on_day(at: datetime, now: datetime) -> str:
    """A day as it stands inside a sentence: "today", "on 1 December"."""
    return _on(day(at, now))


def at_time(at: datetime, now: datetime) -> str:
    """A time as it stands inside a sentence: "today at 09:00", "on 1 December at 09:00"; at midnight the day alone."""
    return _on(_turn_of(at, now))


def _turn_of(at: datetime, now: datetime) -> str:
    """When one version takes another's place. A day that begins at midnight is said as the day."""
    return day(at, now) if clock(at) == "00:00" else when(at, now)


def _on(said: str) -> str:
    return f"on {said}" if said[0].isdigit() else said


def _state(version: PublishedVersion, versions: Sequence[PublishedVersion], now: datetime) -> str:
    if version.withdrawal is not None:
        return "withdrawn"
    if version.policy.effective_from > now:
        return "coming"
    follows = _end(version, versions)
    return "earlier" if follows is not None and follows <= now else "in force"


def _end(version: PublishedVersion, versions: Sequence[PublishedVersion]) -> datetime | None:
    """When the next version takes this one's place."""
    beginnings = [each.policy.effective_from for each in standing(versions)]
    return min((begins for begins in beginnings if begins > version.policy.effective_from), default=None)


def _period(version: PublishedVersion, versions: Sequence[PublishedVersion], now: datetime) -> str:
    starts, ends = version.policy.effective_from, _end(version, versions)
    if version.withdrawal is not None:
        return f"Never in force. It was to take effect {at_time(starts, now)}"
    if starts > now:
        return f"Takes effect {at_time(starts, now)}"
    if ends is None:
        return f"In force since {_turn_of(starts, now)}"
    if ends > now:
        return f"In force since {_turn_of(starts, now)}, until {_turn_of(ends, now)}"
    return f"In force from {_turn_of(starts, now)} to {_turn_of(ends, now)}"


def _notes(step: Step, policy: Policy) -> tuple[str, ...]:
    """What everybody should know of a rung: what it means, and for how long a warning counts."""
    hint = vocabulary.STEPS[step.number].hint
    meaning = (f"{hint}.",) if hint else ()
    if step.number in policy.warning_days:
        return (*meaning, f"Active for {count_words(policy.warning_days[step.number], 'day')}.")
    return meaning or (_NO_WARNING,)


def _sentence(line: str) -> Sentence:
    lead, colon, rest = line.partition(": ")
    return Sentence(lead + colon.rstrip(), rest) if colon else Sentence("", line)


def _example(example: Example) -> ExampleRow:
    status = STATUS_WORDS.get(example.legal_status, example.legal_status)
    recalled = ", recalled before for aggression while intoxicated"
    return ExampleRow(
        title=example.title,
        resident=f"A resident on {status}{recalled if example.recalled_for_intoxicated_aggression else ''}",
        lines=tuple(_happening(event) for event in example.events),
        step=words.step(example.step, example.outcome),
    )


def _happening(event: ExampleEvent) -> str:
    facts = [
        *(("under the influence",) if event.intoxicated else ()),
        *(("asked for help first",) if event.help_seeking else ()),
        *words.aggravator_words(event.aggravators),
        *words.mitigator_words(event.mitigators),
    ]
    said = f"Day {event.day} at {event.at}: {words.code_words(event.code)}"
    return f"{said} ({'; '.join(facts)})" if facts else said
