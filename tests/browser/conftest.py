"""A real Chromium for each test, found or installed; without one the test fails and says what to do."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright, expect

from scripts.chromium import find_or_install, launch_arguments

expect.set_options(timeout=20_000)
"""Milliseconds until something that should show is missed: a limit, not a measure, for machines that others use too."""


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A browser with nothing in it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_or_install(), args=launch_arguments())
        yield browser
        await browser.close()
