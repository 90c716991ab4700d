"""Who holds which duty for a resident now: those posted at their premises, and those who supervise them by name."""

from datetime import datetime

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from ap_log.domain.people import Role
from ap_log.domain.permissions import Permission, roles_that_may
from ap_log.store.models import Person, Posting, Resident

_BY_PREMISES = (Role.MANAGER, Role.DEPUTY, Role.ON_DUTY_MANAGER, Role.AREA_MANAGER)


async def holders_of(resident_id: str, now: datetime) -> dict[str, str]:
    """The id of the person who holds each duty for a resident; duties that nobody holds are not in it.

    Where several hold a duty at the premises, it is whoever was posted last.
    """
    resident = await Resident.get(id=resident_id).select_related("officer__senior", "key_worker")
    named = {
        Role.PROBATION_PRACTITIONER: resident.officer,
        Role.SENIOR_PROBATION_OFFICER: resident.officer and resident.officer.senior,
        Role.KEY_WORKER: resident.key_worker,
    }
    holders = await _posted(resident.premises_id, now)
    return holders | {duty: person.id for duty, person in named.items() if _is_here(person, now)}


async def find_deputy(person_id: str, now: datetime) -> str | None:
    """The id of the person who stands in for another, if one is named and is here."""
    deputy = (await Person.get(id=person_id).select_related("deputy")).deputy
    return deputy.id if _is_here(deputy, now) else None


async def is_here(person_id: str, now: datetime) -> bool:
    """Whether a person still works here."""
    return _is_here(await Person.get(id=person_id), now)


async def posted_at(premises_id: str, now: datetime) -> dict[str, set[Role]]:
    """The roles that each person here holds at a premises, by the id of the person."""
    found: dict[str, set[Role]] = {}
    for posting in await _postings(premises_id, now):
        found.setdefault(posting.person_id, set()).add(Role(posting.role))
    return found


async def deciders_at(premises_id: str, now: datetime) -> set[str]:
    """The ids of those who may decide about a premises' residents."""
    posted = await posted_at(premises_id, now)
    return {person for person, roles in posted.items() if roles & roles_that_may(Permission.DECIDE)}


async def _posted(premises_id: str, now: datetime) -> dict[str, str]:
    """The holders of the premises' own duties, the last posted winning."""
    postings = await _postings(premises_id, now).filter(role__in=_BY_PREMISES)
    return {posting.role: posting.person_id for posting in postings}


def _postings(premises_id: str, now: datetime) -> QuerySet[Posting]:
    return Posting.filter(
        Q(ended_at=None) | Q(ended_at__gt=now),
        Q(person__left_at=None) | Q(person__left_at__gt=now),
        premises_id=premises_id,
        started_at__lte=now,
    ).order_by("started_at", "id")


def _is_here(person: Person | None, now: datetime) -> bool:
    return person is not None and (person.left_at is None or person.left_at > now)
