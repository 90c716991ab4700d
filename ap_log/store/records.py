"""Reads one resident's record for pages, in a number of queries that does not grow with the record."""

from collections.abc import Iterable
from typing import Any

import msgspec

from ap_log.domain.entries import read_entry
from ap_log.domain.policy.active import Warning
from ap_log.domain.policy.evaluate import warnings_of
from ap_log.domain.policy.faults import Refused
from ap_log.domain.policy.grounds import Figure, Headline
from ap_log.domain.policy.kept_facts import read_facts
from ap_log.domain.policy.language import PolicyBook
from ap_log.domain.policy.timeline import Timeline
from ap_log.domain.recommendations import Heads, clashing_decisions
from ap_log.domain.records import (
    Act,
    AnswerRecord,
    DecisionRecord,
    EarlierVersion,
    EntryRecord,
    NoticeRecord,
    Reason,
    RecommendationRecord,
    Record,
    ResidentRecord,
)
from ap_log.store import entries, models, notices, policies, recommendations, timelines


async def get_record(resident: models.Resident) -> Record:
    """The whole record of a resident whose premises, officer and key worker are loaded (`residents.get_resident`)."""
    book = await policies.get_book()
    timeline = await timelines.timeline_of(resident, book.policies[0].effective_from)
    warnings = _warnings(book, timeline)
    logged = await entries.list_entries(resident.id)
    late = await entries.list_brought_late(logged)
    replaced = await entries.list_replaced(resident.id)
    return Record(
        resident=resident_record(resident),
        entries=tuple(entry_record(row, replaced, author_had_moved=row.sequence in late) for row in logged),
        decisions=await list_decisions(resident.id),
        recommendations=tuple(recommendation_record(row) for row in await recommendations.list_current(resident.id)),
        notices=await list_notices(resident.id),
        warnings=warnings or (),
        warnings_known=warnings is not None,
        clashing=clashing_decisions(timeline, book),
    )


def _warnings(book: PolicyBook, timeline: Timeline) -> tuple[Warning, ...] | None:
    """Every warning of a resident, active, expired or void; None while the facts contradict each other."""
    try:
        return warnings_of(book, timeline)
    except Refused:
        return None


async def list_decisions(resident_id: str) -> tuple[DecisionRecord, ...]:
    """A resident's decisions, withdrawn ones too, newest first."""
    rows = await models.Decision.filter(resident_id=resident_id).select_related("decided_by").order_by("-decided_at")
    ids = [row.id for row in rows]
    voids = {row.decision_id: row for row in await _about(models.Void, ids, "voided_by")}
    withdrawals = {row.decision_id: row for row in await _about(models.Withdrawal, ids, "withdrawn_by")}
    kept = await _about(models.KeptDecision, ids, "kept_by")
    made_on = await recommendations.list_decided_on(ids)
    return tuple(
        _decision(
            row,
            void=act(voids[row.id], "voided_by") if row.id in voids else None,
            withdrawal=act(withdrawals[row.id], "withdrawn_by") if row.id in withdrawals else None,
            kept=[act(each, "kept_by") for each in kept if each.decision_id == row.id],
            made_on=made_on.get(row.id),
        )
        for row in rows
    )


async def list_notices(resident_id: str) -> tuple[NoticeRecord, ...]:
    """The notices about a resident's decisions, newest first, with their answers."""
    rows = models.Notice.filter(resident_id=resident_id, decision_id__isnull=False).order_by("-made_at", "id")
    return await notice_records(await rows.select_related("recipient").prefetch_related("passed_on__recipient"))


async def notice_records(rows: list[models.Notice]) -> tuple[NoticeRecord, ...]:
    """Notices, with their recipients and those they were passed on to loaded, as pages read them; in the same order."""
    answers = await notices.list_answers(rows)
    return tuple(_notice(row, [each for each in answers if each.notice_id == row.id]) for row in rows)


def resident_record(row: models.Resident) -> ResidentRecord:
    """A resident whose premises, officer and key worker are loaded."""
    return ResidentRecord(
        id=row.id,
        name=row.name,
        room=row.room,
        crn=row.crn,
        premises_id=row.premises.id,
        premises=row.premises.name,
        legal_status=row.legal_status,
        officer=row.officer.name if row.officer else None,
        key_worker=row.key_worker.name if row.key_worker else None,
        recalled_for_intoxicated_aggression=row.recalled_for_intoxicated_aggression,
        antipsychotic=row.antipsychotic,
        arrived_at=row.arrived_at,
        departed_at=row.departed_at,
    )


