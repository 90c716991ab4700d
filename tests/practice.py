"""Decisions for tests of consistency: as many as are asked for, each on an entry and a recommendation of its own."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from ap_log.store.models import Decision, Entry, Recommendation
from tests.cast import World


async def decided(world: World, times: int = 1, **changes: Any) -> list[str]:
    """Ids of decisions, made an hour ago and as recommended unless told otherwise."""
    usual: dict[str, Any] = {
        "resident": "gwilym",
        "by": "ben",
        "recommended": 2,
        "step": 2,
        "code": "SUB-2",
        "ago": timedelta(hours=1),
    }
    what = usual | changes
    at = world.now - what["ago"]
    ids = []
    for _ in range(times):
        entry = await _entry(world, what["resident"], what["code"], at)
        decision = await Decision.create(
            id=str(uuid4()),
            resident_id=world.residents[what["resident"]].id,
            entry_id=entry.entry_id,
            step=what["step"],
            recommended=what["recommended"],
            reason=what.get("reason", ""),
            decided_by_id=world.people[what["by"]].id,
            decided_at=at,
        )
        await recommended(world, decision, at - timedelta(minutes=30))
        ids.append(decision.id)
    return ids


async def recommended(world: World, decision: Decision, at: datetime, **changes: Any) -> Recommendation:
    """A recommendation tied to a decision, at the house where the resident lives unless told otherwise."""
    resident = next(each for each in world.residents.values() if each.id == decision.resident_id)
    usual: dict[str, Any] = {
        "resident_id": resident.id,
        "premises_id": resident.premises_id,
        "policy": "national",
        "episode": [decision.entry_id],
        "deciding_entry": decision.entry_id,
        "started_at": at,
        "stream": "SUB",
        "step": decision.recommended,
        "outcome": "step",
        "answer": {},
        "reasons": [],
        "made_at": at,
        "waiting_since": at,
        "decision_id": decision.id,
    }
    return await Recommendation.create(**usual | changes)


async def _entry(world: World, resident: str, code: str | None, at: datetime) -> Entry:
    lives = world.residents[resident]
    return await Entry.create(
        entry_id=str(uuid4()),
        resident_id=lives.id,
        premises_id=lives.premises_id,
        author_id=world.people["asha"].id,
        courier_id=world.people["asha"].id,
        device=str(uuid4()),
        happening="under-influence",
        code=code,
        evidence="E2",
        occurred_at=at - timedelta(hours=2),
        recorded_at=at - timedelta(hours=2),
        received_at=at - timedelta(hours=1),
        intoxicated=True,
        body="{}",
        sha256=uuid4().hex,
    )
