"""F16 to F18 in a real browser: two phones write of one night without signal, and the later one is heard of first."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Page, expect

from ap_log.actions.decide import decide
from ap_log.actions.log_entries import log_entry
from ap_log.domain.recommendations import Choice
from ap_log.store import models, recommendations
from tests.browser.behind import fill_quickly
from tests.browser.people import DESK, PHONE, Someone, sign_in
from tests.browser.profiles import a_world, connected, outbox
from tests.browser.serving import Served, serving
from tests.browser.writers import is_open, saves
from tests.cast import World, an_entry
from tests.waiting import until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

EARLIER, LATER, CHANGED = "Swaying at the gate", "Still swaying at supper", "Swaying at the gate, and sat down"


@dataclass
class House:
    """Asha and Rob at their phones, which knew that Gwilym had no warning, and have lost their signal since."""

    asha: Someone
    rob: Someone
    served: Served
    world: World

    @property
    def gwilym(self) -> str:
        return str(self.world.residents["gwilym"].id)


@pytest.fixture
async def house(database_url: str, chromium: Browser) -> AsyncIterator[House]:
    world = await a_world(database_url)
    async with serving(database_url, "web") as served:
        asha = await sign_in(chromium, served, "asha@example.invalid", PHONE)
        rob = await sign_in(chromium, served, "rob@example.invalid", PHONE)
        for phone in (asha, rob):
            await phone.open("/app/log")
            await is_open(phone.page)
            await phone.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
            await phone.context.set_offline(True)
        yield House(asha, rob, served, world)


async def test_f16_f17_f18_two_accounts_in_the_wrong_order_both_stand_and_the_server_judges_with_all_it_knows(
    house: House, chromium: Browser
) -> None:
    async with connected(house.served.database_url):
        await is_warned_for_the_last_time(house.world)
    for phone, words in ((house.asha, EARLIER), (house.rob, LATER)):
        await writes(phone.page, words)
        await expect(phone.page.locator("[data-step]")).to_contain_text("Provisional: step 1, verbal warning.")
        await expect(phone.page.locator("[data-source]")).to_contain_text("Policy version 1, and what this phone knew")
        await saves(phone.page)
    await changes(house.asha.page)

    await returns(house.rob)
    assert await judged(house) == (4, 1)
    await returns(house.asha)
    assert await judged(house) == (4, 2)
    await both_stand_on_the_page(house, chromium)


async def is_warned_for_the_last_time(world: World) -> None:
    """What neither phone knows: three weeks ago there was a near miss, and Ben has decided."""
    then = datetime.now(UTC) - timedelta(days=21)
    await log_entry(an_entry(world, signs=["admitted"], occurred_at=then.isoformat()), world.asha, then)
    [one] = await recommendations.list_current(world.residents["gwilym"].id)
    await decide(one.id, Choice(str(uuid4()), 3, "A near miss: he was found unresponsive"), world.ben, then)


async def writes(page: Page, words: str) -> None:
    await fill_quickly(page, words)
    await page.get_by_text("Swaying or staggering").tap()
    await page.get_by_text("I thought about other causes").tap()


async def changes(page: Page) -> None:
    """What was tried once without signal may be on its way: this is the next version."""

    async def is_tried() -> bool:
        return bool((await outbox(page))[0]["attempts"])

    await until(is_tried)
    await page.get_by_role("button", name="Undo").tap()
    await page.get_by_label("Anything else?").fill(CHANGED)
    await saves(page)


async def returns(phone: Someone) -> None:
    await phone.context.set_offline(False)
    await expect(phone.page.get_by_role("heading", name="Sent")).to_be_visible()


async def judged(house: House) -> tuple[int | None, int]:
    """The step that the server recommends for tonight, and how many entries it rests on."""
    async with connected(house.served.database_url):
        current = await recommendations.list_current(house.gwilym)
        tonight = [one for one in current if one.decision_id is None]
        stored = await models.Entry.filter(received_at__gt=datetime.now(UTC) - timedelta(hours=1))
    assert len(tonight) == 1
    assert all("step" not in json.loads(entry.body) for entry in stored), "the phone has sent what it suggested"
    return tonight[0].step, len(tonight[0].episode)


async def both_stand_on_the_page(house: House, chromium: Browser) -> None:
    ben = await sign_in(chromium, house.served, "ben@example.invalid", DESK)
    await ben.open(f"/residents/{house.gwilym}")
    main = ben.page.locator("main")
    for words in (CHANGED, LATER):
        await expect(main.get_by_text(words, exact=True)).to_have_count(1)
    for who in ("Asha Rahman", "Rob Ellis"):
        await expect(main.get_by_text(who).first).to_be_visible()
    await expect(main.get_by_text("Version 2: it was changed before it was sent again")).to_have_count(1)
    await expect(main.get_by_text("2 entries within 12 hours are one episode")).to_have_count(1)
    await expect(main.get_by_text("A final written warning for substances")).to_contain_text("climbs to step 4")
