"""Passkeys and the challenges they answer."""

from datetime import datetime, timedelta

import msgspec
from tortoise.expressions import Q
from tortoise.functions import Count

from ap_log.store.models import Challenge, Passkey

CHALLENGE_LIFE = timedelta(minutes=5)
"""How long a person may take over the browser's questions."""


class Held(msgspec.Struct, frozen=True):
    """A passkey that may be used now, and its owner."""

    id: str
    person: str
    user_handle: bytes
    public_key: bytes


class New(msgspec.Struct, frozen=True):
    """A passkey as its authenticator described it. `credential_id` is base64url."""

    credential_id: str
    public_key: bytes
    sign_count: int
    device_type: str
    backed_up: bool


async def add_challenge(challenge: str, purpose: str, person: str | None, now: datetime) -> None:
    """Keep a challenge until it is answered, and drop those that nobody answered in time."""
    await Challenge.filter(expires_at__lte=now).delete()
    await Challenge.create(challenge=challenge, purpose=purpose, person_id=person, expires_at=now + CHALLENGE_LIFE)


async def take_challenge(challenge: str, purpose: str, person: str | None, now: datetime) -> bool:
    """Take a challenge out, so that it serves once. False when it is not there, or was made for another purpose."""
    whose = Q(person_id=person) if person else Q(person_id__isnull=True)
    return await Challenge.filter(whose, challenge=challenge, purpose=purpose, expires_at__gt=now).delete() == 1


async def find_passkey(credential_id: str, now: datetime) -> Held | None:
    """The passkey of this id; none when it was revoked or its owner has left."""
    has_not_left = Q(person__left_at__isnull=True) | Q(person__left_at__gt=now)
    found = (
        await Passkey.filter(has_not_left, credential_id=credential_id, revoked_at__isnull=True)
        .select_related("person")
        .first()
    )
    return Held(found.id, found.person.id, found.person.user_handle, found.public_key) if found else None


async def list_credential_ids(person: str) -> list[str]:
    """The ids of a person's passkeys, so that a browser does not make a second one beside the first."""
    rows = await Passkey.filter(person_id=person, revoked_at__isnull=True).order_by("made_at")
    return [row.credential_id for row in rows]


async def add_passkey(person: str, new: New, now: datetime) -> str | None:
    """Keep a new passkey and return its row's id; None when the credential is known already, whoever has it."""
    if await Passkey.exists(credential_id=new.credential_id):
        return None
    made = await Passkey.create(
        person_id=person,
        credential_id=new.credential_id,
        public_key=new.public_key,
        sign_count=new.sign_count,
        device_type=new.device_type,
        backed_up=new.backed_up,
        made_at=now,
    )
    return str(made.id)


async def use_passkey(passkey: str, sign_count: int, is_backed_up: bool, now: datetime) -> bool:
    """Note a use with the authenticator's own count. False when the count does not grow: perhaps a copied key.

    Passkeys that are synced between devices do not count and always say 0. One statement, so that of two sign-ins
    with the same count one is refused.
    """
    grows = Q(sign_count__lt=sign_count) if sign_count else Q(sign_count=0)
    usable = Passkey.filter(grows, id=passkey, revoked_at__isnull=True)
    return await usable.update(sign_count=sign_count, backed_up=is_backed_up, used_at=now) == 1


async def revoke_passkeys(person: str, now: datetime) -> int:
    """Let none of a person's passkeys be used again; returns how many there were."""
    return await Passkey.filter(person_id=person, revoked_at__isnull=True).update(revoked_at=now)


async def count_by_person() -> dict[str, int]:
    """How many passkeys each person has; nobody who has none."""
    rows = (
        await Passkey.filter(revoked_at__isnull=True)
        .annotate(held=Count("id"))
        .group_by("person_id")
        .values("person_id", "held")
    )
    return {row["person_id"]: row["held"] for row in rows}
