"""The people who may sign in, as the administrator sees them, and as invitations find them."""

import secrets
from datetime import datetime

from tortoise.expressions import Q

from ap_log.domain.people import Role
from ap_log.domain.staff import Duty, StaffMember
from ap_log.store import invitations, passkeys, sessions
from ap_log.store.models import Person, Posting


async def find_person(person: str, now: datetime) -> Person | None:
    """A person who has not left, by id."""
    return await Person.filter(_is_current(now), id=person).first()


async def find_person_by_email(email: str, now: datetime) -> Person | None:
    """A person who has not left, by e-mail address, however its letters are written."""
    return await Person.filter(_is_current(now), email__iexact=email).first()


async def add_person(name: str, email: str, now: datetime) -> str:
    """Add somebody who may be invited; returns their id. The address must be nobody else's."""
    person = await Person.create(name=name, email=email.lower(), user_handle=secrets.token_bytes(32), created_at=now)
    return str(person.id)


async def post(person: str, role: Role, premises: str | None, now: datetime) -> None:
    """Give a person a role from now on, at one premises or at none."""
    await Posting.create(person_id=person, role=role, premises_id=premises, started_at=now)


async def list_staff(now: datetime) -> tuple[StaffMember, ...]:
    """Everybody by name, those who have left last. A fixed number of queries, however many people."""
    duties = await _duties(now)
    keys = await passkeys.count_by_person()
    signed_in = await sessions.last_sign_ins()
    invited = await invitations.latest_by_person()
    members = [
        StaffMember(
            person.id,
            person.name,
            person.email,
            person.left_at,
            tuple(duties.get(person.id, ())),
            keys.get(person.id, 0),
            signed_in.get(person.id),
            invited.get(person.id),
        )
        for person in await Person.all()
    ]
    return tuple(sorted(members, key=lambda member: (member.has_left(now), member.name.casefold())))


async def _duties(now: datetime) -> dict[str, list[Duty]]:
    held = Posting.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=now), started_at__lte=now)
    duties: dict[str, list[Duty]] = {}
    for posting in await held.select_related("premises").order_by("role", "premises__name"):
        premises = posting.premises.name if posting.premises else None
        duties.setdefault(posting.person_id, []).append(Duty(Role(posting.role), premises))
    return duties


def _is_current(now: datetime) -> Q:
    return Q(left_at__isnull=True) | Q(left_at__gt=now)
