"""A person confirms that they have read what a version of the policy changes."""

from contextlib import suppress
from datetime import datetime
from functools import partial

from ap_log.domain.people import Actor
from ap_log.store import audit, policies, policy_readings
from ap_log.store.transaction import Duplicate, transaction

EVENT = "policy.read"


async def confirm_reading(policy: str, actor: Actor, now: datetime) -> None:
    """Confirm a version by id. Doing it again is harmless: the first time counts. Raises NotFound."""
    with suppress(Duplicate):  # Another tap of the same person was first.
        await transaction(partial(_confirm, policy, actor, now))


async def _confirm(policy: str, actor: Actor, now: datetime) -> None:
    await policies.get_version(policy)
    if await policy_readings.find_reading(policy, actor) is None:
        await policy_readings.add_reading(policy, actor, now)
        await audit.add(EVENT, actor.id, now, subject_kind="policy", subject=policy)
