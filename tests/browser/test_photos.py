"""Photos of an entry in a real browser: drawn anew on the phone, kept with the draft, sealed, and brought whole."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO

import pytest
from axe_playwright_python.async_playwright import Axe
from PIL import Image, ImageDraw
from PIL.TiffImagePlugin import IFDRational
from playwright.async_api import Browser, FilePayload, Page, Request, Route, expect

from ap_log.store import models
from tests.browser.people import PHONE, Someone, sign_in
from tests.browser.profiles import a_world, connected
from tests.browser.serving import Served, serving
from tests.waiting import until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

CANARIES = (b"Canary Owner", b"CANARY-SERIAL", b"Canary Artist", b"canary comment", b"2026:11:20", b"Exif", b"http:")
TURNED = 6
"""What a camera writes that was held upright: the picture lies on its side in the file."""

IT_REMEMBERS_ROOM_MS = 31_000
"""Chromium asks for the quota again after half a minute."""

PATIENCE_MS = 20_000
"""Drawing a large picture takes seconds where the machine has other work."""

NARROWEST = {"width": 320, "height": 640}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

EVICT_CACHES = """async () => {
  for (let round = 0; round < 40; round += 1) {
    for (const name of await caches.keys()) await caches.delete(name);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
  }
}"""


@dataclass
class Asha:
    """Asha signed in on her phone with a passkey, and the log form before her."""

    someone: Someone
    served: Served

    @property
    def page(self) -> Page:
        return self.someone.page

    async def open_form(self) -> None:
        await self.someone.open("/app/log")
        resident, unlock = (self.page.get_by_role("button", name=name) for name in ("Gwilym Tudor", "Unlock"))
        await expect(resident.or_(unlock)).to_be_visible()
        if await unlock.is_visible():
            await unlock.tap()
        await expect(resident).to_be_visible()

    async def fill(self) -> None:
        await self.page.get_by_role("button", name="Gwilym Tudor").tap()
        await self.page.get_by_text("Seems under the influence").tap()

    async def choose(self, *pictures: bytes) -> None:
        files: list[FilePayload] = [{"name": "image.jpg", "mimeType": "image/jpeg", "buffer": one} for one in pictures]
        await self.page.get_by_label("Choose photos").set_input_files(files)

    async def leave_room_for(self, size: int) -> None:
        """Let the browser give so many bytes more and then no more. What it says of its room stays what it was."""
        chrome = await self.someone.context.new_cdp_session(self.page)
        room = await chrome.send("Storage.getUsageAndQuota", {"origin": self.served.origin})
        quota = {"origin": self.served.origin, "quotaSize": room["usage"] + size}
        await chrome.send("Storage.overrideQuotaForOrigin", quota)
        await self.page.wait_for_timeout(IT_REMEMBERS_ROOM_MS)

    async def save(self) -> None:
        await self.page.get_by_role("button", name="Save").tap()

    async def photos(self) -> list[models.Photo]:
        async with connected(self.served.database_url):
            return await models.Photo.all().order_by("declared_at", "id")

    async def is_known(self) -> bool:
        """Whether the server has heard of this phone."""
        async with connected(self.served.database_url):
            return await models.Device.exists()

    async def has_lost_photos(self) -> bool:
        async with connected(self.served.database_url):
            return await models.DeviceItem.filter(state="lost", photo_of__isnull=False).exists()

    async def bring(self, count: int) -> list[models.Photo]:
        """Wait until the server has so many photos whole, and answer them."""

        async def are_whole() -> bool:
            return sum(photo.complete_at is not None for photo in await self.photos()) >= count

        await until(are_whole, 20)
        return await self.photos()


@pytest.fixture
async def asha(database_url: str, chromium: Browser) -> AsyncIterator[Asha]:
    await a_world(database_url)
    async with serving(database_url, "web") as served:
        phone = Asha(await sign_in(chromium, served, "asha@example.invalid", PHONE), served)
        await phone.open_form()
        yield phone


def a_photo(colour: str = "teal", size: tuple[int, int] = (1600, 1200)) -> bytes:
    """As a phone's camera writes it: lying on its side, with place, time, serial number, owner and a thumbnail."""
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 2, size[1] // 2), fill=colour)
    said = Image.Exif()
    said[0x0112], said[0x013B] = TURNED, "Canary Artist"
    said.get_ifd(0x8769).update({0xA430: "Canary Owner", 0xA431: "CANARY-SERIAL-1", 0x9003: "2026:11:20 01:40:00"})
    place = {1: "N", 2: (IFDRational(51), IFDRational(37), IFDRational(12)), 29: "2026:11:20"}
    said.get_ifd(0x8825).update(place)
    file = BytesIO()
    picture.save(file, "JPEG", exif=said, comment=b"canary comment")
    return file.getvalue()


