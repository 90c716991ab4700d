"""F10, F11 and F14 in a real browser: answers that are lost, requests that come twice, and photos that are cut off."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import msgspec
import pytest
from playwright.async_api import Browser, FilePayload, expect

from ap_log.store import models
from tests.browser.behind import SYNC, Behind, a_writer_behind_a_proxy, fill_quickly
from tests.browser.profiles import connected
from tests.browser.writers import saves
from tests.fault_proxy import Asked, Fault, all_well
from tests.photos import picture
from tests.waiting import until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

WORDS, CHANGED = "By the back door", "By the front door"
COLOURS = ("teal", "navy", "maroon", "olive", "purple")
ANSWERS_LOST = 3
BROUGHT = 2
KINDS = (models.Entry, models.Recommendation, models.Notice, models.OutboxMessage)


@dataclass
class Network:
    """The first answers to the text are lost, all else comes twice, and after two photos no other gets through whole.

    `pushes`: the bodies of the pushes; `photos`: the photos' ids, in the order in which they were first asked for.
    """

    pushes: list[bytes] = field(default_factory=list)
    photos: list[str] = field(default_factory=list)

    def plan(self, asked: Asked) -> Fault:
        if asked.path == SYNC:
            self.pushes.append(asked.body)
            return Fault.ANSWER_LOST if len(self.pushes) <= ANSWERS_LOST else Fault.REQUEST_REPEATED
        if asked.path.startswith("/api/photos/"):
            return self._photo(asked.path.split("/")[3])
        return Fault.NONE

    def _photo(self, photo: str) -> Fault:
        if photo not in self.photos:
            self.photos.append(photo)
        return Fault.REQUEST_REPEATED if self.photos.index(photo) < BROUGHT else Fault.REQUEST_CUT


@pytest.fixture
async def asha(database_url: str, chromium: Browser) -> AsyncIterator[Behind]:
    async with a_writer_behind_a_proxy(chromium, database_url) as writer:
        yield writer


async def test_f10_f11_f14_lost_answers_and_repeats_store_nothing_twice_and_a_change_between_photos_loses_none(
    asha: Behind,
) -> None:
    network = Network()
    await writes(asha)
    asha.proxy.plan = network.plan
    await saves(asha.page)
    await until(lambda: is_stored(asha))
    first = await stored(asha)
    await expect(asha.page.get_by_role("heading", name="On this phone")).to_be_visible()
    await is_sent_in_the_end(asha, network)
    await has_photos(asha, BROUGHT)
    assert await stored(asha) == first
    assert (first["Entry"], first["audit"], first["Recommendation"]) == (1, 1, 1)

    await until(lambda: asha.proxy.done[Fault.REQUEST_CUT])
    await is_changed(asha)
    assert len(await whole_photos(asha)) == BROUGHT
    asha.proxy.plan = all_well
    await asha.try_now()
    await has_photos(asha, len(COLOURS))
    await both_versions_have_all_photos(asha)


async def writes(asha: Behind) -> None:
    """An entry for which the policy has something to recommend, with a photo of each colour."""
    page = asha.page
    await fill_quickly(page, WORDS)
    await page.get_by_text("Swaying or staggering").tap()
    await page.get_by_text("I thought about other causes").tap()
    files: list[FilePayload] = [
        {"name": "image.jpg", "mimeType": "image/jpeg", "buffer": picture(colour)} for colour in COLOURS
    ]
    await page.get_by_label("Choose photos").set_input_files(files)
    await expect(page.get_by_role("img", name=f"Photo {len(COLOURS)}")).to_be_visible()


async def is_sent_in_the_end(asha: Behind, network: Network) -> None:
    """The phone goes on with the same bytes until there is an answer."""

    async def is_answered() -> bool:
        await asha.try_now()
        return len(network.pushes) > ANSWERS_LOST

    await until(is_answered)
    await asha.is_sent()
    assert asha.proxy.done[Fault.ANSWER_LOST] == ANSWERS_LOST
    assert asha.proxy.done[Fault.REQUEST_REPEATED] >= 1
    assert len({entry["sha256"] for push in network.pushes for entry in msgspec.json.decode(push)["entries"]}) == 1


async def is_changed(asha: Behind) -> None:
    page = asha.page
    await page.get_by_role("button", name="Undo").tap()
    await expect(page.get_by_role("heading", name="Change what you saved")).to_be_visible()
    await page.get_by_label("Anything else?").fill(CHANGED)
    await saves(page)
    await asha.is_sent()


async def both_versions_have_all_photos(asha: Behind) -> None:
    versions = await asha.versions()
    assert [version.version for version in versions] == [1, 2]
    said = [msgspec.json.decode(version.body) for version in versions]
    assert [one["words"] for one in said] == [WORDS, CHANGED]
    there = await whole_photos(asha)
    assert [{photo["id"] for photo in one["photos"]} for one in said] == [{photo.id for photo in there}] * 2
    assert len({photo.sha256 for photo in there}) == len(there) == len(COLOURS)
    await asha.someone.open("/app/outbox")
    await expect(asha.page.get_by_text("Sent", exact=True)).to_have_count(2)
    await expect(asha.page.get_by_text("Needs you", exact=True)).to_have_count(0)


async def stored(asha: Behind) -> dict[str, int]:
    """How much of each there is: versions of entries, and what follows from them."""
    async with connected(asha.database_url):
        counts = {kind.__name__: await kind.all().count() for kind in KINDS}
        return counts | {"audit": await models.AuditRecord.filter(event="entry.stored").count()}


async def is_stored(asha: Behind) -> bool:
    return (await stored(asha))["Entry"] > 0


async def whole_photos(asha: Behind) -> list[models.Photo]:
    async with connected(asha.database_url):
        return await models.Photo.filter(complete_at__not_isnull=True)


async def has_photos(asha: Behind, count: int) -> None:
    async def are_whole() -> bool:
        return len(await whole_photos(asha)) >= count

    await until(are_whole, 20)
