"""F29 in a real browser: it ends the connections to its database, as phones do to an app that was in the background."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from playwright.async_api import Page, expect

from ap_log.store import models
from tests.browser.profiles import a_phone, a_world, connected, is_ready_for_no_signal
from tests.browser.serving import serving
from tests.browser.writers import WORDS, fill, holds, is_open, saves

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

BROWSERS_OWN_PAGE = "chrome://indexeddb-internals"

DIES_WHILE_SAVING = """(() => {
  globalThis.timesToDie = 0;
  for (const way of ["add", "put"]) {
    const write = IDBObjectStore.prototype[way];
    IDBObjectStore.prototype[way] = function (...row) {
      const writing = write.apply(this, row);
      if (this.name === "parcels" && globalThis.timesToDie > 0) {
        globalThis.timesToDie -= 1;
        storageDies();
        const stayOpen = () => (this.count().onsuccess = stayOpen);
        stayOpen();
      }
      return writing;
    };
  }
})()"""
"""So many times, what is saved is written but not yet on the disk when the connection is ended."""


@dataclass
class Asha:
    """Asha's form, and the browser's own page that ends every connection to the database of AP Log."""

    page: Page
    internals: Page
    database_url: str
    deaths: int = 0

    async def storage_dies(self) -> None:
        self.deaths += 1
        await self.internals.get_by_text("Force close", exact=True).click()

    async def entries(self) -> list[models.Entry]:
        async with connected(self.database_url):
            return await models.Entry.all()


@pytest.fixture
async def asha(database_url: str, tmp_path: Path) -> AsyncIterator[Asha]:
    world = await a_world(database_url)
    async with serving(database_url, "web") as served, a_phone(tmp_path / "profile", served.origin) as phone:
        context = await phone.start()
        await phone.sign_in(database_url, world.asha)
        await is_ready_for_no_signal(await phone.open("/app"))
        internals = await phone.open(BROWSERS_OWN_PAGE)
        writer = Asha(await context.new_page(), internals, database_url)
        await context.expose_function("storageDies", writer.storage_dies)
        await context.add_init_script(DIES_WHILE_SAVING)
        await writer.page.goto("/app/log")
        await is_open(writer.page)
        yield writer


async def test_f29_storage_that_dies_is_opened_once_more_and_where_it_dies_again_the_form_stays_and_says_not_saved(
    asha: Asha,
) -> None:
    page = asha.page
    await asha.storage_dies()
    await fill(page)
    await asha.storage_dies()

    await page.evaluate("globalThis.timesToDie = 2")
    await page.get_by_role("button", name="Save").tap()
    await expect(page.get_by_role("alert").filter(has_text="Not saved")).to_be_visible()
    await holds(page)
    assert asha.deaths == 4
    assert await page.evaluate("globalThis.timesToDie") == 0
    assert await asha.entries() == []

    await page.evaluate("globalThis.timesToDie = 1")
    await saves(page)
    assert asha.deaths == 5
    await expect(page.get_by_role("heading", name="Sent")).to_be_visible()
    await expect(page.get_by_role("alert")).to_have_count(0)
    (entry,) = await asha.entries()
    assert msgspec.json.decode(entry.body)["words"] == WORDS
