"""Reads the history of many residents, in chunks."""

from collections.abc import AsyncGenerator, Iterable
from datetime import datetime

import msgspec

from ap_log.domain.policy.timeline import Timeline
from ap_log.store import models
from ap_log.store.timelines import timelines_of

CHUNK = 40
"""Residents read at once: a tenth of a second in which this process does nothing else, and enough for one turn."""


class Past(msgspec.Struct, frozen=True):
    """One resident's timeline, and the premises where they live or lived last. The case is the resident's id."""

    premises: str
    timeline: Timeline


async def list_residents(premises: Iterable[str] | None) -> list[str]:
    """The ids of all who live or lived last at these premises, or anywhere; in a fixed order."""
    residents = models.Resident.all() if premises is None else models.Resident.filter(premises_id__in=list(premises))
    return [str(each) for each in await residents.order_by("id").values_list("id", flat=True)]


async def read_history(residents: list[str], earliest: datetime) -> AsyncGenerator[list[Past], None]:
    """The timelines of these residents, a chunk at a time."""
    for start in range(0, len(residents), CHUNK):
        yield await _chunk(residents[start : start + CHUNK], earliest)


async def _chunk(ids: list[str], earliest: datetime) -> list[Past]:
    residents = await models.Resident.filter(id__in=ids).order_by("id")
    timelines = await timelines_of(residents, earliest)
    return [Past(resident.premises_id, timelines[resident.id]) for resident in residents]
