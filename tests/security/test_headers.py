"""Every answer carries the same protection, whatever became of the request."""

import pytest
from httpx2 import ASGITransport, AsyncClient, Response
from starlette.applications import Starlette

from ap_log import routes
from ap_log.app import create_app
from ap_log.security.headers import CONTENT_SECURITY_POLICY, HEADERS
from ap_log.settings import Settings
from tests.cast import World
from tests.visitors import ON_SQLITE, Visit

GETS = sorted({row.path for row in routes.ROWS if row.method == "GET"})


def assert_protected(answer: Response) -> None:
    missing = {name: value for name, value in HEADERS.items() if answer.headers.get_list(name) != [value]}
    assert not missing, f"{answer.request.url}: {missing}"
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    assert "server" not in answer.headers


def test_the_policy_lets_nothing_run_that_is_not_ours() -> None:
    rules = dict(rule.split(" ", 1) for rule in CONTENT_SECURITY_POLICY.split("; "))

    assert rules == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "ap-log",
    }


@ON_SQLITE
async def test_every_path_is_protected_for_strangers_and_staff(visit: Visit, world: World) -> None:
    for who in (None, world.asha, world.ben):
        browser = await visit(who)
        for path in (*GETS, "/nowhere", "/api/nowhere", "/static/nowhere.css", "/static/../app.py"):
            for method in ("GET", "POST", "PATCH", "OPTIONS"):
                assert_protected(await browser.request(method, path))


@ON_SQLITE
async def test_an_error_of_ours_is_protected_too(
    visit: Visit, world: World, app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await visit(world.asha)
    monkeypatch.delattr(app.state, "throttle")

    answer = await browser.get("/invitations/code")

    assert answer.status_code == 500
    assert_protected(answer)


@ON_SQLITE
async def test_pages_are_kept_by_no_cache(visit: Visit, world: World) -> None:
    for who, path in ((None, "/sign-in"), (world.asha, "/residents"), (world.grace, "/people"), (None, "/nowhere")):
        answer = await (await visit(who)).get(path)
        assert answer.headers["cache-control"] == "no-store", path


@ON_SQLITE
@pytest.mark.parametrize(
    "host", ["evil.example", "log.example:8443", "log.example.evil", "", "LOG.EXAMPLE.", "127.0.0.1"]
)
async def test_another_name_in_the_host_header_gets_nothing_but_the_way_here(
    visit: Visit, world: World, host: str
) -> None:
    answer = await (await visit(world.asha)).get("/", headers={"host": host})

    assert answer.status_code == 400
    assert_protected(answer)
    assert "https://log.example/" in answer.text
    assert "evil" not in answer.text


@ON_SQLITE
@pytest.mark.parametrize("host", ["log.example", "LOG.example", "log.example:443"])
async def test_our_own_name_is_ours_however_it_is_written(visit: Visit, world: World, host: str) -> None:
    assert (await (await visit(world.asha)).get("/", headers={"host": host})).status_code == 303


async def test_over_http_on_loopback_nothing_promises_https() -> None:
    async with AsyncClient(
        transport=ASGITransport(create_app(Settings())), base_url="http://localhost:8000"
    ) as browser:
        answer = await browser.get("/nowhere")

    assert answer.status_code == 404
    assert "strict-transport-security" not in answer.headers
