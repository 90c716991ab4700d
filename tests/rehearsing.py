"""How tests of rehearsals come by a history, a draft that judges it otherwise, and a worker that runs one here."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from ap_log import processes
from ap_log.actions.ask_rehearsal import Asked, ask_rehearsal
from ap_log.actions.change_draft import change_draft
from ap_log.actions.decide import decide
from ap_log.actions.log_entries import log_entry
from ap_log.actions.run_rehearsal import run_rehearsal
from ap_log.actions.start_draft import start_draft
from ap_log.domain.recommendations import Choice
from ap_log.domain.rehearsals import Rehearsal
from ap_log.store import policy_drafts, recommendations, rehearsals
from ap_log.store.models import new_id
from tests.cast import World, an_entry

BACK = timedelta(days=90)
"""How far back rehearsals of the tests begin."""


@pytest.fixture
def in_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judging in this process: starting others takes a second."""
    monkeypatch.setattr(processes, "pool", lambda: ThreadPoolExecutor(2))


async def happened(world: World, days_ago: int, resident: str = "gwilym", **changes: Any) -> str:
    """Something that calls for step 1 happened so many days ago; the id of the entry."""
    author = "chika" if resident == "oak_resident" else "asha"
    at = (world.now - timedelta(days=days_ago)).isoformat()
    entry = an_entry(world, author=author, resident=resident, occurred_at=at, **changes)
    await log_entry(entry, world.actors[author], world.now)
    return entry.id


async def decided(world: World, step: int) -> str:
    """Ben decides Gwilym's latest episode; the id of the decision."""
    one = (await recommendations.list_current(world.residents["gwilym"].id))[-1]
    return (await decide(one.id, Choice(new_id(), step, "As I see it."), world.ben, world.now)).id


async def drafted(world: World, **change: Any) -> str:
    """A draft of Farah's in which strongly suspected use has a base of 2, or with other parts changed; its id."""
    name = await start_draft(str(uuid4()), world.farah, world.now)
    draft = await policy_drafts.get_draft(name)
    base = {**dict(draft.document["base"]), "SUB-2": 2}  # type: ignore[call-overload]
    await change_draft(name, draft.revision, change or {"base": base}, world.farah, world.now)
    return name


async def asked(world: World, draft: str, since: datetime | None = None) -> str:
    """A rehearsal that Farah asked for; its id."""
    return await ask_rehearsal(draft, Asked(str(uuid4()), since or world.now - BACK), world.farah, world.now)


async def run(now: datetime, read_clock: Callable[[], datetime] | None = None) -> bool:
    """One round of a worker that nobody stops."""
    return await run_rehearsal(read_clock or (lambda: now), lambda: False, now)


async def found(world: World, rehearsal: str) -> Rehearsal:
    """The rehearsal as Farah sees it."""
    return await rehearsals.get_rehearsal(world.farah, rehearsal)
