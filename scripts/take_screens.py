"""Takes the pictures in `docs/screens`: the main pages of a fresh demo, on a phone and on a desk.

Run as `python -m scripts.take_screens`, after `make build`; with names of pictures, it takes only those.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from scripts import phone_screens
from scripts.chromium import find_or_install, launch_arguments

SCREENS = Path("docs/screens")
WIDTHS = {390: 844, 1280: 900}
WHOLE = ("outbox", "phone")
"""Pages that say little where they begin."""

PORT, MAIL_PORT = 8470, 8471
ORIGIN = f"http://localhost:{PORT}"

Visit = Callable[[Page], Awaitable[None]]


async def sign_in_page(page: Page) -> None:
    await page.goto("/sign-in")


async def queue(page: Page) -> None:
    await page.goto("/queue")


async def resident(page: Page) -> None:
    await _open_a_step_4(page)
    await page.get_by_role("link", name="See the whole record").first.click()


async def completion(page: Page) -> None:
    await _open_a_step_4(page)
    await page.get_by_role("button", name="Complete and send").click()


async def _open_a_step_4(page: Page) -> None:
    """The recommendation with the longest way behind it."""
    await queue(page)
    await page.locator(".app-queue__card", has_text="Step 4").locator(".app-queue__link").first.click()


async def notice(page: Page) -> None:
    await page.goto("/notices")
    await page.locator("main a[href^='/notices/']").first.click()


async def draft(page: Page) -> None:
    await page.goto("/policies")
    await page.get_by_role("link", name="Draft of version").first.click()


async def draft_form(page: Page) -> None:
    await draft(page)
    await page.get_by_role("link", name="Times").click()
    await page.get_by_label("First written warning").fill("six weeks")
    await page.get_by_role("button", name="Save", exact=True).click()


async def draft_examples(page: Page) -> None:
    await draft(page)
    await page.get_by_role("link", name="Worked examples").click()


async def draft_comparison(page: Page) -> None:
    await draft(page)
    await page.locator("a[href$='/comparison']").first.click()


async def rehearsal(page: Page) -> None:
    await draft(page)
    await page.locator("a[href$='/rehearsals']").first.click()
    await page.locator("main a[href^='/rehearsals/']").first.click()
    await expect(page.get_by_role("heading", name="would have differed")).to_be_visible(timeout=60_000)


async def rehearsal_differences(page: Page) -> None:
    await rehearsal(page)
    await page.locator("a[href*='/differences']").first.click()


async def explanation(page: Page) -> None:
    await _open_a_step_4(page)
    await page.locator("a[href*='/explanation']").first.click()


async def explanation_in_welsh(page: Page) -> None:
    await explanation(page)
    await page.get_by_role("link", name="Cymraeg").click()


async def consistency(page: Page) -> None:
    await page.goto("/consistency")


async def policy_changes(page: Page) -> None:
    await page.goto("/policies")
    await page.get_by_role("link", name="What it changes").first.click()


VISITS: tuple[tuple[str, str | None, Visit], ...] = (
    ("sign-in", None, sign_in_page),
    ("start", "Asha Rahman", phone_screens.start),
    ("log", "Asha Rahman", phone_screens.log),
    ("log-unfinished", "Asha Rahman", phone_screens.log_unfinished),
    ("log-photo", "Asha Rahman", phone_screens.log_photo),
    ("devices", "Ben Carter", phone_screens.devices),
    ("held-entries", "Ben Carter", phone_screens.held_entries),
    ("held-entry", "Ben Carter", phone_screens.held_entry),
    ("confirmations", "Joseph Adeleke", phone_screens.confirmations),
    ("entry-photos", "Ben Carter", phone_screens.entry_photos),
    ("outbox", "Asha Rahman", phone_screens.outbox),
    ("phone", "Asha Rahman", phone_screens.phone),
    ("gate", None, phone_screens.gate),
    ("queue", "Ben Carter", queue),
    ("resident", "Ben Carter", resident),
    ("completion", "Ben Carter", completion),
    ("notice", "Dev Patel", notice),
    ("policy-changes", "Joseph Adeleke", policy_changes),
    ("draft", "Farah Aziz", draft),
    ("draft-comparison", "Farah Aziz", draft_comparison),
    ("draft-examples", "Farah Aziz", draft_examples),
    ("rehearsal", "Farah Aziz", rehearsal),
    ("rehearsal-differences", "Farah Aziz", rehearsal_differences),
    ("consistency", "Farah Aziz", consistency),
    ("explanation", "Ben Carter", explanation),
    ("explanation-in-welsh", "Ben Carter", explanation_in_welsh),
    ("draft-form", "Farah Aziz", draft_form),
)


async def main(wanted: list[str]) -> None:
    async with _demo(), async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_or_install(), args=launch_arguments())
        for name, who, visit in VISITS:  # The last one leaves the draft with a fault.
            if wanted and name not in wanted:
                continue
            for width, height in WIDTHS.items():
                await _take(browser, width, height, name, who, visit)
        await browser.close()


async def _take(browser: Browser, width: int, height: int, name: str, who: str | None, visit: Visit) -> None:
    size: ViewportSize = {"width": width, "height": height}
    context = await browser.new_context(viewport=size, locale="en-GB", base_url=ORIGIN)
    page = await context.new_page()
    if who is not None:
        await page.goto("/demo")
        await page.get_by_role("button", name=who).click()
        await expect(page).not_to_have_url(f"{ORIGIN}/demo", timeout=phone_screens.PATIENCE_MS)
    await visit(page)
    await page.wait_for_timeout(500)
    await page.screenshot(path=SCREENS / f"{name}-{width}.png", full_page=name in WHOLE)
    await context.close()


@asynccontextmanager
async def _demo() -> AsyncIterator[None]:
    """A demo of its own, made and served for the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "AP_LOG_DEMO": "1",
            "AP_LOG_DATABASE_URL": f"sqlite://{folder}/demo.sqlite3",
            "AP_LOG_SEALING_KEYS": f"{folder}/sealing-keys.json",
            "AP_LOG_ORIGIN": ORIGIN,
            "AP_LOG_SMTP_URL": f"smtp://127.0.0.1:{MAIL_PORT}",
            "AP_LOG_PORT": str(PORT),
        }
        made = await asyncio.create_subprocess_exec(sys.executable, "-m", "ap_log", "demo", "create", env=environment)
        await made.wait()
        processes = [
            await asyncio.create_subprocess_exec(sys.executable, "-m", "ap_log", name, env=environment)
            for name in ("web", "worker")
        ]
        try:
            await _until_it_answers()
            yield
        finally:
            for process in processes:
                process.terminate()
                await process.wait()


async def _until_it_answers() -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", PORT)
            except OSError:
                await asyncio.sleep(0.2)
            else:
                writer.close()
                return


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
