"""An author says that they have seen which of their entries and photos were lost."""

from collections.abc import Collection
from datetime import datetime
from functools import partial

from ap_log.domain.people import Actor
from ap_log.store import audit, ledger
from ap_log.store.transaction import transaction

EVENT = "losses.seen"


async def see_losses(items: Collection[str], actor: Actor, now: datetime) -> None:
    """Note that the author has seen these losses of theirs; others, and those seen before, are passed over."""
    await transaction(partial(_see, items, actor, now))


async def _see(items: Collection[str], actor: Actor, now: datetime) -> None:
    seen = await ledger.mark_told(actor.id, items, now)
    if seen:
        details = {"items": seen}
        await audit.add(EVENT, actor.id, now, subject_kind="person", subject=actor.id, details=details)
