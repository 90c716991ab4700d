"""The vault on one phone: unlocked by its own passkey, signal or not, locked everywhere, open to nobody else."""

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser.people import PHONE, Someone, accept_invitation, sign_in
from tests.browser.profiles import a_world
from tests.browser.serving import Served, serving

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

UNLOCK_MS = 1_000
"""From the gesture to the page that shows what was hidden, without signal."""


async def logs_as(page: Page, name: str) -> None:
    await expect(page.get_by_text(f"Logging as {name}")).to_be_visible()


async def is_locked(page: Page) -> None:
    await expect(page.get_by_role("heading", name="This phone is locked")).to_be_visible()


async def another_tab(context: BrowserContext, path: str) -> Page:
    page = await context.new_page()
    await page.goto(path)
    return page


async def is_ready(page: Page) -> None:
    """The worker keeps the pages by now, so that they start without signal."""
    await page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    await expect(page.get_by_role("button", name="Gwilym Tudor")).to_be_visible()


async def asha_logs(chromium: Browser, served: Served, *, script: str = "", prf: bool = True) -> Someone:
    """Asha, signed in, with the form open and ready. `script` runs on every page from there on, before its own."""
    phone = await sign_in(chromium, served, "asha@example.invalid", PHONE, prf=prf)
    await phone.context.add_init_script(script)
    await phone.open("/app/log")
    await logs_as(phone.page, "Asha Rahman")
    await is_ready(phone.page)
    return phone


async def test_a_lock_takes_everything_off_the_page_and_the_passkey_brings_it_back(
    database_url: str, chromium: Browser
) -> None:
    await a_world(database_url)
    async with serving(database_url, "web") as served:
        phone = await asha_logs(chromium, served)
        page = phone.page
        await page.get_by_role("button", name="Lock", exact=True).click()
        await is_locked(page)
        assert "Gwilym" not in await page.content()

        await phone.context.set_offline(True)
        await page.reload()
        await is_locked(page)
        phone.passkeys.is_cancelled = True
        await page.get_by_role("button", name="Unlock").click()
        await expect(page.get_by_role("alert")).to_contain_text("The phone is still locked")
        phone.passkeys.is_cancelled = False
        await page.evaluate("performance.mark('gesture')")
        await page.get_by_role("button", name="Unlock").click()
        await logs_as(page, "Asha Rahman")
        assert await page.evaluate("performance.now() - performance.getEntriesByName('gesture')[0].startTime") < (
            UNLOCK_MS
        )


_GOES_WITHOUT_A_WORD = """
  const listen = window.addEventListener;
  window.addEventListener = function (kind, ...rest) {
    if (kind !== "pagehide") listen.call(this, kind, ...rest);
  };
"""


async def test_a_page_whose_last_word_the_worker_does_not_hear_has_lent_its_key_before(
    database_url: str, chromium: Browser
) -> None:
    await a_world(database_url)
    async with serving(database_url, "web") as served:
        page = (await asha_logs(chromium, served, script=_GOES_WITHOUT_A_WORD)).page
        await page.get_by_role("button", name="Lock", exact=True).click()
        await is_locked(page)
        await page.get_by_role("button", name="Unlock").click()  # What pages before this one lent is gone.
        await logs_as(page, "Asha Rahman")
        await page.goto("/app")
        await logs_as(page, "Asha Rahman")


async def test_f28_after_15_idle_minutes_without_signal_every_tab_is_locked(
    database_url: str, chromium: Browser
) -> None:
    await a_world(database_url)
    async with serving(database_url, "web") as served:
        phone = await sign_in(chromium, served, "asha@example.invalid", PHONE)
        await phone.page.goto("about:blank")  # A page that runs would see 1970 while the clock is changed.
        await phone.context.clock.install()
        await phone.open("/app/log")
        await is_ready(phone.page)
        other = await another_tab(phone.context, "/app/log")
        await is_ready(other)
        await phone.context.set_offline(True)

        await phone.context.clock.run_for("14:50")
        await logs_as(other, "Asha Rahman")
        await other.get_by_role("button", name="Gwilym Tudor").tap()
        await phone.context.clock.run_for("14:50")
        await logs_as(phone.page, "Asha Rahman")
        await phone.context.clock.run_for("00:20")
        for page in (phone.page, other):
            await is_locked(page)
            assert "Gwilym" not in await page.content()


async def test_f3_two_people_on_one_phone_each_unlock_only_their_own(database_url: str, chromium: Browser) -> None:
    await a_world(database_url)
    async with serving(database_url, "web") as served:
        phone = await asha_logs(chromium, served)
        page = phone.page
        ashas = phone.passkeys.newest
        await phone.context.set_offline(True)
        for words in ("First by Asha", "Second by Asha", "Third by Asha"):
            await phone.open("/app/log")
            await page.get_by_role("button", name="Gwilym Tudor").tap()
            await page.get_by_text("Seems under the influence").tap()
            await page.get_by_label("Anything else?").fill(words)
            await page.get_by_role("button", name="Save").tap()
            await expect(page.get_by_role("heading", name="On this phone")).to_be_visible()
        await phone.context.route("**/api/sync", lambda route: route.abort())
        await phone.context.set_offline(False)

        await accept_invitation(page, served, "rob@example.invalid")
        await phone.open("/app/outbox")
        await logs_as(page, "Rob Ellis")
        assert "Gwilym" not in await page.content()
        assert "Asha" not in await page.content()
        await phone.open("/app/log")
        await page.get_by_role("button", name="Sign out").click()
        await expect(page).not_to_have_url(f"{served.origin}/app/log")

        await phone.context.set_offline(True)
        await phone.open("/app/log")
        phone.passkeys.in_hand = ashas
        await page.get_by_role("button", name="Unlock").click()
        await logs_as(page, "Asha Rahman")
        await phone.open("/app/outbox")
        await expect(page.locator("[data-items] > li")).to_have_count(3)
        await expect(page.locator("[data-items] > li").first).to_contain_text("Gwilym Tudor")


async def test_without_prf_one_logs_until_a_lock_and_is_told_what_that_means(
    database_url: str, chromium: Browser
) -> None:
    await a_world(database_url)
    async with serving(database_url, "web") as served:
        page = (await asha_logs(chromium, served, prf=False)).page
        await page.get_by_text("This phone keeps nothing you can read").click()
        await expect(page.get_by_text("What you save is not lost")).to_be_visible()

        await page.get_by_role("button", name="Lock", exact=True).click()
        await expect(page.get_by_role("heading", name="Sign in to log on this phone")).to_be_visible()
        await page.get_by_role("button", name="Sign in", exact=True).click()
        await page.get_by_role("button", name="Sign in with your passkey").click()
        await page.wait_for_url("**/app/log")
        await logs_as(page, "Asha Rahman")
