"""What this database was created as: a demo, or the real thing. Decided once, when it is made."""

from datetime import datetime

from ap_log.store.models import Installation

_ONLY = 1


async def is_demo() -> bool:
    """Whether the database was created as a demo. One that says nothing is the real thing."""
    return await Installation.filter(id=_ONLY, is_demo=True).exists()


async def is_settled() -> bool:
    """Whether it has been said at all what the database is."""
    return await Installation.filter(id=_ONLY).exists()


async def settle_installation(is_demo: bool, now: datetime) -> None:
    """Say what the database is, unless it has been said before: it can never be changed."""
    await Installation.get_or_create(id=_ONLY, defaults={"is_demo": is_demo, "created_at": now})
