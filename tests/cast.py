"""The people of the tests: Chika works at Oak House and sees nothing of Elm; Esther has left and is refused."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from importlib.resources import files
from typing import Any
from uuid import uuid4

import msgspec

from ap_log.domain.people import Actor, Posting, Role
from ap_log.domain.sync import PushedEntry
from ap_log.store import models, policies
from ap_log.store.transaction import transaction

DEFAULT_POLICY = (files("ap_log.domain.policy") / "default.toml").read_text("utf-8")

PEOPLE: dict[str, tuple[str, tuple[tuple[Role, str | None], ...]]] = {
    "asha": ("Asha Rahman", ((Role.RESIDENTIAL_WORKER, "elm"),)),
    "ben": ("Ben Carter", ((Role.MANAGER, "elm"),)),
    "rob": ("Rob Ellis", ((Role.DEPUTY, "elm"),)),
    "nia": ("Nia Bevan", ((Role.ON_DUTY_MANAGER, "elm"), (Role.ON_DUTY_MANAGER, "oak"))),
    "chika": ("Chika Obi", ((Role.RESIDENTIAL_WORKER, "oak"),)),
    "owen": ("Owen Pritchard", ((Role.MANAGER, "oak"),)),
    "sian": ("Siân Morgan", ((Role.SENIOR_PROBATION_OFFICER, None),)),
    "tom": ("Tom Reilly", ((Role.PROBATION_PRACTITIONER, None),)),
    "dev": ("Dev Patel", ((Role.PROBATION_PRACTITIONER, None),)),
    "esther": ("Esther Lowe", ((Role.RESIDENTIAL_WORKER, "elm"),)),
    "farah": ("Farah Aziz", ((Role.AREA_MANAGER, "elm"), (Role.AREA_MANAGER, "oak"))),
    "grace": ("Grace Holt", ((Role.ADMINISTRATOR, None),)),
}

RESIDENTS = {
    "gwilym": ("Gwilym Tudor", "elm", "7", "X100001", "licence"),
    "lewis": ("Lewis Marsh", "elm", "12", "X100002", "community-order"),
    "oak_resident": ("Aled Wynne-Hughes", "oak", "3", "X100003", "licence"),
}


@dataclass
class World:
    """Everything the tests start from. `people` holds rows by first name; attributes of that name are actors."""

    now: datetime
    elm: models.Premises
    oak: models.Premises
    people: dict[str, models.Person] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    residents: dict[str, models.Resident] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Actor:
        actors: dict[str, Actor] = self.__dict__["actors"]
        if name not in actors:
            raise AttributeError(name)
        return actors[name]


async def settle(now: datetime) -> World:
    """The world, in one transaction: every row by itself would wait for the disk."""
    return await transaction(partial(_settle, now))


async def _settle(now: datetime) -> World:
    """Two premises, their people and three residents, in an empty database, with the default policy published."""
    await models.Installation.create(id=1, is_demo=False, created_at=now)
    await policies.add_shipped_policy(now)
    world = World(
        now=now,
        elm=await models.Premises.create(name="Elm House"),
        oak=await models.Premises.create(name="Oak House"),
    )
    for key, (name, duties) in PEOPLE.items():
        await _settle_person(world, key, name, duties)
    await models.Person.filter(id=world.dev.id).update(senior_id=world.sian.id, deputy_id=world.tom.id)
    for key, resident in RESIDENTS.items():
        world.residents[key] = await _settle_resident(world, *resident)
    return world


async def _settle_person(world: World, key: str, name: str, duties: tuple[tuple[Role, str | None], ...]) -> None:
    started = world.now - timedelta(days=400)
    left = world.now - timedelta(days=7) if key == "esther" else None
    person = await models.Person.create(
        name=name,
        email=f"{key}@example.invalid",
        user_handle=uuid4().bytes,
        created_at=started,
        left_at=left,
    )
    world.people[key] = person
    postings = []
    for role, premises in duties:
        where = getattr(world, premises).id if premises else None
        await models.Posting.create(
            person_id=person.id, premises_id=where, role=role, started_at=started, ended_at=left
        )
        postings.append(Posting(role, where))
    world.actors[key] = Actor(person.id, name, () if left else tuple(postings))


async def _settle_resident(
    world: World, name: str, premises: str, room: str, crn: str, legal_status: str
) -> models.Resident:
    return await models.Resident.create(
        premises_id=getattr(world, premises).id,
        name=name,
        room=room,
        crn=crn,
        legal_status=legal_status,
        officer_id=world.dev.id if premises == "elm" else world.tom.id,
        key_worker_id=world.asha.id if premises == "elm" else world.chika.id,
        arrived_at=world.now - timedelta(days=60),
    )


def an_entry(world: World, *, author: str = "asha", resident: str = "gwilym", **changes: Any) -> PushedEntry:
    """An entry as a phone would push it: strongly suspected use, found just now, unless told otherwise."""
    occurred = world.now.isoformat()
    content: dict[str, Any] = {
        "id": str(uuid4()),
        "author": world.actors[author].id,
        "device": str(uuid4()),
        "resident": world.residents[resident].id,
        "happening": "under-influence",
        "occurred_at": occurred,
        "recorded_at": occurred,
        "signs": ["eyes-glassy", "swaying"],
        "alternatives_considered": True,
        "done": ["stayed"],
    } | changes
    return pushed(content)


def pushed(content: dict[str, Any]) -> PushedEntry:
    """The envelope of an entry: its id, its bytes, and the hash of its bytes."""
    body = msgspec.json.encode(content).decode()
    return PushedEntry(content["id"], hashlib.sha256(body.encode()).hexdigest(), body)


def changed(entry: PushedEntry, **changes: Any) -> PushedEntry:
    """The same entry, saying something else."""
    return pushed(msgspec.json.decode(entry.body or "") | changes)
