"""The main job in a real browser: from a phone with no signal to an officer's decision, on both databases."""

from datetime import UTC, datetime, timedelta
from email.message import Message

import anyio
from playwright.async_api import Browser, expect

from ap_log.actions.log_entries import log_entry
from ap_log.store import models
from tests.browser.house import (
    WAIT,
    completes_what_the_policy_recommends,
    connected,
    house_with_a_final_warning,
    link_in,
    mail_to,
    text_of,
)
from tests.browser.people import DESK, PHONE, Someone, sign_in
from tests.browser.serving import serving
from tests.cast import World, an_entry


async def test_from_a_phone_with_no_signal_to_an_officers_decision(database_url: str, chromium: Browser) -> None:
    world = await house_with_a_final_warning(database_url)
    async with serving(database_url, "web", "worker") as served, connected(database_url):
        asha = await sign_in(chromium, served, "asha@example.invalid", PHONE)
        await _is_installable(asha)
        await _saves_without_signal_in_eight_taps(asha)
        await _is_sent_when_signal_returns(asha)
        assert await models.Entry.filter(received_at__gt=world.now).count() == 1

        ben = await sign_in(chromium, served, "ben@example.invalid", DESK)
        await completes_what_the_policy_recommends(ben)
        [notified] = await mail_to(served, "dev@example.invalid")
        _says_nothing_about_anybody(notified, world)

        dev = await sign_in(chromium, served, "dev@example.invalid", PHONE)
        await _answers(dev, link_in(notified))
        await ben.open(f"/residents/{world.residents['gwilym'].id}")
        await expect(ben.page.get_by_text("Start recall consideration").first).to_be_visible()


async def test_a_notice_that_nobody_answers_goes_to_the_next_person_once(database_url: str, chromium: Browser) -> None:
    world = await house_with_a_final_warning(database_url)
    async with serving(database_url, "web", "worker") as served, connected(database_url):
        await log_entry(an_entry(world), world.asha, world.now)
        ben = await sign_in(chromium, served, "ben@example.invalid", DESK)
        await completes_what_the_policy_recommends(ben)
        await mail_to(served, "dev@example.invalid")
        late = datetime.now(UTC) - timedelta(minutes=1)
        await models.Notice.filter(wanted="decision", closed_at=None).update(answer_by=late)
        [passed_on] = await mail_to(served, "tom@example.invalid")
        await anyio.sleep(3)  # Time for the worker to do it again, if it would.
        assert len(served.mailbox.to("tom@example.invalid")) == 1
        tom = await sign_in(chromium, served, "tom@example.invalid", PHONE)
        await tom.page.goto(link_in(passed_on))
        await expect(tom.page.get_by_text("Gwilym Tudor").first).to_be_visible()
        await ben.open("/queue")
        await expect(ben.page.get_by_text("Dev Patel did not answer in time")).to_be_visible()


async def _is_installable(asha: Someone) -> None:
    await asha.open("/app")
    await asha.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    chrome = await asha.context.new_cdp_session(asha.page)
    faults = (await chrome.send("Page.getInstallabilityErrors"))["installabilityErrors"]
    assert [fault["errorId"] for fault in faults if fault["errorId"] != "in-incognito"] == []
    await asha.open("/app/log")
    await expect(asha.page.get_by_text("Gwilym Tudor")).to_be_visible()


async def _saves_without_signal_in_eight_taps(asha: Someone) -> None:
    await asha.page.close()
    await asha.context.set_offline(True)
    asha.page = await asha.context.new_page()
    await asha.open("/app")  # A cold start: nothing is open, nothing answers.
    taps = [
        asha.page.get_by_role("button", name="Log what happened"),
        asha.page.get_by_role("button", name="Gwilym Tudor"),
        asha.page.get_by_text("Seems under the influence"),
        asha.page.get_by_text("Glassy or bloodshot eyes"),
        asha.page.get_by_text("Swaying or staggering"),
        asha.page.get_by_text("I thought about other causes"),
        asha.page.get_by_text("Stayed with them"),
        asha.page.get_by_role("button", name="Save"),
    ]
    for tap in taps[:-1]:
        await tap.tap()
    await expect(asha.page.locator("[data-step]")).to_contain_text("Provisional: step 4")
    await expect(asha.page.locator("[data-suggestion]")).to_contain_text("Policy version 1")
    await taps[-1].tap()
    await expect(asha.page.get_by_role("heading", name="On this phone")).to_be_visible()
    assert len(taps) <= 8


async def _is_sent_when_signal_returns(asha: Someone) -> None:
    await asha.context.set_offline(False)
    await expect(asha.page.get_by_role("heading", name="Sent")).to_be_visible(timeout=WAIT * 1000)
    await asha.open("/app/outbox")
    await expect(asha.page.get_by_text("The server has it since today")).to_be_visible()


async def _answers(dev: Someone, link: str) -> None:
    await dev.page.goto(link)
    await expect(dev.page.get_by_text("Gwilym Tudor").first).to_be_visible()
    await dev.page.get_by_role("button", name="I have this in hand").click()
    await dev.page.get_by_label("Start recall consideration").check()
    await dev.page.get_by_role("textbox").first.fill("The pattern is the one before the last recall.")
    await dev.page.locator("form[action$='/answer'] button").click()
    await expect(dev.page.get_by_text("Nothing more is needed from you")).to_be_visible()


def _says_nothing_about_anybody(message: Message, world: World) -> None:
    said = f"{message.as_string()} {text_of(message)}".lower()
    gwilym = world.residents["gwilym"]
    for word in (*gwilym.name.split(), gwilym.crn, "spice", "drug", "substance", "elm house"):
        assert word.lower() not in said
