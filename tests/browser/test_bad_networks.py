"""A phone in a real browser behind a network that swallows, cuts, holds back and makes up answers, its worker's too."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from playwright.async_api import Browser, CDPSession, Page, expect

from ap_log.store import models
from tests.browser.people import PHONE, Someone, sign_in
from tests.browser.profiles import a_world, connected
from tests.browser.serving import free_port, serving
from tests.browser.writers import fill, is_open, saves
from tests.fault_proxy import Asked, Fault, FaultProxy, all_well, fault_proxy
from tests.waiting import until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

BY_ITSELF = 20_000
SYNC = "POST /api/sync"
NO_SYNC_MANAGER = "delete globalThis.SyncManager;"
"""Then the pages send and nobody else does: a page's clock can be moved on, the worker's cannot."""

REGISTERS = """(() => {
  const register = navigator.serviceWorker.register.bind(navigator.serviceWorker);
  navigator.serviceWorker.register = (...asked) => (globalThis.coming = register(...asked));
})()"""
WORKER_ENDS = """async () => {
  const { installing, waiting, active } = await coming;
  const worker = installing ?? waiting ?? active;
  if (worker === null) return "redundant"; // It has failed already, and nothing is left of it.
  while (worker.state !== "redundant" && worker.state !== "activated") {
    await new Promise((resolve) => worker.addEventListener("statechange", resolve, { once: true }));
  }
  return worker.state;
}"""
"""What becomes of the worker that a page has registered."""

KEPT = """async () => {
  const [name] = await caches.keys();
  return (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname);
}"""
"""Every address that the worker keeps."""


@dataclass
class Asha:
    """Asha's phone, the way to the server, and what the server holds."""

    someone: Someone
    proxy: FaultProxy
    database_url: str

    @property
    def page(self) -> Page:
        return self.someone.page

    async def is_ready(self) -> None:
        """The app is on the phone, with the roster, and the log form stands open."""
        await self.someone.open("/app/log")
        await is_open(self.page)
        await self.page.evaluate("navigator.serviceWorker.ready.then(() => null)")

    async def has_a_clock_to_move_on(self) -> None:
        """The same, where the page alone sends and its time can be made to pass."""
        # No page may run: it would see 1970 while the clock is changed.
        await self.someone.context.add_init_script(NO_SYNC_MANAGER)
        await self.someone.context.clock.install()
        await self.is_ready()

    def meet(self, fault: Fault, path: str = "/") -> None:
        """From now on this becomes of whatever is asked at an address that begins so; all else comes through."""
        self.proxy.plan = lambda asked: fault if asked.path.startswith(path) else Fault.NONE

    async def writes(self) -> None:
        await fill(self.page)
        await saves(self.page)

    async def is_sent(self) -> None:
        await expect(self.page.get_by_role("heading", name="Sent")).to_be_visible(timeout=BY_ITSELF)

    async def entries(self) -> list[models.Entry]:
        async with connected(self.database_url):
            return await models.Entry.all()

    async def pass_time(self, seconds: int, *, until_sent: bool = False) -> int:
        """Let so many seconds go by for the page, second by second; how many did before the entry was sent."""
        for passed in range(seconds):
            if until_sent and await self.page.get_by_role("heading", name="Sent").is_visible():
                return passed
            await self.someone.context.clock.run_for(1000)
            await asyncio.sleep(0.05)  # What the network does in that second takes real time.
        return seconds


@pytest.fixture
async def asha(database_url: str, chromium: Browser) -> AsyncIterator[Asha]:
    """Signed in, on no page of the app, and without any roster yet."""
    await a_world(database_url)
    async with serving(database_url) as served, fault_proxy(served.origin, free_port()) as proxy:
        served.environment["AP_LOG_ORIGIN"] = served.origin = proxy.origin
        await served.start("web")
        proxy.plan = lambda asked: Fault.REQUEST_LOST if asked.path == "/api/reference" else Fault.NONE
        someone = await sign_in(chromium, served, "asha@example.invalid", PHONE)
        await someone.page.goto("about:blank")
        proxy.plan = all_well
        yield Asha(someone, proxy, database_url)
        await someone.context.close()


