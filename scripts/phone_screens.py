"""How each picture of the phone comes about, and of what others see of phones: by what people do, in a fresh demo.

Where a picture shows something going wrong, the network between the phone and the demo makes it so.
"""

import json
import re
from typing import Any

from playwright.async_api import Page, Route, expect

from ap_log.demo.exhibits import draw_exhibit

PATIENCE_MS = 60_000

_AUTHENTICATOR: dict[str, Any] = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
    "hasPrf": True,
}


async def fill(page: Page, resident: str = "Farhan Qureshi") -> None:
    """A log form with somebody who seems under the influence, as far as it has to be filled in."""
    await page.goto("/app/log")
    await page.get_by_role("button", name=resident).click()
    for words in ("Seems under the influence", "Glassy or bloodshot eyes", "Swaying or staggering"):
        await page.get_by_text(words).click()
    await page.get_by_text("I thought about other causes").click()
    await page.get_by_text("Stayed with them").click()


async def start(page: Page) -> None:
    await open_app(page, "Asha Rahman")


async def log(page: Page) -> None:
    await start(page)
    await fill(page)
    await page.evaluate("window.scrollTo(0, 0)")


async def log_unfinished(page: Page) -> None:
    await start(page)
    await fill(page, "Gwilym Tudor")
    await page.get_by_label("Anything else?").fill("Holding on to the door frame.")
    await expect(page).to_have_url(re.compile(r"/app/log[?#]"), timeout=PATIENCE_MS)
    await page.goto("/app/log")
    await expect(page.get_by_role("heading", name="Unfinished entries")).to_be_visible(timeout=PATIENCE_MS)


async def log_photo(page: Page) -> None:
    await start(page)
    await fill(page, "Bartholomew Featherstonehaugh-Okonkwo")
    await _choose(page, "bag", "label")
    await page.locator("[data-photos]").evaluate("one => one.scrollIntoView()")


async def outbox(page: Page) -> None:
    """One that is sent, one that the server could not open, one whose photo is on its way, and one that waits."""
    await start(page)
    await fill(page)
    await _save(page, "Sent")
    await page.context.route("**/api/sync", _break_seal)
    await fill(page, "Marek Wiśniewski")
    await _save(page, "On this phone")
    await page.goto("/app/outbox")
    await expect(page.get_by_text("Needs you")).to_be_visible(timeout=PATIENCE_MS)
    await page.context.unroute("**/api/sync", _break_seal)
    await _leave_photo_half_way(page)
    await fill(page, "Bartholomew Featherstonehaugh-Okonkwo")
    await _choose(page, "bag")
    await _save(page, "Sent")
    await page.goto("/app/outbox")
    await expect(page.get_by_text("Sending the photo:")).to_be_visible(timeout=PATIENCE_MS)
    other = await page.context.new_page()
    await fill(other, "Jordan Skelton")
    await _save(other, "On this phone")
    await page.bring_to_front()
    await expect(page.locator("[data-items]").get_by_text("Jordan Skelton")).to_be_visible(timeout=PATIENCE_MS)


async def phone(page: Page) -> None:
    await outbox(page)
    await page.goto("/app/phone")
    await expect(page.locator("[data-row=mine]")).to_contain_text("needs a person", timeout=PATIENCE_MS)


async def gate(page: Page) -> None:
    """Somebody's own phone, locked by their passkey, with an entry of theirs in it."""
    chrome = await page.context.new_cdp_session(page)
    await chrome.send("WebAuthn.enable")
    await chrome.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})
    await page.goto("/demo")
    await page.locator("form[action*=invitation] button").click()
    await page.get_by_role("button", name="Make a passkey").click()
    await expect(page).not_to_have_url(re.compile("/invitations/"), timeout=PATIENCE_MS)
    # What their passkey opened goes from page to page through the service worker.
    await page.wait_for_function("navigator.serviceWorker.controller !== null")
    await open_app(page, "Mair Adeyemi-Lloyd")
    await page.context.set_offline(True)
    await fill(page)
    await _save(page, "On this phone")
    await page.goto("/app")
    await page.get_by_role("button", name="Lock", exact=True).click()
    await expect(page.get_by_role("button", name="Unlock")).to_be_visible(timeout=PATIENCE_MS)


async def devices(page: Page) -> None:
    await page.goto("/devices")


async def held_entries(page: Page) -> None:
    await page.goto("/held-entries")


async def held_entry(page: Page) -> None:
    await held_entries(page)
    await page.locator("main a[href^='/held-entries/']").first.click()


async def confirmations(page: Page) -> None:
    await page.goto("/confirmations")


async def entry_photos(page: Page) -> None:
    await page.goto("/residents")
    await page.get_by_role("link", name="Bartholomew Featherstonehaugh-Okonkwo").click()
    await page.get_by_role("link", name="See the photos").first.click()
    await page.locator("#photos").evaluate("one => one.scrollIntoView()")


async def open_app(page: Page, who: str) -> None:
    """Open the phone's first page, and wait until it holds what it needs without signal."""
    await page.goto("/app")
    await page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    await expect(page.locator("[data-me-name]")).to_have_text(who, timeout=PATIENCE_MS)


async def _choose(page: Page, *names: str) -> None:
    photos = [{"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": draw_exhibit(name)} for name in names]
    await page.locator("#photos").set_input_files(photos)  # type: ignore[arg-type]  # a FilePayload each
    await expect(page.get_by_role("img", name=f"Photo {len(names)}")).to_be_visible(timeout=PATIENCE_MS)


async def _save(page: Page, becomes: str) -> None:
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("heading", name=becomes, exact=True)).to_be_visible(timeout=PATIENCE_MS)


async def _break_seal(route: Route) -> None:
    """Something on the way writes over what the phone sealed."""
    push = json.loads(route.request.post_data or "{}")
    for entry in push["entries"]:
        entry["sealed"] = entry["sealed"][:-8] + "AAAAAAAA"
    await route.continue_(post_data=json.dumps(push))


async def _leave_photo_half_way(page: Page) -> None:
    """One piece of a photo gets through, and what follows is never answered."""
    brought: list[str] = []

    async def hold(route: Route) -> None:
        brought.append(route.request.url)
        if len(brought) == 1:
            await route.continue_()

    await page.context.route("**/api/photos/*/*", hold)
