"""What refusals and failures look like: pages for people, problems for programs, and a reference to ask about."""

import json
import logging
import re
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from tortoise.exceptions import OperationalError

from ap_log.domain import errors
from ap_log.domain.permissions import Permission
from ap_log.handlers.errors import STATUS
from ap_log.security.gate import routes_of
from ap_log.security.request_log import JsonLines
from ap_log.security.rows import Row
from tests.cast import World
from tests.visitors import Visit

REFERENCE = re.compile(r"[A-Z2-9]{4}-[A-Z2-9]{4}")


def kinds(of: type[errors.Refusal] = errors.Refusal) -> Iterator[type[errors.Refusal]]:
    yield of
    for kind in of.__subclasses__():
        yield from kinds(kind)


async def fail(request: Request) -> Response:
    raise ValueError("Gwilym Tudor is in room 7")


async def lose_the_database(request: Request) -> Response:
    raise OperationalError("connection to Gwilym Tudor's database lost")


@pytest.fixture
def broken(app: Starlette) -> Starlette:
    """The application with a page and an endpoint that fail, and two whose database is gone."""
    app.router.routes[:0] = routes_of(
        [
            Row("GET", "/failing", fail, Permission.ANYONE, audit="test.failed"),
            Row("GET", "/api/failing", fail, Permission.ANYONE, audit="test.failed"),
            Row("GET", "/gone", lose_the_database, Permission.ANYONE, audit="test.failed"),
            Row("GET", "/api/gone", lose_the_database, Permission.ANYONE, audit="test.failed"),
        ]
    )
    return app


def test_every_refusal_has_a_status_and_words_of_its_own() -> None:
    assert [kind.__name__ for kind in kinds() if kind not in STATUS] == []
    assert all(kind.title and kind.way_on.endswith(".") for kind in kinds())


@pytest.mark.parametrize(
    ("path", "status", "code"), [("/api/failing", 500, "failed"), ("/api/gone", 503, "unavailable")]
)
async def test_a_failure_is_a_problem_for_a_program(
    broken: Starlette, visit: Visit, world: World, path: str, status: int, code: str
) -> None:
    answer = await (await visit(world.asha)).get(path)

    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["status"], answer.json()["code"]) == (status, status, code)
    assert REFERENCE.fullmatch(answer.json()["reference"])


@pytest.mark.parametrize(("path", "status"), [("/failing", 500), ("/gone", 503)])
async def test_a_failure_is_a_page_for_a_person_and_tells_nothing_of_its_cause(
    broken: Starlette, visit: Visit, world: World, path: str, status: int
) -> None:
    answer = await (await visit(world.asha)).get(path)

    assert answer.status_code == status
    assert REFERENCE.search(answer.text)
    assert "Gwilym" not in answer.text
    assert "Traceback" not in answer.text


async def test_the_log_finds_a_failure_by_its_reference_and_names_nobody(
    broken: Starlette, visit: Visit, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "ap_log")
    answer = await (await visit(world.asha)).get("/api/failing?resident=Gwilym")

    lines = [json.loads(JsonLines().format(record)) for record in caplog.records]
    ours = [line for line in lines if line.get("reference") == answer.json()["reference"]]
    failure = next(line for line in ours if "error" in line)
    assert (failure["error"], failure["route"], failure["actor"]) == ("ValueError", "GET /api/failing", world.asha.id)
    assert any("fail" in where for where in failure["where"])
    assert next(line for line in ours if line["message"] == "request")["status"] == 500
    assert "Gwilym" not in json.dumps(ours)
    assert "Asha" not in json.dumps(ours)


async def test_when_the_error_page_itself_fails_words_are_left(
    broken: Starlette, visit: Visit, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ap_log.handlers.errors.page", fail)

    answer = await (await visit(world.asha)).get("/failing")

    assert (answer.status_code, answer.headers["content-type"]) == (500, "text/plain; charset=utf-8")
    assert REFERENCE.search(answer.text)


async def test_who_is_not_signed_in_is_sent_to_sign_in_and_then_on(visit: Visit, world: World) -> None:
    answer = await (await visit(None)).get("/notices/K7QD-3M2X")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?to=/notices/K7QD-3M2X")


async def test_a_form_sent_after_the_session_ended_is_told_how_to_keep_its_words(visit: Visit, world: World) -> None:
    answer = await (await visit(None)).post(f"/people/{world.asha.id}/invitations")

    assert answer.status_code == 401
    assert "reload this page" in answer.text


async def test_a_phone_whose_session_ended_is_told_in_its_own_shape(visit: Visit, world: World) -> None:
    answer = await (await visit(None)).get("/api/reference")

    assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")


async def test_a_path_that_never_was_is_a_page_not_found(visit: Visit, world: World) -> None:
    answer = await (await visit(world.asha)).get("/nowhere")

    assert answer.status_code == 404
    assert "Page not found" in answer.text
