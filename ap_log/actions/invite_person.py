"""Makes an invitation: a link by which one person makes one passkey, once, within a day."""

import secrets
from datetime import datetime, timedelta
from functools import partial

import msgspec

from ap_log.domain.errors import NotFound
from ap_log.domain.people import Actor
from ap_log.security.sessions import token_hash
from ap_log.store import audit, invitations, staff
from ap_log.store.transaction import transaction

LIFE = timedelta(hours=24)
"""Long enough for the invited person's next shift, short enough not to lie in a mailbox."""

CODE_BYTES = 16
"""128 bits: nobody guesses that."""


class Made(msgspec.Struct, frozen=True):
    """An invitation just made. `code` is told once, here, and kept nowhere."""

    code: str
    name: str
    expires_at: datetime

    def link(self, origin: str) -> str:
        """The address to give to the person."""
        return f"{origin}/invitations/{self.code}"


async def invite_person(person: str, actor: Actor, now: datetime) -> Made:
    """Invite a person by id. Raises `NotFound` where there is none, or they have left."""
    found = await staff.find_person(person, now)
    if found is None:
        raise NotFound
    return await transaction(partial(_invite, found.id, found.name, actor.id, now))


async def invite_by_email(email: str, now: datetime) -> Made:
    """Invite a person from the command line of the server, as nobody in particular. Raises `NotFound`."""
    found = await staff.find_person_by_email(email, now)
    if found is None:
        raise NotFound
    return await transaction(partial(_invite, found.id, found.name, None, now))


async def _invite(person: str, name: str, invited_by: str | None, now: datetime) -> Made:
    made = Made(secrets.token_urlsafe(CODE_BYTES), name, now + LIFE)
    invitation = await invitations.add_invitation(person, invited_by, token_hash(made.code), now, made.expires_at)
    await audit.add(
        "invitation.made", invited_by, now, subject_kind="person", subject=person, details={"invitation": invitation}
    )
    return made
