"""Who uses AP Log: roles, postings, and the actor that every action is given."""

from enum import StrEnum

import msgspec


class Role(StrEnum):
    """What a person does, in the field's own words. A person may have several, at several premises."""

    RESIDENTIAL_WORKER = "residential-worker"
    KEY_WORKER = "key-worker"
    MANAGER = "manager"
    DEPUTY = "deputy"
    ON_DUTY_MANAGER = "on-duty-manager"
    AREA_MANAGER = "area-manager"
    PROBATION_PRACTITIONER = "probation-practitioner"
    SENIOR_PROBATION_OFFICER = "senior-probation-officer"
    ADMINISTRATOR = "administrator"


ROLE_NAMES = {
    Role.RESIDENTIAL_WORKER: "Residential worker",
    Role.KEY_WORKER: "Key worker",
    Role.MANAGER: "Manager",
    Role.DEPUTY: "Deputy",
    Role.ON_DUTY_MANAGER: "On-duty manager",
    Role.AREA_MANAGER: "Area manager",
    Role.PROBATION_PRACTITIONER: "Probation practitioner",
    Role.SENIOR_PROBATION_OFFICER: "Senior probation officer",
    Role.ADMINISTRATOR: "Administrator",
}


class Posting(msgspec.Struct, frozen=True):
    """A role held now; at one premises, or (officers, administrators) at none."""

    role: Role
    premises: str | None = None


class Actor(msgspec.Struct, frozen=True):
    """The signed-in person, as read from the database for this one request."""

    id: str
    name: str
    postings: tuple[Posting, ...] = ()

    def has(self, *roles: Role) -> bool:
        return any(posting.role in roles for posting in self.postings)

    @property
    def first_name(self) -> str:
        return self.name.split()[0]
