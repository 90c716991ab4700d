"""Firefox and WebKit, which send nothing by themselves: a cold page without signal, saving, and sending when opened."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.async_api import Page, async_playwright, expect
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import element_to_be_clickable, visibility_of_element_located
from selenium.webdriver.support.ui import WebDriverWait
from selenium.webdriver.webkitgtk.service import Service

from ap_log.store import models
from scripts.other_engines import FIREFOX, WEBKIT, find_or_install
from tests.browser.profiles import connected
from tests.torture.other_engines import Demo, a_demo

pytestmark = pytest.mark.torture

WAIT = 20
"""Seconds for something that happens by itself."""

MINI_BROWSER = Path("/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser")
IS_READY = "return navigator.serviceWorker.controller !== null"
OPEN_WITH_SIGNAL = "Open AP Log when you have signal"

Result = TypeVar("Result")


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    async with a_demo(f"sqlite://{tmp_path / 'demo.sqlite3'}") as running:
        yield running


async def test_f23_firefox_says_that_it_sends_when_opened_and_does(demo: Demo) -> None:
    before = await _count_entries(demo)
    async with _firefox() as page:
        await page.goto(f"{demo.origin}/demo")
        await page.get_by_role("button", name="Asha").first.click()
        await page.goto(f"{demo.origin}/app")
        await page.wait_for_function("navigator.serviceWorker.controller !== null")
        assert not await page.evaluate("'sync' in ServiceWorkerRegistration.prototype")
        await page.goto(f"{demo.origin}/app/log")
        await expect(page.locator("[data-roster] button").first).to_be_visible()
        demo.set_signal(there=False)
        await page.goto(f"{demo.origin}/app/log")
        await page.locator("[data-roster] button").first.click()
        await page.get_by_text("Seems under the influence").click()
        await page.get_by_text("Swaying or staggering").click()
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_role("heading", name="On this phone")).to_be_visible()
        await expect(page.get_by_text(OPEN_WITH_SIGNAL).first).to_be_visible()
        assert await _count_entries(demo) == before
        demo.set_signal(there=True)
        await page.goto(f"{demo.origin}/app/outbox")
        await expect(page.get_by_text("Sent", exact=True).first).to_be_visible(timeout=WAIT * 1000)
    assert await _count_entries(demo) == before + 1


@pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning")  # Selenium's own call
async def test_f5_f23_webkit_sends_the_whole_body_when_opened(demo: Demo) -> None:
    before = await _count_entries(demo)
    async with _webkit() as browser:
        await browser.go(f"{demo.origin}/demo")
        await browser.click("//button[contains(., 'Asha')]")
        await browser.until(lambda driver: not driver.current_url.endswith("/demo"))
        await browser.go(f"{demo.origin}/app")
        await browser.until(lambda driver: bool(driver.execute_script(IS_READY)))
        await browser.see("//*[contains(text(), 'Logging as')]")
        await browser.go(f"{demo.origin}/app/log")
        await browser.see("//*[@data-roster]//button")
        demo.set_signal(there=False)
        await browser.go(f"{demo.origin}/app/log")
        await browser.click("//*[@data-roster]//button")
        await browser.click("//label[contains(., 'Seems under the influence')]")
        await browser.click("//label[contains(., 'Swaying or staggering')]")
        await browser.click("//button[@type='submit' and contains(., 'Save')]")
        await browser.see("//h1[contains(., 'On this phone')]")
        await browser.see(f"//*[contains(text(), '{OPEN_WITH_SIGNAL}')]")
        assert await _count_entries(demo) == before
        demo.set_signal(there=True)
        await browser.go(f"{demo.origin}/app/outbox")
        await browser.see("//*[normalize-space(.)='Sent']")
    assert await _count_entries(demo) == before + 1


class WebKit:
    """WebKitGTK, driven from a thread so that the proxy goes on meanwhile."""

    def __init__(self, driver: webdriver.WebKitGTK) -> None:
        self._driver = driver
        self._wait = WebDriverWait(driver, WAIT)

    async def go(self, address: str) -> None:
        await asyncio.to_thread(self._driver.get, address)

    async def click(self, path: str) -> None:
        def click() -> None:
            found = self._wait.until(element_to_be_clickable((By.XPATH, path)))
            self._driver.execute_script("arguments[0].scrollIntoView({block: 'center'}); arguments[0].click()", found)

        await asyncio.to_thread(click)

    async def see(self, path: str) -> None:
        await self.until(visibility_of_element_located((By.XPATH, path)))

    async def until(self, holds: Callable[[webdriver.WebKitGTK], Result]) -> Result:
        return await asyncio.to_thread(self._wait.until, holds)


@asynccontextmanager
async def _firefox() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.firefox.launch(
            channel="moz-firefox", executable_path=find_or_install(FIREFOX), headless=True
        )
        page = await (await browser.new_context(viewport={"width": 390, "height": 844})).new_page()
        yield page
        await browser.close()


@asynccontextmanager
async def _webkit() -> AsyncIterator[WebKit]:
    options = webdriver.WebKitGTKOptions()
    options.binary_location = str(MINI_BROWSER)
    options.add_argument("--automation")
    # Our pages say no-store, and over https WebKit then keeps none of them asleep. Over http, as here, it would, and
    # with a sleeping page the locks and the transactions that it was in the middle of.
    options.add_argument("--enable-page-cache=false")
    with _screen() as display:
        service = Service(str(find_or_install(WEBKIT)), env={**os.environ, "DISPLAY": display})
        driver = await asyncio.to_thread(webdriver.WebKitGTK, options, service)
        try:
            yield WebKit(driver)
        finally:
            await asyncio.to_thread(driver.quit)


@contextmanager
def _screen() -> Iterator[str]:
    """A screen that nobody looks at, under a number that is free: WebKitGTK starts with none."""
    with subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "800x1000x24"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as screen:
        assert screen.stdout is not None
        try:
            yield f":{screen.stdout.readline().decode().strip()}"
        finally:
            screen.terminate()


async def _count_entries(demo: Demo) -> int:
    async with connected(demo.served.database_url):
        return await models.Entry.all().count()
