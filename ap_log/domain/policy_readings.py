"""Who has to read a new version of the policy, and who has. Whoever published a version need not confirm it."""

from datetime import datetime

import msgspec

from ap_log.domain.people import Actor, Role
from ap_log.domain.permissions import Permission, may, roles_that_may

CONFIRMING = roles_that_may(Permission.LOG_ENTRIES) | roles_that_may(Permission.DECIDE)
"""The roles whose work a policy rules: those who log by it and those who decide by it."""


class Unread(msgspec.Struct, frozen=True):
    """The newest published version, by its id, for somebody who has still to confirm it. The time is aware."""

    policy: str
    effective_from: datetime


class Reader(msgspec.Struct, frozen=True):
    """Somebody who has to confirm a version, with their duties at one premises; `confirmed_at` is aware."""

    name: str
    roles: tuple[Role, ...]
    confirmed_at: datetime | None


class House(msgspec.Struct, frozen=True):
    """The readers at one premises: those who have not confirmed by name, then the others, the latest first."""

    premises: str
    readers: tuple[Reader, ...]

    @classmethod
    def of(cls, premises: str, readers: list[Reader]) -> "House":
        missing = [reader for reader in readers if reader.confirmed_at is None]
        confirmed = [(reader.confirmed_at, reader) for reader in readers if reader.confirmed_at is not None]
        missing.sort(key=lambda reader: reader.name.casefold())
        confirmed.sort(key=lambda pair: pair[0], reverse=True)
        return cls(premises, (*missing, *(reader for _, reader in confirmed)))

    @property
    def confirmed(self) -> int:
        return sum(reader.confirmed_at is not None for reader in self.readers)


class Asked(msgspec.Struct, frozen=True):
    """How many people have still to confirm a version, and at how many premises."""

    people: int
    premises: int


def must_confirm(actor: Actor) -> bool:
    """Whether this person confirms the newest version, unless they published it themselves."""
    return may(actor, Permission.LOG_ENTRIES) or may(actor, Permission.DECIDE)
