"""F27: the app opened without signal, from cold, again and again: it opens each time, and keeps its worker."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.profiles import a_phone, a_world, is_ready_for_no_signal
from tests.browser.serving import serving

LAUNCHES = 50
WORKER = "navigator.serviceWorker.getRegistration().then((found) => found?.active?.scriptURL ?? null)"


@pytest.mark.torture
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_f27_the_app_opens_without_signal_every_time(database_url: str, tmp_path: Path) -> None:
    world = await a_world(database_url)
    async with serving(database_url, "web") as served, a_phone(tmp_path / "profile", served.origin) as phone:
        await phone.start()
        await phone.sign_in(database_url, world.asha)
        await is_ready_for_no_signal(await phone.open("/app"))
        await phone.close()
        await served.stop("web")
        for launch in range(LAUNCHES):
            await phone.start(offline=launch % 2 == 0)  # Every other time there is a network, and no server.
            page = await phone.open("/app")
            await expect(page.get_by_role("button", name="Log what happened")).to_be_visible()
            assert await page.evaluate(WORKER) == f"{served.origin}/service-worker.js"
            await page.goto("/app/log")
            await phone.unlock(page, world.asha)
            await expect(page.get_by_role("button", name="Gwilym Tudor")).to_be_visible()
            if launch % 5 == 4:
                assert phone.kill() > 0
            else:
                await phone.close()
