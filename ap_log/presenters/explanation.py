"""The page that explains one recommendation in either language, years later too.

The explanation is made from nothing but what was stored with the recommendation; what became of it (`became`) is shown
beside. Days are said in full: what is read years later cannot say "today".
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from urllib.parse import urlencode

import msgspec

from ap_log.domain.policy.grounds import Figure
from ap_log.domain.policy.kept_facts import KeptFacts, fact_time
from ap_log.domain.policy.timeline import Decision, Event, Fact, Void
from ap_log.domain.policy.words import mid_sentence
from ap_log.domain.policy_drafts import chapter_of
from ap_log.domain.records import Reason, RecommendationRecord, ResidentRecord
from ap_log.presenters import words
from ap_log.presenters.languages import ENGLISH, Language
from ap_log.presenters.recommendations import Link, readable, version_numbers
from ap_log.presenters.times import ZONE, clock

_DECISION = re.compile(r"/recommendations/[A-Za-z0-9-]+")
_NOTICE = re.compile(r"/notices/([A-Z0-9-]+)")


class FigureLine(msgspec.Struct, frozen=True):
    """A number of the policy: what it is for, the number, and the chapter of the version it stands in, with its page.

    `key` and `policy` name the same for whoever checks it: the key as in the policy's file, and the version's label.
    """

    words: str
    number: int | None
    chapter: str
    href: str | None
    key: str
    policy: str


class ReasonLine(msgspec.Struct, frozen=True):
    """A reason, the figures behind it, and links to the facts it rests on; `tag` is the language it is in."""

    words: str
    tag: str
    figures: tuple[FigureLine, ...]
    links: tuple[Link, ...]


class FactLine(msgspec.Struct, frozen=True):
    """One fact used. `details` are what else about it counted; `href` leads to it on the record as it is now."""

    id: str
    what: str
    details: str
    when: str
    code: str | None
    href: str


class Facts(msgspec.Struct, frozen=True):
    """The facts used: those of the episode, those from before it that counted, and how the resident stood."""

    of_episode: tuple[FactLine, ...]
    earlier: tuple[FactLine, ...]
    standing: tuple[str, ...]


class Explanation(msgspec.Struct, frozen=True):
    """What was stored, in words. `step` is None where the policy could not judge; then `faults` says why."""

    title: str
    step: int | None
    step_name: str
    tone: str
    outcome: str
    headline: ReasonLine | None
    reasons: tuple[ReasonLine, ...]
    faults: tuple[str, ...]
    facts: Facts | None
    policy: str
    made: str


def explanation(recommendation: RecommendationRecord, pages: Mapping[str, str], language: Language) -> Explanation:
    """A recommendation explained, from what was stored with it alone. `pages`: of versions, by their labels."""
    titles, step = language.titles, recommendation.step
    resident = f"/residents/{recommendation.resident_id}"
    facts = None if recommendation.facts is None else _facts(recommendation.facts, recommendation, resident, language)
    labels = _labels(facts)
    headline = recommendation.headline
    return Explanation(
        title=titles.why_not_judged if step is None else titles.why.format(step),
        step=step,
        step_name="" if step is None else _sentence(language.words.STEP_NAMES[step]),
        tone="black" if step is None else words.step(step).tone,
        outcome=language.outcomes.get(recommendation.outcome, recommendation.outcome),
        headline=None if headline is None else _reason(headline, pages, {}, language),
        reasons=tuple(_reason(each, pages, labels, language) for each in recommendation.reasons),
        faults=tuple(readable(fault, labels) for fault in recommendation.faults),
        facts=facts,
        policy=_policy(recommendation.policy, language),
        made=titles.made.format(full_time(recommendation.made_at, language)),
    )


def checked(shown: Explanation) -> tuple[FigureLine, ...]:
    """Every figure behind the reasons once, in their order."""
    return tuple(dict.fromkeys(figure for reason in shown.reasons for figure in reason.figures))


def address(recommendation_id: str, language: Language = ENGLISH, came_from: str = "") -> str:
    """Where a recommendation is explained, in a language, for a reader who came from a page of ours."""
    page = f"/recommendations/{recommendation_id}/explanation"
    asked = {"language": language.tag if language.tag != "en" else "", "from": came_from}
    query = urlencode({name: value for name, value in asked.items() if value}, safe="/")
    return f"{page}?{query}" if query else page


def back(came_from: str, resident: ResidentRecord, language: Language) -> Link:
    """The way back to the page that the reader came from; to the resident's record where it is none that leads here."""
    titles = language.titles
    if _DECISION.fullmatch(came_from):
        return Link(came_from, titles.back_to_decision)
    if notice := _NOTICE.fullmatch(came_from):
        return Link(came_from, titles.back_to_notice.format(notice[1]))
    return Link(f"/residents/{resident.id}", titles.back_to_record)


