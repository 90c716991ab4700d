"""Invitations to make a passkey: whom, until when, and whether they were used. Codes are kept as hashes only."""

from datetime import datetime

import msgspec
from tortoise.expressions import Q

from ap_log.domain.staff import LastInvitation
from ap_log.store.models import Invitation


class Invited(msgspec.Struct, frozen=True):
    """An invitation that can be used now, and whom it invites."""

    id: str
    person: str
    name: str
    email: str
    user_handle: bytes


async def add_invitation(
    person: str, invited_by: str | None, code_hash: str, now: datetime, expires_at: datetime
) -> str:
    """Invite a person and return the invitation's id. Earlier invitations of theirs that are still open end now."""
    await end_invitations(person, now)
    made = await Invitation.create(
        code_hash=code_hash, person_id=person, invited_by_id=invited_by, made_at=now, expires_at=expires_at
    )
    return str(made.id)


async def end_invitations(person: str, now: datetime) -> None:
    """Let no open invitation of a person be used."""
    await Invitation.filter(person_id=person, used_at__isnull=True, expires_at__gt=now).update(expires_at=now)


async def find_invited(code_hash: str, now: datetime) -> Invited | None:
    """Whom this code invites; none when it was used, has run out, or never was, or when the person has left."""
    has_not_left = Q(person__left_at__isnull=True) | Q(person__left_at__gt=now)
    open_one = Invitation.filter(has_not_left, code_hash=code_hash, used_at__isnull=True, expires_at__gt=now)
    found = await open_one.select_related("person").first()
    if found is None:
        return None
    person = found.person
    return Invited(found.id, person.id, person.name, person.email, person.user_handle)


async def use_invitation(code_hash: str, now: datetime) -> bool:
    """Use the invitation up. False when somebody did so first: of two at once, one succeeds."""
    open_one = Invitation.filter(code_hash=code_hash, used_at__isnull=True, expires_at__gt=now)
    return await open_one.update(used_at=now) == 1


async def latest_by_person() -> dict[str, LastInvitation]:
    """The newest invitation of each person who was ever invited."""
    rows = await Invitation.all().order_by("made_at", "id")
    return {row.person_id: LastInvitation(row.expires_at, row.used_at) for row in rows}
