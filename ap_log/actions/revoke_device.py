"""Wipes a phone, or lets one that was found be used again. What it has not sent stays on it, sealed, either way."""

from datetime import datetime
from functools import partial

from ap_log.domain.people import Actor
from ap_log.store import audit, devices, phones, sessions
from ap_log.store.transaction import transaction

REVOKED = "device.revoked"
RETURNED = "device.returned"


async def revoke_device(device: str, actor: Actor, now: datetime) -> None:
    """Ask a phone to destroy what it can read, whoever's it is, and sign everybody on it out, everywhere.

    Doing it again is harmless: the first time counts. Raises NotFound.
    """
    await transaction(partial(_revoke, device, actor, now))


async def take_device_back(device: str, actor: Actor, now: datetime) -> None:
    """Let a phone that was revoked be used again; harmless where it is not revoked. Raises NotFound."""
    await transaction(partial(_take_back, device, actor, now))


async def _revoke(device: str, actor: Actor, now: datetime) -> None:
    found = await phones.get_visible(actor, device)
    if not await devices.revoke(device, actor.id, now):
        return
    people = await devices.list_people(device)
    await devices.ask_wipe_on(device, people, now)
    for person in {*people, found.person_id}:
        await sessions.end_sessions(person, now)
    details = {"people": people}
    await audit.add(
        REVOKED, actor.id, now, subject_kind="device", subject=device, premises=found.premises_id, details=details
    )


async def _take_back(device: str, actor: Actor, now: datetime) -> None:
    found = await phones.get_visible(actor, device)
    if await devices.take_back(device):
        await audit.add(RETURNED, actor.id, now, subject_kind="device", subject=device, premises=found.premises_id)
