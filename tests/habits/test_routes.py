"""Habits of the route table: everything served is in it, and nothing in it changes by being read."""

from starlette.routing import Mount, Route

from ap_log import routes
from ap_log.app import create_app
from ap_log.domain.permissions import Permission
from ap_log.security.gate import Gate
from ap_log.settings import Settings

PUBLIC = {
    "GET /",
    "GET /health",
    "GET /service-worker.js",
    "GET /manifest.webmanifest",
    "GET /sign-in",
    "POST /sign-out",
    "GET /invitations/{code}",
    "POST /api/passkeys/sign-in/options",
    "POST /api/passkeys/sign-in",
    "POST /api/passkeys/registration/options",
    "POST /api/passkeys/registration",
    "POST /api/phone",
    "GET /app",
    "GET /app/log",
    "GET /app/outbox",
    "GET /app/phone",
    "GET /app/offline",
}
"""What a stranger may ask for. A row is added here with as much thought as a door is put in a wall."""

LIMIT = 4 * 1024 * 1024
"""No row takes a body of more than this many bytes."""


def test_everything_served_is_a_row_behind_the_gate_or_a_built_file() -> None:
    served = create_app(Settings()).routes

    assert all(isinstance(route, Route) and isinstance(route.endpoint, Gate) for route in served[:-1])
    assert isinstance(served[-1], Mount)
    assert served[-1].path == "/static"


def test_only_the_rows_named_here_are_open_to_anyone() -> None:
    assert {row.name for row in routes.ROWS if row.permission is Permission.ANYONE} == PUBLIC


def test_every_way_in_is_throttled() -> None:
    ways_in = [row for row in routes.ROWS if row.path.startswith(("/api/passkeys", "/invitations"))]

    assert ways_in
    assert all(row.throttled for row in ways_in)


def test_state_is_changed_by_post_to_a_thing_and_addresses_hold_no_verbs() -> None:
    last_words = {row.path.rsplit("/", 1)[-1] for row in routes.ROWS if row.method == "POST"}

    assert not last_words & {"create", "update", "delete", "edit", "remove", "add", "do", "submit", "save"}


def test_every_row_limits_its_body() -> None:
    assert all(0 < row.limit <= LIMIT for row in routes.ROWS)


def test_a_row_for_a_person_without_javascript_does_not_lie_under_api() -> None:
    pages = [row for row in routes.ROWS if row.method == "GET" and row.path.startswith("/api/")]

    assert [row.path for row in pages] == [
        "/api/reference",
        "/api/photos/{photo}",
        "/api/rehearsals/{rehearsal}/progress",
    ]
