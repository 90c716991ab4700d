"""Ends a session, now and for good: its token is worth nothing any more, wherever a copy of it may be."""

from datetime import datetime
from functools import partial

from ap_log.domain.people import Actor
from ap_log.store import audit, sessions
from ap_log.store.transaction import transaction


async def sign_out(session: str, actor: Actor, now: datetime) -> None:
    await transaction(partial(_sign_out, session, actor, now))


async def _sign_out(session: str, actor: Actor, now: datetime) -> None:
    await sessions.end_session(session, now)
    await audit.add("session.ended", actor.id, now, subject_kind="person", subject=actor.id)
