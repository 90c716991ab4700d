"""A session that is over when signal returns: what was saved without signal waits for one use of the passkey."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from ap_log.store import models, sessions
from tests.browser.people import PHONE, Someone, sign_in
from tests.browser.profiles import a_world, connected
from tests.browser.serving import Served, serving
from tests.browser.writers import is_open

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

WORDS = ("Before tea", "After tea", "At the curfew", "By the back door", "In the small hours")

COUNT_USES = """(() => {
  const passkeys = navigator.credentials;
  for (const way of passkeys === undefined ? [] : ["get", "create"]) {
    const use = passkeys[way].bind(passkeys);
    passkeys[way] = async (...asked) => {
      await passkeyUsed(way);
      return use(...asked);
    };
  }
})()"""


async def at_work(chromium: Browser, served: Served) -> tuple[Someone, list[str]]:
    """Asha with the log form open and ready for no signal, and a list of every later use of a passkey."""
    asha = await sign_in(chromium, served, "asha@example.invalid", PHONE)
    uses: list[str] = []

    def note(way: str) -> None:
        uses.append(way)

    await asha.context.expose_function("passkeyUsed", note)
    await asha.context.add_init_script(COUNT_USES)
    await asha.open("/app/log")
    await is_open(asha.page)
    await asha.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    return asha, uses


async def saves_all(asha: Someone) -> None:
    """Without signal, one entry for each of the words."""
    await asha.context.set_offline(True)
    for words in WORDS:
        await asha.open("/app/log")
        await asha.page.get_by_role("button", name="Gwilym Tudor").tap()
        await asha.page.get_by_text("Seems under the influence").tap()
        await asha.page.get_by_label("Anything else?").fill(words)
        await asha.page.get_by_role("button", name="Save").tap()
        await expect(asha.page.get_by_role("heading", name="On this phone")).to_be_visible()


async def end_session(how: str) -> None:
    """What becomes of every session there is: ended by the server, left idle for too long, or longer than a shift."""
    now = datetime.now(UTC)
    then = {
        "ended": {"ended_at": now},
        "idle": {"seen_at": now - sessions.IDLE},
        "over": {"started_at": now - sessions.ABSOLUTE - timedelta(minutes=1)},
    }
    assert await models.Session.all().update(**then[how]) == 1


async def all_wait(outbox: Page) -> None:
    """Every entry stands in the list, on the phone alone, and the page says and offers what is to be done."""
    rows = outbox.locator("[data-items] > li")
    await expect(outbox.get_by_role("button", name="Sign in to send", exact=True)).to_be_visible()
    await expect(outbox.locator("[data-shown]").first).to_have_text(f"{len(WORDS)} entries wait. Sign in to send.")
    await expect(rows).to_have_count(len(WORDS))
    for words in WORDS:
        entry = rows.filter(has_text=words)
        await expect(entry.get_by_text("On this phone", exact=True)).to_be_visible()
        await expect(entry.get_by_text("Sign in to send it.", exact=True)).to_be_visible()
    await expect(rows.get_by_text("Sent", exact=True)).to_have_count(0)


@pytest.mark.parametrize("how", ["ended", "idle", "over"])
async def test_f24_what_was_saved_before_the_session_ended_waits_and_one_sign_in_sends_it_once(
    database_url: str, chromium: Browser, how: str
) -> None:
    world = await a_world(database_url)
    async with serving(database_url, "web") as served:
        asha, uses = await at_work(chromium, served)
        await saves_all(asha)
        await asha.open("/app/outbox")
        async with connected(database_url):
            await end_session(how)
        await asha.context.set_offline(False)

        await all_wait(asha.page)
        await asha.page.reload()
        await all_wait(asha.page)
        async with connected(database_url):
            assert await models.Entry.all().count() + await models.HeldEntry.all().count() == 0
        assert uses == []

        await asha.page.get_by_role("button", name="Sign in to send", exact=True).tap()
        await asha.page.get_by_role("button", name="Sign in with your passkey").tap()
        await asha.page.wait_for_url("**/app/outbox")
        rows = asha.page.locator("[data-items] > li")
        await expect(rows.get_by_text("Sent", exact=True)).to_have_count(len(WORDS))
        await expect(rows).to_have_count(len(WORDS))
        assert uses == ["get"]
    async with connected(database_url):
        stored = await models.Entry.all()
        assert Counter(json.loads(entry.body)["words"] for entry in stored) == Counter(WORDS)
        assert {json.loads(entry.body)["author"] for entry in stored} == {world.asha.id}
        assert {(entry.author_id, entry.courier_id) for entry in stored} == {(world.asha.id, world.asha.id)}
        assert await models.HeldEntry.all().count() == 0
        assert await models.AuditRecord.filter(event="entry.stored").count() == len(WORDS)
