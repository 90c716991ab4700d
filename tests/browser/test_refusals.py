"""F4 and F20 in a real browser: no answer of the server makes a phone drop an entry, and none holds up the others."""

import json
from collections.abc import AsyncIterator

import msgspec
import pytest
from playwright.async_api import Browser, expect

from tests.browser.behind import SYNC, Behind, a_writer_behind_a_proxy
from tests.browser.profiles import outbox
from tests.browser.writers import saves
from tests.fault_proxy import Asked, Fault, Says, all_well
from tests.waiting import until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

BAD = "By the back door"
OTHERS = ("Before tea", "After tea", "At the curfew", "In the yard", "On the stairs", "In the small hours")
LATER = ("429 Too Many Requests", "501 Not Implemented", "503 Service Unavailable")
REFUSED = (
    ("400 Bad Request", "refused"),
    ("403 Forbidden", "cross-origin"),
    ("404 Not Found", "not-found"),
    ("409 Conflict", "id-taken"),
    ("410 Gone", "gone"),
    ("413 Content Too Large", "too-large"),
    ("422 Unprocessable Content", "invalid"),
)


@pytest.fixture
async def asha(database_url: str, chromium: Browser) -> AsyncIterator[Behind]:
    async with a_writer_behind_a_proxy(chromium, database_url) as writer:
        yield writer


def a_problem(status: str, code: str) -> dict[str, object]:
    number = int(status[:3])
    return {"code": code, "title": f"No, by {number}", "way_on": "Ask.", "status": number, "reference": "FPYA-8KK4"}


def refusing(status: str, code: str) -> Says:
    """The server refuses the push as a whole."""
    return Says(status, json.dumps(a_problem(status, code)))


def judging(entry: str) -> Says:
    """The server takes the push, and refuses the entry in it with a fault of a field."""
    faults = [{"field": "happening", "message": "Choose what happened"}]
    problem = a_problem("422 Unprocessable Content", "invalid") | {"faults": faults}
    result = {"id": entry, "result": "refused", "problem": problem}
    return Says("200 OK", json.dumps({"results": [result], "server_time": "2026-11-20T01:41:02Z"}))


def ids_in(asked: Asked) -> list[str]:
    return [entry["id"] for entry in msgspec.json.decode(asked.body)["entries"]]


async def test_f4_f20_an_entry_that_the_server_will_not_take_stays_with_its_reason_and_holds_up_no_other(
    asha: Behind,
) -> None:
    await asha.set_signal(there=False)
    await asha.logs(BAD)
    bad = (await outbox(asha.page))[0]["id"]
    for words in OTHERS:
        await asha.logs(words)
    await asha.someone.open("/app/outbox")
    await breaks_over(asha, bad)

    await others_are_sent(asha)
    await stays_through_every_answer(asha)
    await is_changed_and_sent(asha, bad)


async def breaks_over(asha: Behind, bad: str) -> None:
    """From now on the server breaks over every push that the bad entry is in; signal returns."""

    def plan(asked: Asked) -> Fault | Says:
        breaks = asked.path == SYNC and bad in ids_in(asked)
        return refusing("500 Internal Server Error", "failed") if breaks else Fault.NONE

    asha.proxy.plan = plan
    await asha.set_signal(there=True)


async def others_are_sent(asha: Behind) -> None:
    """All but the bad one, which says why it still waits."""
    for words in OTHERS:
        await expect(asha.row(words).get_by_text("Sent", exact=True)).to_be_visible()
    await expect(asha.row(BAD).get_by_text("On this phone", exact=True)).to_be_visible()
    await expect(asha.row(BAD)).to_contain_text("No, by 500. It stays on this phone and is tried again.")
    assert {words_of(body) for body in await bodies(asha)} == set(OTHERS)


async def stays_through_every_answer(asha: Behind) -> None:
    """Tried again after each: none of these answers sends it, and none drops it."""
    page, row = asha.page, asha.row(BAD)
    for status in LATER:
        await is_tried(asha, refusing(status, "later"))
        await expect(row.get_by_text("On this phone", exact=True)).to_be_visible()
    for status, code in REFUSED:
        await is_tried(asha, refusing(status, code))
        await expect(row).to_contain_text(f"No, by {status[:3]}. Ask.")
        await expect(row.get_by_text("Needs you", exact=True)).to_be_visible()
    await page.reload()
    await expect(row.get_by_text("Needs you", exact=True)).to_be_visible()
    await expect(page.get_by_text("Sent", exact=True)).to_have_count(len(OTHERS))


async def is_tried(asha: Behind, answer: Says) -> None:
    """Once more, and this is the answer: by a tap where a person is needed, and else as when signal returns."""
    asha.proxy.plan = lambda asked: answer if asked.path == SYNC else Fault.NONE
    again = asha.row(BAD).get_by_role("button", name="Try again")

    async def is_answered() -> bool:
        await asha.try_now()  # Asked while it is just being sent, the phone begins nothing new.
        return asha.proxy.done[answer] > 0

    if await again.is_visible():
        await again.tap()
        await until(lambda: asha.proxy.done[answer])
    else:
        await until(is_answered)


async def is_changed_and_sent(asha: Behind, bad: str) -> None:
    """Refused for what it says: its author changes it, and that goes."""
    page = asha.page
    await is_tried(asha, judging(bad))
    await expect(asha.row(BAD)).to_contain_text("No, by 422. Choose what happened. Ask.")
    asha.proxy.plan = all_well
    await asha.row(BAD).get_by_role("button", name="Change it").tap()
    await page.get_by_label("Anything else?").fill("By the front door")
    await saves(page)
    await asha.is_sent()
    await asha.someone.open("/app/outbox")
    await expect(asha.row("version 1").get_by_text("Changed", exact=True)).to_be_visible()
    await expect(page.get_by_text("Sent", exact=True)).to_have_count(len(OTHERS) + 1)
    assert {words_of(body) for body in await bodies(asha)} == {*OTHERS, "By the front door"}
    assert len(await bodies(asha)) == len(OTHERS) + 1


async def bodies(asha: Behind) -> list[str]:
    return [version.body for version in await asha.versions()]


def words_of(body: str) -> str:
    words: str = msgspec.json.decode(body)["words"]
    return words
