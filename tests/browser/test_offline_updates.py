"""New versions of the app on a phone: asked for first, refused when broken, and a worker that takes itself away."""

import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from ap_log import templating
from tests.browser.profiles import Phone, a_phone, a_world, is_ready_for_no_signal
from tests.browser.serving import Served, serving
from tests.browser.writers import KEEP_PAUSE
from tests.cast import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ROOT = Path(__file__).parents[2]


@dataclass
class House:
    """A phone with the app, and a server that runs from a copy of the code, which a test may change."""

    served: Served
    phone: Phone
    code: Path
    world: World

    @property
    def worker(self) -> Path:
        return self.code / "ap_log" / "static" / "service-worker.js"

    def release(self) -> None:
        """Another version: only the worker's build id differs."""
        self.worker.write_text(self.worker.read_text() + "// The next version.\n")

    def release_broken(self, *, is_missing: bool = False) -> None:
        """Another version, of which one file never arrives as it was built, or not at all."""
        self.release()
        [style] = (self.code / "ap_log" / "static").glob("app-*.css")
        if is_missing:
            style.unlink()
        else:
            style.write_text(style.read_text() + "/* Half a file. */")


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    world = await a_world(database_url)
    code = _copy_of_the_code(tmp_path / "code")
    async with serving(database_url) as served, a_phone(tmp_path / "profile", served.origin) as phone:
        served.environment |= {"PYTHONPATH": str(code), "PYTHONSAFEPATH": "1"}
        await served.start("web")
        await phone.start()
        await phone.sign_in(database_url, world.asha)
        await is_ready_for_no_signal(await phone.open("/app"))
        yield House(served, phone, code, world)


def _copy_of_the_code(to: Path) -> Path:
    """Without what the build compressed: then the server sends the files as they are, and a test can change them."""
    assert templating.built_files()
    for folder in ("ap_log", "web/templates"):
        shutil.copytree(ROOT / folder, to / folder, ignore=shutil.ignore_patterns("__pycache__", "*.br", "*.gz"))
    return to


async def _look_for_a_new_version(page: Page) -> None:
    await page.evaluate("navigator.serviceWorker.ready.then((found) => found.update()).catch(() => null)")


async def _state(page: Page) -> dict[str, bool]:
    answer = await page.evaluate(
        """async () => {
          const found = await navigator.serviceWorker.getRegistration();
          return JSON.stringify({active: Boolean(found?.active), waiting: Boolean(found?.waiting)});
        }"""
    )
    state: dict[str, bool] = json.loads(answer)
    return state


async def test_a_new_version_waits_until_the_person_says_so(house: House) -> None:
    page = await house.phone.open("/app")
    house.release()
    await _look_for_a_new_version(page)
    await expect(page.get_by_text("A new version is ready")).to_be_visible()
    assert await _state(page) == {"active": True, "waiting": True}
    async with page.expect_navigation():
        await page.get_by_role("button", name="Use it now").tap()
    await expect(page.get_by_text("A new version is ready")).not_to_be_visible()
    assert await _state(page) == {"active": True, "waiting": False}


async def test_a_form_that_is_half_filled_in_is_left_alone(house: House) -> None:
    form = await house.phone.open("/app/log")
    await form.get_by_role("button", name="Gwilym Tudor").tap()
    start = await house.phone.open("/app")
    house.release()
    await _look_for_a_new_version(start)
    async with start.expect_navigation():
        await start.get_by_role("button", name="Use it now").tap()
    await expect(form.get_by_text("Gwilym Tudor").first).to_be_visible()
    await form.get_by_text("Seems under the influence").tap()
    await form.get_by_text("Swaying or staggering").tap()
    await form.get_by_role("button", name="Save").tap()
    await expect(form.get_by_role("heading", name="On this phone")).to_be_visible()


async def test_f33_two_half_filled_forms_keep_their_words_and_the_caret_through_a_new_version(house: House) -> None:
    forms = {resident: await house.phone.open("/app/log") for resident in ("Gwilym Tudor", "Lewis Marsh")}
    for resident, form in forms.items():
        await _write(form, resident)
    start = await house.phone.open("/app")
    house.release()
    await _look_for_a_new_version(start)
    async with start.expect_navigation():
        await start.get_by_role("button", name="Use it now").tap()

    for resident, form in forms.items():
        assert await form.evaluate("window.isTheSame") is True
        await form.reload()
        await expect(form.get_by_label("Anything else?")).to_have_value(f"About {resident}")
        await expect(form.locator("[data-resident-picker] [data-chosen-words]")).to_contain_text(resident)
        assert await form.evaluate("document.activeElement.selectionStart") == 2
        await form.get_by_role("button", name="Save").tap()
        await expect(form.locator("[data-saved-part]")).to_be_visible()


async def _write(form: Page, resident: str) -> None:
    """Half an entry, with the caret after its second letter."""
    await form.evaluate("window.isTheSame = true")
    await form.get_by_role("button", name=resident).tap()
    await form.get_by_text("Seems under the influence").tap()
    await form.get_by_label("Anything else?").fill(f"About {resident}")
    await form.get_by_label("Anything else?").press("Home")
    await form.keyboard.press("ArrowRight")
    await form.keyboard.press("ArrowRight")
    await form.wait_for_timeout(KEEP_PAUSE)


@pytest.mark.parametrize("is_missing", [False, True])
async def test_f32_a_version_that_does_not_arrive_whole_is_named_and_the_old_one_goes_on(
    house: House, is_missing: bool
) -> None:
    page = await house.phone.open("/app")
    house.release_broken(is_missing=is_missing)
    await _look_for_a_new_version(page)
    await expect(page.get_by_text("A new version did not arrive whole")).to_be_visible()
    await expect(page.get_by_role("button", name="Use it now")).not_to_be_visible()
    assert await _state(page) == {"active": True, "waiting": False}
    await house.phone.close()
    await house.phone.start(offline=True)
    page = await house.phone.open("/app/log")
    await house.phone.unlock(page, house.world.asha)
    await expect(page.get_by_role("button", name="Gwilym Tudor")).to_be_visible()


async def test_a_harmful_worker_can_be_taken_off_the_phones_and_the_pages_go_on(house: House) -> None:
    page = await house.phone.open("/app")
    await house.served.stop("web")
    house.served.environment["AP_LOG_WORKER_OFF"] = "1"
    await house.served.start("web")
    await _look_for_a_new_version(page)
    await page.wait_for_function("() => caches.keys().then((names) => names.length === 0)")
    page = await house.phone.open("/app/log")
    await expect(page.get_by_role("button", name="Gwilym Tudor")).to_be_visible()
