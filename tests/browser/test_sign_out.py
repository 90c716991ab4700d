"""Signing out of a phone without signal: the key goes at once, every tab hears of it, the server is told first."""

import re
import time

import pytest
from playwright.async_api import Browser, expect

from ap_log.store import models
from tests.browser.people import PHONE, Someone, sign_in
from tests.browser.profiles import a_world, connected
from tests.browser.serving import Served, serving
from tests.waiting import until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SIGNED_OUT = re.compile(r"/sign-in\?signed-out=1$|/app$")
"""Where a sign-out ends: at the server's page for it or, where that was slow to answer, at the phone's own."""

AUTH_PAGES = ("/sign-in", "/sign-in?to=/queue", "/sign-in?signed-out=1", "/invitations/abc", "/sign-out", "/demo")


async def at_work(chromium: Browser, served: Served) -> Someone:
    """Asha, with the log form open and ready to start without signal."""
    phone = await sign_in(chromium, served, "asha@example.invalid", PHONE)
    await phone.open("/app/log")
    await phone.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    await expect(phone.page.get_by_role("button", name="Gwilym Tudor")).to_be_visible()
    return phone


async def open_sessions(database_url: str) -> int:
    async with connected(database_url):
        return await models.Session.filter(ended_at__isnull=True).count()


async def test_without_signal_it_takes_no_time_and_is_made_good_before_anything_else(
    database_url: str, chromium: Browser
) -> None:
    await a_world(database_url)
    async with serving(database_url, "web") as served:
        phone = await at_work(chromium, served)
        other = await phone.context.new_page()
        await other.goto("/residents")
        await expect(other.get_by_role("link", name="Gwilym Tudor")).to_be_visible()
        await phone.context.set_offline(True)

        start = time.perf_counter()
        await phone.page.get_by_role("button", name="Sign out").tap()
        await expect(phone.page.get_by_text("You are signed out on this phone")).to_be_visible()
        assert time.perf_counter() - start < 2
        await expect(other).to_have_url(f"{served.origin}/app")
        assert "Gwilym" not in await other.content()
        await expect(phone.page.get_by_role("button", name="Unlock")).not_to_be_visible()
        assert await open_sessions(database_url) == 1

        await phone.context.set_offline(False)
        await other.goto("/residents")
        await expect(other.get_by_role("heading", name="Sign in to AP Log")).to_be_visible()
        assert await open_sessions(database_url) == 0


async def test_with_signal_the_server_knows_at_once(database_url: str, chromium: Browser) -> None:
    await a_world(database_url)
    async with serving(database_url, "web") as served:
        phone = await at_work(chromium, served)
        await phone.page.get_by_role("button", name="Sign out").tap()
        await expect(phone.page).to_have_url(SIGNED_OUT)
        await expect(phone.page.get_by_text("You are signed out")).to_be_visible()

        async def is_none_open() -> bool:
            return await open_sessions(database_url) == 0

        await until(is_none_open, 30)  # A slow server is told by the next page instead.
        await phone.open("/app/log")
        await expect(phone.page.get_by_role("heading", name="Sign in to log on this phone")).to_be_visible()


async def test_f26_every_page_of_signing_in_or_out_is_the_apps_own_without_signal(
    database_url: str, chromium: Browser
) -> None:
    await a_world(database_url)
    async with serving(database_url, "web") as served:
        phone = await at_work(chromium, served)
        await phone.context.set_offline(True)
        for path in AUTH_PAGES:
            await phone.open(path)
            await expect(phone.page.get_by_role("heading", name="AP Log cannot be reached")).to_be_visible()
            await expect(phone.page.get_by_role("button", name="Log what happened")).to_be_visible()
