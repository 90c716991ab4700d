"""The phone without signal, in a real browser: cold starts, a dead battery, and entries that send themselves."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.profiles import Phone, a_phone, a_world, count_entries, is_ready_for_no_signal
from tests.browser.serving import serving
from tests.cast import World
from tests.waiting import until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

BY_ITSELF = 15_000
"""Milliseconds for something that happens by itself."""


@dataclass
class Asha:
    """Asha's phone, ready to work without signal."""

    phone: Phone
    world: World
    database_url: str

    async def open(self, path: str) -> Page:
        return await self.phone.open(path)

    async def set_signal(self, there: bool) -> None:
        assert self.phone.context is not None
        await self.phone.context.set_offline(not there)


@pytest.fixture
async def asha(database_url: str, tmp_path: Path) -> AsyncIterator[Asha]:
    world = await a_world(database_url)
    async with serving(database_url, "web") as served, a_phone(tmp_path / "profile", served.origin) as phone:
        await phone.start()
        await phone.sign_in(database_url, world.asha)
        page = await phone.open("/app")
        await is_ready_for_no_signal(page)
        yield Asha(phone, world, database_url)


async def _save(page: Page) -> None:
    await page.get_by_role("button", name="Gwilym Tudor").tap()
    await page.get_by_text("Seems under the influence").tap()
    await page.get_by_text("Swaying or staggering").tap()
    await page.get_by_role("button", name="Save").tap()
    await expect(page.get_by_role("heading", name="On this phone")).to_be_visible()


async def _is_sent_by_itself(outbox: Page) -> None:
    entry = outbox.get_by_role("listitem").filter(has_text="Gwilym Tudor")
    await expect(entry.get_by_text("Sent", exact=True)).to_be_visible(timeout=BY_ITSELF)


async def test_the_app_starts_from_cold_without_signal_after_a_restart(asha: Asha) -> None:
    await asha.phone.close()
    await asha.phone.start(offline=True)
    page = await asha.open("/app")
    await expect(page.get_by_role("button", name="Log what happened")).to_be_visible()
    page = await asha.open("/app/log?from=home")
    await asha.phone.unlock(page, asha.world.asha)
    await expect(page.get_by_role("button", name="Gwilym Tudor")).to_be_visible()


async def test_a_page_that_needs_signal_says_so_and_offers_to_log(asha: Asha) -> None:
    await asha.set_signal(there=False)
    page = await asha.open("/queue")
    for path in ("/", "/sign-in?to=/queue", "/residents"):
        await page.goto(path)
        await expect(page.get_by_role("heading", name="AP Log cannot be reached")).to_be_visible()
    await page.get_by_role("button", name="Log what happened").tap()
    await expect(page.get_by_role("button", name="Gwilym Tudor")).to_be_visible()


async def test_an_entry_survives_a_dead_battery_and_sends_itself_when_there_is_signal(asha: Asha) -> None:
    await asha.set_signal(there=False)
    await _save(await asha.open("/app/log"))
    assert asha.phone.kill() > 0
    assert await count_entries(asha.database_url) == 0

    await asha.phone.start(offline=True)
    page = await asha.open("/app/outbox")
    await asha.phone.unlock(page, asha.world.asha)
    await expect(page.get_by_role("listitem").filter(has_text="Gwilym Tudor")).to_be_visible()
    await asha.phone.sign_in(asha.database_url, asha.world.asha)
    await asha.set_signal(there=True)
    await _is_sent_by_itself(page)
    assert await count_entries(asha.database_url) == 1


async def test_three_tabs_and_the_worker_send_an_entry_once(asha: Asha) -> None:
    await asha.set_signal(there=False)
    others = [await asha.open(path) for path in ("/app", "/app/outbox")]
    await _save(await asha.open("/app/log"))
    await asha.set_signal(there=True)
    await _is_sent_by_itself(others[1])
    assert await count_entries(asha.database_url) == 1


async def test_the_worker_sends_what_waits_when_no_page_is_open(asha: Asha) -> None:
    await asha.set_signal(there=False)
    page = await asha.open("/app/log")
    await _save(page)
    assert asha.phone.context is not None
    empty = await asha.phone.context.new_page()
    for one in asha.phone.context.pages:
        if one is not empty:
            await one.close()
    await asha.set_signal(there=True)
    await until(lambda: count_entries(asha.database_url), BY_ITSELF / 1000)
    assert await count_entries(asha.database_url) == 1


async def test_after_a_sign_out_the_roster_is_gone_and_what_waits_is_kept(asha: Asha) -> None:
    await asha.set_signal(there=False)
    await _save(await asha.open("/app/log"))
    assert asha.phone.context is not None
    await asha.phone.context.clear_cookies()
    await asha.set_signal(there=True)
    await asha.phone.sign_in(asha.database_url, asha.world.rob)  # The next person, on the same phone.
    page = await asha.open("/residents")
    await page.get_by_role("button", name="Sign out").tap()
    await page.wait_for_url("**/sign-in**")
    page = await asha.open("/app/log")
    locked = page.get_by_role("heading", name="This phone is locked")
    await expect(locked.or_(page.get_by_role("heading", name="Sign in to log on this phone"))).to_be_visible()
    await expect(page.get_by_role("button", name="Gwilym Tudor")).not_to_be_visible()

    await asha.phone.sign_in(asha.database_url, asha.world.asha)
    page = await asha.open("/app/outbox")
    await _is_sent_by_itself(page)
    assert await count_entries(asha.database_url) == 1
