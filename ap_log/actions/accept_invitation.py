"""Takes up an invitation: ask the browser for a passkey, check what it made, and sign the person in with it."""

from datetime import datetime
from functools import partial

from ap_log.actions.sign_in import start_session, take
from ap_log.domain.errors import InvitationSpent
from ap_log.security import passkeys as ceremony
from ap_log.security.passkeys import Attestation, RelyingParty
from ap_log.security.sessions import token_hash
from ap_log.store import audit, devices, invitations, passkeys
from ap_log.store.invitations import Invited
from ap_log.store.transaction import transaction


async def ask(party: RelyingParty, code: str, device: str | None, now: datetime) -> str:
    """Make a challenge for the invited person and return what to ask the browser for. Raises `InvitationSpent`.

    Where the `device` that asks is shared, the passkey has to live on something else; the challenge remembers that.
    """
    invited = await find_invited(code, now)
    held = await passkeys.list_credential_ids(invited.person)
    challenge = ceremony.new_challenge()
    on_shared = device is not None and await devices.is_shared(device)
    purpose = ceremony.SHARED_REGISTRATION if on_shared else ceremony.REGISTRATION
    await transaction(partial(passkeys.add_challenge, challenge, purpose, invited.person, now))
    return ceremony.registration_options(party, challenge, invited, held, on_shared=on_shared)


async def accept_invitation(
    party: RelyingParty, code: str, credential: Attestation, replaced: str | None, now: datetime
) -> str:
    """Keep the new passkey, use the invitation up, and return the token of a new session.

    The challenge is taken first, in a transaction of its own, whatever comes of the rest (see `sign_in`).

    Raises:
        InvitationSpent: it was used, has run out, or never was.
        PasskeyRefused: something about the passkey does not hold; the log says what.
        PlatformPasskey: it lives on a phone that several people use. The invitation is still good.
    """
    invited = await find_invited(code, now)
    challenge = ceremony.challenge_of(credential)
    if await _take(challenge, invited.person, now):
        ceremony.refuse_platform(credential)
    new = ceremony.verify_registration(party, credential, challenge)
    return await transaction(partial(_accept, invited, token_hash(code), new, replaced, now))


async def _take(challenge: str, person: str, now: datetime) -> bool:
    """Take the challenge out for good; whether it was made for a shared phone. Raises `PasskeyRefused`."""
    if await transaction(partial(passkeys.take_challenge, challenge, ceremony.SHARED_REGISTRATION, person, now)):
        return True
    await take(challenge, ceremony.REGISTRATION, person, now)
    return False


async def find_invited(code: str, now: datetime) -> Invited:
    """Whom the code invites. Raises `InvitationSpent`."""
    invited = await invitations.find_invited(token_hash(code), now)
    if invited is None:
        raise InvitationSpent
    return invited


async def _accept(invited: Invited, code_hash: str, new: passkeys.New, replaced: str | None, now: datetime) -> str:
    if not await invitations.use_invitation(code_hash, now):
        raise InvitationSpent
    passkey = await passkeys.add_passkey(invited.person, new, now)
    if passkey is None:
        raise ceremony.refused("passkey known already")
    details: dict[str, str | int | None] = {"passkey": passkey, "device_type": new.device_type}
    await audit.add(
        "invitation.accepted", invited.person, now, subject_kind="invitation", subject=invited.id, details=details
    )
    return await start_session(invited.person, now, replaced=replaced)
