"""The app on a phone, in a real Chromium slowed down to a quarter of this machine's speed, beside what it aims for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

from PIL import Image, ImageFilter
from playwright.async_api import Browser, Page, Response, async_playwright

from ap_log.store.migrating import migrate
from bench.aims import Aim, aim, sizes
from scripts.chromium import find_or_install, launch_arguments
from tests.browser.people import PHONE, Someone, sign_in
from tests.browser.profiles import a_phone, connected, is_ready_for_no_signal
from tests.browser.serving import Served, free_port, serving
from tests.cast import World, settle
from tests.fault_proxy import Fault, FaultProxy, Link, all_well, fault_proxy
from tests.torture.soak import bundle
from tests.torture.soak_writer import COUNT_UNSENT

SLOWER = 4
THUMB = 1_000
"""Milliseconds that a thumb takes to the Save button."""

BROWSER_STARTS = 3_000
"""Milliseconds in which a browser that was just started is busy with itself."""

POOR_SIGNAL = Link(round_trip=0.4, bits_per_second=400_000)

SAVED = """() => new Promise((resolve) => {
  const saved = document.querySelector("[data-saved-part]");
  const form = document.querySelector("form.app-form");
  const started = performance.now();
  const look = () => saved.hidden
    ? requestAnimationFrame(look)
    : requestAnimationFrame(() => resolve(performance.now() - started));
  form.requestSubmit();
  look();
})"""

READY = """() => new Promise((resolve) => {
  const look = () => document.querySelector("[data-roster] button") === null
    ? requestAnimationFrame(look)
    : requestAnimationFrame(() => resolve(performance.now()));
  look();
})"""

LOCKED = """() => new Promise((resolve) => {
  const look = () => document.querySelector("[data-gate-locked]").hidden
    ? requestAnimationFrame(look)
    : requestAnimationFrame(() => resolve(performance.now()));
  look();
})"""

UNLOCKED = """() => new Promise((resolve) => {
  const started = performance.now();
  const look = () => document.querySelector("[data-roster] button") === null
    ? requestAnimationFrame(look)
    : requestAnimationFrame(() => resolve(performance.now() - started));
  document.querySelector("[data-gate-unlock]").click();
  look();
})"""


@dataclass
class Bench:
    """Asha's phone on a network that can be taken away or made slow."""

    asha: Someone
    proxy: FaultProxy
    world: World
    database_url: str
    folder: Path
    script: str

    async def page(self, path: str) -> Page:
        """A new, slowed page."""
        page = await self.asha.context.new_page()
        await _slow_down(page)
        await page.goto(path)
        return page

    async def set_signal(self, there: bool) -> None:
        self.proxy.plan = all_well if there else lambda _: Fault.REQUEST_LOST
        await self.asha.context.set_offline(not there)


async def the_app_on_a_phone(folder: Path) -> list[Aim]:
    """Every figure that the app aims for on a phone, the loading ones first."""
    async with _phone(folder) as (bench, loaded):
        rows = [*loaded]
        await bench.set_signal(there=False)
        rows += [aim("Saving a text, to “On this phone”", await _saves(bench, 40, 0), 150)]
        rows += [aim("Saving with 3 photos, to “On this phone”", await _saves(bench, 8, 3), 1000)]
        rows += [aim("A new tab without signal, to the form ready", await _starts(bench, 15), 1200)]
        rows += [aim("Loading again without signal, to the form ready", await _reloads(bench, 15), 700)]
        rows += [aim("A cold start without signal and the unlocking, to the form ready", await _cold(bench, 15), 1200)]
        rows += [aim("Unlocking without signal, from the tap to the form ready", await _unlocks(bench, 15), 1000)]
        rows += [aim("100 texts at 400 ms and 400 kbit/s, to all sent", [await _drain(bench, 100)], 15_000)]
    return rows


async def _saves(bench: Bench, times: int, photos: int) -> list[float]:
    took = []
    for number in range(times):
        page = await bench.page("/app/log")
        await page.locator("[data-roster] button").first.click()
        await page.get_by_text("Seems under the influence").click()
        await page.get_by_text("Swaying or staggering").click()
        if photos:
            await _add_photos(page, photos, number)
        await page.wait_for_timeout(THUMB)
        took.append(await page.evaluate(SAVED))
        await page.close()
    return took


async def _add_photos(page: Page, photos: int, number: int) -> None:
    contents = [_a_photo(number * photos + photo) for photo in range(photos)]
    files: Any = [{"name": "image.jpg", "mimeType": "image/jpeg", "buffer": content} for content in contents]
    await page.locator("input[type=file][multiple]").first.set_input_files(files)
    await page.locator("[data-photos] canvas").nth(photos - 1).wait_for()


def _a_photo(seed: int) -> bytes:
    """Six million points, as a phone takes them, and no two the same."""
    picture, out = Image.effect_noise((3000, 2000), 60 + seed % 40).convert("RGB"), BytesIO()
    picture.filter(ImageFilter.GaussianBlur(3)).save(out, "JPEG", quality=90)
    return out.getvalue()


