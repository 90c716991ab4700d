"""The invented people of the demo who use AP Log: their names, their duties, and who stands in for whom."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from ap_log.domain.people import Actor, Posting, Role
from ap_log.presenters.demo import EMAIL_DOMAIN, NEWCOMER
from ap_log.store.models import Person, Premises
from ap_log.store.models import Posting as PostingRow

WORKED_FOR = timedelta(days=400)
LEFT_AGO = timedelta(days=7)

ELM, OAK = "elm", "oak"


@dataclass(frozen=True)
class Member:
    """One person of the cast: `duties` are roles with the house each is held at, or None."""

    key: str
    name: str
    duties: tuple[tuple[Role, str | None], ...]
    senior: str | None = None
    deputy: str | None = None
    has_left: bool = False


def _officer(key: str, name: str, deputy: str) -> Member:
    return Member(key, name, ((Role.PROBATION_PRACTITIONER, None),), senior="sian", deputy=deputy)


def _worker(key: str, name: str, house: str, *, has_left: bool = False) -> Member:
    return Member(key, name, ((Role.RESIDENTIAL_WORKER, house),), has_left=has_left)


CAST: tuple[Member, ...] = (
    _worker("asha", "Asha Rahman", ELM),
    _worker("joseph", "Joseph Adeleke", ELM),
    _worker(NEWCOMER, "Mair Adeyemi-Lloyd", ELM),
    _worker("esther", "Esther Lowe", ELM, has_left=True),
    Member("ben", "Ben Carter", ((Role.MANAGER, ELM),)),
    Member("rob", "Rob Ellis", ((Role.DEPUTY, ELM),)),
    _worker("chika", "Chika Obi", OAK),
    _worker("bethan", "Bethan Rees", OAK),
    Member("owen", "Owen Pritchard", ((Role.MANAGER, OAK),)),
    Member("nia", "Nia Bevan", ((Role.ON_DUTY_MANAGER, ELM), (Role.ON_DUTY_MANAGER, OAK))),
    Member("farah", "Farah Aziz", ((Role.AREA_MANAGER, ELM), (Role.AREA_MANAGER, OAK))),
    Member("grace", "Grace Holt", ((Role.ADMINISTRATOR, None),)),
    Member("sian", "Siân Morgan", ((Role.SENIOR_PROBATION_OFFICER, None),)),
    _officer("dev", "Dev Patel", deputy="tom"),
    _officer("tom", "Tom Reilly", deputy="hannah"),
    _officer("hannah", "Hannah Whitlock", deputy="tom"),
)

HOUSE_NAMES = {ELM: "Elm House", OAK: "Oak House"}


@dataclass
class Company:
    """The cast as it stands in the database: actors and houses by their keys."""

    actors: dict[str, Actor] = field(default_factory=dict)
    houses: dict[str, str] = field(default_factory=dict)


def email_of(key: str) -> str:
    return f"{key}@{EMAIL_DOMAIN}"


async def settle_cast(now: datetime, random: Random) -> Company:
    """Two houses and everybody who works with them, in an empty database. Passkeys they have none."""
    company = Company()
    for key, name in HOUSE_NAMES.items():
        company.houses[key] = (await Premises.create(name=name)).id
    for member in CAST:
        await _settle(member, company, now, random)
    for member in CAST:
        await Person.filter(email=email_of(member.key)).update(
            senior_id=company.actors[member.senior].id if member.senior else None,
            deputy_id=company.actors[member.deputy].id if member.deputy else None,
        )
    return company


async def _settle(member: Member, company: Company, now: datetime, random: Random) -> None:
    started = now - WORKED_FOR
    left = now - LEFT_AGO if member.has_left else None
    person = await Person.create(
        name=member.name,
        email=email_of(member.key),
        user_handle=random.randbytes(64),
        created_at=started,
        left_at=left,
    )
    held = tuple(Posting(role, company.houses[house] if house else None) for role, house in member.duties)
    for posting in held:
        await PostingRow.create(
            person_id=person.id, premises_id=posting.premises, role=posting.role, started_at=started, ended_at=left
        )
    company.actors[member.key] = Actor(person.id, member.name, held)
