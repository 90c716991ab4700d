"""The log form in a real browser: it loses nothing, it works by thumb, by keyboard and without scripts, and it fits."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from ap_log.store import models
from tests.browser.profiles import Phone, a_phone, a_world, connected, count_entries, is_ready_for_no_signal
from tests.browser.serving import serving
from tests.cast import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LONG_NAME = "Gwenllian Rhiannon Llywelyn-Fitzgerald"
NARROWEST = {"width": 320, "height": 640}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

STORAGE_IS_FULL = """() => {
  const full = () => { throw new DOMException("Full", "QuotaExceededError"); };
  IDBObjectStore.prototype.kept = [IDBObjectStore.prototype.add, IDBObjectStore.prototype.put];
  IDBObjectStore.prototype.add = full;
  IDBObjectStore.prototype.put = full;
}"""
STORAGE_HAS_ROOM = """() => {
  [IDBObjectStore.prototype.add, IDBObjectStore.prototype.put] = IDBObjectStore.prototype.kept;
}"""


@dataclass
class Asha:
    """Asha's phone with the roster on it, and a resident whose name is as long as names get."""

    phone: Phone
    world: World
    database_url: str

    async def form(self) -> Page:
        page = await self.phone.open("/app/log")
        await expect(page.get_by_role("button", name="Gwilym Tudor")).to_be_visible()
        return page


@pytest.fixture
async def asha(database_url: str, tmp_path: Path) -> AsyncIterator[Asha]:
    world = await a_world(database_url)
    async with connected(database_url):
        await models.Resident.filter(id=world.residents["lewis"].id).update(name=LONG_NAME, antipsychotic=True)
    async with serving(database_url, "web") as served, a_phone(tmp_path / "profile", served.origin) as phone:
        await phone.start()
        await phone.sign_in(database_url, world.asha)
        await is_ready_for_no_signal(await phone.open("/app"))
        yield Asha(phone, world, database_url)


async def _fill(page: Page, resident: str = "Gwilym Tudor") -> None:
    await page.get_by_role("button", name=resident).tap()
    await page.get_by_text("Seems under the influence").tap()
    await page.get_by_text("Glassy or bloodshot eyes").tap()


async def test_a_save_that_fails_says_so_and_the_form_stays_as_it_was(asha: Asha) -> None:
    page = await asha.form()
    await _fill(page)
    await page.get_by_label("Anything else?").fill("By the back door")
    await page.evaluate(STORAGE_IS_FULL)

    await page.get_by_role("button", name="Save").tap()

    await expect(page.get_by_role("alert")).to_contain_text("Not saved")
    await expect(page.get_by_label("Glassy or bloodshot eyes")).to_be_checked()
    await expect(page.get_by_label("Anything else?")).to_have_value("By the back door")
    await page.evaluate(STORAGE_HAS_ROOM)
    await page.get_by_role("button", name="Save").tap()
    await expect(page.get_by_role("heading", name="Sent")).to_be_visible()


async def test_tapping_save_again_and_again_makes_one_entry(asha: Asha) -> None:
    page = await asha.form()
    await _fill(page)

    await page.get_by_role("button", name="Save").evaluate(
        "button => { for (let tap = 0; tap < 5; tap++) button.click(); }"
    )

    await expect(page.get_by_role("heading", name="Sent")).to_be_visible()
    await page.goto("/app/outbox")
    await expect(page.locator("[data-items] > li")).to_have_count(1)
    assert await count_entries(asha.database_url) == 1


async def test_the_evidence_and_the_step_follow_what_is_ticked(asha: Asha) -> None:
    page = await asha.form()
    await _fill(page)
    await expect(page.locator("[data-evidence]")).to_contain_text("Evidence: Suspected")
    await expect(page.locator("[data-step]")).to_have_text("Provisional: step 0, support.")

    await page.get_by_text("Swaying or staggering").tap()
    await expect(page.locator("[data-evidence]")).to_contain_text("Other causes not yet thought about")
    await page.get_by_text("I thought about other causes").tap()

    await expect(page.locator("[data-evidence]")).to_contain_text("Evidence: Strongly suspected")
    await expect(page.locator("[data-step]")).to_have_text("Provisional: step 1, verbal warning.")


async def test_with_a_keyboard_the_list_stays_open_while_moving_through_it(asha: Asha) -> None:
    page = await asha.form()
    await page.get_by_label("Two letters of the name, or the room").fill("gwi")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Change the resident")).to_be_focused()

    await page.get_by_label("Seems under the influence").focus()
    await page.keyboard.press("Space")
    await page.keyboard.press("ArrowDown")

    await expect(page.get_by_label("Had a drug on them or in their room")).to_be_focused()
    await expect(page.get_by_label("Had a drug on them or in their room")).to_be_checked()


async def test_what_is_missing_is_named_and_leads_to_its_question(asha: Asha) -> None:
    page = await asha.form()

    await page.get_by_role("button", name="Save").tap()

    await expect(page.get_by_role("alert")).to_be_focused()
    await expect(page).to_have_title("Error: Log what happened – AP Log")
    await page.get_by_role("link", name="Choose who it is about").tap()
    await expect(page.get_by_label("Two letters of the name, or the room")).to_be_focused()


