"""A phone of the tests: its id, its secret, and what it says of itself to the server."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from httpx2 import AsyncClient, Response

from ap_log.domain.people import Actor
from ap_log.domain.sync import PushedEntry
from ap_log.store.models import DeviceItem
from tests.cast import World, an_entry


@dataclass
class Phone:
    """One browser's storage: the id and token it made, the vaults on it, and the entries it has not sent."""

    id: str = field(default_factory=lambda: str(uuid4()))
    token: str = field(default_factory=lambda: uuid4().hex * 2)
    people: list[str] = field(default_factory=list)
    unsent: list[dict[str, Any]] = field(default_factory=list)

    def save(self, entry: PushedEntry, author: Actor, saved_at: datetime) -> PushedEntry:
        """Keep an entry unsent."""
        self.unsent.append(
            {"id": entry.id, "sha256": entry.sha256, "author": author.id, "saved_at": saved_at.isoformat()}
        )
        return entry

    def write(self, world: World, author: str = "asha", **changes: Any) -> PushedEntry:
        """Write an entry about Gwilym, and keep it unsent."""
        return self.save(an_entry(world, author=author, **changes), world.actors[author], world.now)

    def sent(self, entry: PushedEntry) -> None:
        """The receipt has come."""
        self.unsent = [each for each in self.unsent if each["sha256"] != entry.sha256]

    def said(self, **more: Any) -> dict[str, Any]:
        """What it reports now."""
        return {"device": self.id, "token": self.token, "people": self.people, "holds": self.unsent} | more

    async def report(self, browser: AsyncClient, **more: Any) -> Response:
        return await browser.post("/api/phone", json=self.said(**more))


async def states(phone: Phone) -> dict[str, str]:
    """What the server thinks became of each entry that the phone announced, by the entry's id."""
    return dict(await DeviceItem.filter(device_id=phone.id).values_list("item_id", "state"))


async def told(phone: Phone, browser: AsyncClient, **more: Any) -> dict[str, Any]:
    """What the server answers to a report that it takes."""
    answer = await phone.report(browser, **more)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())
