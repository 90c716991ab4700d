"""How tests come by notices: an episode logged, decided, and read back, with as few words as a test can use."""

import re
from datetime import datetime
from html import unescape
from typing import Any
from uuid import uuid4

from ap_log.actions.decide import decide
from ap_log.actions.log_entries import log_entry
from ap_log.domain.answers import Answer
from ap_log.domain.recommendations import AlternativeTried, Choice, Heads
from ap_log.store import models, recommendations
from ap_log.store.models import Decision, Notice, Recommendation
from tests.cast import World, an_entry

WORDS = "Managed in the community <with> a new plan & weekly tests."

HEADS = Heads(
    immediate_risk="He was found slumped twice.",
    who_is_vulnerable="Himself, and the man in the next room.",
    current_circumstances="In his room, checked every half hour.",
    alternatives=(AlternativeTried("NONE"),),
    protective_factors="He asks for the key worker.",
    resident_says="He says it was one pipe.",
)


async def logged(world: World, **changes: Any) -> Recommendation:
    """The current recommendation after an entry about Gwilym, or whoever `changes` names, has been logged."""
    entry = an_entry(world, **changes)
    await log_entry(entry, world.asha, world.now)
    resident = world.residents[str(changes.get("resident", "gwilym"))]
    current = await recommendations.list_current(resident.id)
    return next(one for one in current if entry.id in one.episode)


async def decided(world: World, step: int, now: datetime, **changes: Any) -> Decision:
    """What Ben issued, whatever the policy recommended."""
    recommendation = await logged(world, **changes)
    heads = HEADS if step >= 4 else None
    return await decide(recommendation.id, Choice(str(uuid4()), step, "As agreed.", heads), world.ben, now)


async def sent_to(world: World, who: str, **found: Any) -> Notice:
    """The one notice that was sent to a person."""
    return await Notice.get(recipient_id=world.people[who].id, **found).select_related("recipient", "recommendation")


async def told(decision: Decision) -> list[tuple[str, str, str]]:
    """Who was told of a decision: first name, duty, and what is wanted."""
    rows = await Notice.filter(decision_id=decision.id).select_related("recipient")
    return sorted((row.recipient.name.split()[0], row.duty, row.wanted) for row in rows)


async def events(notice: Notice) -> list[str]:
    """The audit trail of one notice, oldest first."""
    records = await models.AuditRecord.filter(subject=notice.id).order_by("sequence")
    return [record.event for record in records]


def an_answer(choice: str | None = "no-recall", reason: str = "Managed with a new plan.") -> Answer:
    return Answer(str(uuid4()), choice, reason)


async def asked(world: World, step: int = 4) -> Notice:
    """Dev's notice of a decision."""
    await decided(world, step, world.now, happening="supply" if step == 4 else "possession")
    return await sent_to(world, "dev")


def an_answer_form(**changes: str) -> dict[str, str]:
    """An answer as the notice's page sends it."""
    return {"id": str(uuid4()), "choice": "no-recall", "reason": WORDS} | changes


def text_of(html: str) -> str:
    """What a reader reads: words only, one space between them."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))