@pytest.mark.parametrize("is_last", [False, True], ids=["a chance", "the last chance"])
async def test_f13_three_tabs_and_the_worker_asked_at_once_send_each_entry_once(asha: Asha, is_last: bool) -> None:
    await asha.is_ready()
    tabs = [asha.page, *[await asha.someone.context.new_page() for _ in range(2)]]
    for tab, path in zip(tabs[1:], ("/app", "/app/outbox"), strict=True):
        await tab.goto(path)
    chrome, worker = await _worker(asha.page, is_last=is_last)
    asha.meet(Fault.REQUEST_LOST)
    for _ in range(3):
        await asha.someone.open("/app/log")
        await asha.writes()

    pushed: list[str] = []

    def plan(asked: Asked) -> Fault:
        if asked.path == "/api/sync":
            pushed.extend(entry["id"] for entry in msgspec.json.decode(asked.body)["entries"])
            return Fault.DELAYED
        return Fault.NONE

    asha.proxy.plan = plan
    woken = [tab.evaluate("dispatchEvent(new Event('online')) && null") for tab in tabs]
    await asyncio.gather(*woken, chrome.send("ServiceWorker.dispatchSyncEvent", worker))
    await expect(tabs[2].get_by_text("Sent", exact=True)).to_have_count(3, timeout=BY_ITSELF)
    await asyncio.sleep(3)  # Whoever found the lock taken looks again within two seconds.

    assert len(pushed) == len(set(pushed)) == 3
    assert len(await asha.entries()) == 3


@pytest.mark.parametrize("is_last", [False, True], ids=["a chance", "the last chance"])
async def test_what_the_worker_could_not_send_when_it_was_asked_stays_and_goes_later(asha: Asha, is_last: bool) -> None:
    await asha.is_ready()
    chrome, worker = await _worker(asha.page, is_last=is_last)
    asha.meet(Fault.REQUEST_LOST)
    await asha.writes()
    await asha.page.goto("about:blank")  # From here on the worker alone sends.
    await asyncio.sleep(3)  # The browser's own event, and what the page had begun.
    before = asha.proxy.asked.count(SYNC)

    await chrome.send("ServiceWorker.dispatchSyncEvent", worker)
    await until(lambda: asha.proxy.asked.count(SYNC) > before, BY_ITSELF / 1000)
    await asha.page.goto("/app/outbox")
    rows = asha.page.locator("[data-items] > li")
    await expect(rows.get_by_text("On this phone", exact=True)).to_have_count(1)
    assert await asha.entries() == []

    asha.proxy.plan = all_well
    await expect(rows.get_by_text("Sent", exact=True)).to_have_count(1, timeout=BY_ITSELF)
    assert len(await asha.entries()) == 1


async def _worker(page: Page, *, is_last: bool) -> tuple[CDPSession, dict[str, object]]:
    """A way to the browser, and which worker a sync event there is for. `is_last`: the browser will not ask again."""
    chrome = await page.context.new_cdp_session(page)
    found: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def heard(event: dict[str, list[dict[str, str]]]) -> None:
        if event["registrations"] and not found.done():
            found.set_result(event["registrations"][0]["registrationId"])

    chrome.on("ServiceWorker.workerRegistrationUpdated", heard)
    await chrome.send("ServiceWorker.enable")
    origin = await page.evaluate("origin")
    return chrome, {"origin": origin, "registrationId": await found, "tag": "ap-log-drain", "lastChance": is_last}


async def test_f19_after_ten_minutes_without_an_end_all_is_sent_within_a_minute_and_without_a_reload(
    asha: Asha,
) -> None:
    await asha.has_a_clock_to_move_on()
    await asha.page.evaluate("globalThis.isTheSame = true")
    asha.meet(Fault.BLACK_HOLE)
    await asha.writes()
    before = asha.proxy.asked.count(SYNC)

    await asha.pass_time(10 * 60)
    assert asha.proxy.asked.count(SYNC) - before > 5, "it was not tried again"
    await expect(asha.page.get_by_role("heading", name="On this phone")).to_be_visible()
    assert await asha.entries() == []

    asha.proxy.plan = all_well  # What is open stays open: only what is asked from now on is answered.
    assert await asha.pass_time(60, until_sent=True) < 60
    assert await asha.page.evaluate("globalThis.isTheSame") is True
    assert len(await asha.entries()) == 1


async def test_f21_what_the_server_stored_and_answered_too_late_is_sent_once_by_its_receipt(asha: Asha) -> None:
    await asha.has_a_clock_to_move_on()
    asha.proxy.delay = 130
    asha.meet(Fault.ANSWER_SLOW, "/api/sync")
    await asha.writes()
    await until(asha.entries, BY_ITSELF / 1000)
    await expect(asha.page.get_by_role("heading", name="On this phone")).to_be_visible()

    await asha.pass_time(50)
    assert asha.proxy.done[Fault.ANSWER_SLOW] >= 1
    asha.proxy.plan = all_well
    assert await asha.pass_time(130 - 50, until_sent=True) < 130 - 50, "it waited for the first answer"
    assert len(await asha.entries()) == 1
    async with connected(asha.database_url):
        assert await models.AuditRecord.filter(event="entry.stored").count() == 1


