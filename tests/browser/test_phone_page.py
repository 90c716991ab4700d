"""What a phone says of itself in a real browser: what it holds, what was promised, and what was lost from it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from ap_log.actions.revoke_device import revoke_device
from ap_log.store import models
from tests.browser.people import PHONE, sign_in
from tests.browser.profiles import a_world, connected
from tests.browser.serving import serving
from tests.browser.writers import Writer, a_writer, fill, saves
from tests.waiting import until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

BY_ITSELF = 20_000
WIDTHS = ({"width": 320, "height": 640}, {"width": 390, "height": 844}, {"width": 1280, "height": 900})
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SHELLS = ("/app", "/app/log", "/app/outbox", "/app/phone", "/app/offline")
LOST = "1 entry that was saved on this phone today at"

SAFARI_TAB = "Object.defineProperty(Navigator.prototype, 'standalone', { get: () => false });"
INSTALLED = "Object.defineProperty(Navigator.prototype, 'standalone', { get: () => true });"
NO_SYNC_MANAGER = "delete globalThis.SyncManager;"
NEARLY_FULL = "navigator.storage.estimate = async () => ({ usage: 460 * 2 ** 20, quota: 500 * 2 ** 20 });"


@pytest.fixture
async def asha(database_url: str, chromium: Browser) -> AsyncIterator[Writer]:
    async with a_writer(chromium, database_url) as writer:
        yield writer


@pytest.fixture
async def empty(database_url: str, chromium: Browser) -> AsyncIterator[Page]:
    """A phone on which nobody has ever signed in."""
    await a_world(database_url)
    async with serving(database_url, "web") as served:
        context = await chromium.new_context(**PHONE, base_url=served.origin, locale="en-GB")
        yield await context.new_page()
        await context.close()


async def _saves_without_signal(asha: Writer) -> None:
    await asha.set_signal(there=False)
    await fill(asha.page)
    await saves(asha.page)
    # A moment later the phone has marked what it holds.
    await until(lambda: asha.page.evaluate("/ap_log_held[^;]*\\.1\\./.test(document.cookie)"), BY_ITSELF / 1000)


async def _is_cleared(asha: Writer) -> None:
    """The browser throws away what AP Log kept, as it does for want of room. Cookies and files stay."""
    chrome = await asha.someone.context.new_cdp_session(asha.page)
    await chrome.send("Storage.clearDataForOrigin", {"origin": asha.someone.origin, "storageTypes": "indexeddb"})
    await chrome.detach()


def _row(page: Page, key: str) -> Any:
    return page.locator(".govuk-summary-list__row", has=page.get_by_role("term").filter(has_text=key)).first


async def _fits_and_is_accessible(page: Page) -> None:
    for size in WIDTHS:
        await page.set_viewport_size({"width": size["width"], "height": size["height"]})
        assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    found = await Axe().run(page, options=RULES)
    assert [(violation["id"], violation["nodes"]) for violation in found.response["violations"]] == []


async def test_f1_entries_that_the_browser_deleted_are_named_without_signal_on_every_page_of_the_phone(
    asha: Writer,
) -> None:
    await _saves_without_signal(asha)
    page = await asha.someone.context.new_page()
    await asha.page.goto("about:blank")
    await _is_cleared(asha)

    for shell in SHELLS:
        await page.goto(shell)
        await expect(page.get_by_role("alert").filter(has_text=LOST)).to_be_visible()
        await expect(page.get_by_text("Everything is sent")).not_to_be_visible()
    await page.goto("/app")
    await expect(page.get_by_text("1 entry is lost.")).to_be_visible()
    await _fits_and_is_accessible(page)

    await page.get_by_role("button", name="I have seen this").click()
    await page.goto("/app/phone")
    await expect(_row(page, "Lost")).to_contain_text("None that this phone knows of")
    await expect(page.get_by_text(LOST)).not_to_be_visible()


async def test_f1_the_server_hears_of_the_loss_and_it_is_on_the_record(asha: Writer) -> None:
    await _saves_without_signal(asha)
    await asha.page.goto("about:blank")
    await _is_cleared(asha)
    await asha.set_signal(there=True)
    page = await asha.someone.context.new_page()
    await page.goto("/app")
    await expect(page.get_by_role("alert").filter(has_text=LOST)).to_be_visible()
    await _is_on_record(asha, "entries.lost")
    async with connected(asha.database_url):
        assert await models.Entry.all().count() == 0


async def test_f1_storage_that_goes_while_a_form_is_open_is_named_and_the_form_stays(asha: Writer) -> None:
    await _saves_without_signal(asha)
    await asha.page.goto("/app/log")
    await fill(asha.page, words="Second entry, half written")

    await _is_cleared(asha)

    await expect(asha.page.get_by_role("alert").filter(has_text=LOST)).to_be_visible(timeout=BY_ITSELF)
    await expect(asha.page.get_by_label("Anything else?")).to_have_value("Second entry, half written")


async def test_f2_a_tab_of_safari_warns_before_anything_is_written(asha: Writer) -> None:
    await asha.someone.context.add_init_script(SAFARI_TAB)
    for path in ("/app", "/app/log"):
        await asha.page.goto(path)
        await expect(asha.page.get_by_text("Safari deletes what waits here after 7 days")).to_be_visible()
    await asha.page.goto("/app/phone")
    await expect(_row(asha.page, "Kept by the browser")).to_contain_text("7 days without AP Log")


@pytest.mark.parametrize("kind", [INSTALLED, "null"], ids=["installed", "elsewhere"])
async def test_f2_an_app_on_the_home_screen_and_other_browsers_are_not_warned_of_it(empty: Page, kind: str) -> None:
    await empty.context.add_init_script(kind)
    await empty.goto("/app")
    await expect(empty.get_by_text("Nothing waits on this phone.")).to_be_visible()
    await expect(empty.get_by_text("Safari deletes")).not_to_be_visible()
    await empty.goto("/app/phone")
    await expect(_row(empty, "Kept by the browser")).to_contain_text("when the phone is full")


async def test_f23_where_the_browser_sends_nothing_by_itself_the_phone_says_what_to_do(asha: Writer) -> None:
    await asha.someone.context.add_init_script(NO_SYNC_MANAGER)
    await asha.page.goto("/app/log")
    await _saves_without_signal(asha)
    await expect(asha.page.locator("[data-saved-next]")).to_contain_text("Open AP Log when you have signal")
    for path in ("/app", "/app/outbox", "/app/phone"):
        await asha.page.goto(path)
        await expect(asha.page.locator("[data-shown]")).to_contain_text("1 entry waits.")
        await expect(asha.page.locator("[data-shown]")).not_to_contain_text("by itself when")


async def test_what_the_browser_promised_is_shown_and_can_be_asked_for(empty: Page) -> None:
    await empty.goto("/app/phone")
    kept, ask = _row(empty, "Kept by the browser"), empty.get_by_role("button", name="Ask the browser to keep it")
    await expect(kept).to_contain_text("No")
    await ask.click()
    await expect(empty.get_by_text("The browser did not promise it")).to_be_visible()

    await _promises(empty)
    await ask.dispatch_event("click")  # What was answered moves the button, and it goes once the page looks again.
    await expect(empty.get_by_text("The browser has promised to keep it")).to_be_visible()
    await expect(kept).to_contain_text("Yes")
    await expect(ask).not_to_be_visible()


async def _promises(page: Page) -> None:
    """From now on the browser promises whatever it is asked."""
    chrome = await page.context.new_cdp_session(page)
    whose = (await chrome.send("Target.getTargetInfo"))["targetInfo"]["browserContextId"]
    asked = {"origin": await page.evaluate("origin"), "permissions": ["durableStorage"], "browserContextId": whose}
    await chrome.send("Browser.grantPermissions", asked)


async def test_a_phone_that_is_nearly_full_says_so_before_it_refuses_an_entry(empty: Page) -> None:
    await empty.context.add_init_script(NEARLY_FULL)
    await empty.goto("/app")
    await expect(empty.get_by_text("This phone is nearly full")).to_be_visible()
    await empty.goto("/app/phone")
    await expect(_row(empty, "Space")).to_contain_text("460 MB used, 40 MB free")
    await expect(_row(empty, "Space")).to_contain_text("Little room is left")
    await _fits_and_is_accessible(empty)


async def test_the_page_starts_cold_without_signal_and_counts_what_waits(asha: Writer) -> None:
    await _saves_without_signal(asha)
    page = await asha.someone.context.new_page()
    await page.goto("/app/phone")
    await expect(_row(page, "Yours")).to_contain_text("1 waits")
    await expect(_row(page, "Residents")).to_contain_text("3 residents")
    await expect(_row(page, "What can be read here is deleted")).to_contain_text("72 hours after the last contact")
    await expect(_row(page, "Name of this phone").get_by_role("definition")).to_contain_text(" ")
    assert "Gwilym" not in await page.content()
    await _fits_and_is_accessible(page)


async def test_locked_the_page_counts_everybodys_and_shows_nobodys(asha: Writer) -> None:
    await _saves_without_signal(asha)
    await asha.page.goto("/app/phone")
    await asha.page.get_by_role("button", name="Lock now").click()
    await expect(_row(asha.page, "Yours")).to_contain_text("Locked")
    await expect(_row(asha.page, "Other people’s")).to_contain_text("1 waits")
    await expect(_row(asha.page, "Residents")).to_contain_text("Locked")
    await expect(asha.page.get_by_role("button", name="Unlock")).to_be_visible()
    assert not [words for words in ("Gwilym", "Asha", "back door") if words in await asha.page.content()]
    await _fits_and_is_accessible(asha.page)


async def test_in_memory_only_the_page_says_what_that_means(database_url: str, chromium: Browser) -> None:
    await a_world(database_url)
    async with serving(database_url, "web") as served:
        asha = await sign_in(chromium, served, "asha@example.invalid", PHONE, prf=False)
        await asha.open("/app/phone")
        await expect(_row(asha.page, "Lock")).to_contain_text("Open, in memory only")
        await expect(_row(asha.page, "Lock")).to_contain_text("gone when AP Log closes")
        await expect(_row(asha.page, "What can be read here is deleted")).to_contain_text(
            "Nothing readable is kept here"
        )
        await _fits_and_is_accessible(asha.page)


async def test_when_signal_is_back_the_phone_says_that_nothing_waits_and_what_it_keeps(asha: Writer) -> None:
    await _saves_without_signal(asha)
    await asha.page.goto("/app/phone")
    await expect(asha.page.locator("[data-shown]")).to_contain_text("1 entry waits.")
    await asha.set_signal(there=True)
    await expect(asha.page.locator("[data-shown]")).to_have_text("Nothing waits on this phone.", timeout=BY_ITSELF)
    await expect(_row(asha.page, "Sealed copies of what was sent")).to_contain_text("1")
    assert len(await asha.versions()) == 1


async def test_a_phone_that_is_revoked_destroys_what_can_be_read_at_next_contact_and_keeps_what_waits(
    asha: Writer,
) -> None:
    await _is_on_record(asha, "device.noted")
    await _saves_without_signal(asha)
    async with connected(asha.database_url):
        [device] = await models.Device.all()
        await revoke_device(device.id, asha.world.ben, datetime.now(UTC))
    page = await asha.someone.context.new_page()
    await page.goto("/app/phone")
    await page.evaluate(_REPORT_IS_DUE)
    await asha.set_signal(there=True)
    await page.reload()
    await expect(_row(page, "What can be read here is deleted")).to_contain_text(
        "Nothing readable is kept here", timeout=BY_ITSELF
    )
    await expect(_row(page, "Other people’s")).to_contain_text("1 waits")
    await _is_on_record(asha, "device.wiped")


async def _is_on_record(asha: Writer, event: str) -> None:
    async with connected(asha.database_url):
        await until(models.AuditRecord.filter(event=event).exists, BY_ITSELF / 1000)


_REPORT_IS_DUE = """async () => {
  const open = indexedDB.open("ap-log");
  const database = await new Promise((resolve) => { open.onsuccess = () => resolve(open.result); });
  const changing = database.transaction("facts", "readwrite");
  changing.objectStore("facts").put(0, "reported-at");
  await new Promise((resolve) => { changing.oncomplete = resolve; });
  database.close();
}"""
"""A phone reports once a minute; the test does not wait that long."""
