"""The policy in a real browser: written, tried on its examples, rehearsed, published, read and then judged by."""

import re
from datetime import UTC, datetime, timedelta

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from ap_log.actions.log_entries import log_entry
from tests.browser.house import WAIT, connected
from tests.browser.people import DESK, PHONE, Someone, sign_in
from tests.browser.serving import serving
from tests.cast import World, an_entry, settle

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


async def test_a_policy_is_written_tried_rehearsed_published_and_then_judged_by(
    sqlite_url: str, chromium: Browser
) -> None:
    world = await _a_house_with_a_past(sqlite_url)
    async with serving(sqlite_url, "web", "worker") as served, connected(sqlite_url):
        farah = await sign_in(chromium, served, "farah@example.invalid", DESK)
        await farah.open("/policies")
        await farah.page.get_by_role("button", name="Start a draft").click()
        await _writes_a_wrong_number_and_puts_it_right(farah)
        await _rehearses(farah)
        await _publishes(farah)

        asha = await sign_in(chromium, served, "asha@example.invalid", PHONE)
        await expect(asha.page.get_by_text("now starts at step 2, first written warning").first).to_be_visible()
        await asha.page.get_by_role("button", name="I have read this").click()
        await _past_is_judged_as_it_was(asha, world)


async def _a_house_with_a_past(database_url: str) -> World:
    """Three weeks ago Gwilym had kit in his room, which the shipped policy answers with a verbal warning."""
    async with connected(database_url):
        now = datetime.now(UTC)
        world = await settle(now - timedelta(days=60))
        then = now - timedelta(days=21)
        found = an_entry(
            world, happening="paraphernalia", signs=[], occurred_at=then.isoformat(), recorded_at=then.isoformat()
        )
        await log_entry(found, world.asha, then)
        return world


async def _writes_a_wrong_number_and_puts_it_right(farah: Someone) -> None:
    page = farah.page
    await _is_accessible(page)
    await page.get_by_role("link", name="Times").click()
    await page.get_by_label("First written warning").fill("six weeks")
    await page.get_by_role("button", name="Save", exact=True).click()
    summary = page.get_by_role("alert")
    await expect(summary).to_contain_text("must be a whole number from 1 to 3650")
    await expect(page.get_by_label("First written warning")).to_have_value("six weeks")
    await _is_accessible(page)
    await page.get_by_label("First written warning").fill("42")
    await page.get_by_role("button", name="Save", exact=True).click()
    await page.get_by_role("link", name="Where each event starts").click()
    await page.locator("[name='base.SUB-6']").select_option("2")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(
        page.get_by_text("A first written warning now stays active for 42 days instead of 56.")
    ).to_be_visible()


async def _rehearses(farah: Someone) -> None:
    page = farah.page
    draft = page.url
    await page.get_by_role("link", name=re.compile("Rehearse it")).click()
    await page.get_by_role("button", name="Rehearse").click()
    headline = page.get_by_role("heading", name=re.compile("1 of 1 episodes would have differed"))
    await expect(headline).to_be_visible(timeout=WAIT * 1000)  # The page brings itself up to date.
    await _is_accessible(page)
    await page.locator("a[href*='/differences']").first.click()
    await expect(page.get_by_role("link", name=re.compile("Gwilym Tudor")).first).to_be_visible()
    await page.goto(draft)


async def _publishes(farah: Someone) -> None:
    page = farah.page
    await page.locator("a[href$='/publication']").first.click()
    await _is_accessible(page)
    await page.get_by_label("Why").fill("Kit is found before anybody is; six weeks is how long people stay.")
    await page.get_by_label("At once").check()
    await page.locator("form[action$='/publication'] button").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("ersion 2")
    await _is_accessible(page)


async def _past_is_judged_as_it_was(asha: Someone, world: World) -> None:
    await asha.open(f"/residents/{world.residents['gwilym'].id}")
    await asha.page.locator("a[href*='/explanation']").first.click()
    await expect(asha.page.get_by_text("version 1").first).to_be_visible()
    await asha.page.get_by_role("link", name="Cymraeg").click()
    await expect(asha.page.get_by_text("Cam 1").first).to_be_visible()
    await _is_accessible(asha.page)


async def _is_accessible(page: Page) -> None:
    found = await Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
