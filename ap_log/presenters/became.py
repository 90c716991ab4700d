"""What became of a recommendation, beside its explanation: who decided, how that compares, and what replaced it."""

from collections.abc import Iterator

import msgspec

from ap_log.domain.records import Act, DecisionRecord, RecommendationRecord
from ap_log.presenters.explanation import address, full_time
from ap_log.presenters.languages import Language


class Deed(msgspec.Struct, frozen=True):
    """Something a person did about it: who, the words that follow their name, and why."""

    by: str
    did: str
    reason: str


class Became(msgspec.Struct, frozen=True):
    """What became of it. `introduction` stands before the deeds, or in their place; `departs` says how the decision
    compares; `replaced` is None while it stands, `successor` the page of what took its place."""

    introduction: str
    deeds: tuple[Deed, ...]
    departs: str
    decision: str | None
    replaced: str | None
    successor: str | None


def became(
    recommendation: RecommendationRecord,
    decision: DecisionRecord | None,
    kept: Act | None,
    successor: str | None,
    language: Language,
    came_from: str,
) -> Became:
    """What people did with a recommendation; `successor` is the id of the one that took its place.

    `came_from` is the page that the reader came from, empty for none.
    """
    titles, replaced_at = language.titles, recommendation.superseded_at
    is_made_on_this = decision is not None and decision.recommendation_id == recommendation.id
    return Became(
        introduction=_introduction(recommendation, decision, language),
        deeds=tuple(_deeds(decision, kept, language)) if decision else (),
        departs=_departs(decision, language) if decision and is_made_on_this else "",
        decision=f"/residents/{recommendation.resident_id}#decision-{decision.id}" if decision else None,
        replaced=None if replaced_at is None else titles.replaced.format(full_time(replaced_at, language)),
        successor=None if successor is None else address(successor, language, came_from),
    )


def _introduction(recommendation: RecommendationRecord, decision: DecisionRecord | None, language: Language) -> str:
    titles = language.titles
    if decision is None:
        if recommendation.superseded_at is not None:
            return titles.never
        return titles.not_called_for if recommendation.step == 0 else titles.nobody
    if decision.recommendation_id == recommendation.id:
        return ""
    return titles.in_question if recommendation.look_again else titles.before_this


def _deeds(decision: DecisionRecord, kept: Act | None, language: Language) -> Iterator[Deed]:
    titles = language.titles
    step = language.words.step_words(decision.step)
    yield Deed(decision.by, titles.issued.format(step, full_time(decision.at, language)), decision.reason)
    for act, words_of_it in (
        (kept, titles.kept),
        (decision.void, titles.voided),
        (decision.withdrawal, titles.withdrawn),
    ):
        if act is not None:
            yield Deed(act.by, words_of_it.format(full_time(act.at, language)), act.reason)


def _departs(decision: DecisionRecord, language: Language) -> str:
    titles = language.titles
    if decision.recommended is None:
        return ""
    by = decision.step - decision.recommended
    if by == 0:
        return titles.as_recommended
    steps = titles.one_step if abs(by) == 1 else titles.steps.format(abs(by))
    return (titles.higher if by > 0 else titles.lower).format(steps)
