"""A policy that changed, in a real browser: shown after the passkey, never in the way, gone when it is confirmed."""

import re
from datetime import UTC, datetime

from playwright.async_api import Browser, expect

from tests.browser.house import connected
from tests.browser.people import PHONE, sign_in
from tests.browser.serving import serving
from tests.cast import settle
from tests.policies import publish


async def test_what_changed_comes_after_the_passkey_and_waits_when_it_has_to(
    sqlite_url: str, chromium: Browser
) -> None:
    async with connected(sqlite_url):
        await publish(await settle(datetime.now(UTC)))
    async with serving(sqlite_url, "web") as served:
        asha = await sign_in(chromium, served, "asha@example.invalid", PHONE)
        await expect(asha.page.get_by_role("heading", level=1)).to_contain_text("The policy changes")
        not_now = asha.page.get_by_role("button", name="Not now, go on")
        await expect(not_now).to_be_in_viewport(ratio=1)
        await not_now.click()
        await expect(asha.page).to_have_url(re.compile("/app$"))

        await asha.open("/residents")
        await asha.page.get_by_role("link", name="Read what changes").click()
        await asha.page.get_by_role("button", name="I have read this").click()
        await expect(asha.page).to_have_url(re.compile("/residents$"))
        await expect(asha.page.get_by_role("link", name="Read what changes")).not_to_be_attached()
