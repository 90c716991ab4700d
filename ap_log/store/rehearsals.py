"""Rehearsals and what they found. One is claimed by one worker at a time.

A claim is a lease that every piece of progress renews: a worker that dies lets it lapse, and one that comes back after
another has taken over finds that its lease is no longer good.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from tortoise.expressions import Q, RawSQL
from tortoise.queryset import QuerySet

from ap_log.domain.errors import NotFound
from ap_log.domain.people import Actor
from ap_log.domain.permissions import Permission, premises_where
from ap_log.domain.policy.rehearsal import Difference, Kind, Verdict
from ap_log.domain.policy_drafts import Draft
from ap_log.domain.rehearsals import CANNOT_JUDGE, CASE_CONFERENCE, Choice, DifferenceRecord, Rehearsal, Summary
from ap_log.store import models
from ap_log.store.models import Rehearsal as Row
from ap_log.store.models import RehearsalDifference

LEASE = timedelta(seconds=60)
"""How long a worker may be silent. A chunk of residents takes a second, on a very busy machine some ten."""

PAGE = 20
"""Differences on one page."""

LISTED = 20
"""Rehearsals of one draft that its page lists, the newest first."""


_COLUMNS = tuple(field for field in Rehearsal.__struct_fields__ if field != "asked_by")


class Lease(msgspec.Struct, frozen=True):
    """A worker's hold on a rehearsal, good while it was the last to get on with it, at `worked_at`."""

    rehearsal_id: str
    worked_at: datetime


class LeaseLost(Exception):
    """Another worker has taken the rehearsal on."""


async def add_rehearsal(
    rehearsal_id: str, draft: Draft, text: str, premises: Iterable[str], since: datetime, actor: Actor, now: datetime
) -> None:
    """Store what was asked for, for a worker to take on."""
    await Row.create(
        id=rehearsal_id,
        draft_id=draft.id,
        draft_revision=draft.revision,
        text=text,
        premises=sorted(premises),
        since=since,
        asked_by_id=actor.id,
        asked_at=now,
    )


async def find_asked(rehearsal_id: str) -> Row | None:
    """The rehearsal that a form asked for before, if it did."""
    return await Row.get_or_none(id=rehearsal_id)


async def get_text(rehearsal_id: str) -> str:
    """The draft as TOML, as it was when the rehearsal was asked for."""
    return str(await Row.get(id=rehearsal_id).values_list("text", flat=True))


async def get_rehearsal(actor: Actor, rehearsal_id: str) -> Rehearsal:
    """One rehearsal. Raises NotFound, also where it covers premises whose policy this actor may not edit."""
    found = await _read((await _seen_by(actor)).filter(id=rehearsal_id))
    if not found:
        raise NotFound
    return found[0]


async def list_rehearsals(actor: Actor, draft_id: str) -> tuple[Rehearsal, ...]:
    """The rehearsals of a draft that this actor may see, the newest first, and no more than are listed."""
    found = (await _seen_by(actor)).filter(draft_id=draft_id).order_by("-asked_at", "id").limit(LISTED)
    return tuple(await _read(found))


async def has_list(rehearsal_id: str) -> bool:
    """Whether the episodes that would have differed are still there, one by one."""
    return await RehearsalDifference.filter(rehearsal_id=rehearsal_id).exists()


async def premises_names(ids: Iterable[str]) -> dict[str, str]:
    """The names of premises by id."""
    return dict(await models.Premises.filter(id__in=list(ids)).values_list("id", "name"))


async def count_differences(actor: Actor, rehearsal: Rehearsal, choice: Choice) -> int:
    """How many differences of this choice the actor may see."""
    return await _differences(actor, rehearsal, choice).count()


async def list_differences(
    actor: Actor, rehearsal: Rehearsal, choice: Choice, page: int
) -> tuple[DifferenceRecord, ...]:
    """One page (from 1) of them, the latest first."""
    rows = _differences(actor, rehearsal, choice).select_related("resident", "premises")
    of_page = await rows.order_by("-started_at", "id").offset((page - 1) * PAGE).limit(PAGE)
    return tuple(_record(row) for row in of_page)


async def claim_rehearsal(now: datetime) -> tuple[Rehearsal, Lease] | None:
    """Take on the rehearsal that has waited longest, from its beginning; None when none waits.

    Runs in a transaction of its own. What a worker that died had found is cleared away.
    """
    waiting = Row.filter(_is_free(now), finished_at=None).order_by("asked_at", "id")
    row = await waiting.select_for_update(skip_locked=True).first()
    if row is None:
        return None
    await Row.filter(id=row.id).update(worked_at=now, residents=None, residents_done=0)
    await RehearsalDifference.filter(rehearsal_id=row.id).delete()
    [rehearsal] = await _read(Row.filter(id=row.id))
    return rehearsal, Lease(row.id, now)


async def record_count(lease: Lease, residents: int, now: datetime) -> Lease:
    """How many residents it will look at. Raises LeaseLost."""
    return await _renew(lease, now, residents=residents)


