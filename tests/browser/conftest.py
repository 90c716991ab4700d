"""A real Chromium for each test, found or installed; without one the test fails and says what to do."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright

from scripts.chromium import find_or_install, launch_arguments


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A browser with nothing in it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_or_install(), args=launch_arguments())
        yield browser
        await browser.close()
