"""A resident's page and the list of a house: who they are, what waits, where they stand, and their record."""

from datetime import datetime

import msgspec

from ap_log.domain.policy.language import Policy
from ap_log.domain.records import HouseRow, RecommendationRecord, Record, ResidentRecord
from ap_log.presenters import ladder, words
from ap_log.presenters.entries import FactRow
from ap_log.presenters.recommendations import Panel, panel
from ap_log.presenters.timeline import Item, timeline
from ap_log.presenters.times import day
from ap_log.presenters.words import Step


class ResidentHead(msgspec.Struct, frozen=True):
    """Who the resident is. `flags` are what anyone who meets them has to know."""

    id: str
    name: str
    room: str
    facts: tuple[FactRow, ...]
    flags: tuple[str, ...]


class ResidentPage(msgspec.Struct, frozen=True):
    """Everything on a resident's page. `panels` wait for a decision, the most urgent first; `settled` is the latest
    episode that does not wait, shown where none does."""

    head: ResidentHead
    panels: tuple[Panel, ...]
    settled: Panel | None
    standing: str
    rungs: tuple[ladder.Rung, ...]
    warnings: tuple[ladder.WarningCard, ...]
    counts: tuple[ladder.Count, ...]
    timeline: tuple[Item, ...]


class HouseLine(msgspec.Struct, frozen=True):
    """One resident in the list of a house."""

    id: str
    name: str
    room: str
    standing: Step | None
    until: str | None
    waiting: str | None


class House(msgspec.Struct, frozen=True):
    """One premises and who lives there, by room."""

    name: str
    lines: tuple[HouseLine, ...]


def resident_page(record: Record, policy: Policy, now: datetime) -> ResidentPage:
    """A resident's page; `policy` is the one in force now."""
    waiting = sorted((each for each in record.recommendations if each.is_open), key=_urgency)
    settled = [each for each in record.recommendations if not each.is_open]
    return ResidentPage(
        head=resident_head(record.resident, now),
        panels=tuple(panel(each, record, now) for each in waiting),
        settled=panel(settled[-1], record, now) if settled and not waiting else None,
        standing=ladder.standing(record, now),
        rungs=ladder.rungs(record, now),
        warnings=ladder.warning_cards(record, now),
        counts=ladder.counts(record, policy, now),
        timeline=timeline(record, now),
    )


def resident_head(resident: ResidentRecord, now: datetime) -> ResidentHead:
    """Who the resident is, in the order staff ask for it."""
    return ResidentHead(
        id=resident.id,
        name=resident.name,
        room=resident.room,
        facts=(
            FactRow("Premises", resident.premises),
            FactRow("Legal status", words.legal_status_words(resident.legal_status)),
            FactRow("Officer", resident.officer or "Nobody is named"),
            FactRow("Key worker", resident.key_worker or "Nobody is named"),
            FactRow("CRN", resident.crn),
            FactRow("Arrived", day(resident.arrived_at, now)),
        ),
        flags=tuple(_flags(resident, now)),
    )


def houses(rows: tuple[HouseRow, ...], now: datetime) -> tuple[House, ...]:
    """The list of residents by premises, in the order the rows come."""
    names = dict.fromkeys(row.resident.premises for row in rows)
    return tuple(House(name, tuple(_line(row, now) for row in rows if row.resident.premises == name)) for name in names)


def _flags(resident: ResidentRecord, now: datetime) -> list[str]:
    flags = []
    if resident.departed_at is not None:
        flags.append(f"Left {day(resident.departed_at, now)}")
    if resident.recalled_for_intoxicated_aggression:
        flags.append("Recalled before for aggression under the influence")
    if resident.antipsychotic:
        flags.append("Takes antipsychotic medicine")
    return flags


def _line(row: HouseRow, now: datetime) -> HouseLine:
    return HouseLine(
        id=row.resident.id,
        name=row.resident.name,
        room=row.resident.room,
        standing=None if row.standing is None else words.step(row.standing.step),
        until=None if row.standing is None else f"until {day(row.standing.ends_at, now)}",
        waiting=_waiting(row),
    )


def _waiting(row: HouseRow) -> str | None:
    if not row.waiting:
        return None
    return "1 decision waits" if row.waiting == 1 else f"{row.waiting} decisions wait"


def _urgency(recommendation: RecommendationRecord) -> tuple[int, datetime]:
    """Where the policy cannot judge comes first: until that is put right, nothing else about the resident is known."""
    return (-6 if recommendation.step is None else -recommendation.step, recommendation.waiting_since)
