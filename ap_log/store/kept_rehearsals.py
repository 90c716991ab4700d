"""What is kept of rehearsals: one of a draft at a time, the newest list of episodes, and in the end the last.

The lists are worked out from the log and can be worked out again; they would soon be longer than the log.
"""

from collections.abc import Sequence
from datetime import datetime

from tortoise.queryset import QuerySet

from ap_log.store.models import Rehearsal, RehearsalDifference
from ap_log.store.rehearsals import Lease


async def find_unfinished(draft_id: str) -> Rehearsal | None:
    """The rehearsal of a locked draft that waits or runs."""
    return await Rehearsal.filter(draft_id=draft_id, finished_at=None).first()


async def end_waiting(rehearsal_id: str, faults: Sequence[str], now: datetime) -> bool:
    """End a rehearsal in words before it begins; False when a worker is at it, or was and may have died."""
    waiting = Rehearsal.filter(id=rehearsal_id, worked_at=None, finished_at=None)
    return bool(await waiting.update(faults=list(faults), finished_at=now))


async def drop_older_lists(lease: Lease, draft_id: str) -> None:
    """One of a locked draft has finished: the lists of those before it go, their counts stay."""
    others = Rehearsal.filter(draft_id=draft_id).exclude(id=lease.rehearsal_id)
    await _drop_lists(await _ids(others))


async def keep_last(draft_id: str) -> None:
    """A locked draft is closed: of its finished rehearsals only the last stays, if need be one that failed."""
    finished = Rehearsal.filter(draft_id=draft_id, finished_at__isnull=False).order_by("-asked_at", "-id")
    names, done = await _ids(finished), await _ids(finished.filter(summary__isnull=False))
    gone = set(names) - set((done or names)[:1])
    await _drop_lists(gone)
    await Rehearsal.filter(id__in=gone).delete()


async def _drop_lists(rehearsals: Sequence[str] | set[str]) -> None:
    await RehearsalDifference.filter(rehearsal_id__in=list(rehearsals)).delete()


async def _ids(rehearsals: QuerySet[Rehearsal]) -> list[str]:
    return [str(each) for each in await rehearsals.values_list("id", flat=True)]
