"""The pages of a rehearsal in a real browser: followed to its end, and open to everybody in every state and width."""

from datetime import UTC, datetime

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from ap_log.store.models import AuditRecord, Rehearsal
from tests.browser.house import connected
from tests.browser.people import DESK, Someone, sign_in
from tests.browser.serving import serving
from tests.cast import World, settle
from tests.rehearsing import asked, drafted, happened, in_threads, run

pytestmark = pytest.mark.usefixtures(in_threads.__name__)
_ = in_threads

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDTHS = (320, 1280)
SOON = 15_000  # milliseconds: the page looks less and less often


async def test_a_page_follows_a_rehearsal_to_its_end_and_is_on_the_audit_trail_once(
    sqlite_url: str, chromium: Browser
) -> None:
    async with connected(sqlite_url):
        world = await settle(datetime.now(UTC))
        rehearsal = await asked(world, await drafted(world))
    async with serving(sqlite_url, "web") as served, connected(sqlite_url):
        farah = await sign_in(chromium, served, "farah@example.invalid", DESK)
        await farah.open(f"/rehearsals/{rehearsal}")
        bar, words = farah.page.get_by_role("progressbar"), farah.page.get_by_role("status")
        await expect(words).to_have_text("Waiting to begin.")

        for done in (40, 1200):
            await Rehearsal.all().update(residents=2000, residents_done=done)
            await expect(words).to_have_text(f"{done:,} of 2,000 residents done.", timeout=SOON)
            await expect(bar).to_have_js_property("value", done)
            await expect(bar).to_have_js_property("max", 2000)
        await Rehearsal.all().update(faults=["It went wrong."], finished_at=datetime.now(UTC))
        await expect(farah.page.get_by_text("It went wrong.")).to_be_visible(timeout=SOON)
        assert await AuditRecord.filter(event="rehearsal.watched").count() == 1


async def test_every_page_of_a_rehearsal_can_be_read_by_everybody(sqlite_url: str, chromium: Browser) -> None:
    async with connected(sqlite_url):
        paths = await _of_every_state(await settle(datetime.now(UTC)))
    async with serving(sqlite_url, "web") as served:
        farah = await sign_in(chromium, served, "farah@example.invalid", DESK)
        for path in paths:
            for width in WIDTHS:
                await _is_accessible(farah, path, width)


async def _of_every_state(world: World) -> list[str]:
    """The addresses of rehearsals that found something, found nothing, failed, run, and have lost their list."""
    await happened(world, 40)
    await happened(world, 20, "lewis")
    draft = await drafted(world)
    older = await asked(world, draft)
    await run(world.now)
    done = await asked(world, draft)
    await run(world.now)
    empty = await asked(world, await drafted(world, fit_to_warn_hours=9))
    await run(world.now)
    failed = await asked(world, await drafted(world))
    faults = ["Something went wrong in AP Log while it rehearsed.", "Ask for it again."]
    await Rehearsal.filter(id=failed).update(faults=faults, finished_at=world.now)
    waiting, running = await asked(world, await drafted(world)), await asked(world, await drafted(world))
    await Rehearsal.filter(id=running).update(residents=2000, residents_done=1200, worked_at=world.now)
    states = [f"/rehearsals/{each}" for each in (waiting, running, done, empty, failed, older)]
    lists = [f"/rehearsals/{each}/differences" for each in (done, empty, older)]
    return [f"/policy-drafts/{draft}/rehearsals", *states, *lists]


async def _is_accessible(farah: Someone, path: str, width: int) -> None:
    await farah.page.set_viewport_size({"width": width, "height": 900})
    await farah.open(path)
    found = await Axe().run(farah.page, options=RULES)
    assert found.violations_count == 0, f"{path} at {width}: {found.generate_report()}"
    too_wide = await farah.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not too_wide, f"{path} at {width} scrolls sideways"
