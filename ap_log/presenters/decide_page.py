"""The page on which a person decides: the recommendation, the other steps, and what they have typed so far."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from ap_log.domain import recommendations as rules
from ap_log.domain.policy.language import Policy
from ap_log.domain.recommendations import AlternativeTried, Heads
from ap_log.domain.records import DecisionRecord, RecommendationRecord, Record
from ap_log.domain.vocabulary import Term
from ap_log.presenters import words
from ap_log.presenters.entries import FactRow
from ap_log.presenters.ladder import standing
from ap_log.presenters.look_again import Comparison, comparison
from ap_log.presenters.recommendations import Option, Panel, options, panel, recommending
from ap_log.presenters.residents import ResidentHead, resident_head
from ap_log.presenters.times import Moment, day, moment
from ap_log.presenters.words import Step

_WARNINGS = "WARNINGS_LETTER"


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """What the form holds. `id` is the decision's own; `keeping` the reason for letting an earlier decision stand.

    `heads` is None until the form with the heads has been sent; `details` has what was written about alternatives by
    its field, also about those that are not ticked.
    """

    id: str
    step: int | None
    reason: str = ""
    heads: Heads | None = None
    details: Mapping[str, str] = {}
    keeping: str = ""


class Decided(msgspec.Struct, frozen=True):
    """The decision somebody has made."""

    id: str
    by: str
    at: Moment
    step: Step
    reason: str


class Tried(msgspec.Struct, frozen=True):
    """One alternative as a tick box, with the field for its details; `is_ticked` as the form holds it."""

    code: str
    words: str
    hint: str | None
    field: str
    details: str
    is_ticked: bool


class DecidePage(msgspec.Struct, frozen=True):
    """Everything on the page. `decided` is set where nothing is left to decide; `clashing` where decisions clash.

    `compared` is set where a decision is to be looked at again.
    `unsaved` is all that was typed, for where there is no form to keep it in.
    `chosen` is the step being issued, `sentence` what its completion recommends and `officer` to whom.
    """

    head: ResidentHead
    standing: str
    panel: Panel
    compared: Comparison | None
    options: tuple[Option, ...]
    typed: Typed
    decided: Decided | None
    clashing: tuple[Decided, ...]
    heads: Heads
    chosen: Step | None
    needs_completion: bool
    is_departure: bool
    tells_area_manager: bool
    sentence: str
    officer: str | None
    titles: dict[str, Term]
    tried: tuple[Tried, ...]
    unsaved: tuple[FactRow, ...]


def decide_page(
    recommendation: RecommendationRecord,
    before: RecommendationRecord | None,
    record: Record,
    policy: Policy,
    typed: Typed,
    now: datetime,
) -> DecidePage:
    """The page for a recommendation; `policy` is the one its episode is judged under.

    `before` is the one that the decision it puts in question was made or confirmed on; None where none is.
    """
    step, heads = typed.step, typed.heads or _begun(record, now)
    recommended = recommendation.step
    return DecidePage(
        head=resident_head(record.resident, now),
        standing=standing(record, now),
        panel=panel(recommendation, record, now, page=f"/residents/{record.resident.id}"),
        compared=None if before is None else comparison(before, recommendation),
        options=options(recommendation, policy),
        typed=typed,
        decided=_decided(recommendation, record, now),
        clashing=tuple(_decision(each, now) for each in record.decisions if each.id in record.clashing),
        chosen=_chosen(recommendation, step),
        needs_completion=recommended is not None and rules.needs_completion(recommended),
        is_departure=step is not None and rules.is_departure(recommended, step),
        tells_area_manager=step is not None
        and rules.needs_area_manager(recommended, step, policy.needs_area_manager_at),
        sentence=_sentence(recommendation, record, policy, step),
        officer=record.resident.officer,
        heads=heads,
        titles={head.code: head for head in rules.HEADS},
        tried=_tried(heads, typed.details),
        unsaved=tuple(FactRow(name, words) for name, words in _unsaved(typed) if words),
    )


def _chosen(recommendation: RecommendationRecord, step: int | None) -> Step | None:
    if step is None:
        return None
    if step == recommendation.step:
        return words.step(step, recommendation.outcome, recommendation.route)
    return words.step(step)


def _sentence(recommendation: RecommendationRecord, record: Record, policy: Policy, step: int | None) -> str:
    """For a departure the policy gives no outcome: then the route is that of the legal status."""
    if step == recommendation.step:
        return recommending(recommendation.outcome, recommendation.route)
    return recommending("", policy.routes.get(record.resident.legal_status))


def _decided(recommendation: RecommendationRecord, record: Record, now: datetime) -> Decided | None:
    if recommendation.look_again or recommendation.decision_id is None:
        return None
    return next((_decision(each, now) for each in record.decisions if each.id == recommendation.decision_id), None)


def _decision(decision: DecisionRecord, now: datetime) -> Decided:
    return Decided(
        id=decision.id,
        by=decision.by,
        at=moment(decision.at, now),
        step=words.step(decision.step),
        reason=decision.reason,
    )


def _begun(record: Record, now: datetime) -> Heads:
    """The heads before anybody has written: the warnings given are on the record, so nobody need type them again."""
    given = sorted(record.warnings, key=lambda warning: warning.issued_at)
    if not given:
        return Heads()
    details = "; ".join(f"{words.step(each.step).name} {day(each.issued_at, now)}" for each in given)
    return Heads(alternatives=(AlternativeTried(_WARNINGS, details[: rules.DETAILS_LIMIT]),))


def _unsaved(typed: Typed) -> Iterable[tuple[str, str]]:
    """Everything a form brought: its name on the page, and the words."""
    heads = typed.heads or Heads()
    if typed.step is not None and not typed.keeping:
        yield "Step", f"{typed.step}, {words.step(typed.step).name.lower()}"
    yield "Reason", typed.reason
    yield "Why the decision stands", typed.keeping
    for head in rules.HEADS:
        if head.code != "alternatives":
            yield head.words, getattr(heads, head.code)
    for tried in _tried(heads, typed.details):
        yield tried.words, tried.details or ("Ticked" if tried.is_ticked else "")
    yield "What the resident says", heads.resident_says
    yield "Why the resident was not asked", heads.not_asked_because


def _tried(heads: Heads, written: Mapping[str, str]) -> tuple[Tried, ...]:
    details = {each.code: each.details for each in heads.alternatives}
    return tuple(
        Tried(
            code=term.code,
            words=term.words,
            hint=term.hint,
            field=rules.details_field(term.code),
            details=details.get(term.code) or written.get(rules.details_field(term.code), ""),
            is_ticked=term.code in details,
        )
        for term in (*rules.ALTERNATIVES, rules.NO_ALTERNATIVE)
    )
