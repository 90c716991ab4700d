"""F31: a phone whose storage never answers. What is on the screen stays there, and nobody is told that it is saved."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.writers import WORDS, Writer, a_writer, fill, holds, saves

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

BY_ITSELF = 20_000

HANGS = """() => new Promise((resolve) => {
  const opening = indexedDB.open("ap-log", 1000);
  opening.onupgradeneeded = () => {
    const goOn = () => {
      if (globalThis.isOver) return opening.transaction.abort();
      opening.transaction.objectStore("facts").get("nothing").onsuccess = goOn;
    };
    goOn();
    resolve();
  };
})"""
"""A page that changes the database and never comes to an end: whoever opens it meanwhile waits for ever."""


@pytest.fixture
async def asha(database_url: str, chromium: Browser) -> AsyncIterator[Writer]:
    async with a_writer(chromium, database_url) as writer:
        yield writer


async def _hangs(asha: Writer) -> Page:
    """The page by which the storage hangs, until it `isOver`."""
    page = await asha.someone.context.new_page()
    await page.goto("/health")
    await page.evaluate(HANGS)
    return page


async def _copied(asha: Writer) -> str:
    """What the clipboard holds once the person has copied what stands in the form."""
    await asha.someone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await asha.page.get_by_role("button", name="Copy what you wrote").tap()
    await expect(asha.page.get_by_text("Copied, without photos. Paste it where only you can read it")).to_be_visible()
    return str(await asha.page.evaluate("navigator.clipboard.readText()"))


async def test_f31_a_save_into_storage_that_hangs_is_no_save_and_the_form_stays_until_it_is_one(asha: Writer) -> None:
    page = asha.page
    await fill(page)
    hanging = await _hangs(asha)

    await page.get_by_role("button", name="Save").tap()

    said = page.get_by_role("alert").filter(has_text="Not saved")
    await expect(said).to_contain_text("This phone's storage does not answer", timeout=BY_ITSELF)
    await holds(page)
    copied = await _copied(asha)
    assert re.sub(r"\d\d:\d\d", "HH:MM", copied).splitlines() == [
        "Who? 7 Gwilym Tudor",
        "What happened? Seems under the influence",
        "Signs you saw Glassy or bloodshot eyes",
        "When? Now HH:MM",
        f"Anything else? (optional) {WORDS}",
    ]
    await hanging.evaluate("globalThis.isOver = true")
    await saves(page)
    await expect(page.get_by_role("heading", name="Sent")).to_be_visible()
    assert len(await asha.versions()) == 1


@pytest.mark.parametrize("path", ["/app", "/app/log", "/app/outbox", "/app/phone"])
async def test_f31_an_app_that_starts_on_storage_that_hangs_says_so_and_goes_on_after_it(
    asha: Writer, path: str
) -> None:
    hanging = await _hangs(asha)
    page = await asha.someone.context.new_page()
    await page.goto(path)
    stuck = page.get_by_text("This phone’s storage does not answer")
    await expect(stuck).to_be_visible(timeout=BY_ITSELF)
    await page.wait_for_timeout(11_000)  # Whatever else waits for it has given up by then.
    for words in ("Nothing waits on this phone", "Sign in to log on this phone", "No residents on this phone yet"):
        await expect(page.get_by_text(words)).not_to_be_visible()

    await hanging.evaluate("globalThis.isOver = true")
    await page.goto("/app/log")
    await expect(page.get_by_role("button", name="Gwilym Tudor")).to_be_visible()
    await expect(stuck).not_to_be_visible()
