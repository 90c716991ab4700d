"""Questions about residents."""

import re
from datetime import datetime, timedelta
from unicodedata import combining, normalize

from ap_log.domain.errors import NotFound, NotOnYourList
from ap_log.domain.people import Actor

from .models import Resident
from .visibility import decidable_residents, loggable_residents, once_loggable_residents, visible_residents

_NUMBER = re.compile("([0-9]+)")

BROUGHT_LATE = timedelta(days=30)
"""How far back a worker who has moved may still bring what she wrote: a long leave and the shifts around it. Only the
phone's clock says when that was, so it is not for ever."""


async def list_residents(actor: Actor, now: datetime) -> list[Resident]:
    """The residents this actor sees who live there now, by premises and room."""
    living_here = visible_residents(actor, now).filter(departed_at=None)
    residents = await living_here.select_related("premises", "officer", "key_worker")
    return sorted(residents, key=_place)


async def list_roster(actor: Actor) -> list[Resident]:
    """The residents this actor may log about who live there now, by premises and room."""
    return sorted(await loggable_residents(actor).filter(departed_at=None).select_related("premises"), key=_place)


async def get_resident(actor: Actor, resident_id: str, now: datetime) -> Resident:
    """One resident. Raises NotFound where there is none, or none that this actor may see."""
    visible = visible_residents(actor, now).select_related("premises", "officer", "key_worker")
    resident = await visible.get_or_none(id=resident_id)
    if resident is None:
        raise NotFound
    return resident


async def lock_loggable(actor: Actor, resident_id: str, recorded_at: datetime, now: datetime) -> Resident:
    """A resident this actor may log about, or could when they wrote, locked until the transaction ends.

    Raises NotOnYourList.
    """
    resident = await loggable_residents(actor).select_for_update().get_or_none(id=resident_id)
    if resident is None and now - BROUGHT_LATE <= recorded_at <= now:
        resident = await once_loggable_residents(actor, recorded_at).select_for_update().get_or_none(id=resident_id)
    if resident is None:
        raise NotOnYourList
    return resident


async def lock_decidable(actor: Actor, resident_id: str) -> Resident:
    """A resident about whom this actor may decide, locked until the transaction ends. Raises NotFound."""
    resident = await decidable_residents(actor).select_for_update().get_or_none(id=resident_id)
    if resident is None:
        raise NotFound
    return resident


async def lock_resident(resident_id: str) -> Resident:
    """The resident, locked until the transaction ends: what is decided about one person is decided in turn."""
    return await Resident.filter(id=resident_id).select_for_update().get()


def _place(resident: Resident) -> tuple[list[str | int], ...]:
    """By premises, then by room, then by name, each as people order them."""
    return tuple(_as_counted(text) for text in (resident.premises.name, resident.room, resident.name, resident.id))


def _as_counted(text: str) -> list[str | int]:
    """Words and numbers by turns, so that 2 comes before 10; capitals and accents do not matter."""
    plain = "".join(letter for letter in normalize("NFD", text.casefold()) if not combining(letter))
    return [int(part) if place % 2 else part for place, part in enumerate(_NUMBER.split(plain))]