def _policy(label: str, language: Language) -> str:
    numbers, titles = version_numbers(label), language.titles
    return (titles.policy if len(numbers) == 1 else titles.versions).format(", ".join(numbers))


def _reason(reason: Reason, pages: Mapping[str, str], labels: dict[str, Link], language: Language) -> ReasonLine:
    in_welsh = language.tag == "cy" and reason.welsh
    return ReasonLine(
        words=reason.welsh if in_welsh else reason.text,
        tag="cy" if in_welsh else "en",
        figures=tuple(_figure(each, pages, language) for each in reason.figures),
        links=tuple(labels[fact] for fact in reason.facts if fact in labels),
    )


def _figure(figure: Figure, pages: Mapping[str, str], language: Language) -> FigureLine:
    chapter, page = chapter_of(figure.key) or "", pages.get(figure.policy)
    [version] = version_numbers(figure.policy)
    return FigureLine(
        words=language.words.key_words(figure.key),
        number=figure.number,
        chapter=language.titles.chapter.format(language.chapters.get(chapter, figure.key), version),
        href=f"{page}#{chapter}" if page else None,
        key=figure.key,
        policy=figure.policy,
    )


def _facts(kept: KeptFacts, recommendation: RecommendationRecord, resident: str, language: Language) -> Facts:
    events = set(recommendation.episode)
    decisions = {fact.id for fact in kept.facts if isinstance(fact, Decision) and fact.event in events}
    lines = [(_is_of(fact, events | decisions), _fact(fact, resident, language)) for fact in kept.facts]
    return Facts(
        of_episode=tuple(line for of_episode, line in lines if of_episode),
        earlier=tuple(line for of_episode, line in lines if not of_episode),
        standing=tuple(_standing(kept, language)),
    )


def _is_of(fact: Fact, held: set[str]) -> bool:
    return fact.id in held or (isinstance(fact, Void) and fact.names in held)


def _standing(kept: KeptFacts, language: Language) -> Iterator[str]:
    yield language.titles.legal_status.format(language.words.STATUS_WORDS[kept.resident.legal_status])
    if kept.resident.recalled_for_intoxicated_aggression:
        yield language.titles.recalled


def _fact(fact: Fact, resident: str, language: Language) -> FactLine:
    on_record = f"entry-{fact.id}" if isinstance(fact, Event) else f"decision-{_decision_of(fact)}"
    return FactLine(
        id=fact.id,
        what=_what(fact, language),
        details=_details(fact, language) if isinstance(fact, Event) else "",
        when=full_time(fact_time(fact), language),
        code=fact.code if isinstance(fact, Event) else None,
        href=f"{resident}#{on_record}",
    )


def _decision_of(fact: Decision | Void) -> str:
    return fact.id if isinstance(fact, Decision) else fact.names


def _what(fact: Fact, language: Language) -> str:
    match fact:
        case Event():
            return language.words.code_words(fact.code).strip("“”")
        case Decision():
            return language.titles.decision.format(language.words.step_words(fact.step))
        case Void():
            return language.titles.void


def _details(event: Event, language: Language) -> str:
    said = [mid_sentence(language.words.term_words(term)) for term in (*event.aggravators, *event.mitigators)]
    if event.help_seeking:
        said.insert(0, language.titles.help_seeking)
    if event.intoxicated:
        said.insert(0, language.titles.intoxicated)
    return _sentence("; ".join(said))


def _labels(facts: Facts | None) -> dict[str, Link]:
    """Links to the facts on this page itself: they say what was known then."""
    lines: Iterable[FactLine] = (*facts.of_episode, *facts.earlier) if facts else ()
    return {line.id: Link(f"#fact-{line.id}", f"{line.what}, {line.when}") for line in lines}


def full_time(at: datetime, language: Language) -> str:
    """Such as "3 March 2026 at 13:00"."""
    return language.titles.at.format(language.words.day_words(at, ZONE, 0), clock(at))


def _sentence(said: str) -> str:
    return said[:1].upper() + said[1:]
