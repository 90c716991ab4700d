"""F7 in a real browser: an author moves to another house while her phone has no signal, and nothing is orphaned."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from ap_log.domain.people import Role
from ap_log.store import models
from tests.browser.behind import fill_quickly
from tests.browser.people import DESK, sign_in
from tests.browser.profiles import connected
from tests.browser.writers import Writer, a_writer, is_open, saves
from tests.waiting import until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

BEFORE, AFTER = "Before she moved", "After she moved"
HELD = "A manager has to look at it before it goes into the log."


@pytest.fixture
async def asha(database_url: str, chromium: Browser) -> AsyncIterator[Writer]:
    async with a_writer(chromium, database_url) as writer:
        yield writer


async def logs(page: Page, words: str) -> None:
    await page.goto("/app/log")
    await is_open(page)
    await fill_quickly(page, words)
    await saves(page)


async def moves(asha: Writer) -> None:
    """From now on she works at Oak House. Times are kept to the second."""
    at = datetime.now(UTC)
    async with connected(asha.database_url):
        await models.Posting.filter(person_id=asha.world.asha.id).update(ended_at=at)
        await models.Posting.create(
            person_id=asha.world.asha.id,
            premises_id=asha.world.oak.id,
            role=Role.RESIDENTIAL_WORKER,
            started_at=at,
        )
    await until(lambda: datetime.now(UTC) > at + timedelta(seconds=1))


async def test_f7_what_waited_when_its_author_moved_is_logged_or_held_for_both_managers_and_stays_on_the_phone(
    asha: Writer, chromium: Browser
) -> None:
    await asha.set_signal(there=False)
    await logs(asha.page, BEFORE)
    await moves(asha)
    await logs(asha.page, AFTER)
    await asha.page.goto("/app/outbox")
    await asha.set_signal(there=True)

    rows = asha.page.locator("[data-items] > li")
    for words in (BEFORE, AFTER):
        await expect(rows.filter(has_text=words).get_by_text("Sent", exact=True)).to_be_visible()
    await expect(rows.filter(has_text=HELD)).to_have_count(1)
    await expect(rows.filter(has_text=AFTER)).to_contain_text(HELD)
    assert await words_logged(asha) == [BEFORE]

    await is_seen_and_taken_by_managers(asha, chromium)
    assert await words_logged(asha) == [BEFORE, AFTER]
    await asha.page.reload()
    await expect(rows).to_have_count(2)


async def is_seen_and_taken_by_managers(asha: Writer, chromium: Browser) -> None:
    """The manager of where she works now sees it too; the one of the resident's house takes it into the log."""
    owen = await sign_in(chromium, asha.served, "owen@example.invalid", DESK)
    await owen.open("/held-entries")
    await expect(owen.page.get_by_role("heading", name="1 entry is held")).to_be_visible()
    await expect(owen.page.get_by_text("Written by Asha Rahman, Oak House")).to_be_visible()
    ben = await sign_in(chromium, asha.served, "ben@example.invalid", DESK)
    await ben.open("/held-entries")
    await ben.page.get_by_role("link", name="Seems under the influence").click()
    await expect(ben.page.get_by_text(AFTER)).to_be_visible()
    await ben.page.get_by_label("Take it into the log").check()
    await ben.page.get_by_role("button", name="Decide").click()
    await expect(ben.page.get_by_role("heading", name="Held entries", exact=True)).to_be_visible()
    await ben.open(f"/residents/{asha.world.residents['gwilym'].id}")
    await expect(ben.page.get_by_text("Sent after its author had moved")).to_have_count(2)


async def words_logged(asha: Writer) -> list[str]:
    return [json.loads(version.body)["words"] for version in await asha.versions()]