def noise(size: tuple[int, int] = (2000, 1500)) -> bytes:
    """A picture that no compression makes small."""
    file = BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(file, "JPEG", quality=92)
    return file.getvalue()


async def test_f6_five_photos_of_one_name_two_of_them_the_same_arrive_as_five(asha: Asha) -> None:
    same = a_photo("navy")
    await asha.fill()

    await asha.choose(a_photo("teal"), same, a_photo("maroon"), same, a_photo("olive"))
    await asha.save()

    await expect(asha.page.get_by_role("heading", name="Sent")).to_be_visible(timeout=PATIENCE_MS)
    photos = await asha.bring(5)
    assert len({photo.id for photo in photos}) == 5
    assert len({photo.sha256 for photo in photos}) == 4


async def test_nothing_the_camera_wrote_leaves_the_phone_and_the_photo_stands_upright(asha: Asha) -> None:
    assert all(canary in a_photo() for canary in CANARIES[:6])
    await asha.fill()
    await asha.choose(a_photo("teal"))
    await asha.save()

    (photo,) = await asha.bring(1)

    assert photo.content is not None
    assert [canary for canary in CANARIES if canary in photo.content] == []
    with Image.open(BytesIO(photo.content)) as drawn:
        assert drawn.size == (1200, 1600)
        assert dict(drawn.getexif()) == {}
        assert drawn.convert("RGB").getpixel((1100, 100)) == pytest.approx((0, 128, 128), abs=6)


async def test_a_large_photo_is_made_small_enough_to_send(asha: Asha) -> None:
    await asha.fill()
    await asha.choose(noise((3000, 2500)))
    await asha.save()

    (photo,) = await asha.bring(1)

    assert photo.content is not None
    assert len(photo.content) <= 1_000_000
    with Image.open(BytesIO(photo.content)) as drawn:
        assert max(drawn.size) <= 2048


async def test_what_is_no_picture_is_refused_in_words_and_the_rest_is_saved(asha: Asha) -> None:
    await asha.fill()
    await asha.choose(a_photo(), b"%PDF-1.7 a letter", a_photo()[:3000])
    await expect(asha.page.locator("[data-photos]").get_by_role("alert")).to_contain_text("This phone cannot read it")
    await expect(asha.page.get_by_role("img", name="Photo 1")).to_be_visible()

    await asha.save()

    assert len(await asha.bring(1)) == 1


async def test_an_entry_has_ten_photos_and_one_that_is_removed_makes_room(asha: Asha) -> None:
    small = a_photo(size=(80, 60))
    await asha.choose(*[small] * 12)
    await expect(asha.page.get_by_text("2 photos were not added. An entry can have 10.")).to_be_visible()
    await expect(asha.page.get_by_role("button", name="Remove photo 10")).to_be_visible()
    await expect(asha.page.get_by_text("Choose photos")).not_to_be_visible()

    await asha.page.get_by_role("button", name="Remove photo 4").focus()
    await asha.page.keyboard.press("Enter")

    await expect(asha.page.get_by_role("button", name="Remove photo 4")).to_be_focused()
    await expect(asha.page.get_by_role("button", name="Remove photo 10")).to_have_count(0)
    await expect(asha.page.get_by_text("Choose photos")).to_be_visible()


async def test_photos_fit_the_narrowest_phone_and_can_be_used_by_everybody(asha: Asha) -> None:
    await asha.page.set_viewport_size(NARROWEST)  # type: ignore[arg-type]
    await asha.choose(a_photo(), b"%PDF-1.7", a_photo("navy"))
    await expect(asha.page.get_by_role("button", name="Remove photo 2")).to_be_visible()
    await asha.page.get_by_label("Choose photos").focus()

    found = await Axe().run(asha.page, options=RULES)

    named = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found.response["violations"]]
    assert named == []
    assert await asha.page.evaluate("document.documentElement.scrollWidth") <= NARROWEST["width"]
    box = await asha.page.get_by_role("button", name="Remove photo 2").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44


