"""Who is signed in, and as whom: read afresh for each request, so that a person who has left is out at once."""

from datetime import datetime, timedelta

import msgspec
from tortoise.expressions import Q
from tortoise.functions import Max

from ap_log.domain.people import Actor, Posting, Role
from ap_log.store import models

IDLE = timedelta(minutes=30)
"""How long a session may lie unused: a phone left in the office."""

ABSOLUTE = timedelta(hours=12)
"""How long a session may last however busy: one shift."""

SEEN_EVERY = timedelta(minutes=1)
"""How exactly `seen_at` is kept: not every request is worth a write."""


class Found(msgspec.Struct, frozen=True):
    """A session that is good now, and its person with the postings they hold now."""

    id: str
    seen_at: datetime
    actor: Actor


async def add_session(person: str, token_hash: str, now: datetime) -> None:
    await models.Session.create(person_id=person, token_hash=token_hash, started_at=now, seen_at=now)


async def find_session(token_hash: str, now: datetime) -> Found | None:
    """The session of this token; none when it was ended, has run out, or its person has left."""
    session = (
        await models.Session.filter(
            Q(person__left_at__isnull=True) | Q(person__left_at__gt=now),
            token_hash=token_hash,
            ended_at__isnull=True,
            seen_at__gt=now - IDLE,
            started_at__gt=now - ABSOLUTE,
        )
        .select_related("person")
        .first()
    )
    if session is None:
        return None
    actor = Actor(session.person.id, session.person.name, await _postings(session.person.id, now))
    return Found(session.id, session.seen_at, actor)


async def find_author(person: str, now: datetime) -> tuple[Actor, bool] | None:
    """Whoever wrote an entry, with the postings they hold now, and whether they have left: then they hold none."""
    row = await models.Person.get_or_none(id=person)
    if row is None:
        return None
    has_left = row.left_at is not None and row.left_at <= now
    return Actor(row.id, row.name, () if has_left else await _postings(row.id, now)), has_left


async def see_session(session: Found, now: datetime) -> None:
    """Note that the session is in use."""
    await models.Session.filter(id=session.id, seen_at__lt=now).update(seen_at=now)


async def end_session(session: str, now: datetime) -> None:
    await models.Session.filter(id=session, ended_at__isnull=True).update(ended_at=now)


async def end_sessions(person: str, now: datetime) -> None:
    """Sign a person out everywhere."""
    await models.Session.filter(person_id=person, ended_at__isnull=True).update(ended_at=now)


async def last_sign_ins() -> dict[str, datetime]:
    """When each person last signed in, by their id; nothing for those who never did."""
    rows = await models.Session.annotate(last=Max("started_at")).group_by("person_id").values("person_id", "last")
    return {row["person_id"]: row["last"] for row in rows}


async def _postings(person: str, now: datetime) -> tuple[Posting, ...]:
    held = await models.Posting.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=now), person_id=person, started_at__lte=now
    ).order_by("started_at", "id")
    return tuple(Posting(Role(posting.role), posting.premises_id) for posting in held)
