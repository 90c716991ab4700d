"""A worker takes on a rehearsal that waits, and shows how far it has come until it is done or has failed in words."""

import logging
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from contextlib import aclosing, suppress
from datetime import datetime, timedelta
from functools import partial

from ap_log.actions.rehearse_history import ENDED_FROM_OUTSIDE, Found, rehearse_history
from ap_log.domain.errors import Unavailable
from ap_log.domain.policy.faults import Refused
from ap_log.domain.policy.loading import load_policy
from ap_log.domain.rehearsals import Rehearsal, Summary, Tally
from ap_log.store import audit, history, kept_rehearsals, policies, policy_drafts, rehearsals
from ap_log.store.engine import DATABASE_ERRORS
from ap_log.store.rehearsals import Lease, LeaseLost
from ap_log.store.transaction import transaction

FINISHED = "rehearsal.finished"
FAILED = "rehearsal.failed"

GIVE_UP = timedelta(hours=6)
"""A rehearsal takes a minute. One that is still not done after this has ended every worker that took it on."""

_ASK_AGAIN = "Ask for it again. If it goes on, tell whoever looks after AP Log."
_log = logging.getLogger(__name__)

Clock = Callable[[], datetime]


async def run_rehearsal(read_clock: Clock, is_stopping: Callable[[], bool], now: datetime) -> bool:
    """Take on one rehearsal and run it to its end; False when none waits.

    One that is under way when the worker stops is given back, for another worker to take on from its beginning. The
    clock is read after each piece, because the piece says that this worker is still at it.
    """
    claimed = await transaction(partial(rehearsals.claim_rehearsal, now))
    if claimed is None:
        return False
    rehearsal, lease = claimed
    if now - rehearsal.asked_at > GIVE_UP:
        faults = ["AP Log could not finish this rehearsal in six hours.", _ASK_AGAIN]
        await _fail(lease, rehearsal.draft_id, faults, now)
        return True
    with suppress(LeaseLost):
        await _Run(rehearsal, lease, read_clock, is_stopping).to_its_end()
    return True


class _Run:
    """One worker's work on one rehearsal, and its hold on it, which every piece of progress renews."""

    def __init__(self, rehearsal: Rehearsal, lease: Lease, read_clock: Clock, is_stopping: Callable[[], bool]) -> None:
        self._rehearsal = rehearsal
        self._lease = lease
        self._read_clock = read_clock
        self._is_stopping = is_stopping
        self._tally = Tally()
        self._done = 0

    async def to_its_end(self) -> None:
        """Raises LeaseLost, and whatever a database raises that does not work: then the lease lapses, and it is tried
        again."""
        try:
            is_done = await self._rehearse()
        except (LeaseLost, Unavailable, *DATABASE_ERRORS):
            raise
        except Refused as refusal:
            await self._fail(["The policy could not be read.", *refusal.faults])
        except BrokenProcessPool:
            _log.exception("A process of a rehearsal was ended")
            await self._fail([ENDED_FROM_OUTSIDE, _ASK_AGAIN])
        except Exception:
            _log.exception("A rehearsal failed")
            await self._fail(["Something went wrong in AP Log while it rehearsed.", _ASK_AGAIN])
        else:
            now = self._read_clock()
            end = (
                partial(_finish, self._lease, self._rehearsal.draft_id, self._tally.summary(), now)
                if is_done
                else partial(rehearsals.give_back, self._lease, now)
            )
            await transaction(end)

    async def _rehearse(self) -> bool:
        """Whether every resident was looked at before the worker had to stop."""
        asked = self._rehearsal
        book, draft = await policies.get_book(), load_policy(await rehearsals.get_text(asked.id))
        residents = await history.list_residents(asked.premises)
        count = partial(rehearsals.record_count, self._lease, len(residents), self._read_clock())
        self._lease = await transaction(count)
        async with aclosing(rehearse_history(book, draft, asked.since, residents)) as chunks:
            async for chunk in chunks:
                if self._is_stopping():
                    return False
                await self._record(chunk)
        return True

    async def _record(self, chunk: list[Found]) -> None:
        self._done += len(chunk)
        for found in chunk:
            self._tally.add(found.premises, found.rehearsed)
        differences = [
            (found.rehearsed.case, found.premises, difference)
            for found in chunk
            for difference in found.rehearsed.differences
        ]
        now = self._read_clock()
        self._lease = await transaction(partial(rehearsals.record_progress, self._lease, self._done, differences, now))

    async def _fail(self, faults: list[str]) -> None:
        await _fail(self._lease, self._rehearsal.draft_id, faults, self._read_clock())


async def _finish(lease: Lease, draft_id: str, summary: Summary, now: datetime) -> None:
    draft = await policy_drafts.lock_draft(draft_id)
    await rehearsals.record_finished(lease, summary, now)
    await kept_rehearsals.drop_older_lists(lease, draft_id)
    if not draft.is_open:
        await kept_rehearsals.keep_last(draft_id)
    details = {"episodes": summary.episodes, "differences": summary.differences}
    await audit.add(FINISHED, None, now, subject_kind="rehearsal", subject=lease.rehearsal_id, details=details)


async def _fail(lease: Lease, draft_id: str, faults: list[str], now: datetime) -> None:
    await transaction(partial(_store_failure, lease, draft_id, faults, now))


async def _store_failure(lease: Lease, draft_id: str, faults: list[str], now: datetime) -> None:
    draft = await policy_drafts.lock_draft(draft_id)
    await rehearsals.record_failed(lease, faults, now)
    if not draft.is_open:
        await kept_rehearsals.keep_last(draft_id)
    await audit.add(FAILED, None, now, subject_kind="rehearsal", subject=lease.rehearsal_id)
