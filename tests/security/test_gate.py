"""The gate: rows that leave a door open do not start, and what people read or were refused is on record."""

from typing import Any

import pytest
from httpx2 import AsyncClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from ap_log.domain.errors import Unavailable
from ap_log.domain.permissions import Permission
from ap_log.security import gate
from ap_log.security.rows import BadRow, Row, by_path
from ap_log.store import models
from tests.cast import World
from tests.visitors import ON_SQLITE, Visit


async def hello(request: Request) -> Response:
    return PlainTextResponse("hello")


@pytest.mark.parametrize(
    "wrong",
    [
        {"permission": None},
        {"permission": "anyone"},
        {"audit": ""},
        {"audit": None},
        {"audit": "Resident viewed"},
        {"method": "DELETE"},
        {"path": "residents"},
    ],
)
def test_a_row_without_a_permission_or_an_event_does_not_start(wrong: dict[str, Any]) -> None:
    right: dict[str, Any] = {
        "method": "GET",
        "path": "/x",
        "handler": hello,
        "permission": Permission.ANYONE,
        "audit": "x.viewed",
    }
    Row(**right)

    with pytest.raises(BadRow):
        Row(**right | wrong)


def test_a_row_that_leaves_its_event_out_is_no_row() -> None:
    with pytest.raises(TypeError):
        Row("GET", "/x", hello, Permission.ANYONE)  # type: ignore[call-arg]


def test_the_same_method_of_the_same_path_cannot_be_there_twice() -> None:
    row = Row("GET", "/x", hello, Permission.ANYONE, audit="x.viewed")

    with pytest.raises(BadRow):
        by_path([row, row])


@ON_SQLITE
async def test_a_read_is_recorded_with_who_what_and_when(visit: Visit, world: World) -> None:
    await (await visit(world.grace)).get("/people")

    record = await models.AuditRecord.get(event="people.viewed")
    assert (record.actor_id, record.at, record.subject_kind) == (world.grace.id, world.now, "people")


@ON_SQLITE
async def test_a_refusal_is_recorded_with_its_reason(visit: Visit, world: World) -> None:
    await (await visit(world.asha)).get("/people")

    record = await models.AuditRecord.get(event="request.refused")
    assert (record.actor_id, record.details) == (world.asha.id, {"code": "not-allowed", "route": "GET /people"})


@ON_SQLITE
async def test_a_stranger_cannot_fill_the_audit_trail(visit: Visit, world: World) -> None:
    stranger = await visit(None)
    for path in ("/people", "/sign-in", "/invitations/nonsense", "/health"):
        await stranger.get(path)

    assert not await models.AuditRecord.exists()


@ON_SQLITE
async def test_the_code_of_an_invitation_is_not_recorded(visit: Visit, world: World) -> None:
    await (await visit(world.asha)).get("/invitations/a-code-that-lets-somebody-in")

    record = await models.AuditRecord.get(event="request.refused")
    assert "a-code-that-lets" not in str(vars(record))


@ON_SQLITE
async def test_reading_goes_on_when_the_audit_trail_takes_nothing(
    visit: Visit, world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    grace = await visit(world.grace)

    async def refuse(work: object) -> None:
        raise Unavailable

    monkeypatch.setattr(gate, "transaction", refuse)

    assert (await grace.get("/people")).status_code == 200
    assert any(getattr(record, "fields", {}).get("event") == "people.viewed" for record in caplog.records)


@ON_SQLITE
@pytest.mark.parametrize("nonsense", ["%00", "%ff", "a%0ab", "%ED%A0%80", "x" * 37, "'--"])
async def test_an_id_that_cannot_be_one_of_ours_names_nothing(visit: Visit, world: World, nonsense: str) -> None:
    answer = await (await visit(world.grace)).post(f"/people/{nonsense}/invitations")

    assert answer.status_code == 404


# Changes come from our own pages.


async def try_to_change(browser: AsyncClient, headers: dict[str, str]) -> int:
    del browser.headers["sec-fetch-site"]
    return (await browser.post("/sign-out", headers=headers)).status_code


@ON_SQLITE
@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "same-origin", "origin": "null"},
        {"origin": "https://log.example"},
    ],
)
async def test_a_page_of_ours_may_ask_for_a_change(visit: Visit, world: World, headers: dict[str, str]) -> None:
    assert await try_to_change(await visit(world.asha), headers) == 303


@ON_SQLITE
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": ""},
        {"sec-fetch-site": "cross-site", "origin": "https://log.example"},
        {"origin": "null"},
        {"origin": "https://evil.example"},
        {"origin": "https://log.example.evil"},
        {"origin": "http://log.example"},
        {"referer": "https://log.example/sign-in"},
    ],
)
async def test_a_page_of_another_site_may_not(visit: Visit, world: World, headers: dict[str, str]) -> None:
    asha = await visit(world.asha)

    assert await try_to_change(asha, headers) == 403
    assert (await asha.get("/")).headers["location"] == "/app"


@ON_SQLITE
async def test_reading_may_be_asked_for_from_anywhere(visit: Visit, world: World) -> None:
    asha = await visit(world.asha)

    assert (await asha.get("/sign-in", headers={"sec-fetch-site": "cross-site"})).status_code == 303


# Methods.


@ON_SQLITE
async def test_a_wrong_method_is_answered_with_all_the_right_ones(visit: Visit, world: World) -> None:
    stranger = await visit(None)

    for method in ("DELETE", "PUT", "PATCH", "TRACE", "NONSENSE"):
        answer = await stranger.request(method, "/people")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


@ON_SQLITE
async def test_options_are_the_methods_and_tell_nothing_else(visit: Visit, world: World) -> None:
    answer = await (await visit(None)).options("/people")

    assert (answer.status_code, answer.headers["allow"], answer.content) == (204, "GET, HEAD, OPTIONS", b"")


@ON_SQLITE
async def test_head_answers_like_get(visit: Visit, app: Starlette, world: World) -> None:
    grace, stranger = await visit(world.grace), await visit(None)

    assert (await grace.head("/people")).status_code == 200
    assert (await stranger.head("/people")).status_code == 303
