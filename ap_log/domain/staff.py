"""The people who may sign in, as whoever administers them sees them."""

from datetime import datetime

import msgspec

from ap_log.domain.people import Role


class Duty(msgspec.Struct, frozen=True):
    """A role held now, and the name of the premises where it is held, if it is held at one."""

    role: Role
    premises: str | None


class LastInvitation(msgspec.Struct, frozen=True):
    """The newest invitation of a person. Times are aware."""

    expires_at: datetime
    used_at: datetime | None


class StaffMember(msgspec.Struct, frozen=True):
    """One person with everything the administrator's list says of them. Times are aware; None is "never"."""

    id: str
    name: str
    email: str
    left_at: datetime | None
    duties: tuple[Duty, ...]
    passkeys: int
    last_sign_in: datetime | None
    invitation: LastInvitation | None

    def has_left(self, now: datetime) -> bool:
        return self.left_at is not None and self.left_at <= now
