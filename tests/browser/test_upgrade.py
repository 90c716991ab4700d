"""F9: a phone's database of an older version in a real browser, which is killed while a new version upgrades it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.profiles import Phone, a_phone, a_world
from tests.browser.serving import serving
from tests.waiting import until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

STATES = ["waiting", "sending", "needs-person", "sent"]
OF_EACH = 100
ITEMS = len(STATES) * OF_EACH
PARCELS = ITEMS - OF_EACH
"""One that was sent has no bytes on the phone any more."""

OLDER, NEWEST = 2, 3
STUCK = "This phone’s storage does not answer"
LIMIT_SECONDS = 30

_SEED = """async ({ states, ofEach, version }) => {
  const done = (what) => new Promise((resolve, reject) => {
    what.onsuccess = what.oncomplete = () => resolve(what.result);
    what.onerror = what.onabort = () => reject(what.error);
  });
  const hex = (bytes) => Array.from(new Uint8Array(bytes), (one) => one.toString(16).padStart(2, "0")).join("");
  const rows = await Promise.all(Array.from({ length: states.length * ofEach }, async (_, place) => {
    const [id, state] = [crypto.randomUUID(), states[place % states.length]];
    const bytes = crypto.getRandomValues(new Uint8Array(1000));
    const sha256 = hex(await crypto.subtle.digest("SHA-256", bytes));
    const at = "2026-11-20T01:40:00Z";
    const attempts = state === "waiting" ? 0 : 2;
    const problem = state === "needs-person" ? { code: "invalid", title: "No", way_on: "Ask.", status: 422 } : null;
    const receipt = state === "sent" ? { id, sha256, sequence: place, received_at: at } : null;
    const known = { id, sha256, size: bytes.length, author: "asha", savedAt: at, state, attempts, problem, receipt };
    return [{ ...known, lastTriedAt: attempts ? at : null, residentName: `Tudor ${place}`, words: "Swaying" }, bytes];
  }));
  const deleting = done(indexedDB.deleteDatabase("ap-log"));
  const opening = opens("ap-log", version); // At once, so that nobody else comes in between.
  opening.onupgradeneeded = () => {
    for (const name of ["outbox", "parcels"]) opening.result.createObjectStore(name, { keyPath: ["id", "sha256"] });
    opening.result.createObjectStore("facts");
    opening.result.createObjectStore("drafts", { keyPath: "author" });
  };
  await deleting;
  const database = await done(opening);
  const writing = database.transaction(["outbox", "parcels"], "readwrite", { durability: "strict" });
  for (const [row, bytes] of rows) {
    writing.objectStore("outbox").put(row);
    const { id, sha256 } = row;
    if (row.state !== "sent") writing.objectStore("parcels").put({ id, sha256, bytes });
  }
  await done(writing);
  database.close();
}"""

_READ = """async () => {
  const done = (what) => new Promise((resolve, reject) => {
    what.onsuccess = () => resolve(what.result);
    what.onerror = () => reject(what.error);
  });
  const hex = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
  const database = await done(opens("ap-log"));
  const reading = database.transaction(["outbox", "parcels"]);
  const all = (name) => done(reading.objectStore(name).getAll());
  const [items, parcels] = await Promise.all([all("outbox"), all("parcels")]);
  const read = {
    version: database.version,
    marked: [...items, ...parcels].filter(({ hidden, isPlain }) => hidden === null || isPlain).length,
    items: items.map(({ version, epoch, hidden, readable, ...item }) => ({ ...item, ...readable })),
    parcels: parcels.map(({ id, sha256, bytes }) => ({ id, sha256, bytes: hex(bytes) })),
  };
  database.close();
  return read;
}"""

_IS_BARE = """(() => {
  const open = IDBFactory.prototype.open;
  globalThis.opens = (...wanted) => open.apply(indexedDB, wanted);
  IDBFactory.prototype.open = () => { throw new DOMException("Not in this tab", "UnknownError"); };
})()"""
"""No script of ours opens the database. Any page but the app's own would have the worker open it, and upgrade."""

_SENDS_NOTHING = """() => new Promise((resolve) => {
  navigator.locks.request("ap-log-drain", () => { resolve(); return new Promise(() => {}); });
})"""
"""What waits would be tried as soon as the upgrade is done, and then its state is another by right."""

_HOLDS_OLDER = """() => new Promise((resolve) => {
  const opening = opens("ap-log");
  opening.onsuccess = () => {
    globalThis.older = opening.result;
    resolve(older.version);
  };
})"""

_WATCHES = """(() => {
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...wanted) {
    const opening = open.apply(this, wanted);
    opening.addEventListener("blocked", () => upgradeIs("blocked", 0));
    opening.addEventListener("upgradeneeded", () => upgradeIs("begun", 0));
    return opening;
  };
  const update = IDBCursor.prototype.update;
  let rows = 0;
  IDBCursor.prototype.update = function (row) {
    const updating = update.call(this, row);
    rows += 1;
    if (rows === STOP_AT) {
      upgradeIs("stopped", rows);
      for (;;); // Until it is killed.
    }
    return updating;
  };
})()"""
"""Says how far the upgrade of this page is, and stops it for good after a row: there it can be killed."""


