"""The house of the browser tests, and what more than one of them does there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.message import Message
from uuid import uuid4

import anyio
from playwright.async_api import expect

from ap_log.actions.decide import decide
from ap_log.actions.log_entries import log_entry
from ap_log.domain.recommendations import Choice
from ap_log.store import engine, models, recommendations
from tests.browser.people import Someone
from tests.browser.serving import Served
from tests.cast import World, an_entry, settle

WAIT = 40
"""Seconds for something that happens by itself: the worker looks once a second, the phone a little later."""


async def house_with_a_final_warning(database_url: str) -> World:
    """Elm House, where Gwilym has a final written warning from three weeks ago and nothing is left to answer."""
    async with connected(database_url):
        now = datetime.now(UTC)
        world = await settle(now)
        then = now - timedelta(days=21)
        await log_entry(an_entry(world, signs=["admitted"], occurred_at=then.isoformat()), world.asha, then)
        [one] = await recommendations.list_current(world.residents["gwilym"].id)
        await decide(one.id, Choice(str(uuid4()), 3, "A near miss: he was found unresponsive"), world.ben, then)
        await models.Notice.all().update(closed_at=then)
        await models.OutboxMessage.all().update(sent_at=then)
        return world


@asynccontextmanager
async def connected(database_url: str) -> AsyncIterator[None]:
    await engine.connect(database_url)
    try:
        yield
    finally:
        await engine.disconnect()


async def completes_what_the_policy_recommends(ben: Someone) -> None:
    await ben.open("/queue")
    await ben.page.get_by_role("link", name="Gwilym Tudor").first.click()
    await ben.page.get_by_role("button", name="Complete and send step 4").click()
    for label in ("Immediate risk", "Who is vulnerable", "Current circumstances", "Protective factors"):
        await ben.page.get_by_label(label, exact=True).fill(f"{label}: as found in the corridor.")
    await ben.page.get_by_label("Warnings or licence breach letters").check()
    await ben.page.get_by_label("When, and how it went").first.fill("A final warning three weeks ago")
    await ben.page.get_by_label("What they say about it").fill("He asks to stay.")
    await ben.page.get_by_role("button", name="Send step 4").click()
    await expect(ben.page.get_by_role("alert", name="There is a problem")).not_to_be_visible()
    await ben.open("/queue")
    await expect(ben.page.get_by_text("Nothing waits for a decision")).to_be_visible()


async def mail_to(served: Served, address: str) -> list[Message]:
    with anyio.fail_after(WAIT):
        await served.mailbox.has_mail_to(address)
    return served.mailbox.to(address)


def link_in(message: Message) -> str:
    return next(word for word in text_of(message).split() if "/notices/" in word)


def text_of(message: Message) -> str:
    content = message.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


async def mail_link(served: Served, address: str) -> str:
    """The link in the first message to an address, once it has come."""
    return link_in((await mail_to(served, address))[0])
