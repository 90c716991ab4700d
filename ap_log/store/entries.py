"""The entries of the log, and the policy's timeline made of them."""

from collections.abc import Iterable
from datetime import datetime

from ap_log.domain import entries as shapes
from ap_log.domain.permissions import Permission, roles_that_may
from ap_log.domain.policy.timeline import Decision as DecisionFact
from ap_log.domain.policy.timeline import Event, Fact, Timeline
from ap_log.domain.policy.timeline import Resident as ResidentFacts
from ap_log.domain.policy.timeline import Void as VoidFact

from . import models
from .models import Entry, Resident


async def find_version(entry_id: str, sha256: str) -> Entry | None:
    """The version of an entry with exactly these bytes, if it has arrived before."""
    return await Entry.get_or_none(entry_id=entry_id, sha256=sha256)


async def find_newest(entry_id: str) -> Entry | None:
    """The version of an entry that counts, if any has arrived."""
    return await Entry.get_or_none(entry_id=entry_id, superseded_at=None)


async def add_version(entry: Entry, newest: Entry | None) -> None:
    """Store an entry; where one with its id is there already, as the next version of it."""
    if newest is not None:
        entry.version = newest.version + 1
        newest.superseded_at = entry.received_at
        await newest.save(update_fields=["superseded_at"])
    await entry.save(force_create=True)


async def list_brought_late(rows: Iterable[Entry]) -> frozenset[int]:
    """The sequences of those entries whose author, when they arrived, could no longer log where they were stored."""
    authors = {row.author_id for row in rows}
    postings = await models.Posting.filter(person_id__in=authors, role__in=roles_that_may(Permission.LOG_ENTRIES))
    return frozenset(row.sequence for row in rows if not any(_held(posting, row) for posting in postings))


def _held(posting: models.Posting, row: Entry) -> bool:
    """Whether the posting let the entry's author log at its premises when it arrived."""
    if (posting.person_id, posting.premises_id) != (row.author_id, row.premises_id):
        return False
    return posting.started_at <= row.received_at and (posting.ended_at is None or posting.ended_at > row.received_at)


async def list_entries(resident_id: str) -> list[Entry]:
    """The newest version of each entry about a resident, newest first."""
    entries = Entry.filter(resident_id=resident_id, superseded_at=None).select_related("author")
    return await entries.order_by("-occurred_at", "-sequence")


async def list_replaced(resident_id: str) -> list[Entry]:
    """The versions of entries about a resident that a newer one has replaced, oldest first."""
    return await Entry.filter(resident_id=resident_id, superseded_at__isnull=False).order_by("version")


async def timeline_of(resident: Resident, earliest: datetime) -> Timeline:
    """The policy's timeline of a resident (SPEC section 6): what happened, what was decided, what was voided.

    Entries without a code are notes and count for nothing; those from before `earliest`, the first policy's beginning,
    cannot be judged. A withdrawn decision counts as never made.
    """
    return (await timelines_of([resident], earliest))[resident.id]


async def timelines_of(residents: Iterable[Resident], earliest: datetime) -> dict[str, Timeline]:
    """The timelines of several residents by resident id, in as many queries as that of one."""
    by_id = {resident.id: resident for resident in residents}
    facts: dict[str, list[Fact]] = {resident_id: [] for resident_id in by_id}
    for entry in await _coded(by_id, earliest):
        facts[entry.resident_id].append(_event(entry))
    decisions = {row.id: row for row in await models.Decision.filter(resident_id__in=list(by_id), withdrawal=None)}
    for decision in decisions.values():
        facts[decision.resident_id].append(_decision(decision))
    for void in await models.Void.filter(decision_id__in=list(decisions)) if decisions else []:
        facts[decisions[void.decision_id].resident_id].append(_void(void))
    return {resident_id: _timeline(resident, facts[resident_id]) for resident_id, resident in by_id.items()}


def _timeline(resident: Resident, facts: list[Fact]) -> Timeline:
    return Timeline(
        case=resident.id,
        resident=ResidentFacts(resident.legal_status, resident.recalled_for_intoxicated_aggression),
        assume_issued=False,
        facts=tuple(facts),
    )


async def _coded(residents: Iterable[str], earliest: datetime) -> list[Entry]:
    return await Entry.filter(
        resident_id__in=list(residents), superseded_at=None, code__isnull=False, occurred_at__gte=earliest
    )


def _decision(row: models.Decision) -> DecisionFact:
    return DecisionFact(row.id, row.entry_id, row.step, _second(row.decided_at), row.reason)


def _void(row: models.Void) -> VoidFact:
    return VoidFact(row.id, _second(row.at), row.reason, decision=row.decision_id)


def _event(row: Entry) -> Event:
    entry = shapes.read_entry(row.body)
    return Event(
        id=row.entry_id,
        code=row.code or "",
        occurred_at=_second(row.occurred_at),
        intoxicated=row.intoxicated,
        help_seeking=entry.help_seeking,
        aggravators=entry.aggravators,
        mitigators=entry.mitigators,
    )


def _second(at: datetime) -> datetime:
    """The policy knows whole seconds. Cutting keeps the order of any two times."""
    return at.replace(microsecond=0)
