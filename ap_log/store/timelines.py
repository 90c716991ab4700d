"""The policy's timelines, read from the log: only the columns that a policy judges by, for one resident or for many."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from ap_log.domain.policy.timeline import Decision, Event, Fact, Timeline, Void
from ap_log.domain.policy.timeline import Resident as ResidentFacts
from ap_log.store import models
from ap_log.store.models import Resident


class Written(msgspec.Struct, frozen=True):
    """What a policy reads in the body of an entry; everything else in it is left unread."""

    help_seeking: bool = False
    aggravators: tuple[str, ...] = ()
    mitigators: tuple[str, ...] = ()


_read_written = msgspec.json.Decoder(Written).decode


async def timeline_of(resident: Resident, earliest: datetime) -> Timeline:
    """The policy's timeline of a resident (SPEC section 6): what happened, what was decided, what was voided.

    Entries without a code are notes and count for nothing, as does what its author did not write; those from before
    `earliest`, the first policy's beginning, cannot be judged. A withdrawn decision counts as never made. The reasons
    people wrote are left out: no rule reads them.
    """
    return (await timelines_of([resident], earliest))[resident.id]


async def timelines_of(residents: Iterable[Resident], earliest: datetime) -> dict[str, Timeline]:
    """The timelines of several residents by resident id, in as many queries as that of one."""
    by_id = {resident.id: resident for resident in residents}
    facts = await _facts(list(by_id), earliest)
    return {resident_id: _timeline(resident, facts[resident_id]) for resident_id, resident in by_id.items()}


def _timeline(resident: Resident, facts: list[Fact]) -> Timeline:
    return Timeline(
        case=resident.id,
        resident=ResidentFacts(resident.legal_status, resident.recalled_for_intoxicated_aggression),
        assume_issued=False,
        facts=tuple(facts),
    )


async def _facts(ids: list[str], earliest: datetime) -> dict[str, list[Fact]]:
    facts: dict[str, list[Fact]] = {resident: [] for resident in ids}
    for resident, *event in await _events(ids, earliest):
        facts[resident].append(_event(*event))
    decisions = models.Decision.filter(resident_id__in=ids, withdrawal=None)
    for resident, *decision in await decisions.values_list("resident_id", "id", "entry_id", "step", "decided_at"):
        facts[resident].append(_decision(*decision))
    voids = models.Void.filter(decision__resident_id__in=ids, decision__withdrawal=None)
    for resident, *void in await voids.values_list("decision__resident_id", "id", "decision_id", "at"):
        facts[resident].append(_void(*void))
    return facts


async def _events(ids: list[str], earliest: datetime) -> list[tuple[Any, ...]]:
    counting = models.Entry.filter(resident_id__in=ids, superseded_at=None, disowned_at=None)
    coded = counting.filter(code__isnull=False, occurred_at__gte=earliest)
    return await coded.values_list("resident_id", "entry_id", "code", "occurred_at", "intoxicated", "body")


def _event(entry_id: str, code: str, occurred_at: datetime, intoxicated: bool, body: str) -> Event:
    written = _read_written(body)
    return Event(
        id=entry_id,
        code=code,
        occurred_at=_second(occurred_at),
        intoxicated=intoxicated,
        help_seeking=written.help_seeking,
        aggravators=written.aggravators,
        mitigators=written.mitigators,
    )


def _decision(decision_id: str, entry_id: str, step: int, decided_at: datetime) -> Decision:
    return Decision(decision_id, entry_id, step, _second(decided_at), reason="")


def _void(void_id: str, decision_id: str, at: datetime) -> Void:
    return Void(void_id, _second(at), reason="", decision=decision_id)


def _second(at: datetime) -> datetime:
    """The policy knows whole seconds. Cutting keeps the order of any two times."""
    return at.replace(microsecond=0)
