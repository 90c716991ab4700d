"""Joins the parts into one Starlette application; nothing else builds objects."""

import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount

from ap_log import clock, routes
from ap_log.domain.errors import Refusal
from ap_log.handlers import errors
from ap_log.handlers.static import BuiltFiles
from ap_log.security.connection import StrictConnection
from ap_log.security.gate import Nowhere, routes_of
from ap_log.security.headers import SecureHeaders
from ap_log.security.request_log import RequestLog, write_json_lines
from ap_log.security.same_origin import OneHost
from ap_log.security.sealing import SealingKeys
from ap_log.security.throttle import Throttle
from ap_log.settings import BadSetting, Settings
from ap_log.store import engine, installation, migrating, policies
from ap_log.store.transaction import finish_transactions

STOPPING_SECONDS = 10
"""How long requests under way may take to finish when the process is told to stop."""

IDLE_SECONDS = 20
"""How long a connection may lie unused between two requests."""

MOST_CONNECTIONS = 1000
"""Connections one process takes at once; the next is answered 503 by the server itself."""

REPORTS = 300
"""Reports of signed-out phones in one window: every phone of a house behind one address, twice a minute."""


def create_app(settings: Settings, *, now: Callable[[], datetime] = clock.now) -> Starlette:
    """The application. It opens the database when it starts; `now` is asked once for each request."""
    app = Starlette(
        routes=_routes(settings),
        middleware=[
            Middleware(RequestLog, now=now),
            Middleware(SecureHeaders, is_https=settings.is_https),
            Middleware(errors.LastResort),
            Middleware(OneHost, origin=settings.origin),
        ],
        exception_handlers={Refusal: errors.answer_refusal, HTTPException: errors.answer_starlette},
        lifespan=_lifespan,
    )
    # Starlette would redirect to the same path with a slash, under whatever name the request gave.
    app.router.redirect_slashes = False
    app.router.default = Nowhere()
    app.state.settings = settings
    app.state.throttle = Throttle(settings.proxy_hops)
    app.state.reports = Throttle(settings.proxy_hops, REPORTS)
    return app


class Server(uvicorn.Server):
    """uvicorn's, which says where a demo is as soon as it answers there: its person waits at the command line."""

    def __init__(self, configuration: uvicorn.Config, settings: Settings) -> None:
        super().__init__(configuration)
        self._settings = settings

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self._settings.is_demo:
            sys.stdout.write(f"AP Log: {self._settings.origin}\n")
            sys.stdout.flush()


def serve(settings: Settings) -> None:
    """Serve until told to stop, from this process."""
    write_json_lines()
    make_server(settings).run()


def make_server(settings: Settings) -> Server:
    """The server with the switches that security asks for."""
    configuration = uvicorn.Config(
        create_app(settings),
        http=StrictConnection,
        ws="none",
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,  # It would write invitation codes; RequestLog writes a line without them.
        server_header=False,
        proxy_headers=False,  # The throttle counts proxies itself; nothing else asks where a visitor is.
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=STOPPING_SECONDS,
        limit_concurrency=MOST_CONNECTIONS,
    )
    return Server(configuration, settings)


def _routes(settings: Settings) -> list[BaseRoute]:
    rows = (*routes.ROWS, *(routes.DEMO_ROWS if settings.is_demo else ()))
    return [*routes_of(rows), Mount("/static", BuiltFiles())]


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    """Opens what requests need. `check_web` has said before what could be wrong, in words."""
    settings: Settings = app.state.settings
    app.state.sealing = SealingKeys(Path(settings.sealing_keys))
    await engine.connect(settings.database_url)
    try:
        await refuse_wrong_database(settings)
        async with _demo_mailbox(settings) as app.state.mailbox:
            yield
    finally:
        await finish_transactions()
        await engine.disconnect()


@asynccontextmanager
async def _demo_mailbox(settings: Settings) -> AsyncIterator[object]:
    """The mail server of a demo; anything else has none, and need not have its packages installed."""
    if not settings.is_demo:
        yield None
        return
    from ap_log.demo import mailbox  # noqa: PLC0415

    async with mailbox.serving(settings) as letters:
        yield letters


async def check_installation(settings: Settings) -> None:
    """What has to hold before a process of this installation begins to work; it leaves nothing open.

    Raises:
        NotReady: the database is not there, does not answer, is not migrated, or would lose acknowledged writes.
        BadSetting: the database is a demo's and the settings are not, or the other way about.
        Refused: the published policy cannot be loaded, with its faults.
    """
    await engine.connect(settings.database_url)
    try:
        await migrating.require_newest(settings.database_url)
        await refuse_wrong_database(settings)
        await policies.get_book()
    finally:
        await engine.disconnect()


async def check_web(settings: Settings) -> None:
    """What the web process needs besides. Raises as `check_installation` does, and BadSetting for a demo's mail.

    KeysNotReady: what phones have sealed could not be opened.
    """
    await check_installation(settings)
    SealingKeys(Path(settings.sealing_keys))
    async with _demo_mailbox(settings):
        pass


async def refuse_wrong_database(settings: Settings) -> None:
    """The demo's door and a demo's database belong together, and nothing else opens with either.

    Raises:
        BadSetting: one is a demo and the other is not.
    """
    is_demo = await installation.is_demo()
    if settings.is_demo and not is_demo:
        raise BadSetting("AP_LOG_DEMO is 1, and the database was not created as a demo: its people are real")
    if is_demo and not settings.is_demo:
        raise BadSetting("AP_LOG_DEMO is not 1, and the database was created as a demo: its people are invented")