_TOLD = ("blocked", "begun", "stopped")


@dataclass
class Upgrade:
    """What an app that opens the database has told of its upgrade."""

    told: dict[str, anyio.Event] = field(default_factory=lambda: {what: anyio.Event() for what in _TOLD})

    async def watch(self, context: BrowserContext, stop_at: int) -> None:
        await context.expose_function("upgradeIs", lambda what, _row: self.told[what].set())
        await context.add_init_script(_WATCHES.replace("STOP_AT", str(stop_at)))

    async def has(self, what: str) -> None:
        with anyio.fail_after(LIMIT_SECONDS):
            await self.told[what].wait()


@dataclass
class Older:
    """A phone without signal whose database is of an older version, and what is in it. `bare` is its second tab."""

    phone: Phone
    bare: Page
    kept: dict[str, Any]

    async def restart(self) -> None:
        await self.phone.start(offline=True)
        self.bare = await _bare(self.phone)

    async def seed(self) -> None:
        await self.bare.evaluate(_SEED, {"states": STATES, "ofEach": OF_EACH, "version": OLDER})
        self.kept = await self.bare.evaluate(_READ)

    async def meets_second_tab(self, *, stop_at: int) -> tuple[Upgrade, Page]:
        """The app is opened and has to wait for the second tab. Its upgrade will stop at that row; 0: at none."""
        assert self.phone.context is not None
        upgrade = Upgrade()
        await upgrade.watch(self.phone.context, stop_at)
        assert await self.bare.evaluate(_HOLDS_OLDER) == OLDER
        page = await self.phone.open("/app")
        await upgrade.has("blocked")
        assert not upgrade.told["begun"].is_set()
        return upgrade, page

    async def lets_go(self) -> None:
        await self.bare.evaluate("older.close()")

    async def is_whole(self) -> int:
        """Every item is there once, in its state, with its bytes; returns the version of the database."""
        read: dict[str, Any] = await self.bare.evaluate(_READ)
        assert read["items"] == self.kept["items"]
        assert read["parcels"] == self.kept["parcels"]
        assert read["marked"] == (0 if read["version"] == OLDER else ITEMS + PARCELS)
        return int(read["version"])

    async def is_upgraded_by_itself(self) -> None:
        """The next start of the app does it, and shows no trouble."""
        page = await self.phone.open("/app")
        await until(lambda: page.evaluate(_IS_VERSION, NEWEST), LIMIT_SECONDS)
        assert await self.is_whole() == NEWEST
        await expect(page.get_by_role("button", name="Log what happened")).to_be_visible()
        await expect(page.get_by_text(STUCK)).not_to_be_visible()
        await page.close()


_IS_VERSION = """async (wanted) =>
  (await indexedDB.databases()).find(({ name }) => name === "ap-log")?.version === wanted"""


async def _bare(phone: Phone) -> Page:
    assert phone.context is not None
    page = await phone.context.new_page()
    await page.add_init_script(_IS_BARE)
    await page.goto("/app/offline")
    await page.evaluate(_SENDS_NOTHING)
    return page


@pytest.fixture
async def older(database_url: str, tmp_path: Path) -> AsyncIterator[Older]:
    await a_world(database_url)
    async with serving(database_url, "web") as served, a_phone(tmp_path / "profile", served.origin) as phone:
        await phone.start()
        page = await phone.open("/app")
        await page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        await phone.close()
        await phone.start(offline=True)
        older = Older(phone, await _bare(phone), {})
        await older.seed()
        assert [older.kept["version"], older.kept["marked"]] == [OLDER, 0]
        assert [len(older.kept["items"]), len(older.kept["parcels"])] == [ITEMS, PARCELS]
        yield older


async def test_f9_an_upgrade_killed_halfway_with_a_second_tab_open_keeps_every_item_in_every_state(
    older: Older,
) -> None:
    for row in (1, ITEMS // 2, ITEMS, ITEMS + PARCELS // 2, ITEMS + PARCELS):
        upgrade, page = await older.meets_second_tab(stop_at=row)
        if row == 1:
            await expect(page.get_by_text(STUCK)).to_be_visible()
        await older.lets_go()
        await upgrade.has("stopped")
        assert older.phone.kill() > 0
        await older.restart()
        assert await older.is_whole() == OLDER

    await older.is_upgraded_by_itself()


async def test_f9_an_upgrade_killed_at_any_moment_is_done_whole_or_not_begun(older: Older) -> None:
    for after_ms in (0, 200, 500, 1000):
        upgrade, _ = await older.meets_second_tab(stop_at=0)
        await older.lets_go()
        await upgrade.has("begun")
        await anyio.sleep(after_ms / 1000)
        assert older.phone.kill() > 0
        await older.restart()
        assert await older.is_whole() in (OLDER, NEWEST)
        await older.is_upgraded_by_itself()
        await older.seed()
