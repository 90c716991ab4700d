"""A phone whose browser can be closed, killed and started again on the same profile, with signal or without."""

import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Error, Page, Playwright, async_playwright, expect

from ap_log.actions.invite_person import invite_person
from ap_log.domain.people import Actor
from ap_log.security.sessions import LOOPBACK_COOKIE, new_token, token_hash
from ap_log.store import engine, models, sessions
from scripts.chromium import find_or_install, launch_arguments
from tests.browser.passkeys import Passkeys, add_authenticator
from tests.browser.people import PHONE
from tests.cast import World, settle
from tests.waiting import until


@dataclass
class Phone:
    """One browser profile. `context` is the browser while it runs; `passkeys` outlive it."""

    playwright: Playwright
    profile: Path
    origin: str
    context: BrowserContext | None = field(default=None, init=False)
    passkeys: Passkeys = field(default_factory=Passkeys, init=False)
    _passkey_of: dict[str, str] = field(default_factory=dict, init=False)

    async def start(self, *, offline: bool = False) -> BrowserContext:
        """Start the browser with what it had when it last ran."""
        self.context = await self.playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=find_or_install(),
            args=launch_arguments(),
            offline=offline,
            base_url=self.origin,
            locale="en-GB",
            **PHONE,
        )
        await self.passkeys.install(self.context)
        return self.context

    async def open(self, path: str) -> Page:
        assert self.context is not None
        page = await self.context.new_page()
        await page.goto(path)
        return page

    async def sign_in(self, database_url: str, actor: Actor) -> None:
        """Sign in by a passkey: a real one from an invitation and, when they come back, the same again.

        By then the authenticator is gone that could sign for the server, so the session is begun without it and their
        vault is unlocked as they would. Leaves no page open: the key waits a minute for the next one.
        """
        if actor.id in self._passkey_of:
            await self.begin_session(database_url, actor)
            page = await self.open("/app")
            await self.unlock(page, actor)
        else:
            page = await self._register(database_url, actor)
            self._passkey_of[actor.id] = self.passkeys.newest
        await page.goto("/app")  # A manager comes in elsewhere.
        await expect(page.get_by_role("button", name="Lock", exact=True)).to_be_visible()
        await page.goto("about:blank")  # A page that is closed may be gone before it has given its key away.
        await page.close()

    async def begin_session(self, database_url: str, actor: Actor) -> None:
        """A session of the actor's in place of the one before. Nobody's vault opens by it, and none is locked."""
        assert self.context is not None
        token = new_token()
        async with connected(database_url):
            await sessions.add_session(actor.id, token_hash(token), datetime.now(UTC))
        await self.context.add_cookies([{"name": LOOPBACK_COOKIE, "value": token, "url": self.origin}])

    async def unlock(self, page: Page, actor: Actor) -> None:
        """Use the actor's passkey on a page of the app; whoever is there makes way."""
        lock = page.get_by_role("button", name="Lock", exact=True)
        unlock = page.get_by_role("button", name="Unlock")
        await expect(lock.or_(unlock).first).to_be_visible()
        if await lock.is_visible():
            await lock.click()
        self.passkeys.in_hand = self._passkey_of[actor.id]
        await unlock.click()
        await expect(unlock).not_to_be_visible()

    async def _register(self, database_url: str, actor: Actor) -> Page:
        assert self.context is not None
        async with connected(database_url):
            invitation = await invite_person(actor.id, actor, datetime.now(UTC))
        page = await self.context.new_page()
        await add_authenticator(page)
        await page.goto(invitation.link(self.origin))
        await page.get_by_role("button", name="Make a passkey").click()
        await expect(page).not_to_have_url(invitation.link(self.origin))
        return page

    async def close(self) -> None:
        if self.context is not None:
            await self.context.close()
            self.context = None

    def kill(self) -> int:
        """End this profile's browser at once, as a dead battery would; how many processes were sent the signal."""
        own = list(self._processes())
        for process in own:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.context = None
        return len(own)

    def _processes(self) -> Iterator[int]:
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if f"--user-data-dir={self.profile}".encode() in (folder / "cmdline").read_bytes():
                    yield int(folder.name)


@asynccontextmanager
async def a_phone(profile: Path, origin: str) -> AsyncIterator[Phone]:
    async with async_playwright() as playwright:
        phone = Phone(playwright, profile, origin)
        yield phone
        with suppress(Error):
            await phone.close()


@asynccontextmanager
async def connected(database_url: str) -> AsyncIterator[None]:
    await engine.connect(database_url)
    try:
        yield
    finally:
        await engine.disconnect()


async def a_world(database_url: str) -> World:
    """Elm House and Oak House as they are today."""
    async with connected(database_url):
        return await settle(datetime.now(UTC))


async def count_entries(database_url: str) -> int:
    async with connected(database_url):
        return await models.Entry.all().count()


async def is_ready_for_no_signal(page: Page) -> None:
    """Wait until the worker controls the page and the roster is on the phone."""
    await page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    await until(lambda: page.evaluate(_HAS_ROSTER))


_HAS_ROSTER = """async () => {
  if (navigator.serviceWorker.controller === null) return false;
  const open = indexedDB.open("ap-log");
  const database = await new Promise((resolve) => { open.onsuccess = () => resolve(open.result); });
  const count = database.transaction("hidden").objectStore("hidden").count();
  const held = await new Promise((resolve) => { count.onsuccess = () => resolve(count.result); });
  database.close();
  return held > 0;
}"""


async def outbox(page: Page) -> list[dict[str, Any]]:
    """What the phone itself knows of each entry that was saved on it."""
    items: list[dict[str, Any]] = await page.evaluate(_OUTBOX)
    return items


_OUTBOX = """async () => {
  const open = indexedDB.open("ap-log");
  const database = await new Promise((resolve) => { open.onsuccess = () => resolve(open.result); });
  const all = database.transaction("outbox").objectStore("outbox").getAll();
  const items = await new Promise((resolve) => { all.onsuccess = () => resolve(all.result); });
  database.close();
  return items.map(({ id, sha256, version, state, attempts }) => ({ id, sha256, version, state, attempts }));
}"""
