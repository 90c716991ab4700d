"""After saving, in a real browser: Undo brings the form back, and taps that come too fast or too late mean nothing."""

from collections.abc import AsyncIterator

import msgspec
import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.writers import Writer, a_writer, fill, holds, is_open, saves

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NOBODY_TRIES = """() => navigator.locks.request("ap-log-drain", () => new Promise(() => null)) && null"""
"""Another window holds the drainer's lock, so that nothing that is saved is tried."""

TAPS = 10
TAP_EVERY_MS = 30
SLOWER = 20


@pytest.fixture
async def asha(database_url: str, chromium: Browser) -> AsyncIterator[Writer]:
    async with a_writer(chromium, database_url) as writer:
        yield writer


async def test_undo_of_what_nobody_tried_to_send_takes_the_entry_back(asha: Writer) -> None:
    page = asha.page
    await (await asha.form()).evaluate(NOBODY_TRIES)
    await fill(page)
    await saves(page)

    await page.get_by_role("button", name="Undo").tap()

    await expect(page.get_by_text("Taken back. It is not saved until you tap Save.")).to_be_visible()
    await holds(page)
    await page.reload()
    await holds(page)
    await page.goto("/app/outbox")
    await expect(page.locator("[data-items] > li")).to_have_count(0)


async def test_undo_of_what_was_sent_changes_it_and_the_record_keeps_both(asha: Writer) -> None:
    page = asha.page
    await fill(page)
    await saves(page)
    await expect(page.get_by_role("heading", name="Sent")).to_be_visible()

    await page.get_by_role("button", name="Undo").tap()
    await expect(page.get_by_role("heading", name="Change what you saved")).to_be_visible()
    await holds(page)
    await page.get_by_label("Anything else?").fill("By the front door")
    await saves(page)
    await expect(page.get_by_role("heading", name="Sent")).to_be_visible()

    first, second = await asha.versions()
    assert (first.entry_id, first.version, second.version) == (second.entry_id, 1, 2)
    assert [_words(version.body) for version in (first, second)] == ["By the back door", "By the front door"]


async def test_f15_changed_and_changed_back_ends_as_it_was_written_last(asha: Writer) -> None:
    page = asha.page
    await asha.set_signal(there=False)
    await fill(page)
    await saves(page)
    for words in ("By the front door", "By the back door"):
        await page.get_by_role("button", name="Undo").tap()
        await page.get_by_label("Anything else?").fill(words)
        await saves(page)

    await asha.set_signal(there=True)
    await expect(page.get_by_role("heading", name="Sent")).to_be_visible(timeout=15_000)

    assert _words((await asha.versions())[-1].body) == "By the back door"


async def test_a_change_can_be_left_and_nothing_is_unfinished_then(asha: Writer) -> None:
    page = asha.page
    await fill(page)
    await saves(page)
    await expect(page.get_by_role("heading", name="Sent")).to_be_visible()
    await page.get_by_role("button", name="Undo").tap()
    await page.get_by_role("button", name="Leave it as it was").tap()

    await expect(page.get_by_role("button", name="Gwilym Tudor")).to_be_visible()
    await page.reload()
    await is_open(page)
    await expect(page.locator("[data-unfinished]")).not_to_be_visible()
    assert len(await asha.versions()) == 1


async def test_f12_ten_taps_on_save_within_300_ms_on_a_slow_phone_are_one_entry_and_undo_nothing(asha: Writer) -> None:
    page = asha.page
    await fill(page)
    await _tap_save(page, TAPS)

    await expect(page.get_by_role("heading", name="Sent")).to_be_visible(timeout=60_000)
    await page.wait_for_timeout(1000)
    await expect(page.get_by_role("heading", name="Sent")).to_be_visible()
    assert len(await asha.versions()) == 1


async def _tap_save(page: Page, count: int) -> None:
    """Real touches where "Save" is, whatever comes up there meanwhile."""
    box = await page.get_by_role("button", name="Save").bounding_box()
    assert box is not None
    chrome = await page.context.new_cdp_session(page)
    await chrome.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for _ in range(count):
        await page.touchscreen.tap(x, y)
        await page.wait_for_timeout(TAP_EVERY_MS)
    await chrome.send("Emulation.setCPUThrottlingRate", {"rate": 1})


def _words(body: str) -> str:
    content: dict[str, str] = msgspec.json.decode(body)
    return content["words"]
