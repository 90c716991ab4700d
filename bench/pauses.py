"""How long a rehearsal keeps the worker from its other jobs: it looks for notices every second all the while."""

import asyncio
import time
from datetime import datetime
from uuid import uuid4

from ap_log import clock, worker
from ap_log.actions.change_draft import change_draft
from ap_log.actions.run_rehearsal import run_rehearsal
from ap_log.actions.start_draft import start_draft
from ap_log.domain.people import Actor
from ap_log.domain.policy.drafting import policy_text
from ap_log.store import models, policy_drafts, rehearsals
from bench.rows import Row

IDLE_SECONDS = 8


class Rounds:
    """A job that has nothing to do and notes when its rounds come."""

    def __init__(self) -> None:
        self._at: list[float] = []

    async def __call__(self, now: datetime) -> bool:
        self._at.append(time.perf_counter())
        return False

    def longest_pause(self) -> float:
        """Between two rounds, in milliseconds."""
        pauses = [after - before for before, after in zip(self._at, self._at[1:], strict=False)]
        return max(pauses) * 1000


async def pauses_of_other_jobs(farah: Actor, since: datetime) -> Row:
    """The same loop with nothing to rehearse is what it is compared with."""
    idle = await _longest_pause(_nothing_for(IDLE_SECONDS))
    name = await _asked(farah, since)
    longest = await _longest_pause(_one_rehearsal)
    assert (await models.Rehearsal.get(id=name)).summary
    return Row("longest pause of the worker's other jobs during it", longest, longest, "the same loop idle", idle)


async def _longest_pause(other: worker.Job) -> float:
    """Of the rounds beside this job, until it has done its work once."""
    rounds, stopping = Rounds(), asyncio.Event()

    async def once(now: datetime) -> bool:
        await other(now)
        stopping.set()
        return True

    await worker.work((rounds, once), stopping)
    await rounds(clock.now())
    return rounds.longest_pause()


def _nothing_for(seconds: float) -> worker.Job:
    async def wait(now: datetime) -> bool:
        await asyncio.sleep(seconds)
        return False

    return wait


async def _one_rehearsal(now: datetime) -> bool:
    return await run_rehearsal(clock.now, lambda: False, clock.now())


async def _asked(farah: Actor, since: datetime) -> str:
    """A rehearsal of shorter warnings over every premises there is."""
    name, now = str(uuid4()), clock.now()
    draft_id = await start_draft(str(uuid4()), farah, now)
    draft = await policy_drafts.get_draft(draft_id)
    days = dict.fromkeys(draft.document["warning_days"], 14)  # type: ignore[call-overload]
    draft = await change_draft(draft_id, draft.revision, {"warning_days": days}, farah, now)
    premises = [str(each) for each in await models.Premises.all().values_list("id", flat=True)]
    await rehearsals.add_rehearsal(name, draft, policy_text(draft.policy(since)), premises, since, farah, now)
    return name
