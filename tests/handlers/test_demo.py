"""The demo's pages: be anybody with one tap, and read the mail. They are there in a demo and nowhere else."""

import socket
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from httpx2 import ASGITransport, AsyncClient
from starlette.applications import Starlette

from ap_log.actions.sign_in_to_demo import sign_in_to_demo
from ap_log.app import create_app
from ap_log.demo.mailbox import Mailbox
from ap_log.domain.errors import NotFound
from ap_log.notify import Message
from ap_log.notify.email import Email
from ap_log.presenters.demo import NEWCOMER
from ap_log.settings import BadSetting, Settings
from ap_log.store import engine, models
from tests.cast import World, settle
from tests.policies import publish
from tests.sealing import keys_file, sealing_keys
from tests.visitors import Visit

ORIGIN = "http://localhost:8000"


@pytest.fixture
async def demo_world(world: World) -> World:
    """The world of the tests, in a database that was created as a demo."""
    await models.Installation.filter(id=1).update(is_demo=True)
    return world


@pytest.fixture
def letters(tmp_path: Path) -> Mailbox:
    return Mailbox(tmp_path / "demo-mail")


@pytest.fixture
def demo_app(demo_world: World, letters: Mailbox, database: str) -> Starlette:
    made = create_app(Settings(origin=ORIGIN, database_url=database, is_demo=True), now=lambda: demo_world.now)
    made.state.mailbox = letters
    made.state.sealing = sealing_keys()
    return made


@pytest.fixture
async def browser(demo_app: Starlette) -> AsyncIterator[AsyncClient]:
    """A stranger's browser at the demo."""
    headers = {"sec-fetch-site": "same-origin"}
    async with AsyncClient(transport=ASGITransport(demo_app), base_url=ORIGIN, headers=headers) as opened:
        yield opened


async def test_a_stranger_is_sent_to_choose_who_to_be(browser: AsyncClient) -> None:
    assert (await browser.get("/")).headers["location"] == "/demo"


async def test_the_page_offers_everybody_and_says_that_they_are_invented(
    browser: AsyncClient, demo_world: World
) -> None:
    answer = await browser.get("/demo")

    assert answer.status_code == 200
    assert "AP Log demo: everybody here is invented" in answer.text
    for key, person in demo_world.people.items():
        assert person.name in answer.text, key
        assert f'value="{person.id}"' in answer.text
    assert "Manager, Elm House" in answer.text
    assert "Area manager, Elm House and Oak House" in answer.text


async def test_somebody_the_demo_did_not_come_with_has_no_card(browser: AsyncClient, now: datetime) -> None:
    await models.Person.create(name="Visitor", email="visitor@example.invalid", user_handle=b"1", created_at=now)

    assert "Visitor" not in (await browser.get("/demo")).text


async def test_one_tap_signs_in_and_leads_to_the_persons_work(browser: AsyncClient, demo_world: World) -> None:
    answer = await browser.post("/demo/sessions", data={"person": demo_world.ben.id})

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (await browser.get("/")).headers["location"] == "/queue"


async def test_a_policy_that_changed_comes_before_the_persons_work(browser: AsyncClient, demo_world: World) -> None:
    second = await publish(demo_world)

    answer = await browser.post("/demo/sessions", data={"person": demo_world.ben.id})

    assert answer.headers["location"] == f"/policies/{second}/changes?to=/"


async def test_being_somebody_else_ends_the_session_before(browser: AsyncClient, demo_world: World) -> None:
    await browser.post("/demo/sessions", data={"person": demo_world.ben.id})
    await browser.post("/demo/sessions", data={"person": demo_world.dev.id})

    assert (await browser.get("/")).headers["location"] == "/notices"
    open_sessions = await models.Session.filter(ended_at=None).select_related("person")
    assert [session.person.name for session in open_sessions] == ["Dev Patel"]


@pytest.mark.parametrize("person", ["", "nobody", "0" * 5000, "' OR 1=1 --"])
async def test_nobody_in_particular_is_refused(browser: AsyncClient, person: str) -> None:
    answer = await browser.post("/demo/sessions", data={"person": person})

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


async def test_esther_is_refused(browser: AsyncClient, demo_world: World) -> None:
    answer = await browser.post("/demo/sessions", data={"person": demo_world.esther.id})

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert "They have left" in answer.text
    assert not await models.Session.exists()


