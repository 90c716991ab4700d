"""Unfinished entries in a real browser: each comes back to its own resident, in one window, never after the save."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.async_api import Browser, Error, Page, expect

from tests.browser.profiles import a_phone, a_world
from tests.browser.serving import serving
from tests.browser.writers import KEEP_PAUSE, THIRD, WORDS, Writer, a_writer, fill, holds, is_open, saves

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SELECTION = """() => {
  const { id, selectionStart, selectionEnd } = document.activeElement;
  return [id, selectionStart, selectionEnd];
}"""
IS_FULL = """() => {
  const put = IDBObjectStore.prototype.put;
  globalThis.isFull = true;
  IDBObjectStore.prototype.put = function (...row) {
    if (isFull && this.name === "unfinished") throw new DOMException("Full", "QuotaExceededError");
    return put.apply(this, row);
  };
}"""
RESIDENTS = ("Gwilym Tudor", "Lewis Marsh", THIRD)


@pytest.fixture
async def asha(database_url: str, chromium: Browser) -> AsyncIterator[Writer]:
    async with a_writer(chromium, database_url) as writer:
        yield writer


async def test_f33_a_reload_gives_back_exactly_this_form_with_the_caret_where_it_was(asha: Writer) -> None:
    page = asha.page
    await fill(page)
    await page.get_by_label("Anything else?").press("Home")
    for _ in range(3):
        await page.keyboard.press("ArrowRight")
    await page.wait_for_timeout(KEEP_PAUSE)
    address = page.url
    assert "?draft=" in address

    await page.reload()

    await holds(page)
    assert page.url == address
    assert await page.evaluate(SELECTION) == ["words", 3, 3]
    await expect(page.get_by_text("Your unfinished entry is back")).to_be_visible()


async def test_what_cannot_be_kept_while_it_is_written_is_said_and_said_no_more_once_it_can(asha: Writer) -> None:
    page, warning = asha.page, asha.page.get_by_role("status").filter(has_text="cannot keep what you write")
    await fill(page)
    await expect(warning).not_to_be_visible()
    await page.evaluate(IS_FULL)
    await page.get_by_label("Anything else?").fill("And more")
    await expect(warning).to_be_visible()
    await page.evaluate("isFull = false")
    await page.get_by_label("Anything else?").fill("And still more")
    await expect(warning).not_to_be_visible()


async def test_f37_after_a_kill_each_of_three_drafts_comes_back_to_its_own_resident(asha: Writer) -> None:
    windows = [await asha.form() for _ in RESIDENTS]
    for window, resident in zip(windows, RESIDENTS, strict=True):
        await fill(window, resident, f"About {resident}")
    addresses = [window.url for window in windows]
    for window in windows:
        await _kill(window)

    for address, resident in reversed(list(zip(addresses, RESIDENTS, strict=True))):
        await holds(await asha.form(address), resident, f"About {resident}")


async def test_f37_after_the_battery_dies_each_draft_comes_back_once_its_author_unlocks(
    database_url: str, tmp_path: Path
) -> None:
    world = await a_world(database_url)
    async with serving(database_url, "web") as served, a_phone(tmp_path / "profile", served.origin) as phone:
        await phone.start()
        await phone.sign_in(database_url, world.asha)
        windows = {resident: await phone.open("/app/log") for resident in RESIDENTS[:2]}
        for resident, window in windows.items():
            await fill(window, resident, f"About {resident}")
        addresses = {resident: window.url for resident, window in windows.items()}
        assert phone.kill() > 0

        await phone.start(offline=True)
        page = await phone.open(addresses["Gwilym Tudor"])
        await expect(page.locator("form.app-form")).not_to_be_visible()
        await phone.unlock(page, world.asha)
        await holds(page, "Gwilym Tudor", "About Gwilym Tudor")
        await page.goto(addresses["Lewis Marsh"])
        await holds(page, "Lewis Marsh", "About Lewis Marsh")


async def test_f36_nothing_is_unfinished_after_a_save(asha: Writer) -> None:
    page = asha.page
    await fill(page)
    await saves(page)
    assert "draft" not in page.url

    await page.reload()
    await is_open(page)
    await expect(page.locator("[data-unfinished]")).not_to_be_visible()
    await expect(page.get_by_text("Your unfinished entry is back")).not_to_be_visible()
    await expect(page.get_by_role("button", name="Gwilym Tudor")).to_be_visible()


async def test_a_new_form_lists_what_is_unfinished_and_goes_on_with_it(asha: Writer) -> None:
    await fill(asha.page)
    await asha.page.goto("/app/log")
    row = asha.page.get_by_role("listitem").filter(has_text="Gwilym Tudor").filter(has_text="Seems under the influence")
    await expect(row).to_be_visible()

    await row.get_by_role("button", name="Go on").tap()

    await holds(asha.page)
    await saves(asha.page)


async def test_throwing_away_asks_first(asha: Writer) -> None:
    await fill(asha.page)
    await asha.page.goto("/app/log")
    section = asha.page.locator("[data-unfinished]")
    await section.get_by_role("button", name="Throw away").tap()
    await expect(section.get_by_text("It cannot be brought back")).to_be_visible()
    await section.get_by_role("button", name="Keep it").tap()
    await expect(section.get_by_role("button", name="Go on")).to_be_visible()

    await section.get_by_role("button", name="Throw away").tap()
    await section.get_by_role("button", name="Yes, throw it away").tap()

    await expect(section).not_to_be_visible()
    await asha.page.reload()
    await is_open(asha.page)
    await expect(section).not_to_be_visible()


async def test_picking_somebody_with_an_unfinished_entry_offers_it_and_leaves_no_second_one(asha: Writer) -> None:
    await fill(asha.page)
    await asha.page.goto("/app/log")
    await is_open(asha.page)
    await asha.page.locator("[data-roster]").get_by_role("button", name="Gwilym Tudor").tap()
    offer = asha.page.locator("[data-unfinished-offer]")
    await expect(offer).to_contain_text("Seems under the influence")

    await offer.get_by_role("button", name="Go on").tap()

    await holds(asha.page)
    await saves(asha.page)
    await asha.page.reload()
    await is_open(asha.page)
    await expect(asha.page.locator("[data-unfinished]")).not_to_be_visible()


async def test_f13_a_draft_open_in_one_window_is_read_only_in_another_until_that_one_closes(
    asha: Writer,
) -> None:
    first = await asha.form()
    await fill(first)
    second = await asha.form(first.url)
    await expect(second.get_by_text("This entry is open in another window")).to_be_visible()
    await holds(second)
    await expect(second.get_by_label("Anything else?")).to_be_disabled()
    await expect(second.get_by_role("button", name="Save")).not_to_be_visible()

    await first.get_by_label("Anything else?").fill("More of it")
    await expect(second.get_by_label("Anything else?")).to_have_value("More of it")

    await first.close()
    await second.get_by_role("button", name="Go on here").tap()
    await holds(second, words="More of it")
    await second.get_by_label("Anything else?").fill("All of it")
    await saves(second)


async def test_f13_what_the_other_window_has_saved_cannot_be_saved_again_here(asha: Writer) -> None:
    first = await asha.form()
    await fill(first)
    second = await asha.form(first.url)
    await expect(second.get_by_text("This entry is open in another window")).to_be_visible()

    await saves(first)

    await expect(second.get_by_text("saved or thrown away in the other window")).to_be_visible()
    await expect(second.get_by_role("button", name="Save")).not_to_be_visible()


async def test_what_is_locked_leaves_the_screen_and_comes_back_as_it_was(asha: Writer) -> None:
    page = asha.page
    await fill(page)
    await page.get_by_role("button", name="Lock").tap()
    await expect(page.get_by_role("button", name="Unlock")).to_be_visible()
    assert WORDS not in await page.content()
    assert "Gwilym" not in await page.content()

    await page.get_by_role("button", name="Unlock").tap()

    await holds(page)


async def _kill(page: Page) -> None:
    """End this window at once, as a phone does when memory is short: nothing in it hears of it."""
    chrome = await page.context.new_cdp_session(page)
    async with page.expect_event("crash"):
        crashing = asyncio.ensure_future(chrome.send("Page.crash"))  # Nobody is left to answer it.
    crashing.cancel()
    with suppress(asyncio.CancelledError, Error):
        await crashing
