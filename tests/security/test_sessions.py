"""How long a session lasts, and that leaving, a lost duty and signing out take effect on the next request."""

from datetime import timedelta

import pytest
from starlette.applications import Starlette
from tortoise import connections

from ap_log.security import gate
from ap_log.security.sessions import new_token, token_hash
from ap_log.store import audit, models
from ap_log.store.sessions import ABSOLUTE, IDLE, SEEN_EVERY
from tests.cast import World
from tests.visitors import ON_SQLITE, Visit

MOMENT = timedelta(seconds=1)


@pytest.mark.parametrize(("unused", "is_in"), [(IDLE - MOMENT, True), (IDLE, False)])
async def test_a_session_may_lie_unused_for_half_an_hour(
    visit: Visit, world: World, app: Starlette, unused: timedelta, is_in: bool
) -> None:
    asha = await visit(world.asha)
    app.state.now += unused

    assert ((await asha.get("/")).headers["location"] == "/app") is is_in


@pytest.mark.parametrize(("length", "is_in"), [(ABSOLUTE - MOMENT, True), (ABSOLUTE, False)])
async def test_a_session_in_use_all_the_time_lasts_twelve_hours(
    visit: Visit, world: World, app: Starlette, length: timedelta, is_in: bool
) -> None:
    asha = await visit(world.asha)
    began = app.state.now
    while app.state.now + IDLE / 2 < began + length:
        app.state.now += IDLE / 2
        assert (await asha.get("/")).headers["location"] == "/app"
    app.state.now = began + length

    assert ((await asha.get("/")).headers["location"] == "/app") is is_in


async def test_a_person_who_leaves_is_out_on_the_next_request(visit: Visit, world: World) -> None:
    asha = await visit(world.asha)
    await models.Person.filter(id=world.asha.id).update(left_at=world.now)

    assert (await asha.get("/")).headers["location"] == "/sign-in"


async def test_a_person_who_leaves_tomorrow_is_in_today(visit: Visit, world: World) -> None:
    asha = await visit(world.asha)
    await models.Person.filter(id=world.asha.id).update(left_at=world.now + MOMENT)

    assert (await asha.get("/")).headers["location"] == "/app"


@pytest.mark.parametrize(("ended", "status"), [(timedelta(0), 403), (MOMENT, 200)])
async def test_a_duty_that_has_ended_is_gone_on_the_next_request(
    visit: Visit, world: World, ended: timedelta, status: int
) -> None:
    grace = await visit(world.grace)
    await models.Posting.filter(person_id=world.grace.id).update(ended_at=world.now + ended)

    assert (await grace.get("/people")).status_code == status


@pytest.mark.parametrize(("started", "status"), [(timedelta(0), 200), (MOMENT, 403)])
async def test_a_duty_counts_from_its_start(visit: Visit, world: World, started: timedelta, status: int) -> None:
    grace = await visit(world.grace)
    await models.Posting.filter(person_id=world.grace.id).update(started_at=world.now + started)

    assert (await grace.get("/people")).status_code == status


async def test_a_session_whose_token_was_changed_by_one_letter_is_nobodys(visit: Visit, world: World) -> None:
    asha = await visit(world.asha)
    token = asha.cookies["__Host-ap_log"]
    asha.cookies.set("__Host-ap_log", token[:-1] + ("A" if token[-1] != "A" else "B"))

    assert (await asha.get("/")).headers["location"] == "/sign-in"


async def test_signing_out_ends_the_session_for_every_copy_of_its_token(visit: Visit, world: World) -> None:
    asha, copy = await visit(world.asha), await visit(None)
    copy.cookies.update(asha.cookies)

    answer = await asha.post("/sign-out")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?signed-out=1")
    assert answer.headers["clear-site-data"] == '"cache"'
    assert "max-age=0" in answer.headers["set-cookie"].lower()
    assert (await copy.get("/")).headers["location"] == "/sign-in"
    assert "session.ended" in await audit.list_events(world.asha.id)


async def test_signing_out_leaves_the_persons_other_devices_signed_in(visit: Visit, world: World) -> None:
    phone, computer = await visit(world.asha), await visit(world.asha)

    await phone.post("/sign-out")

    assert (await computer.get("/")).headers["location"] == "/app"


async def test_signing_out_twice_comes_out_at_the_same_page(visit: Visit, world: World) -> None:
    asha = await visit(world.asha)
    await asha.post("/sign-out")

    assert (await asha.post("/sign-out")).status_code == 303


def test_a_token_has_256_bits_and_no_two_are_alike() -> None:
    tokens = {new_token() for _ in range(1000)}

    assert len(tokens) == 1000
    assert all(len(token) == 43 for token in tokens)
    assert len(token_hash(tokens.pop())) == 64


@ON_SQLITE
async def test_reading_goes_on_when_the_database_takes_no_writes(
    visit: Visit, world: World, app: Starlette, database: str
) -> None:
    asha = await visit(world.asha)
    app.state.now += 2 * SEEN_EVERY
    await connections.get("default").execute_query("PRAGMA query_only=ON")

    assert (await asha.get("/")).headers["location"] == "/app"
    assert (await asha.get(f"/residents/{world.residents['gwilym'].id}")).status_code == 200


async def test_what_is_the_same_for_all_is_answered_without_asking_whose_session_it_is(
    visit: Visit, world: World, app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    asha = await visit(world.asha)
    app.state.now += 2 * SEEN_EVERY

    async def looked_up(*_: object) -> None:
        raise AssertionError("nobody need be known for this")

    monkeypatch.setattr(gate, "find_session", looked_up)
    for path in ("/health", "/app", "/app/log", "/app/outbox", "/app/phone", "/app/offline", "/manifest.webmanifest"):
        assert (await asha.get(path)).status_code == 200, path


async def test_only_what_is_the_same_for_all_goes_out_compressed(visit: Visit, world: World) -> None:
    """How short a page becomes would tell what stands in it beside what somebody else put there."""
    asha = await visit(world.asha)
    for path in ("/app", "/app/log", "/app/outbox", "/app/phone", "/app/offline"):
        assert (await asha.get(path)).headers["content-encoding"] == "gzip", path
    for path in ("/residents", f"/residents/{world.residents['gwilym'].id}", "/api/reference"):
        answer = await asha.get(path)
        assert (answer.status_code, "content-encoding" in answer.headers) == (200, False), path
