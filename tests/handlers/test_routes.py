"""Every row of `routes.py` × everybody. A new row is covered by being there.

Elm House has a resident with an entry, a recommendation, a decision and a notice. Chika and Owen work at Oak House: she
may do what Asha may, he what Ben may, and neither may learn that anything of Elm's exists.
"""

import re
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import msgspec
import pytest
from httpx2 import AsyncClient, Response
from starlette.applications import Starlette

from ap_log import routes
from ap_log.actions.ask_rehearsal import Asked, ask_rehearsal
from ap_log.actions.decide import decide
from ap_log.actions.invite_person import invite_person
from ap_log.actions.log_entries import log_entries, log_entry
from ap_log.actions.report_phone import report_phone
from ap_log.actions.start_draft import start_draft
from ap_log.domain.devices import PhoneReport
from ap_log.domain.people import Actor
from ap_log.domain.permissions import Permission, may
from ap_log.domain.recommendations import Choice
from ap_log.domain.sync import Push
from ap_log.handlers.errors import problem_of
from ap_log.security.rows import Row
from ap_log.security.throttle import Throttle
from ap_log.store import models
from ap_log.store.sessions import Found
from tests.cast import World, an_entry
from tests.phones import Phone
from tests.photos import entry_with, shot
from tests.visitors import ON_EVERY_ENGINE, Visit

WORKING = ("asha", "ben", "rob", "nia", "chika", "owen", "dev", "sian", "farah", "grace")
ELSEWHERE = ("chika", "owen")
OF_NO_PREMISES = frozenset({"code", "person", "policy", "draft", "section", "example", "start"})
"""Parts of addresses that name no record of a premises."""

CARRIED_BY_ANYBODY = "/api/photos/"
"""Where any phone brings what any entry declares. It is told how many bytes are here, and knows the id from its own."""

CANARIES = ("Gwilym", "Tudor", "X100001", "swaying like a canary")
REFERENCE = re.compile(r"[A-Z2-9]{4}-[A-Z2-9]{4}")


@dataclass
class Elm:
    """The world, and for every part of an address the id of something at Elm House."""

    world: World
    ids: dict[str, str]

    def address(self, row: Row, **others: str) -> str:
        for name in row.parameters:
            assert name in self.ids, f"{row.path}: say in the fixture `elm` what {{{name}}} is at Elm House"
        return row.path.format(**self.ids | others)


@pytest.fixture
async def elm(world: World) -> Elm:
    taken = shot()
    entry = entry_with(world, taken, words="swaying like a canary")
    await log_entry(entry, world.asha, world.now)
    recommendation = await models.Recommendation.get(superseded_at=None)
    assert recommendation.step
    choice = Choice(id=str(uuid4()), step=recommendation.step, reason="As the policy says.")
    decision = await decide(recommendation.id, choice, world.ben, world.now)
    notice = await models.Notice.filter(premises_id=world.elm.id).first()
    assert notice is not None
    draft = await start_draft(str(uuid4()), world.farah, world.now)
    return Elm(
        world,
        {
            "resident": world.residents["gwilym"].id,
            "entry": entry.id,
            "photo": taken.id,
            "start": "0",
            "held": await _held(world),
            "sequence": await _unconfirmed(world),
            "recommendation": recommendation.id,
            "decision": decision.id,
            "reference": notice.reference,
            "person": world.asha.id,
            "device": await _phone(world),
            "draft": draft,
            "section": "times",
            "example": "new",
            "rehearsal": await ask_rehearsal(draft, Asked(str(uuid4()), world.now), world.farah, world.now),
            "policy": (await models.PolicyVersion.get()).id,
            "code": (await invite_person(world.asha.id, world.grace, world.now)).code,
        },
    )


async def _phone(world: World) -> str:
    """The id of Asha's phone, on which an entry of hers waits."""
    phone = Phone(people=[world.asha.id])
    phone.write(world)
    said = msgspec.convert(phone.said(), PhoneReport)
    await report_phone(said, Found("none", world.now, world.asha), world.now)
    return phone.id


async def _held(world: World) -> str:
    """An entry of somebody who has left, about a resident of Elm House, brought by her old manager."""
    entry = an_entry(world, author="esther", words="swaying like a canary")
    await log_entries(Push((entry,)), world.ben, world.now, partial(problem_of, reference=""))
    return str((await models.HeldEntry.get()).id)


async def _unconfirmed(world: World) -> str:
    """The sequence of an entry of Asha's that her manager's session brought."""
    receipt = await log_entry(an_entry(world, signs=[], words="swaying like a canary"), world.ben, world.now)
    return str(receipt.sequence)


def named(rows: tuple[Row, ...]) -> list[Row]:
    """In a stable order; signing out comes last, because it ends the session."""
    return sorted(rows, key=lambda row: (row.path == "/sign-out", row.name))


async def ask(browser: AsyncClient, row: Row, address: str) -> Response:
    """The row as a browser or a phone would ask for it, with nothing filled in."""
    if row.method == "GET":
        return await browser.get(address)
    if row.method == "PUT":
        return await browser.put(address, content=b"")
    if row.path.startswith("/api/"):
        return await browser.post(address, json={})
    return await browser.post(address, headers={"content-type": "application/x-www-form-urlencoded"})


def asks_to_sign_in(answer: Response) -> bool:
    was_sent = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
    return was_sent or answer.status_code == 401