async def test_another_site_cannot_sign_anybody_in(browser: AsyncClient, demo_world: World) -> None:
    answer = await browser.post(
        "/demo/sessions", data={"person": demo_world.ben.id}, headers={"sec-fetch-site": "cross-site"}
    )

    assert answer.status_code == 403
    assert not await models.Session.exists()


async def test_an_invitation_can_be_opened_as_a_new_colleague(browser: AsyncClient, now: datetime) -> None:
    email = f"{NEWCOMER}@example.invalid"
    await models.Person.create(name="Mair Adeyemi-Lloyd", email=email, user_handle=b"1", created_at=now)

    answer = await browser.post("/demo/invitations")

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/invitations/")
    shown = await browser.get(answer.headers["location"])
    assert shown.status_code == 200
    assert "Mair" in shown.text


async def test_mail_is_listed_and_read_with_its_link(browser: AsyncClient, letters: Mailbox, now: datetime) -> None:
    letters.add(
        b"To: dev@example.invalid\nSubject: AP Log: something needs you (ABCD-1234)\n\n"
        b"Open it: http://localhost:8000/notices/ABCD-1234\n<script>alert(1)</script>\n",
        now,
    )

    listed = await browser.get("/demo/mail")
    [letter] = letters.list_letters()
    read = await browser.get(f"/demo/mail/{letter.key}")

    assert "To dev@example.invalid" in listed.text
    assert "today at 01:40" in listed.text
    assert f'href="/demo/mail/{letter.key}"' in listed.text
    assert 'Open it: <a class="govuk-link" href="http://localhost:8000/notices/ABCD-1234">' in read.text
    assert "&lt;script&gt;" in read.text
    assert "<script>alert" not in read.text


async def test_an_empty_mailbox_says_what_to_do(browser: AsyncClient) -> None:
    assert "No mail yet" in (await browser.get("/demo/mail")).text


@pytest.mark.parametrize("key", ["0123456789abcdef", "new%2f1", "%2e%2e%2fnew"])
async def test_a_letter_there_is_not_is_not_found(browser: AsyncClient, key: str) -> None:
    assert (await browser.get(f"/demo/mail/{key}")).status_code == 404


@pytest.mark.parametrize("path", ["/demo", "/demo/mail", "/demo/mail/0123456789abcdef"])
async def test_outside_the_demo_there_are_no_such_pages(visit: Visit, world: World, path: str) -> None:
    browser = await visit(world.ben)

    assert (await browser.get(path)).status_code == 404
    assert (await browser.post("/demo/sessions", data={"person": world.ben.id})).status_code == 404


async def test_the_demos_sign_in_lets_nobody_into_a_real_database(world: World) -> None:
    with pytest.raises(NotFound):
        await sign_in_to_demo(world.ben.id, None, world.now)


async def test_mail_sent_while_the_demo_runs_is_on_its_page(demo_to_start: Settings, now: datetime) -> None:
    running = create_app(demo_to_start, now=lambda: now)
    async with running.router.lifespan_context(running):
        message = Message("key", "dev@example.invalid", "AP Log: something needs you", "Words\n", now)
        await Email(demo_to_start.smtp_url, demo_to_start.mail_from, "localhost").send(message)
        async with AsyncClient(transport=ASGITransport(running), base_url=ORIGIN) as browser:
            listed = await browser.get("/demo/mail")

    assert "To dev@example.invalid" in listed.text


async def test_a_demo_whose_mail_cannot_be_received_does_not_start(demo_to_start: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", urlsplit(demo_to_start.smtp_url).port or 0))
        taken.listen()
        running = create_app(demo_to_start)
        with pytest.raises(BadSetting, match="AP_LOG_SMTP_URL"):
            async with running.router.lifespan_context(running):
                pass


@pytest.fixture
async def demo_to_start(sqlite_url: str, now: datetime) -> Settings:
    """The settings of a demo that nobody has started yet; the port of its mail server was free just now."""
    await engine.connect(sqlite_url)
    await settle(now)
    await models.Installation.filter(id=1).update(is_demo=True)
    await engine.disconnect()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return Settings(
        origin=ORIGIN,
        database_url=sqlite_url,
        sealing_keys=str(keys_file()),
        smtp_url=f"smtp://127.0.0.1:{port}",
        is_demo=True,
    )
