"""Somebody at the log form: signed in with a real passkey, the roster on the phone, and nothing written yet."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Browser, Page, expect

from ap_log.store import models
from tests.browser.people import PHONE, Someone, sign_in
from tests.browser.profiles import a_world, connected
from tests.browser.serving import Served, serving
from tests.cast import World

WORDS = "By the back door"
THIRD = "Owain Price"
KEEP_PAUSE = 1_500
"""Milliseconds in which what was typed last is kept, on a busy machine too."""


@dataclass
class Writer:
    """Asha at her phone. `page` is the one she signed in on; further windows share its storage."""

    someone: Someone
    served: Served
    world: World
    database_url: str

    @property
    def page(self) -> Page:
        return self.someone.page

    async def form(self, path: str = "/app/log") -> Page:
        """The form in a further window."""
        page = await self.someone.context.new_page()
        await page.goto(path)
        await is_open(page)
        return page

    async def set_signal(self, *, there: bool) -> None:
        await self.someone.context.set_offline(not there)

    async def versions(self) -> list[models.Entry]:
        """Every version of every entry that the server has, in the order they came."""
        async with connected(self.database_url):
            return await models.Entry.all().order_by("sequence")


@asynccontextmanager
async def a_writer(chromium: Browser, database_url: str) -> AsyncIterator[Writer]:
    world = await a_world(database_url)
    async with connected(database_url):
        gwilym = world.residents["gwilym"]
        await models.Resident.create(
            premises_id=gwilym.premises_id,
            name=THIRD,
            room="14",
            crn="X999999",
            legal_status=gwilym.legal_status,
            officer_id=gwilym.officer_id,
            key_worker_id=gwilym.key_worker_id,
            arrived_at=gwilym.arrived_at,
        )
    async with serving(database_url, "web") as served:
        asha = await sign_in(chromium, served, "asha@example.invalid", PHONE)
        await asha.open("/app/log")
        await is_open(asha.page)
        await asha.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        yield Writer(asha, served, world, database_url)
        await asha.context.close()


async def is_open(page: Page) -> None:
    await expect(page.locator("form.app-form")).to_be_visible()


async def fill(page: Page, resident: str = "Gwilym Tudor", words: str = WORDS) -> None:
    """Who, what, one sign and a few words; waits until that is kept."""
    await page.get_by_role("button", name=resident).tap()
    await page.get_by_text("Seems under the influence").tap()
    await page.get_by_text("Glassy or bloodshot eyes").tap()
    await page.get_by_label("Anything else?").fill(words)
    await page.wait_for_timeout(KEEP_PAUSE)


async def holds(page: Page, resident: str = "Gwilym Tudor", words: str = WORDS) -> None:
    """The form stands as `fill` left it."""
    await expect(page.locator("[data-resident-picker] [data-chosen-words]")).to_contain_text(resident)
    await expect(page.get_by_label("Seems under the influence")).to_be_checked()
    await expect(page.get_by_label("Glassy or bloodshot eyes")).to_be_checked()
    await expect(page.get_by_label("Anything else?")).to_have_value(words)


async def saves(page: Page) -> None:
    await page.get_by_role("button", name="Save").tap()
    await expect(page.locator("[data-saved-part]")).to_be_visible()