async def record_progress(
    lease: Lease, residents_done: int, found: Sequence[tuple[str, str, Difference]], now: datetime
) -> Lease:
    """So many residents are done, and these differences were found, each with its resident and premises.

    Raises LeaseLost, and then nothing is stored.
    """
    renewed = await _renew(lease, now, residents_done=residents_done)
    rows = [_difference_row(lease.rehearsal_id, *each) for each in found]
    await RehearsalDifference.bulk_create(rows, batch_size=500)
    return renewed


async def record_finished(lease: Lease, summary: Summary, now: datetime) -> None:
    """It is done. Raises LeaseLost."""
    await _renew(lease, now, summary=msgspec.to_builtins(summary), finished_at=now)


async def record_failed(lease: Lease, faults: Sequence[str], now: datetime) -> None:
    """It could not be finished, in words for the person who asked; half a list is none. Raises LeaseLost."""
    await _renew(lease, now, faults=list(faults), finished_at=now)
    await RehearsalDifference.filter(rehearsal_id=lease.rehearsal_id).delete()


async def give_back(lease: Lease, now: datetime) -> None:
    """The worker stops; another one may take the rehearsal on at once. Raises LeaseLost."""
    await _renew(lease, now)
    await Row.filter(id=lease.rehearsal_id).update(worked_at=None)


async def _renew(lease: Lease, now: datetime, **news: object) -> Lease:
    held = Row.filter(id=lease.rehearsal_id, worked_at=lease.worked_at, finished_at=None)
    if not await held.update(worked_at=now, **news):
        raise LeaseLost
    return Lease(lease.rehearsal_id, now)


def _is_free(now: datetime) -> Q:
    # What was worked at in the future was so before the clock went back.
    return Q(worked_at=None) | Q(worked_at__lte=now - LEASE) | Q(worked_at__gt=now + LEASE)


async def _seen_by(actor: Actor) -> QuerySet[Row]:
    """Those that cover no premises but the ones whose policy this actor may edit."""
    theirs = premises_where(actor, Permission.EDIT_POLICY)
    others = await models.Premises.exclude(id__in=list(theirs)).values_list("id", flat=True)
    # The two databases have no word in common for what an array in JSON holds; the ids in its text, they have.
    covering = RawSQL('CAST("rehearsal"."premises" AS TEXT)')
    return Row.annotate(covering=covering).filter(*(~Q(covering__contains=f'"{each}"') for each in others))


def _differences(actor: Actor, rehearsal: Rehearsal, choice: Choice) -> QuerySet[RehearsalDifference]:
    """Those of residents who still are where this actor may see them: somebody may have moved since."""
    theirs = premises_where(actor, Permission.EDIT_POLICY)
    found = RehearsalDifference.filter(rehearsal_id=rehearsal.id, resident__premises_id__in=theirs)
    if choice.premises is not None:
        found = found.filter(premises_id=choice.premises)
    for side, rung in (("then", choice.then), ("draft", choice.draft)):
        if rung is not None:
            found = found.filter(_stands_at(side, rung))
    return found


def _stands_at(side: str, rung: str) -> Q:
    step, outcome = f"step_{side}", f"outcome_{side}"
    wanted: dict[str, Any] = {f"{step}__isnull": True}
    if rung == CANNOT_JUDGE:
        return Q(**wanted)
    if rung == CASE_CONFERENCE:
        return Q(**{outcome: CASE_CONFERENCE})
    wanted = {step: int(rung)}
    return Q(**wanted) & ~Q(**{outcome: CASE_CONFERENCE})


def _difference_row(rehearsal_id: str, resident: str, premises: str, found: Difference) -> RehearsalDifference:
    return RehearsalDifference(
        rehearsal_id=rehearsal_id,
        resident_id=resident,
        premises_id=premises,
        kind=found.kind.value,
        started_at=found.started_at,
        entries=list(found.entries),
        code=found.code,
        step_then=found.then.step,
        outcome_then=found.then.outcome,
        step_draft=found.draft.step,
        outcome_draft=found.draft.outcome,
    )


def _record(row: RehearsalDifference) -> DifferenceRecord:
    return DifferenceRecord(
        difference=Difference(
            kind=Kind(row.kind),
            started_at=row.started_at,
            entries=tuple(row.entries),
            code=row.code,
            then=Verdict(row.code, row.step_then, row.outcome_then),
            draft=Verdict(row.code, row.step_draft, row.outcome_draft),
        ),
        resident_id=row.resident_id,
        resident_name=row.resident.name,
        room=row.resident.room,
        premises=row.premises.name,
    )


async def _read(rows: QuerySet[Row]) -> list[Rehearsal]:
    """Without the text of the draft, which is long and which no list shows."""
    return [_rehearsal(**row) for row in await rows.values(*_COLUMNS, asked_by="asked_by__name")]


def _rehearsal(
    *, premises: list[str], summary: dict[str, Any] | None, faults: list[str] | None, **columns: Any
) -> Rehearsal:
    return Rehearsal(
        premises=tuple(premises),
        summary=msgspec.convert(summary, Summary | None),
        faults=tuple(faults or ()),
        **columns,
    )
