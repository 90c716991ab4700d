"""Says of a phone that several people use it, or that they do not: on a shared one nobody may make a passkey."""

from datetime import datetime
from functools import partial

from ap_log.domain.people import Actor
from ap_log.store import audit, devices, phones
from ap_log.store.transaction import transaction

EVENT = "device.shared"


async def share_device(device: str, actor: Actor, now: datetime, *, is_shared: bool) -> None:
    """Doing it again is harmless. Raises NotFound."""
    await transaction(partial(_share, device, actor, now, is_shared))


async def _share(device: str, actor: Actor, now: datetime, is_shared: bool) -> None:
    found = await phones.get_visible(actor, device)
    if await devices.share(device, is_shared):
        await audit.add(
            EVENT,
            actor.id,
            now,
            subject_kind="device",
            subject=device,
            premises=found.premises_id,
            details={"shared": int(is_shared)},
        )