@pytest.mark.parametrize("who", [None, "esther"])
async def test_nobody_and_who_has_left_get_no_further_than_the_front_door(
    visit: Visit, elm: Elm, who: str | None
) -> None:
    """Esther's session was begun before she left; it is refused on her next request."""
    browser = await visit(elm.world.actors[who] if who else None)

    for row in named(routes.ROWS):
        answer = await ask(browser, row, elm.address(row))
        if row.permission is Permission.ANYONE:
            assert answer.status_code < 500, row.name
        else:
            assert asks_to_sign_in(answer), row.name
        assert not any(canary in answer.text for canary in CANARIES), row.name


@pytest.mark.parametrize("who", WORKING)
async def test_a_duty_opens_its_own_rows_and_no_others(visit: Visit, elm: Elm, who: str) -> None:
    actor: Actor = elm.world.actors[who]
    browser = await visit(actor)

    for row in named(routes.ROWS):
        answer = await ask(browser, row, elm.address(row))
        assert answer.status_code < 500, row.name
        assert (answer.status_code == 403) is not may(actor, row.permission), row.name


@pytest.mark.parametrize("who", ELSEWHERE)
async def test_what_is_elms_does_not_exist_for_oak_house(visit: Visit, elm: Elm, who: str) -> None:
    """The answer for a thing of Elm's and for a thing that never was are the same, letter for letter."""
    actor: Actor = elm.world.actors[who]
    browser = await visit(actor)

    for row in named(routes.ROWS):
        address = elm.address(row)
        answer = await ask(browser, row, address)
        assert not any(canary in answer.text for canary in CANARIES), row.name
        objects = [name for name in row.parameters if name not in OF_NO_PREMISES]
        if objects and may(actor, row.permission) and not row.path.startswith(CARRIED_BY_ANYBODY):
            missing = elm.address(row, **{name: str(uuid4()) for name in objects})
            never_was = await ask(browser, row, missing)
            assert answer.status_code == never_was.status_code == 404, row.name
            assert REFERENCE.sub("", answer.text) == REFERENCE.sub("", never_was.text), row.name


@ON_EVERY_ENGINE
async def test_the_resident_of_the_canaries_can_be_seen_by_those_who_may(visit: Visit, elm: Elm) -> None:
    """Otherwise the tests above would prove nothing."""
    for who in ("asha", "ben", "dev"):
        text = (await (await visit(elm.world.actors[who])).get(f"/residents/{elm.ids['resident']}")).text
        assert "Gwilym" in text


# Nonsense.


FIELDS = sorted(
    {
        name
        for source in Path("ap_log/handlers").glob("*.py")
        for name in re.findall(r"""\.(?:text|all|flag)\("([a-z_-]+)"\)""", source.read_text("utf-8"))
    }
)
"""Every name of a field that a handler reads."""

VALUES = (
    "",
    "x" * 3000,
    "-1",
    "9" * 40,
    "½",
    "<b>&amp;",
    "2026-13-45T99:99",
    "\u202e",
    "e\u0301",
    "nan",
    "1e400",
    "'--",
)
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
BODIES = (
    (FORM, b"reason=%00"),
    (FORM, b"reason=%ED%A0%80"),
    (FORM, b"reason=%ff"),
    (FORM, b"\xff\xfe\x00"),
    (FORM, b"&" * 5000),
    (FORM, b"x" * 500_000),
    (JSON, b""),
    (JSON, b"null"),
    (JSON, b"[" * 10_000),
    (JSON, b'{"entries": [{"id": "\\ud800", "sha256": "", "body": ""}]}'),
    (JSON, b'{"entries": [{"id": "\\u0000", "sha256": "\\u0000", "body": "\\u0000"}]}'),
    (JSON, b'{"entries": [{"id": "' + b"x" * 50 + b'", "sha256": "' + b"x" * 50 + b'", "body": "{}"}]}'),
    (JSON, b'{"entries": [], "entries": null}'),
    (JSON, b'{"code": "\\u0000", "credential": {}}'),
    (JSON, b"\xff"),
    (JSON, b"x" * 3_000_000),
    ("multipart/form-data; boundary=x", b"--x\r\n\r\n"),
    ("", b"reason=a"),
    ("text/plain", b"{}"),
)


@ON_EVERY_ENGINE
async def test_nonsense_is_never_an_error_of_ours(visit: Visit, elm: Elm, app: Starlette) -> None:
    app.state.throttle = Throttle(tries=10_000)
    actors = [elm.world.actors[who] for who in ("ben", "dev", "grace", "farah")]
    filled = [(FORM, urlencode(dict.fromkeys(FIELDS, value)).encode()) for value in VALUES]
    assert {"reason", "happening", "words"} <= set(FIELDS)

    for row in [row for row in named(routes.ROWS) if row.method == "POST" and row.path != "/sign-out"]:
        browser = await visit(next(actor for actor in actors if may(actor, row.permission)))
        for content_type, body in (*BODIES, *filled):
            answer = await browser.post(elm.address(row), content=body, headers={"content-type": content_type})
            assert answer.status_code < 500, (row.name, content_type, body[:60])


@ON_EVERY_ENGINE
async def test_a_nonsense_query_is_never_an_error_of_ours(visit: Visit, elm: Elm, app: Starlette) -> None:
    app.state.throttle = Throttle(tries=10_000)
    ben = await visit(elm.world.ben)
    reads = [row for row in named(routes.ROWS) if row.method == "GET" and may(elm.world.ben, row.permission)]

    for row, value in product(reads, ("%00", "%ff", "%ED%A0%80", "9" * 40, "x" * 500, "'--")):
        query = "&".join(f"{name}={value}" for name in ("to", *FIELDS))
        answer = await ben.get(f"{elm.address(row)}?{query}")
        assert answer.status_code < 500, (row.name, value[:20])
