"""Takes the pictures in `docs/screens`: the main pages of a fresh demo, on a phone and on a desk.

Run as `python -m scripts.take_screens`, after `make build`.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright, expect

from scripts.chromium import find_or_install, launch_arguments

SCREENS = Path("docs/screens")
WIDTHS = {390: 844, 1280: 900}
PORT, MAIL_PORT = 8470, 8471
ORIGIN = f"http://localhost:{PORT}"

Visit = Callable[[Page], Awaitable[None]]


async def sign_in_page(page: Page) -> None:
    await page.goto(f"{ORIGIN}/sign-in")


async def start(page: Page) -> None:
    await page.goto(f"{ORIGIN}/app")


async def log(page: Page) -> None:
    await page.goto(f"{ORIGIN}/app/log")
    await page.get_by_role("button", name="Farhan Qureshi").click()
    for words in ("Seems under the influence", "Glassy or bloodshot eyes", "Swaying or staggering"):
        await page.get_by_text(words).click()
    await page.get_by_text("I thought about other causes").click()
    await page.get_by_text("Stayed with them").click()
    await page.evaluate("window.scrollTo(0, 0)")


async def outbox(page: Page) -> None:
    await page.context.set_offline(True)
    await log(page)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", name="On this phone")).to_be_visible()
    await page.goto(f"{ORIGIN}/app/outbox")


async def queue(page: Page) -> None:
    await page.goto(f"{ORIGIN}/queue")


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
    await page.goto(f"{ORIGIN}/notices")
    await page.locator("main a[href^='/notices/']").first.click()


async def draft(page: Page) -> None:
    await page.goto(f"{ORIGIN}/policies")
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
    await page.goto(f"{ORIGIN}/consistency")


async def policy_changes(page: Page) -> None:
    await page.goto(f"{ORIGIN}/policies")
    await page.get_by_role("link", name="What it changes").first.click()


VISITS: tuple[tuple[str, str | None, Visit], ...] = (
    ("sign-in", None, sign_in_page),
    ("start", "Asha Rahman", start),
    ("log", "Asha Rahman", log),
    ("outbox", "Asha Rahman", outbox),
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


async def main() -> None:
    async with _demo(), async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_or_install(), args=launch_arguments())
        for name, who, visit in VISITS:  # The last one leaves the draft with a fault.
            for width, height in WIDTHS.items():
                await _take(browser, width, height, name, who, visit)
        await browser.close()


async def _take(browser: Browser, width: int, height: int, name: str, who: str | None, visit: Visit) -> None:
    context = await browser.new_context(viewport={"width": width, "height": height}, locale="en-GB")
    page = await context.new_page()
    if who is not None:
        await page.goto(f"{ORIGIN}/demo")
        await page.get_by_role("button", name=who).click()
        await page.goto(f"{ORIGIN}/app")
        await page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        await page.wait_for_timeout(1500)  # The phone fetches its copy of the roster.
    await visit(page)
    await page.wait_for_timeout(500)
    await page.screenshot(path=SCREENS / f"{name}-{width}.png")
    await context.close()


@asynccontextmanager
async def _demo() -> AsyncIterator[None]:
    """A demo of its own, made and served for the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "AP_LOG_DEMO": "1",
            "AP_LOG_DATABASE_URL": f"sqlite://{folder}/demo.sqlite3",
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
    asyncio.run(main())
