"""The two houses of the demo and who lives there. Every name is invented, and so is every number."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ap_log.demo.cast import ELM, OAK, Company
from ap_log.store.models import Resident

FIRST_CRN = 900001
"""Case numbers are an X and six digits, counted from here."""


@dataclass(frozen=True)
class Tenant:
    """One resident. `status` is the code of the legal status, `days` how long ago they came."""

    house: str
    room: str
    name: str
    status: str
    officer: str
    days: int
    antipsychotic: bool = False
    recalled_for_intoxicated_aggression: bool = False


_LICENCE, _ORDER, _SUSPENDED = "licence", "community-order", "suspended-sentence-order"
_BAIL, _SUPERVISION = "bail", "post-sentence-supervision"

TENANTS: tuple[Tenant, ...] = (
    Tenant(ELM, "1", "Adeyemi Bankole", _LICENCE, "dev", 96),
    Tenant(ELM, "2", "Aidan Foley", _LICENCE, "dev", 41),
    Tenant(ELM, "3", "Arturas Kazlauskas", _LICENCE, "tom", 120),
    Tenant(ELM, "4", "Brandon Tate", _LICENCE, "dev", 110),
    Tenant(ELM, "5A", "Callum Reith", _ORDER, "hannah", 98),
    Tenant(ELM, "5B", "Darren Pugh", _LICENCE, "dev", 105, recalled_for_intoxicated_aggression=True),
    Tenant(ELM, "6", "Delroy Whittaker", _LICENCE, "dev", 133, antipsychotic=True),
    Tenant(ELM, "7", "Gwilym Tudor", _LICENCE, "dev", 102),
    Tenant(ELM, "8", "Emrys Vaughan-Lloyd", _BAIL, "tom", 36),
    Tenant(ELM, "9", "Farhan Qureshi", _LICENCE, "dev", 118),
    Tenant(ELM, "10", "Gethin Prosser", _LICENCE, "dev", 97, antipsychotic=True),
    Tenant(ELM, "11", "Hassan Warsame", _SUPERVISION, "hannah", 64),
    Tenant(ELM, "12", "Lewis Marsh", _ORDER, "dev", 99),
    Tenant(ELM, "14", "Iestyn Beddoe", _LICENCE, "dev", 115),
    Tenant(ELM, "15A", "Jamal Edmondson", _LICENCE, "dev", 109),
    Tenant(ELM, "15B", "Jordan Skelton", _SUSPENDED, "tom", 77),
    Tenant(ELM, "16", "Kelvin Osei-Mensah", _LICENCE, "dev", 58),
    Tenant(ELM, "17", "Liam Garrity", _LICENCE, "hannah", 100),
    Tenant(ELM, "18", "Marek Wiśniewski", _LICENCE, "dev", 93),
    Tenant(ELM, "19", "Nathan Hargreave", _LICENCE, "dev", 108),
    Tenant(ELM, "20", "Óscar Ibáñez de la Torre", _BAIL, "tom", 22),
    Tenant(ELM, "21", "Paul Thistlethwaite", _LICENCE, "dev", 141),
    Tenant(ELM, "22", "Bartholomew Featherstonehaugh-Okonkwo", _LICENCE, "dev", 104),
    Tenant(ELM, "23", "Ravinder Sahota", _LICENCE, "hannah", 12),
    Tenant(OAK, "1", "Alun Cadwaladr", _LICENCE, "tom", 103),
    Tenant(OAK, "2", "Bilal Chaudhry", _LICENCE, "hannah", 95),
    Tenant(OAK, "3", "Aled Wynne-Hughes", _LICENCE, "tom", 112),
    Tenant(OAK, "4", "Christopher Nwachukwu", _ORDER, "tom", 84),
    Tenant(OAK, "5", "Dafydd Elystan-Rowlands", _LICENCE, "tom", 106, antipsychotic=True),
    Tenant(OAK, "6", "Edward Pilkington", _LICENCE, "hannah", 130),
    Tenant(OAK, "7", "Femi Adebayo-Sinclair", _LICENCE, "tom", 48),
    Tenant(OAK, "8A", "George Lamb", _BAIL, "hannah", 29),
    Tenant(OAK, "8B", "Harri Pennant", _LICENCE, "tom", 101),
    Tenant(OAK, "9", "Ibrahim Sesay", _SUPERVISION, "hannah", 94),
    Tenant(OAK, "10", "Jake Mulholland", _LICENCE, "hannah", 117),
    Tenant(OAK, "11", "Kyle Brannigan", _SUSPENDED, "tom", 66),
    Tenant(OAK, "12", "Llŷr Gwynfor", _LICENCE, "tom", 98),
    Tenant(OAK, "14", "Mohammed Al-Rashidi", _LICENCE, "hannah", 125),
    Tenant(OAK, "15", "Owain Tregaron", _LICENCE, "tom", 71),
    Tenant(OAK, "16", "Piotr Szymański", _LICENCE, "hannah", 107),
    Tenant(OAK, "17", "Reece Duffield", _LICENCE, "hannah", 19),
    Tenant(OAK, "18", "Wei-Lun Tsai", _LICENCE, "tom", 90),
)

_KEY_WORKERS = {ELM: ("asha", "joseph"), OAK: ("chika", "bethan")}


async def settle_residents(company: Company, now: datetime) -> dict[str, str]:
    """Everybody who lives in the houses; returns their ids by name. Needs the cast to be there."""
    ids = {}
    for number, tenant in enumerate(TENANTS):
        workers = _KEY_WORKERS[tenant.house]
        resident = await Resident.create(
            premises_id=company.houses[tenant.house],
            name=tenant.name,
            room=tenant.room,
            crn=f"X{FIRST_CRN + number}",
            legal_status=tenant.status,
            recalled_for_intoxicated_aggression=tenant.recalled_for_intoxicated_aggression,
            antipsychotic=tenant.antipsychotic,
            officer_id=company.actors[tenant.officer].id,
            key_worker_id=company.actors[workers[number % len(workers)]].id,
            arrived_at=now - timedelta(days=tenant.days),
        )
        ids[tenant.name] = resident.id
    return ids