async def _starts(bench: Bench, times: int) -> list[float]:
    took = []
    for _ in range(times):
        page = await bench.page("/app/log")
        took.append(await page.evaluate(READY))
        await page.close()
    return took


async def _reloads(bench: Bench, times: int) -> list[float]:
    page, took = await bench.page("/app/log"), []
    for _ in range(times):
        await page.reload()
        took.append(await page.evaluate(READY))
    await page.close()
    return took


async def _unlocks(bench: Bench, times: int) -> list[float]:
    took = []
    page = bench.asha.page  # The one with the authenticator.
    await _slow_down(page)
    for _ in range(times):
        await page.goto("/app/log")
        await page.get_by_role("button", name="Lock").first.click()
        await page.locator("[data-gate-unlock]").wait_for()
        took.append(await page.evaluate(UNLOCKED))
    await _slow_down(page, 1)  # A page that is slowed keeps a processor busy doing nothing.
    return took


async def _cold(bench: Bench, times: int) -> list[float]:
    """A browser that starts with what it kept on the disk: to the button that unlocks, and from its tap to the form."""
    took = []
    async with a_phone(bench.folder / "profile", bench.asha.origin) as phone:
        bench.proxy.plan = all_well
        await phone.start()
        await phone.sign_in(bench.database_url, bench.world.asha)
        await is_ready_for_no_signal(await phone.open("/app/log"))
        for _ in range(times):
            await phone.close()
            context = await phone.start(offline=True)
            page = await context.new_page()
            await page.wait_for_timeout(BROWSER_STARTS)
            await _slow_down(page)
            await page.goto("/app/log")
            took.append(await page.evaluate(LOCKED) + await page.evaluate(UNLOCKED))
    return took


async def _slow_down(page: Page, times: int = SLOWER) -> None:
    chrome = await page.context.new_cdp_session(page)
    await chrome.send("Emulation.setCPUThrottlingRate", {"rate": times})


async def _drain(bench: Bench, count: int) -> float:
    """Milliseconds from the moment there is a poor signal until nothing waits."""
    page = bench.asha.page
    await page.goto("/app/offline")
    await page.evaluate(bench.script)
    for _ in range(count):
        await page.evaluate("(entry) => soak.saveOne(entry)", _an_entry(bench.world))
    bench.proxy.link = POOR_SIGNAL
    started = monotonic()
    await bench.set_signal(there=True)
    while await page.evaluate(COUNT_UNSENT):  # noqa: ASYNC110 the browser has no event for it
        await asyncio.sleep(0.1)
    return (monotonic() - started) * 1000


def _an_entry(world: World) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat()
    return {
        "id": str(uuid4()),
        "author": world.asha.id,
        "device": str(uuid4()),
        "resident": world.residents["gwilym"].id,
        "happening": "late-30",
        "occurred_at": now,
        "recorded_at": now,
        "signs": [],
        "words": "Came back at ten past eleven, said the bus was late, went to his room quietly.",
    }


@asynccontextmanager
async def _phone(folder: Path) -> AsyncIterator[tuple[Bench, list[Aim]]]:
    url = f"sqlite://{folder / 'phone.sqlite3'}"
    await migrate(url)
    async with connected(url):
        world = await settle(datetime.now(UTC))
    async with (
        serving(url) as served,
        fault_proxy(served.origin, free_port()) as proxy,
        async_playwright() as playwright,
    ):
        served.environment["AP_LOG_ORIGIN"] = served.origin = proxy.origin
        await served.start("web")
        browser = await playwright.chromium.launch(executable_path=find_or_install(), args=launch_arguments())
        loaded = await _loading(browser, served, proxy)
        asha = await sign_in(browser, served, "asha@example.invalid", PHONE)
        await asha.page.goto("/app/log")
        await asha.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        await asha.page.locator("[data-roster] button").first.wait_for()
        yield Bench(asha, proxy, world, url, folder, bundle(folder)), loaded
        await browser.close()


async def _loading(browser: Browser, served: Served, proxy: FaultProxy) -> list[Aim]:
    """What a phone is sent when it opens the app for the first time, and until it works without signal."""
    context = await browser.new_context(**PHONE, base_url=served.origin)
    page = await context.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 Playwright marks what it calls
    proxy.asked.clear()
    proxy.answered_bytes = 0
    await page.goto("/app", wait_until="load")
    first = sum([await _carried(answer) for answer in answers])
    count = len(answers)
    await page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    whole = proxy.answered_bytes
    await context.close()
    return [
        sizes("First load of the app, kB", first / 1000, 90),
        sizes("First load of the app, requests", count, 12),
        sizes("Until everything needed without signal is there, kB", whole / 1000, 150),
    ]


async def _carried(answer: Response) -> int:
    found = await answer.request.sizes()
    return found["responseBodySize"] + found["responseHeadersSize"]
