"""A writer whose phone reaches AP Log only through the fault proxy, the worker's requests too."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.people import PHONE, sign_in
from tests.browser.profiles import a_world
from tests.browser.serving import free_port, serving
from tests.browser.writers import Writer, is_open, saves
from tests.fault_proxy import FaultProxy, fault_proxy

SYNC = "/api/sync"
TRY_NOW = "dispatchEvent(new Event('online')) && null"
"""As when signal returns: the page tries at once, not when the time for it has come."""


@dataclass
class Behind(Writer):
    """Asha at her phone, with the proxy between her and the server."""

    proxy: FaultProxy

    async def logs(self, words: str, resident: str = "Gwilym Tudor") -> None:
        """A whole entry, from an empty form to what stands in its place once it is saved."""
        await self.someone.open("/app/log")
        await fill_quickly(self.page, words, resident)
        await saves(self.page)

    async def try_now(self) -> None:
        await self.page.evaluate(TRY_NOW)

    async def is_sent(self) -> None:
        await expect(self.page.get_by_role("heading", name="Sent")).to_be_visible()

    def row(self, words: str) -> Locator:
        """What the list of entries shows of the one with these words."""
        return self.page.locator("[data-items] > li").filter(has_text=words)


async def fill_quickly(page: Page, words: str, resident: str = "Gwilym Tudor") -> None:
    """The form filled in by somebody who saves it at once."""
    await page.get_by_role("button", name=resident).tap()
    await page.get_by_text("Seems under the influence").tap()
    await page.get_by_text("Glassy or bloodshot eyes").tap()
    await page.get_by_label("Anything else?").fill(words)


@asynccontextmanager
async def a_writer_behind_a_proxy(chromium: Browser, database_url: str) -> AsyncIterator[Behind]:
    """Signed in, at the form, with the app and the roster on the phone. At first the network works."""
    world = await a_world(database_url)
    async with serving(database_url) as served, fault_proxy(served.origin, free_port()) as proxy:
        served.environment["AP_LOG_ORIGIN"] = served.origin = proxy.origin
        await served.start("web")
        asha = await sign_in(chromium, served, "asha@example.invalid", PHONE)
        await asha.open("/app/log")
        await is_open(asha.page)
        await asha.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        yield Behind(asha, served, world, database_url, proxy)
        await asha.context.close()
