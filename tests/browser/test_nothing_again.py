"""F34 in a real browser: a phone that has sent a thousand entries takes a new version, and sends none of them again."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from playwright.async_api import Page, expect

from ap_log.store import models
from tests.browser.behind import fill_quickly
from tests.browser.profiles import Phone, a_phone, a_world, connected, is_ready_for_no_signal, outbox
from tests.browser.serving import free_port, serving
from tests.browser.writers import is_open, saves
from tests.fault_proxy import Asked, Fault, fault_proxy

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ROOT = Path(__file__).parents[2]
ENTRIES = 1000

ALSO_SENT = """async (rows) => {
  const done = (what) => new Promise((resolve, reject) => {
    what.onsuccess = what.oncomplete = () => resolve(what.result);
    what.onerror = what.onabort = () => reject(what.error);
  });
  const database = await done(indexedDB.open("ap-log"));
  const writing = database.transaction(["outbox", "parcels"], "readwrite");
  const [outbox, parcels] = ["outbox", "parcels"].map((name) => writing.objectStore(name));
  const [[item], [parcel]] = await Promise.all([outbox, parcels].map((store) => done(store.getAll())));
  for (const { id, sha256, sequence } of rows) {
    outbox.put({ ...item, id, sha256, receipt: { ...item.receipt, id, sha256, sequence } });
    parcels.put({ ...parcel, id, sha256 });
  }
  await done(writing);
  database.close();
  return item.state;
}"""
"""The one entry that was sent from here, with its receipt and its bytes, and as many more like it."""


@dataclass
class House:
    """A phone with the app, a server that runs from a copy of the code, and what the phone pushed: ids of entries."""

    phone: Phone
    code: Path
    database_url: str
    pushed: list[str]

    def plan(self, asked: Asked) -> Fault:
        if asked.path == "/api/sync":
            self.pushed += [entry["id"] for entry in msgspec.json.decode(asked.body)["entries"]]
        return Fault.NONE

    def release(self) -> None:
        """Another version: only the worker's build id differs."""
        worker = self.code / "ap_log" / "static" / "service-worker.js"
        worker.write_text(worker.read_text() + "// The next version.\n")


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    world = await a_world(database_url)
    code = tmp_path / "code"
    for folder in ("ap_log", "web/templates"):
        shutil.copytree(ROOT / folder, code / folder, ignore=shutil.ignore_patterns("__pycache__", "*.br", "*.gz"))
    async with (
        serving(database_url) as served,
        fault_proxy(served.origin, free_port()) as proxy,
        a_phone(tmp_path / "profile", proxy.origin) as phone,
    ):
        served.environment |= {"PYTHONPATH": str(code), "PYTHONSAFEPATH": "1", "AP_LOG_ORIGIN": proxy.origin}
        served.origin = proxy.origin
        house = House(phone, code, database_url, [])
        proxy.plan = house.plan
        await served.start("web")
        await phone.start()
        await phone.sign_in(database_url, world.asha)
        await is_ready_for_no_signal(await phone.open("/app"))
        yield house


async def test_f34_a_new_version_sends_none_of_a_thousand_entries_again_that_were_sent(house: House) -> None:
    page = await house.phone.open("/app/log")
    await logs(page)
    rows = await also_on_the_server(house)
    assert await page.evaluate(ALSO_SENT, rows) == "sent"
    assert len(house.pushed) == 1

    await page.goto("/app")
    house.release()
    await page.evaluate("navigator.serviceWorker.ready.then((found) => found.update()).catch(() => null)")
    async with page.expect_navigation():
        await page.get_by_role("button", name="Use it now").tap()
    await page.goto("/app/log")
    await logs(page)
    await page.goto("/app/outbox")
    await expect(page.get_by_text("Sent", exact=True)).to_have_count(ENTRIES + 2)

    assert len(house.pushed) == 2, "more than the new entry was sent"
    assert [item["state"] for item in await outbox(page)] == ["sent"] * (ENTRIES + 2)
    async with connected(house.database_url):
        assert await models.Entry.all().count() == ENTRIES + 2


async def logs(page: Page) -> None:
    await is_open(page)
    await fill_quickly(page, "By the back door")
    await saves(page)
    await expect(page.get_by_role("heading", name="Sent")).to_be_visible()


async def also_on_the_server(house: House) -> list[dict[str, Any]]:
    """As many entries like the one that was sent; what the phone knows of each."""
    async with connected(house.database_url):
        (one,) = await models.Entry.all().values()
        rows = [
            {"id": str(uuid4()), "sha256": uuid4().hex * 2, "sequence": one["sequence"] + 1 + place}
            for place in range(ENTRIES)
        ]
        like_it = [
            models.Entry(**one | {"entry_id": row["id"], "sha256": row["sha256"], "sequence": row["sequence"]})
            for row in rows
        ]
        await models.Entry.bulk_create(like_it)
    return rows