async def test_photos_of_a_form_that_was_left_come_back_with_it(asha: Asha) -> None:
    await asha.fill()
    await asha.choose(a_photo("navy"), a_photo("maroon"))
    await expect(asha.page.get_by_role("img", name="Photo 2")).to_be_visible()
    await asha.page.get_by_role("button", name="Remove photo 1").tap()
    await asha.page.wait_for_timeout(1000)  # Longer than the pause after which a draft is kept.

    await asha.page.reload()

    await expect(asha.page.get_by_role("img", name="Photo 1")).to_be_visible()
    await expect(asha.page.get_by_role("img", name="Photo 2")).to_have_count(0)
    await asha.save()
    (photo,) = await asha.bring(1)
    assert photo.content is not None
    with Image.open(BytesIO(photo.content)) as drawn:
        assert drawn.convert("RGB").getpixel((1100, 100)) == pytest.approx((128, 0, 0), abs=6)


async def test_f30_a_full_phone_refuses_photos_in_words_and_keeps_the_text(asha: Asha) -> None:
    await asha.fill()
    await asha.leave_room_for(1_500_000)  # One copy of one photo; an entry's photos are here twice while it is saved.

    await asha.choose(noise(), noise())

    refused = asha.page.locator("[data-photos]").get_by_role("alert")
    await expect(refused).to_contain_text(
        "This phone is nearly full. You can save the entry without it", timeout=PATIENCE_MS
    )
    await expect(asha.page.get_by_role("img", name="Photo 1")).to_be_visible()
    await expect(asha.page.get_by_role("img", name="Photo 2")).to_have_count(0)
    await asha.save()
    await expect(asha.page.get_by_text("The photos are not saved: this phone is full.")).to_be_visible(
        timeout=PATIENCE_MS
    )
    async with connected(asha.served.database_url):
        await until(models.Entry.all().exists, 20)
    assert await asha.photos() == []


async def test_f38_caches_that_are_evicted_while_an_entry_is_saved_cost_nothing(asha: Asha) -> None:
    for _ in range(3):
        await asha.open_form()
        await asha.fill()
        evicting = asyncio.create_task(asha.page.evaluate(EVICT_CACHES))
        await asha.choose(a_photo("navy"), a_photo("teal"))
        await asha.save()
        await expect(asha.page.get_by_role("heading", name="Sent")).to_be_visible(timeout=PATIENCE_MS)
        await evicting

    photos = await asha.bring(6)

    assert len(photos) == 6


async def test_f22_photos_are_brought_in_pieces_after_the_text_and_go_on_where_they_were_cut(asha: Asha) -> None:
    starts: list[tuple[str, int]] = []

    async def cut(route: Route, request: Request) -> None:
        photo, start = request.url.split("/")[-2:]
        if len(starts) % 3 == 2:  # Every third one never gets through.
            starts.append(("cut", 0))
            await route.abort()
            return
        starts.append((photo, int(start)))
        await route.continue_()

    await asha.someone.context.route("**/api/photos/*/*", cut)
    await asha.fill()
    await asha.choose(noise(), noise())
    await asha.save()

    await expect(asha.page.get_by_role("heading", name="Sent")).to_be_visible(timeout=PATIENCE_MS)
    await asha.bring(2)

    brought = [start for start in starts if start[0] != "cut"]
    assert len(brought) > 6
    assert len(set(brought)) == len(brought), "a piece was sent twice"


async def test_f1_photos_that_the_browser_deleted_are_named_on_the_phone_and_on_their_entrys_page(asha: Asha) -> None:
    await asha.someone.context.route("**/api/photos/**", lambda route: route.abort())
    await asha.fill()
    await asha.choose(a_photo("teal"), a_photo("navy"))
    await asha.save()
    await expect(asha.page.get_by_role("heading", name="Sent")).to_be_visible(timeout=PATIENCE_MS)
    await until(lambda: asha.page.evaluate("/ap_log_held[^;]*\\.0\\.\\d+\\.2(;|$)/.test(document.cookie)"))
    await until(asha.is_known)

    await asha.page.goto("about:blank")
    chrome = await asha.someone.context.new_cdp_session(asha.page)
    await chrome.send("Storage.clearDataForOrigin", {"origin": asha.served.origin, "storageTypes": "indexeddb"})
    await asha.page.goto("/app")

    lost = asha.page.get_by_role("alert").filter(has_text="2 photos of entries that were sent are lost.")
    await expect(lost).to_be_visible()
    await until(asha.has_lost_photos)
    [entry] = {photo.entry_id for photo in await asha.photos()}
    await asha.page.goto(f"/entries/{entry}")
    await expect(asha.page.get_by_text("This photo was lost from the phone")).to_have_count(2)
    await expect(asha.page.get_by_text("2 photos of yours were lost from a phone")).to_be_visible()
