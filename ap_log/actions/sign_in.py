"""Signs a person in with their passkey: ask, then check the answer and start a session."""

from datetime import datetime
from functools import partial

from ap_log.domain.errors import NotSignedIn
from ap_log.domain.people import Actor
from ap_log.security import passkeys as ceremony
from ap_log.security.passkeys import Assertion, RelyingParty, Use
from ap_log.security.sessions import new_token, token_hash
from ap_log.store import audit, passkeys, sessions
from ap_log.store.transaction import transaction


async def ask(party: RelyingParty, now: datetime) -> str:
    """Make a challenge and return what to ask the browser for, as JSON."""
    challenge = ceremony.new_challenge()
    await transaction(partial(passkeys.add_challenge, challenge, ceremony.SIGN_IN, None, now))
    return ceremony.sign_in_options(party, challenge)


async def sign_in(party: RelyingParty, credential: Assertion, replaced: str | None, now: datetime) -> str:
    """Check a passkey's answer and return the token of a new session; `replaced`, this browser's old one, ends.

    Two transactions: the challenge is taken whatever comes of it. Taken together with the session, a wrong answer
    would put it back, to be tried again.

    Raises:
        PasskeyRefused: something about the answer does not hold; the log says what.
    """
    challenge = ceremony.challenge_of(credential)
    await take(challenge, ceremony.SIGN_IN, None, now)
    held = await passkeys.find_passkey(credential.id, now)
    if held is None:
        raise ceremony.refused("unknown passkey")
    use = ceremony.verify_sign_in(party, credential, challenge, held)
    token = await transaction(partial(_sign_in, held, use, replaced, now))
    if token is None:
        raise ceremony.refused("count did not grow")
    return token


async def take(challenge: str, purpose: str, person: str | None, now: datetime) -> None:
    """Take a challenge out for good. Raises `PasskeyRefused` when it cannot be had."""
    if not await transaction(partial(passkeys.take_challenge, challenge, purpose, person, now)):
        raise ceremony.refused("no such challenge")


async def start_session(person: str, now: datetime, *, replaced: str | None = None) -> str:
    """Start a session inside the running transaction and return its token."""
    if replaced is not None:
        await sessions.end_session(replaced, now)
    token = new_token()
    await sessions.add_session(person, token_hash(token), now)
    await audit.add("session.started", person, now, subject_kind="person", subject=person)
    return token


async def find_actor(token: str, now: datetime) -> Actor:
    """Whose session has just begun. Raises `NotSignedIn` where it has ended again already."""
    begun = await sessions.find_session(token_hash(token), now)
    if begun is None:
        raise NotSignedIn
    return begun.actor


async def _sign_in(held: passkeys.Held, use: Use, replaced: str | None, now: datetime) -> str | None:
    """None, and a line on the audit trail, when the passkey's count did not grow: it may have been copied."""
    if not await passkeys.use_passkey(held.id, use.sign_count, use.is_backed_up, now):
        await audit.add("passkey.suspected", held.person, now, subject_kind="passkey", subject=held.id)
        return None
    return await start_session(held.person, now, replaced=replaced)
