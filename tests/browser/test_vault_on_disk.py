"""The disk scan: after a lock, a sign-out or a kill nothing that anybody wrote lies readable in the browser's profile.

Not in the database, not in a cache, in the history of pages, in what the browser offers to fill in or to restore: the
whole folder is searched, for every field and for the photo, and for the secrets that open what is hidden.
"""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import anyio
import pytest
from PIL import Image
from playwright.async_api import Page, expect

from ap_log.store import models
from tests.browser.disk import find
from tests.browser.profiles import Phone, a_phone, a_world, connected, is_ready_for_no_signal
from tests.browser.serving import Served, serving
from tests.cast import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SAVED = "Canarywren perched by the back stairs at Elm"
UNFINISHED = "Canaryfinch was never saved and nobody reads it"
RESIDENT = "Canarina Tudorbird"
AUTHOR = "Ashacanary Rahmanbird"
ROOM = "Canaryroom77"
PHOTOS = ("Canarywren.jpg", "Canaryfinch.jpg")
"""What the photo of the saved entry is called where it is chosen, and that of the unfinished one."""

_NOTE_SECRETS = """(() => {
  const text = (bytes) => btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join(""));
  const drawn = HTMLCanvasElement.prototype.toBlob;
  HTMLCanvasElement.prototype.toBlob = function (then, ...rest) {
    drawn.call(this, async (blob) => {
      await noteSecret("photo", text(new Uint8Array(await blob.arrayBuffer())));
      then(blob);
    }, ...rest);
  };
  const taken = SubtleCrypto.prototype.importKey;
  SubtleCrypto.prototype.importKey = function (format, bytes, kind, ...rest) {
    if (kind === "AES-GCM" || kind === "HKDF") void noteSecret("key", text(new Uint8Array(bytes)));
    return taken.call(this, format, bytes, kind, ...rest);
  };
})()"""


@dataclass
class Watched:
    """A phone with everything on it that must not be readable there, and what that was."""

    phone: Phone
    served: Served
    database_url: str
    world: World
    chosen: dict[str, bytes] = field(default_factory=dict)
    drawn: list[bytes] = field(default_factory=list)
    keys: list[bytes] = field(default_factory=list)

    def note(self, kind: str, content: str) -> None:
        (self.drawn if kind == "photo" else self.keys).append(base64.b64decode(content))

    async def readable(self) -> list[str]:
        """Where any of it lies in the profile folder. A browser writes some of it late."""
        assert all((self.drawn, self.keys, self.phone.passkeys.secrets))
        assert tuple(self.chosen) == PHOTOS
        texts = {"saved words": SAVED, "draft": UNFINISHED, "resident": RESIDENT, "author": AUTHOR}
        texts |= {"room": ROOM} | {f"name {name}": name for name in PHOTOS}
        canaries: dict[str, str | bytes] = {**texts}
        canaries |= {f"photo {place}": middle(photo) for place, photo in enumerate(self.drawn)}
        canaries |= {f"{name} as chosen": middle(picture) for name, picture in self.chosen.items()}
        canaries |= {f"key {place}": key for place, key in enumerate(self.keys)}
        canaries |= {f"PRF of {one}": base64.b64decode(gave) for one, gave in self.phone.passkeys.secrets.items()}
        return await anyio.to_thread.run_sync(find, self.phone.profile, canaries)


@pytest.fixture
async def watched(database_url: str, tmp_path: Path) -> AsyncIterator[Watched]:
    world = await a_world(database_url)
    async with connected(database_url):
        await models.Resident.filter(id=world.residents["gwilym"].id).update(name=RESIDENT, room=ROOM)
        await models.Person.filter(id=world.asha.id).update(name=AUTHOR)
    async with serving(database_url, "web") as served, a_phone(tmp_path / "profile", served.origin) as phone:
        watched = Watched(phone, served, database_url, world)
        context = await phone.start()
        await context.expose_function("noteSecret", watched.note)
        await context.add_init_script(_NOTE_SECRETS)
        await phone.sign_in(database_url, world.asha)
        yield watched


async def works(watched: Watched) -> Page:
    """A shift: reads a history with signal, saves an entry with a photo without, and leaves another unfinished."""
    page = await watched.phone.open("/app")
    await is_ready_for_no_signal(page)
    await page.goto("/residents")
    await page.get_by_role("link", name=RESIDENT).first.click()
    await expect(page.get_by_role("heading", name=RESIDENT).first).to_be_visible()
    await page.goto("/app/log")
    await expect(page.get_by_role("button", name=RESIDENT)).to_be_visible()
    await page.context.set_offline(True)
    await fill(page, SAVED)
    await choose(watched, page, PHOTOS[0])
    await page.get_by_role("button", name="Save").tap()
    await expect(page.get_by_role("heading", name="On this phone")).to_be_visible()
    await page.goto("/app/log")
    await fill(page, UNFINISHED)
    await choose(watched, page, PHOTOS[1])
    await anyio.sleep(1)  # What is typed is kept when the typing stops.
    return page


async def fill(page: Page, words: str) -> None:
    await page.get_by_label("Two letters of the name").type(RESIDENT[:4])
    await page.get_by_role("button", name=RESIDENT).tap()
    await page.get_by_text("Seems under the influence").tap()
    await page.get_by_label("Anything else?").fill(words)


async def choose(watched: Watched, page: Page, name: str) -> None:
    watched.chosen[name] = a_picture()
    await page.locator("input[type=file][multiple]").set_input_files(
        {"name": name, "mimeType": "image/jpeg", "buffer": watched.chosen[name]}
    )
    await expect(page.locator("[data-photos] li")).to_have_count(1)


def middle(picture: bytes) -> bytes:
    """As many of its bytes as no other file has."""
    return picture[len(picture) // 2 :][:48]


def a_picture() -> bytes:
    """Noise, so that its bytes are like no other file's, and like no other picture's."""
    picture, out = Image.effect_noise((640, 480), 90), BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=90)
    return out.getvalue()


async def test_after_a_lock_nothing_is_readable(watched: Watched) -> None:
    page = await works(watched)
    await page.get_by_role("button", name="Lock", exact=True).tap()
    await expect(page.get_by_role("heading", name="This phone is locked")).to_be_visible()
    assert await watched.readable() == []
    await watched.phone.close()
    assert await watched.readable() == []


async def test_after_a_sign_out_nothing_is_readable(watched: Watched) -> None:
    page = await works(watched)
    await page.get_by_role("button", name="Sign out").tap()
    await expect(page.get_by_role("heading", name="Sign in to log on this phone")).to_be_visible()
    assert await watched.readable() == []
    await watched.phone.close()
    assert await watched.readable() == []


async def test_after_a_kill_in_the_middle_of_a_form_nothing_is_readable_and_the_passkey_brings_it_back(
    watched: Watched,
) -> None:
    await works(watched)
    assert watched.phone.kill() > 0
    assert await watched.readable() == []
    await watched.phone.start(offline=True)
    page = await watched.phone.open("/app/log")
    await watched.phone.unlock(page, watched.world.asha)
    await expect(page.get_by_text(RESIDENT).first).to_be_visible()
