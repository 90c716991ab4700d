"""Two people on one phone, each with a real passkey: an entry is only ever made for the one who is signed in."""

import pytest
from playwright.async_api import Browser, expect

from ap_log.store import models
from tests.browser.people import PHONE, accept_invitation, sign_in
from tests.browser.profiles import a_world, connected
from tests.browser.serving import serving

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_nothing_is_logged_until_the_phone_knows_who_signed_in(database_url: str, chromium: Browser) -> None:
    world = await a_world(database_url)
    async with serving(database_url, "web") as served:
        phone = await sign_in(chromium, served, "asha@example.invalid", PHONE)
        page = phone.page
        await phone.open("/app/log")
        await expect(page.get_by_text("Logging as Asha Rahman")).to_be_visible()
        await phone.context.route("**/api/reference", lambda route: route.abort())

        await accept_invitation(page, served, "rob@example.invalid")
        await phone.open("/app/log")
        await expect(page.get_by_role("heading", name="No residents on this phone yet")).to_be_visible()
        await expect(page.get_by_role("button", name="Save")).not_to_be_visible()
        assert "Asha" not in await page.content()
        assert "Gwilym" not in await page.content()

        await phone.context.unroute("**/api/reference")
        await phone.open("/app/log")
        await expect(page.get_by_text("Logging as Rob Ellis")).to_be_visible()
        await page.get_by_role("button", name="Gwilym Tudor").tap()
        await page.get_by_text("Seems under the influence").tap()
        await page.get_by_role("button", name="Save").tap()
        await expect(page.get_by_role("heading", name="Sent")).to_be_visible()
    async with connected(database_url):
        assert [entry.author_id for entry in await models.Entry.all()] == [world.rob.id]
