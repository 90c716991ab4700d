"""People at their own phone or desk: a browser profile each, with a passkey made from a real invitation."""

from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser.serving import Served

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}

_AUTHENTICATOR = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Someone:
    """One person's browser, and the page they have open."""

    context: BrowserContext
    page: Page
    origin: str

    async def open(self, path: str) -> None:
        await self.page.goto(self.origin + path)


async def arrive(browser: Browser, served: Served, device: dict[str, Any]) -> Someone:
    """A new browser with an authenticator that verifies its user, on no page yet."""
    context = await browser.new_context(**device, base_url=served.origin, locale="en-GB", timezone_id="Europe/London")
    page = await context.new_page()
    chrome = await context.new_cdp_session(page)
    await chrome.send("WebAuthn.enable")
    await chrome.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})
    return Someone(context, page, served.origin)


async def sign_in(browser: Browser, served: Served, email: str, device: dict[str, Any]) -> Someone:
    """Somebody who opens their invitation, makes a passkey, and is signed in by it."""
    someone = await arrive(browser, served, device)
    printed = await served.run("invite", email)
    await someone.page.goto(printed.split()[-1])
    await someone.page.get_by_role("button", name="Make a passkey").click()
    await expect(someone.page).not_to_have_url(printed.split()[-1])
    return someone
