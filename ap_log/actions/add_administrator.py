"""Adds the first administrator, from the command line of the server: whoever invites everybody else."""

from datetime import datetime
from functools import partial

from ap_log.domain.people import Role
from ap_log.store import audit, staff
from ap_log.store.transaction import transaction

EVENT = "person.added"


async def add_administrator(name: str, email: str, now: datetime) -> str:
    """Add a person who administers people; returns their id. Raises Duplicate where the address is taken."""
    return await transaction(partial(_add, name, email, now))


async def _add(name: str, email: str, now: datetime) -> str:
    person = await staff.add_person(name, email, now)
    await staff.post(person, Role.ADMINISTRATOR, None, now)
    await audit.add(EVENT, None, now, subject_kind="person", subject=person, details={"role": Role.ADMINISTRATOR})
    return person
