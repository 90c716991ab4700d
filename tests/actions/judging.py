"""One resident judged again and again: what the tests of judging do, and what they look at."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import msgspec

from ap_log.actions.decide import decide
from ap_log.actions.log_entries import log_entry
from ap_log.domain.recommendations import Choice, Grounds
from ap_log.store import models, recommendations
from ap_log.store.models import Decision, Recommendation
from tests.cast import World, an_entry, pushed


async def log(world: World, at: datetime, **changes: Any) -> str:
    """The id of an entry about Gwilym, logged when it happened or now, whichever is later."""
    entry = an_entry(world, occurred_at=at.isoformat(), **changes)
    await log_entry(entry, world.asha, max(at, world.now))
    return entry.id


async def correct(world: World, entry_id: str, at: datetime, **changes: Any) -> None:
    """Log the newest version of an entry once more, with these changes."""
    stored = await models.Entry.get(entry_id=entry_id, superseded_at=None)
    await log_entry(pushed(msgspec.json.decode(stored.body) | changes), world.asha, at)


async def list_current(world: World) -> list[Recommendation]:
    return await recommendations.list_current(world.residents["gwilym"].id)


async def decide_on(world: World, one: Recommendation, step: int, at: datetime) -> Decision:
    return await decide(one.id, Choice(str(uuid4()), step, "as agreed"), world.ben, at)


def grounds() -> Grounds:
    return Grounds(str(uuid4()), "laboratory negative")


def fact_kept(one: Recommendation, fact_id: str) -> dict[str, Any]:
    """The fact with this id as it was kept with a recommendation."""
    [found] = [fact for fact in one.facts or [] if fact.get("id") == fact_id]
    return found
