"""Phones: who has each, whose vaults are on it, and what a manager decides of it. What they hold is in `ledger`, lists
are in `phones`.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from ap_log.domain.devices import PhoneReport

from .models import Device, DevicePerson, Passkey, Person


async def lock_device(device: str) -> Device | None:
    """A phone, locked until the transaction ends: its reports are taken in turn."""
    return await Device.filter(id=device).select_for_update().get_or_none()


async def add_device(device: str, token_hash: str, person: str, premises: str | None, now: datetime) -> Device:
    """Note a phone that was not known before."""
    return await Device.create(
        id=device,
        token_hash=token_hash,
        person_id=person,
        premises_id=premises,
        first_seen_at=now,
        last_seen_at=now,
    )


async def note_contact(device: Device, report: PhoneReport, now: datetime) -> None:
    """Keep what a phone says of itself, and who has it: `device.person_id` and `premises_id` as the caller set them."""
    await Device.filter(id=device.id).update(
        person_id=device.person_id,
        premises_id=device.premises_id,
        last_seen_at=now,
        build=report.build,
        is_persisted=report.is_persisted,
        can_lock=report.can_lock,
        free_bytes=report.free_bytes,
    )


async def list_known(ids: Iterable[str], now: datetime) -> dict[str, bool]:
    """Of these ids those that are people's, each with whether the person is gone: left, or without a passkey since
    all of theirs were revoked. Nothing that they could open may stay on a phone.
    """
    people = await Person.filter(id__in=set(ids)).values_list("id", "left_at")
    keys = await Passkey.filter(person_id__in=[person for person, _ in people]).values_list("person_id", "revoked_at")
    revoked = {person for person, at in keys if at is not None} - {person for person, at in keys if at is None}
    return {person: person in revoked or (left is not None and left <= now) for person, left in people}


# Whose vaults are on a phone.


async def note_people(device: str, people: Collection[str], wiped: Collection[str], now: datetime) -> None:
    """Keep whose vaults are on a phone. Where a vault that was to go is no longer there, it is gone."""
    rows = await DevicePerson.filter(device_id=device)
    there = {row.person_id for row in rows}
    await DevicePerson.filter(device_id=device, person_id__in=list(people)).update(seen_at=now)
    new = [DevicePerson(device_id=device, person_id=each, seen_at=now) for each in {*people} - there]
    await DevicePerson.bulk_create(new)
    gone = [row.id for row in rows if is_due(row) and (row.person_id in wiped or row.person_id not in people)]
    await DevicePerson.filter(id__in=gone).update(wiped_at=now)


async def list_due(device: str) -> tuple[str, ...]:
    """The people whose vaults on a phone are to be destroyed."""
    return tuple(row.person_id for row in await DevicePerson.filter(device_id=device).order_by("id") if is_due(row))


async def ask_wipe(person: str, now: datetime) -> int:
    """Ask every phone for an end to a person's vault; returns how many there are."""
    return await DevicePerson.filter(person_id=person).update(wipe_asked_at=now)


async def ask_wipe_on(device: str, people: Collection[str], now: datetime) -> None:
    """Ask one phone for an end to these people's vaults, where that is not asked already."""
    rows = await DevicePerson.filter(device_id=device, person_id__in=list(people))
    await DevicePerson.filter(id__in=[row.id for row in rows if not is_due(row)]).update(wipe_asked_at=now)


async def list_people(device: str) -> list[str]:
    """The people who have or had a vault on a phone."""
    return [row.person_id for row in await DevicePerson.filter(device_id=device)]


def is_due(row: DevicePerson) -> bool:
    """Whether a vault is still to be destroyed."""
    return row.wipe_asked_at is not None and (row.wiped_at is None or row.wiped_at < row.wipe_asked_at)


# What a manager decides.


async def revoke(device: str, by: str, now: datetime) -> bool:
    """False where it is revoked already."""
    return await Device.filter(id=device, revoked_at=None).update(revoked_at=now, revoked_by_id=by) == 1


async def take_back(device: str) -> bool:
    """Let a revoked phone be used again; False where it is not revoked. What was asked of it stays asked."""
    return await Device.filter(id=device, revoked_at__isnull=False).update(revoked_at=None, revoked_by_id=None) == 1


async def share(device: str, is_shared: bool) -> bool:
    """Say whether a phone is shared; False where that is known."""
    return await Device.filter(id=device, is_shared=not is_shared).update(is_shared=is_shared) == 1


async def is_shared(device: str) -> bool:
    """Whether a phone is one that several people use. One that nobody knows is not."""
    return await Device.exists(id=device, is_shared=True)
