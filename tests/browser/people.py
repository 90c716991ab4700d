"""People at their own phone or desk: a browser profile each, with a passkey made from a real invitation."""

from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser.passkeys import Passkeys, add_authenticator
from tests.browser.serving import Served

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}


@dataclass
class Someone:
    """One person's browser, and the page they have open."""

    context: BrowserContext
    page: Page
    origin: str
    passkeys: Passkeys = field(default_factory=Passkeys)

    async def open(self, path: str) -> None:
        await self.page.goto(self.origin + path)


async def arrive(browser: Browser, served: Served, device: dict[str, Any], *, prf: bool = True) -> Someone:
    """A new browser with an authenticator that verifies its user, on no page yet. `prf`: it has that extension."""
    context = await browser.new_context(**device, base_url=served.origin, locale="en-GB", timezone_id="Europe/London")
    someone = Someone(context, await context.new_page(), served.origin)
    await someone.passkeys.install(context)
    await add_authenticator(someone.page, prf=prf)
    return someone


async def sign_in(browser: Browser, served: Served, email: str, device: dict[str, Any], *, prf: bool = True) -> Someone:
    """Somebody who opens their invitation, makes a passkey, and is signed in by it."""
    someone = await arrive(browser, served, device, prf=prf)
    await accept_invitation(someone.page, served, email)
    return someone


async def accept_invitation(page: Page, served: Served, email: str) -> None:
    """Open an invitation on a page that has an authenticator, and be signed in."""
    address = (await served.run("invite", email)).split()[-1]
    await page.goto(address)
    await page.get_by_role("button", name="Make a passkey").click()
    await expect(page).not_to_have_url(address)
