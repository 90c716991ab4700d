"""Browsers for tests: one for each person, signed in through the sessions table, on the app in this process."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime

import pytest
from httpx2 import ASGITransport, AsyncClient
from starlette.applications import Starlette

from ap_log.app import create_app
from ap_log.domain.people import Actor
from ap_log.security.sessions import cookie_name, new_token, token_hash
from ap_log.settings import Settings
from ap_log.store import sessions
from tests.databases import ENGINES
from tests.sealing import sealing_keys

ORIGIN = "https://log.example"

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tests of HTTP alone, which the other engine would only repeat."""

ON_EVERY_ENGINE = pytest.mark.parametrize("database_url", ENGINES, indirect=True)
"""For tests that ask what an engine itself may refuse: nonsense, and the same thing at the same time."""

Visit = Callable[[Actor | None], Awaitable[AsyncClient]]


@pytest.fixture
def app(database: str, now: datetime) -> Starlette:
    """The application over this test's database, at the fixed time; `app.state.now` may be set to move it."""
    made = create_app(Settings(origin=ORIGIN, database_url=database), now=lambda: made.state.now)
    made.state.now = now
    made.state.sealing = sealing_keys()  # Starting it would read them, and nothing starts it here.
    return made


@pytest.fixture
async def visit(app: Starlette) -> AsyncIterator[Visit]:
    """`await visit(world.asha)` gives her browser, just signed in; `await visit(None)` a stranger's.

    Changes are sent as a page of ours would send them; give other headers to try otherwise.
    """
    async with AsyncExitStack() as stack:

        async def open_browser(actor: Actor | None) -> AsyncClient:
            browser = AsyncClient(
                transport=ASGITransport(app), base_url=ORIGIN, headers={"sec-fetch-site": "same-origin"}
            )
            if actor is not None:
                await sign_in(browser, actor, app.state.settings, app.state.now)
            return await stack.enter_async_context(browser)

        yield open_browser


async def sign_in(browser: AsyncClient, actor: Actor, settings: Settings, now: datetime) -> None:
    """Give the browser a session of the actor's, begun now, as a passkey would."""
    token = new_token()
    await sessions.add_session(actor.id, token_hash(token), now)
    browser.cookies.set(cookie_name(settings), token)


async def text_of(browser: AsyncClient, address: str) -> str:
    """A page that this browser is shown."""
    answer = await browser.get(address)
    assert answer.status_code == 200
    return answer.text
