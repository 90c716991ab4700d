"""F25 in a real browser: phones whose clock is years, a day or hours out, or is set while the form is open."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from ap_log.domain.clocks import is_in_doubt
from ap_log.store import models, recommendations
from tests.browser.people import PHONE, Someone, accept_invitation, arrive
from tests.browser.profiles import a_world, connected
from tests.browser.serving import Served, serving
from tests.browser.writers import is_open, saves
from tests.cast import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NEAR = timedelta(minutes=2)
"""What is put right is as near as this to when it was: tests take their time."""

SET_BACK = timedelta(hours=2, seconds=30)
"""Two hours, as it is said, whatever the seconds in between do."""

AGE_AGO = datetime(1970, 1, 1, 0, 10, tzinfo=UTC)
CLOCKS_GO_BACK = datetime(2025, 10, 26, 1, tzinfo=UTC)
NO_SYNC_MANAGER = "delete globalThis.SyncManager;"
"""Then the pages send and nobody else does: the worker has the clock of this machine."""

CLOCK = """(() => {
  const [Right, origin] = [Date, performance.timeOrigin];
  globalThis.aheadMs = 0;
  const now = () => Right.now() + globalThis.aheadMs;
  globalThis.Date = new Proxy(Right, {
    construct: (_, asked) => (asked.length === 0 ? new Right(now()) : new Right(...asked)),
    get: (_, name) => (name === "now" ? now : Right[name]),
  });
  let openedAt;
  queueMicrotask(() => (openedAt = origin + globalThis.aheadMs));
  Object.defineProperty(Performance.prototype, "timeOrigin", { get: () => openedAt ?? origin + globalThis.aheadMs });
})()"""
"""What a page takes for the time. The steady clock and the timers go on, as on a phone whose clock is set."""


@dataclass
class Phone:
    """A phone whose clock shows what it is set to, and goes on from there. Its steady clock is not touched."""

    someone: Someone

    @property
    def page(self) -> Page:
        return self.someone.page

    async def set_clock(self, to: datetime) -> None:
        """On the page that is open, and on every later one."""
        said = f"globalThis.aheadMs = {(to - datetime.now(UTC)) // timedelta(milliseconds=1)};"
        await self.someone.context.add_init_script(said)
        await self.page.evaluate(said)

    async def sleeps_and_shows(self, at: datetime) -> None:
        """The same while no page of AP Log is open."""
        await self.page.goto("about:blank")
        await self.set_clock(at)

    async def shows(self) -> datetime:
        return datetime.fromtimestamp(await self.page.evaluate("Date.now()") / 1000, UTC)

    async def opens_form(self) -> None:
        """After a clock that jumped, AP Log may have locked itself, and asks the server anew."""
        async with self.page.expect_response("**/api/reference"):
            await self.page.goto("/app/log")
            form, unlock = self.page.locator("form.app-form"), self.page.get_by_role("button", name="Unlock")
            await expect(form.or_(unlock).first).to_be_visible()
            if await unlock.is_visible():
                await unlock.tap()
                await expect(form).to_be_visible()
        await is_open(self.page)

    async def fills(self, words: str) -> None:
        await self.page.get_by_role("button", name="Gwilym Tudor").tap()
        await self.page.get_by_text("Seems under the influence").tap()
        await self.page.get_by_text("Swaying or staggering").tap()
        await self.page.get_by_text("I thought about other causes").tap()
        await self.page.get_by_label("Anything else?").fill(words)

    async def logs(self, words: str) -> None:
        await self.opens_form()
        await self.fills(words)
        await saves(self.page)
        await self.is_sent()

    async def is_sent(self) -> None:
        await expect(self.page.get_by_role("heading", name="Sent")).to_be_visible()


@asynccontextmanager
async def a_phone_whose_clock_shows(at: datetime, chromium: Browser, served: Served, who: str) -> AsyncIterator[Phone]:
    """Signed in with a clock that was wrong all along."""
    someone = await arrive(chromium, served, PHONE)
    await someone.context.add_init_script(NO_SYNC_MANAGER)
    await someone.context.add_init_script(CLOCK)
    phone = Phone(someone)
    await phone.set_clock(at)
    await accept_invitation(someone.page, served, f"{who}@example.invalid")
    await someone.page.goto("about:blank")
    yield phone
    await someone.context.close()


async def test_f25_with_a_wrong_clock_one_signs_in_and_logs_and_the_record_is_put_right_and_says_where_it_is_in_doubt(
    database_url: str, chromium: Browser
) -> None:
    world = await a_world(database_url)
    began = datetime.now(UTC)
    async with serving(database_url, "web") as served:
        async with a_phone_whose_clock_shows(AGE_AGO, chromium, served, "rob") as phone:
            await phone.logs("In 1970")
        async with a_phone_whose_clock_shows(began - timedelta(hours=2), chromium, served, "asha") as phone:
            await phone.logs("Two hours slow")
            await expect(phone.page.get_by_text("This phone's clock is 2 hours slow.")).to_have_count(1)
            await phone.sleeps_and_shows(datetime.now(UTC) + timedelta(days=1))
            await phone.logs("A day fast")
            await logs_while_the_clock_is_set(phone)
            await logs_while_the_clocks_go_back(phone)
            await page_says_which(phone.page, world)
    await all_count_from_tonight(world, database_url)


async def logs_while_the_clocks_go_back(phone: Phone) -> None:
    """Opened at two in summer, saved at one in winter, a few seconds later."""
    await phone.sleeps_and_shows(CLOCKS_GO_BACK - timedelta(seconds=8))
    await phone.opens_form()
    assert await phone.shows() < CLOCKS_GO_BACK, "the form was opened too late"
    await phone.fills("When the clocks went back")
    await phone.page.wait_for_function("(at) => Date.now() > at", arg=CLOCKS_GO_BACK.timestamp() * 1000)
    await saves(phone.page)
    await phone.is_sent()


async def logs_while_the_clock_is_set(phone: Phone) -> None:
    """Right when the form was opened, two hours slow when it was saved, and right again when it is sent."""
    await phone.sleeps_and_shows(datetime.now(UTC))
    await phone.opens_form()
    await phone.someone.context.set_offline(True)
    await phone.fills("Set while it was open")
    await phone.set_clock(datetime.now(UTC) - SET_BACK)
    await saves(phone.page)
    await phone.set_clock(datetime.now(UTC))
    await phone.someone.context.set_offline(False)
    await phone.is_sent()


async def page_says_which(page: Page, world: World) -> None:
    """Whoever reads the record is told what the phone said, and which time may be wrong."""
    await page.goto(f"/residents/{world.residents['gwilym'].id}")
    await expect(page.get_by_text("Its clock was wrong, and is put right")).to_have_count(4)
    await expect(page.get_by_text("The phone said 1 January 1970 at")).to_have_count(1)
    await expect(page.get_by_text("The phone said 26 October 2025 at 01:59.")).to_have_count(1)
    await expect(page.get_by_text("The time is in doubt")).to_have_count(1)
    await expect(page.get_by_text("the phone’s clock and the server’s disagree by 2 hours")).to_have_count(1)


async def all_count_from_tonight(world: World, database_url: str) -> None:
    """Whatever the phone showed: each counts from when it was, so that the policy judges one episode of them all."""
    async with connected(database_url):
        entries = {json.loads(entry.body)["words"]: entry for entry in await models.Entry.all()}
        [recommended] = await recommendations.list_current(world.residents["gwilym"].id)
    assert {said for said, entry in entries.items() if is_in_doubt(entry.doubt_ms)} == {"Set while it was open"}
    for entry in entries.values():
        assert timedelta(0) <= entry.recorded_at - entry.occurred_at < NEAR
        assert timedelta(0) <= entry.received_at - entry.recorded_at < NEAR
        assert entry.since_contact_ms is not None
    ahead = {said: timedelta(milliseconds=entry.clock_offset_ms or 0) for said, entry in entries.items()}
    assert ahead["In 1970"] > timedelta(days=365 * 50)
    assert ahead["Two hours slow"] == pytest.approx(timedelta(hours=2), abs=NEAR)
    assert ahead["A day fast"] == pytest.approx(timedelta(days=-1), abs=NEAR)
    assert json.loads(entries["In 1970"].body)["recorded_at"].startswith("1970-01-01T")
    assert set(recommended.episode) == {entry.entry_id for entry in entries.values()}
    assert len(entries) == 5
