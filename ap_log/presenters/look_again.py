"""Before and now, side by side, for a decision that the facts have put in question."""

import msgspec

from ap_log.domain.records import RecommendationRecord
from ap_log.presenters.languages import ENGLISH
from ap_log.presenters.recommendations import step_of
from ap_log.presenters.words import Step


class Side(msgspec.Struct, frozen=True):
    """One recommendation of the two; `reasons` are those that the other does not give."""

    step: Step | None
    outcome: str
    reasons: tuple[str, ...]
    id: str


class Comparison(msgspec.Struct, frozen=True):
    """What the person who decided had before them, what the policy says now, and the reasons that both give."""

    before: Side
    now: Side
    same: tuple[str, ...]


def comparison(before: RecommendationRecord, now: RecommendationRecord) -> Comparison:
    """Two recommendations for one episode, `before` being the one that was decided on."""
    same = _said(before) & _said(now)
    in_order = tuple(reason.text for reason in now.reasons if reason.text in same)
    return Comparison(_side(before, same), _side(now, same), in_order)


def _said(recommendation: RecommendationRecord) -> set[str]:
    return {reason.text for reason in recommendation.reasons}


def _side(recommendation: RecommendationRecord, same: set[str]) -> Side:
    return Side(
        step=step_of(recommendation),
        outcome=ENGLISH.outcomes.get(recommendation.outcome, recommendation.outcome),
        reasons=tuple(reason.text for reason in recommendation.reasons if reason.text not in same),
        id=recommendation.id,
    )