@pytest.mark.parametrize(
    ("fault", "path"),
    [
        (Fault.PORTAL_PAGE, "/"),
        (Fault.PORTAL_REDIRECT, "/"),
        (Fault.PROXY_ERROR, "/api/"),
        (Fault.REQUEST_LOST, "/api/"),
        (Fault.NONSENSE, "/api/"),
    ],
    ids=["portal 200", "portal 302", "API down", "API lost", "somebody else's JSON"],
)
async def test_f35_while_only_others_answer_it_waits_and_then_it_is_sent(asha: Asha, fault: Fault, path: str) -> None:
    await asha.is_ready()
    asha.meet(fault, path)
    await asha.writes()
    await asha.page.goto("/app/phone")
    shown = asha.page.locator("[data-shown]").first
    await asha.page.get_by_role("button", name="Send now").click()
    await expect(shown).to_contain_text("1 entry waits.")
    await expect(shown).to_contain_text("Not sent yet.")
    assert asha.proxy.done[fault] > 0
    await asha.page.goto("/app/outbox")
    await expect(asha.page.get_by_role("listitem").filter(has_text="Gwilym Tudor")).to_be_visible()
    await expect(asha.page.get_by_text("Sent", exact=True)).to_have_count(0)

    asha.proxy.plan = all_well
    await asha.page.goto("/app/phone")
    await expect(shown).to_have_text("Nothing waits on this phone.", timeout=BY_ITSELF)
    assert len(await asha.entries()) == 1


async def test_f35_send_now_does_not_wait_for_the_next_try(asha: Asha) -> None:
    await asha.has_a_clock_to_move_on()
    asha.meet(Fault.REQUEST_LOST, "/api/sync")
    await asha.writes()
    await asha.page.goto("/app/phone")
    shown = asha.page.locator("[data-shown]").first
    await expect(shown).to_contain_text("Not sent yet.")
    await asha.someone.context.clock.pause_at(datetime.now(UTC) + timedelta(seconds=1))  # There is no next try.
    asha.proxy.plan = all_well
    await asha.page.get_by_role("button", name="Send now").click()
    await expect(shown).to_have_text("Nothing waits on this phone.", timeout=BY_ITSELF)
    assert len(await asha.entries()) == 1


async def test_f35_where_the_browser_says_offline_and_every_probe_fails_what_can_be_sent_is(asha: Asha) -> None:
    await asha.someone.context.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false });"
    )
    await asha.is_ready()
    asha.proxy.plan = lambda asked: Fault.NONE if asked.path == "/api/sync" else Fault.REFUSED
    await asha.writes()
    await asha.is_sent()
    assert len(await asha.entries()) == 1


async def test_f42_a_roster_that_is_cut_anywhere_is_none_and_the_next_is_whole(asha: Asha) -> None:
    form, roster = asha.page.locator("form.app-form"), asha.page.locator("[data-roster] button")
    missing = asha.page.get_by_role("heading", name="No residents on this phone yet")
    for share in range(5, 100, 5):
        asha.proxy.cut_at = share / 100
        asha.meet(Fault.ANSWER_CUT, "/api/reference")
        await asha.someone.open("/app/log")
        await expect(missing).to_be_visible()
        await expect(form).not_to_be_visible()
        await expect(roster).to_have_count(0)
        await expect(asha.page.get_by_text("Provisional")).to_have_count(0)
    assert asha.proxy.done[Fault.ANSWER_CUT] >= 19
    asha.proxy.plan = all_well
    await asha.someone.open("/app/log")
    await expect(asha.page.get_by_role("button", name="Gwilym Tudor")).to_be_visible()
    await expect(roster).to_have_count(2)


async def test_f42_an_app_whose_loading_is_cut_at_each_of_its_files_is_none_until_it_is_whole(
    asha: Asha, chromium: Browser
) -> None:
    cut: list[str] = []
    this_time: list[str] = []

    def plan(asked: Asked) -> Fault:
        """In each loading, the first of the worker's files that was not cut before, however often it is asked for."""
        is_kept = b"sec-fetch-dest: empty" in asked.head.lower() and asked.path.startswith(("/static/", "/app"))
        if is_kept and not this_time and asked.path not in cut:
            cut.append(asked.path)
            this_time.append(asked.path)
        if asked.path not in this_time:
            return Fault.NONE
        # Half of "not modified" is all of it.
        return Fault.ANSWER_LOST if b"if-none-match" in asked.head.lower() else Fault.ANSWER_CUT

    asha.proxy.plan = plan
    page = await (await chromium.new_context(**PHONE, base_url=asha.proxy.origin)).new_page()
    await page.add_init_script(REGISTERS)
    while await _loads(page) == "redundant":
        assert this_time, "it was not cut, and failed"
        this_time.clear()
    assert not this_time, "what was cut was taken for whole"
    assert set(await page.evaluate(KEPT)) == set(cut)
    asha.meet(Fault.REQUEST_LOST)
    await page.goto("/app/log")
    await expect(page.get_by_role("heading", name="Sign in to log on this phone")).to_be_visible()


async def _loads(page: Page) -> str:
    """Open the app for the first time once more; what becomes of its worker."""
    await page.goto("/sign-in")
    state: str = await page.evaluate(WORKER_ENDS)
    return state
