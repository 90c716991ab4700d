"""One phone of the soak: a real Chromium that saves entries through the app's own outbox, and is killed in between."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from playwright.async_api import Error, Page
from tqdm import tqdm

from ap_log.security.sessions import LOOPBACK_COOKIE
from tests.browser.profiles import Phone
from tests.cast import World
from tests.waiting import until

BATCH = 10
KILLS_A_BATCH = 1 / 8
"""How likely the browser is killed in the middle of a batch."""

HAPPENINGS = ("under-influence", "late-30", "paraphernalia", "charges-2", "alcohol")

COUNT_UNSENT = """async () => {
  const open = indexedDB.open("ap-log");
  const database = await new Promise((resolve) => { open.onsuccess = () => resolve(open.result); });
  const all = database.transaction("outbox").objectStore("outbox").getAll();
  const items = await new Promise((resolve) => { all.onsuccess = () => resolve(all.result); });
  database.close();
  return items.filter((item) => item.state !== "sent").length;
}"""


@dataclass
class Writer:
    """A phone, the people who write on it in turn, and whose session carries what they write.

    `saved`: what the phone called "On this phone", by id. `unknown`: what it was killed over before it could say so.
    """

    phone: Phone
    script: str
    tokens: dict[str, str]
    people: Sequence[str]
    courier: str
    saved: dict[str, dict[str, Any]] = field(default_factory=dict)
    unknown: dict[str, dict[str, Any]] = field(default_factory=dict)
    kills: int = 0
    shown: int = 0
    page: Page | None = None

    async def write(self, count: int, world: World, chance: random.Random, bar: "tqdm[Any]") -> None:
        """Save entries, batch by batch, until the phone has called `count` of them "On this phone"."""
        while len(self.saved) < count:
            missing = min(count - len(self.saved), BATCH)
            batch = [_an_entry(world, chance.choice(self.people), chance) for _ in range(missing)]
            kill_after = chance.uniform(0.02, 0.5) if chance.random() < KILLS_A_BATCH else None
            await self._save(batch, world, kill_after)
            bar.update(len(self.saved) - self.shown)
            self.shown = len(self.saved)

    async def open(self, world: World) -> Page:
        """The app on this phone, which has what it needs to save for each of its people."""
        if self.page is not None:
            return self.page
        context = self.phone.context or await self.phone.start()
        await self._session_is(self.courier)
        page = await self.phone.open("/app/offline")  # A page that shows nothing of anybody: no lock reloads it.
        await page.evaluate(self.script)
        for person in self.people:
            await self._session_is(person)
            # The roster comes over the bad network too.
            await until(partial(page.evaluate, "(person) => soak.work(person)", world.actors[person].id), 600)
        await self._session_is(self.courier)
        context.set_default_timeout(60_000)
        self.page = page
        return page

    async def count_unsent(self, world: World) -> int:
        number: int = await (await self.open(world)).evaluate(COUNT_UNSENT)
        return number

    async def _save(self, batch: list[dict[str, Any]], world: World, kill_after: float | None) -> None:
        killing = None
        try:
            page = await self.open(world)
            if kill_after is not None:
                killing = asyncio.get_running_loop().call_later(kill_after, self._kill)
            for entry in batch:
                await self._save_one(page, entry)
        except Error:
            if killing is None or self.page is not None:
                raise  # Nobody killed it.
        finally:
            if killing is not None:
                killing.cancel()

    async def _save_one(self, page: Page, entry: dict[str, Any]) -> None:
        await page.evaluate("(person) => soak.work(person)", entry["author"])
        self.unknown[entry["id"]] = entry
        await page.evaluate("(entry) => soak.saveOne(entry)", entry)
        self.saved[entry["id"]] = self.unknown.pop(entry["id"])

    def _kill(self) -> None:
        self.phone.kill()
        self.page = None
        self.kills += 1

    async def _session_is(self, person: str) -> None:
        """Whose session the phone has from here on."""
        assert self.phone.context is not None
        cookie: Any = {"name": LOOPBACK_COOKIE, "value": self.tokens[person], "url": self.phone.origin}
        await self.phone.context.add_cookies([cookie])


def _an_entry(world: World, author: str, chance: random.Random) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "id": str(uuid4()),
        "author": world.actors[author].id,
        "device": str(uuid4()),
        "resident": chance.choice(list(world.residents.values())).id,
        "happening": chance.choice(HAPPENINGS),
        "occurred_at": (now - timedelta(minutes=chance.randint(0, 90))).isoformat(),
        "recorded_at": now.isoformat(),
        "signs": chance.choice(([], ["swaying"], ["eyes-glassy", "swaying"])),
        "words": f"Entry {uuid4().hex}",
    }
