"""What a phone is given to work without signal: the roster of where its person may log, and of nowhere else."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from tortoise import connections

from ap_log.actions.log_entries import log_entry
from ap_log.domain.policy.evaluate import evaluate
from ap_log.domain.policy.timeline import parse_timeline
from ap_log.domain.sync import Reference
from ap_log.store import models, policies, timelines
from tests.cast import World, an_entry
from tests.visitors import Visit


async def _reference(visit: Visit, world: World, who: str) -> Reference:
    response = await (await visit(world.actors[who])).get("/api/reference")
    assert (response.status_code, response.headers["cache-control"]) == (200, "no-store")
    return msgspec.json.decode(response.content, type=Reference)


def _names(reference: Reference) -> list[str]:
    return [resident.name for resident in reference.residents]


async def test_asha_gets_the_residents_of_elm_herself_and_the_policy(visit: Visit, world: World) -> None:
    reference = await _reference(visit, world, "asha")
    assert (reference.me.id, reference.me.name, reference.read_at) == (world.asha.id, "Asha Rahman", world.now)
    assert _names(reference) == ["Gwilym Tudor", "Lewis Marsh"]
    gwilym = reference.residents[0]
    assert (gwilym.room, gwilym.premises, gwilym.legal_status) == ("7", "Elm House", "licence")
    assert [policy["version"] for policy in reference.policies] == [1]


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("chika", ["Aled Wynne-Hughes"]),
        ("nia", ["Gwilym Tudor", "Lewis Marsh", "Aled Wynne-Hughes"]),
        ("ben", ["Gwilym Tudor", "Lewis Marsh"]),
    ],
)
async def test_the_roster_is_of_the_houses_where_the_person_may_log(
    visit: Visit, world: World, who: str, names: list[str]
) -> None:
    assert _names(await _reference(visit, world, who)) == names


@pytest.mark.parametrize(
    ("oak", "rooms", "in_order"),
    [
        ("Oak House", ("10", "2a", "1"), ["2a", "10", "1"]),
        ("Oak House", ("A12", "a2", "A1"), ["a2", "A12", "A1"]),
        ("Oak House", ("Flat 10 room 1", "Flat 2 room 10", "1"), ["Flat 2 room 10", "Flat 10 room 1", "1"]),
        ("élan House", ("²", "2", "3"), ["3", "2", "²"]),
    ],
)
async def test_residents_come_by_house_and_then_by_room_as_people_count_them(
    visit: Visit, world: World, oak: str, rooms: tuple[str, str, str], in_order: list[str]
) -> None:
    await models.Premises.filter(id=world.oak.id).update(name=oak)
    for who, room in zip(("gwilym", "lewis", "oak_resident"), rooms, strict=True):
        await models.Resident.filter(id=world.residents[who].id).update(room=room)
    reference = await _reference(visit, world, "nia")
    assert [resident.room for resident in reference.residents] == in_order
    page = (await (await visit(world.actors["nia"])).get("/entries/new")).text
    places = [page.index(f'data-said="{room} ') for room in in_order]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("who", "status"), [(None, 401), ("esther", 401), ("dev", 403), ("farah", 403), ("grace", 403)]
)
async def test_who_may_not_log_is_given_nothing(visit: Visit, world: World, who: str | None, status: int) -> None:
    response = await (await visit(world.actors[who] if who else None)).get("/api/reference")
    assert response.status_code == status
    assert b"Tudor" not in response.content


async def test_who_has_departed_is_not_on_the_roster(visit: Visit, world: World) -> None:
    await models.Resident.filter(id=world.residents["gwilym"].id).update(departed_at=world.now - timedelta(minutes=1))
    assert _names(await _reference(visit, world, "asha")) == ["Lewis Marsh"]


async def test_a_timeline_is_judged_on_the_phone_as_on_the_server(visit: Visit, world: World) -> None:
    for days, happening in ((40, "under-influence"), (10, "threat"), (0, "possession")):
        occurred = (world.now - timedelta(days=days)).isoformat()
        await log_entry(an_entry(world, happening=happening, occurred_at=occurred), world.asha, world.now)
    await _decide_and_void(world)
    gwilym, lewis = (await _reference(visit, world, "asha")).residents
    book = await policies.get_book()
    timeline, faults = parse_timeline(msgspec.json.encode(gwilym.timeline).decode())
    assert faults == ()
    assert len(timeline.facts) == 5
    here = await timelines.timeline_of(world.residents["gwilym"], book.policies[0].effective_from)
    assert evaluate(book, timeline) == evaluate(book, here)
    assert lewis.timeline["facts"] == []


async def _decide_and_void(world: World) -> None:
    first = await models.Entry.all().order_by("occurred_at").first()
    assert first is not None
    common: dict[str, Any] = {"reason": "Secret words of the manager"}
    await models.Decision.create(
        id="d1",
        resident_id=world.residents["gwilym"].id,
        entry_id=first.entry_id,
        step=1,
        decided_by_id=world.ben.id,
        decided_at=world.now - timedelta(days=39),
        **common,
    )
    await models.Void.create(
        id="v1", decision_id="d1", voided_by_id=world.ben.id, at=world.now - timedelta(days=30), **common
    )


async def test_reasons_that_people_wrote_stay_off_the_phone(visit: Visit, world: World) -> None:
    await log_entry(an_entry(world, words="He cried"), world.asha, world.now)
    await _decide_and_void(world)
    response = await (await visit(world.asha)).get("/api/reference")
    assert b"Secret words" not in response.content
    assert b"He cried" not in response.content


async def test_reading_the_reference_is_on_the_audit_trail(visit: Visit, world: World) -> None:
    await _reference(visit, world, "asha")
    assert await models.AuditRecord.filter(event="reference.viewed", actor_id=world.asha.id).count() == 1


@pytest.mark.parametrize(("who", "premises", "residents"), [("asha", ["elm"], 2), ("nia", ["elm", "oak"], 3)])
async def test_the_audit_trail_says_which_rosters_were_handed_out_and_how_many_residents(
    visit: Visit, world: World, who: str, premises: list[str], residents: int
) -> None:
    await _reference(visit, world, who)
    record = await models.AuditRecord.get(event="reference.viewed")
    ids = sorted({"elm": world.elm.id, "oak": world.oak.id}[name] for name in premises)
    assert (record.details["premises"], record.details["residents"]) == (ids, residents)
    assert "Tudor" not in str(record.details)


async def test_a_full_house_takes_no_more_queries_than_one_resident(
    visit: Visit, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = connections.get("default")
    asked: list[str] = []
    query = type(connection).execute_query

    async def counted(self: Any, sql: str, values: Any = None) -> Any:
        asked.append(sql)
        return await query(self, sql, values)

    monkeypatch.setattr(type(connection), "execute_query", counted)
    asha = await visit(world.asha)
    await asha.get("/api/reference")
    with_two = len(asked)
    await _fill(world, 20)
    asked.clear()
    response = await asha.get("/api/reference")
    assert len(msgspec.json.decode(response.content)["residents"]) == 22
    assert len(asked) <= with_two


async def _fill(world: World, count: int) -> None:
    for number in range(count):
        await models.Resident.create(
            premises_id=world.elm.id,
            name=f"Resident {number}",
            room=str(100 + number),
            crn=f"X2{number:05}",
            legal_status="licence",
            officer_id=world.dev.id,
            key_worker_id=world.asha.id,
            arrived_at=world.now,
        )