def entry_record(row: models.Entry, replaced: Iterable[models.Entry], *, author_had_moved: bool) -> EntryRecord:
    """An entry whose author and courier are loaded; `replaced` holds its earlier versions, and others’."""
    return EntryRecord(
        entry=read_entry(row.body),
        version=row.version,
        sequence=row.sequence,
        code=row.code,
        evidence=row.evidence,
        intoxicated=row.intoxicated,
        occurred_at=row.occurred_at,
        received_at=row.received_at,
        author=row.author.name,
        author_had_moved=author_had_moved,
        doubt_ms=row.doubt_ms,
        brought_by=row.courier.name if entries.is_unconfirmed(row) else None,
        disowned=Act(row.author.name, row.disowned_at, row.disowned_because) if row.disowned_at else None,
        earlier=tuple(
            EarlierVersion(
                read_entry(each.body),
                each.version,
                each.occurred_at,
                each.superseded_at,
                is_disowned=each.disowned_at is not None,
            )
            for each in replaced
            if each.entry_id == row.entry_id and each.superseded_at is not None
        ),
    )


def recommendation_record(row: models.Recommendation) -> RecommendationRecord:
    """One recommendation."""
    reasons = tuple(_reason(reason) for reason in row.reasons)
    return RecommendationRecord(
        id=row.id,
        resident_id=row.resident_id,
        policy=row.policy,
        episode=tuple(row.episode),
        deciding_entry=row.deciding_entry,
        started_at=row.started_at,
        step=row.step,
        outcome=row.outcome,
        answer=row.answer,
        reasons=tuple(reason for reason in reasons if reason.rule != Headline.rule),
        faults=tuple(row.faults),
        made_at=row.made_at,
        waiting_since=row.waiting_since,
        decision_id=row.decision_id,
        look_again=row.look_again,
        headline=next((reason for reason in reasons if reason.rule == Headline.rule), None),
        facts=read_facts(row.facts) if row.facts else None,
        superseded_at=row.superseded_at,
    )


def _reason(written: dict[str, Any]) -> Reason:
    return Reason(
        rule=written["rule"],
        text=written["text"],
        facts=tuple(written["facts"]),
        welsh=written.get("welsh", ""),
        figures=msgspec.convert(written.get("figures", []), tuple[Figure, ...]),
    )


def _decision(
    row: models.Decision, void: Act | None, withdrawal: Act | None, kept: Iterable[Act], made_on: str | None
) -> DecisionRecord:
    return DecisionRecord(
        id=row.id,
        entry_id=row.entry_id,
        step=row.step,
        recommended=row.recommended,
        reason=row.reason,
        heads=msgspec.convert(row.heads, Heads | None),
        by=row.decided_by.name,
        at=row.decided_at,
        void=void,
        withdrawal=withdrawal,
        kept=tuple(kept),
        unheld=tuple(row.unheld or ()),
        recommendation_id=made_on,
    )


async def _about(table: Any, decisions: list[str], by: str) -> list[Any]:
    """The rows of a table about these decisions, oldest first, with the person loaded."""
    return list(await table.filter(decision_id__in=decisions).select_related(by).order_by("at")) if decisions else []


def act(row: models.Void | models.Withdrawal | models.KeptDecision, by: str) -> Act:
    """What a person did about a decision; `by` names the relation to them, which is loaded."""
    return Act(by=getattr(row, by).name, at=row.at, reason=row.reason)


def _notice(row: models.Notice, answers: Iterable[models.NoticeAnswer]) -> NoticeRecord:
    passed_on: models.Notice | None = getattr(row, "passed_on", None)
    return NoticeRecord(
        id=row.id,
        reference=row.reference,
        recipient=row.recipient.name,
        duty=row.duty,
        wanted=row.wanted,
        step=row.step,
        made_at=row.made_at,
        tell_by=row.tell_by,
        answer_by=row.answer_by,
        told_at=row.told_at,
        seen_at=row.seen_at,
        closed_at=row.closed_at,
        overdue_at=row.overdue_at,
        passed_to=passed_on.recipient.name if passed_on else None,
        decision_id=row.decision_id,
        answers=tuple(
            AnswerRecord(answer.kind, answer.choice, answer.reason, answer.person.name, answer.at) for answer in answers
        ),
        undeliverable_at=row.undeliverable_at,
    )
