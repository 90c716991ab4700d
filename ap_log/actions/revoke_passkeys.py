"""Takes a person's passkeys away: their phone is lost, or in other hands. They are signed out everywhere at once.

Every phone is asked to destroy what they could read on it.
"""

from datetime import datetime
from functools import partial

from ap_log.domain.errors import NotFound
from ap_log.domain.people import Actor
from ap_log.store import audit, devices, invitations, passkeys, sessions, staff
from ap_log.store.transaction import transaction


async def revoke_passkeys(person: str, actor: Actor, now: datetime) -> None:
    """Passkeys, sessions and open invitations of the person end; a new invitation lets them in again.

    Raises:
        NotFound: there is nobody of this id, or they have left, and with that are out already.
    """
    found = await staff.find_person(person, now)
    if found is None:
        raise NotFound
    await transaction(partial(_revoke, found.id, actor, now))


async def _revoke(person: str, actor: Actor, now: datetime) -> None:
    revoked = await passkeys.revoke_passkeys(person, now)
    phones = await devices.ask_wipe(person, now)  # Before sessions, as where a phone is revoked: one order of locks.
    await sessions.end_sessions(person, now)
    await invitations.end_invitations(person, now)
    details = {"passkeys": revoked, "phones": phones}
    await audit.add("passkeys.revoked", actor.id, now, subject_kind="person", subject=person, details=details)