async def test_every_state_of_the_form_fits_the_narrowest_phone_and_is_accessible(asha: Asha) -> None:
    page = await asha.form()
    await page.set_viewport_size(NARROWEST)  # type: ignore[arg-type]
    await _fits_and_is_accessible(page)
    await page.get_by_role("button", name="Save").tap()
    await _fits_and_is_accessible(page)
    await _fill(page, LONG_NAME)
    await page.get_by_text("Anything that changes it?").tap()
    await page.get_by_text("Another time", exact=True).tap()
    await page.get_by_text("Call 999 now if").tap()
    await _fits_and_is_accessible(page)
    await page.get_by_role("button", name="Save").tap()
    await expect(page.get_by_role("heading", name="Sent")).to_be_visible()
    await _fits_and_is_accessible(page)
    for path in ("/app", "/app/outbox", "/app/offline", "/entries/new"):
        await page.goto(path)
        await _fits_and_is_accessible(page)


async def test_a_form_half_filled_in_comes_back_after_a_reload_and_goes_when_it_is_saved(asha: Asha) -> None:
    page = await asha.form()
    await _fill(page)
    await page.get_by_label("Anything else?").fill("By the back door")
    await page.wait_for_timeout(1000)  # Longer than the pause after the last key.

    await page.reload()

    await expect(page.get_by_text("Your unfinished entry is back")).to_be_visible()
    await expect(page.get_by_text("7 Gwilym Tudor", exact=True)).to_be_visible()
    await expect(page.get_by_label("Glassy or bloodshot eyes")).to_be_checked()
    await expect(page.get_by_label("Anything else?")).to_have_value("By the back door")
    await expect(page.locator("[data-step]")).to_contain_text("Provisional: step 0")
    await page.get_by_role("button", name="Save").tap()
    await expect(page.get_by_role("heading", name="Sent")).to_be_visible()
    await page.get_by_role("button", name="Log another").tap()
    await expect(page.get_by_role("button", name="Gwilym Tudor")).to_be_visible()
    await expect(page.get_by_text("Your unfinished entry is back")).not_to_be_visible()
    assert await count_entries(asha.database_url) == 1


async def test_a_form_that_came_back_can_be_thrown_away_and_a_new_one_opens(asha: Asha) -> None:
    page = await asha.form()
    await _fill(page)
    await page.wait_for_timeout(1000)
    await page.reload()

    await page.get_by_role("button", name="Throw away").tap()
    await page.get_by_role("button", name="Yes, throw it away").tap()

    await expect(page.get_by_role("button", name="Gwilym Tudor")).to_be_visible()
    await expect(page.get_by_text("Your unfinished entry is back")).not_to_be_visible()


async def test_a_message_stands_beside_each_field_until_it_is_mended(asha: Asha) -> None:
    page = await asha.form()
    await page.get_by_role("button", name="Save").tap()
    await expect(page.locator("#resident")).to_have_attribute("aria-describedby", "roster-count resident-error")
    await expect(page.locator("#resident")).to_have_attribute("aria-invalid", "true")
    await expect(page.locator("#happening-error")).to_have_text("Error: Choose what happened")

    await page.get_by_role("button", name="Gwilym Tudor").tap()
    await expect(page.locator("#resident-error")).to_have_count(0)
    await expect(page.get_by_role("alert")).to_contain_text("Choose what happened")
    await page.get_by_text("Seems under the influence").tap()

    await expect(page.get_by_role("alert")).not_to_be_visible()
    await expect(page).to_have_title("Log what happened – AP Log")


async def test_a_sign_of_danger_opens_when_to_call_999(asha: Asha) -> None:
    page = await asha.form()
    await _fill(page)
    await expect(page.locator(".app-emergency")).not_to_have_attribute("open", "")

    await page.get_by_text("Drowsy, hard to rouse").tap()

    await expect(page.locator(".app-emergency")).to_have_attribute("open", "")


async def test_without_scripts_the_phones_form_leads_to_one_that_works(asha: Asha, chromium: Browser) -> None:
    assert asha.phone.context is not None
    plain = await chromium.new_context(java_script_enabled=False, base_url=asha.phone.origin)
    await plain.add_cookies(await asha.phone.context.cookies())  # type: ignore[arg-type]
    page = await plain.new_page()
    await page.goto("/app/log")
    await page.get_by_role("link", name="Log on a page that works without them").click()
    await page.get_by_label(LONG_NAME).check()
    await page.get_by_text("Curfew and house rules").click()
    await page.get_by_label("Not back at 06:00, or whereabouts unknown").check()

    await page.get_by_role("button", name="Save").click()

    await expect(page.get_by_role("heading", name="Sent")).to_be_visible()
    await expect(page.get_by_text("Immediate danger or whereabouts unknown").first).to_be_visible()
    assert await count_entries(asha.database_url) == 1


async def _fits_and_is_accessible(page: Page) -> None:
    width = await page.evaluate("document.documentElement.scrollWidth")
    found = await Axe().run(page, options=RULES)
    assert width <= NARROWEST["width"]
    assert [(violation["id"], violation["nodes"]) for violation in found.response["violations"]] == []
