"""`ap-log demo create` makes a demo once, in an empty database and in no other."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ap_log.demo import create as creation
from ap_log.demo import mailbox
from ap_log.demo.create import NotADemo, create
from ap_log.store import engine, installation
from ap_log.store.models import Person
from ap_log.store.transaction import transaction
from tests.demo.conftest import NOW, Made


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def somebody_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Demos of this test hold one person and no history: what is tried is where they are made."""

    async def fill(now: datetime, _: Callable[[str], None]) -> None:
        await _somebody()

    monkeypatch.setattr(creation, "_fill", fill)


async def people(url: str) -> list[str]:
    await engine.connect(url)
    try:
        return [person.id for person in await Person.all()]
    finally:
        await engine.disconnect()


async def prepare(url: str, prepared: Callable[[], Awaitable[None]]) -> None:
    await engine.connect(url)
    try:
        await prepared()
    finally:
        await engine.disconnect()


async def test_the_whole_demo_made_again_is_kept_as_it_is(made: Made, said: list[str]) -> None:
    before = await people(made.url)

    assert not await create(made.url, made.now + timedelta(days=1), said.append)

    assert await people(made.url) == before
    assert said == ["The demo is there already; its data is kept."]


@pytest.mark.usefixtures("somebody_only")
async def test_a_demo_is_made_once_in_an_empty_database(database_url: str, now: datetime, said: list[str]) -> None:
    assert await create(database_url, now, said.append)
    [made] = await people(database_url)

    assert not await create(database_url, now, said.append)

    assert await people(database_url) == [made]
    assert said[-2:] == [
        "The demo is ready. Everybody in it is invented.",
        "The demo is there already; its data is kept.",
    ]


@pytest.mark.usefixtures("somebody_only")
async def test_a_demo_is_made_where_there_is_no_file_yet(tmp_path: Path, now: datetime, said: list[str]) -> None:
    url = f"sqlite://{tmp_path / 'var' / 'demo.sqlite3'}"

    assert await create(url, now, said.append)

    assert len(await people(url)) == 1
    assert [path.name for path in (tmp_path / "var").glob("*unfinished*")] == []


async def test_a_database_with_people_is_refused_and_left_alone(
    database_url: str, now: datetime, said: list[str]
) -> None:
    await prepare(database_url, _somebody)
    before = await people(database_url)

    with pytest.raises(NotADemo, match="AP_LOG_DATABASE_URL"):
        await create(database_url, now, said.append)

    assert await people(database_url) == before
    assert said == []


async def test_a_database_made_for_real_people_is_refused_before_there_are_any(
    sqlite_url: str, now: datetime, said: list[str]
) -> None:
    await prepare(sqlite_url, partial(transaction, partial(installation.settle_installation, False, now)))

    with pytest.raises(NotADemo):
        await create(sqlite_url, now, said.append)

    assert await people(sqlite_url) == []


@pytest.mark.usefixtures("somebody_only")
async def test_a_demo_that_was_interrupted_is_made_again(
    sqlite_url: str, now: datetime, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(creation, "_fill", _breaks_off)
        with pytest.raises(KeyboardInterrupt):
            await create(sqlite_url, now, said.append)
    assert await people(sqlite_url) == []

    assert await create(sqlite_url, now, said.append)

    assert len(await people(sqlite_url)) == 1
    folder = Path(urlsplit(sqlite_url).path).parent
    assert [path.name for path in folder.iterdir() if "unfinished" in path.name] == []


@pytest.mark.usefixtures("somebody_only")
async def test_the_mail_of_an_earlier_demo_is_thrown_away(sqlite_url: str, now: datetime, said: list[str]) -> None:
    mailbox.Mailbox(mailbox.folder_of(sqlite_url)).add(b"Subject: Old\n\nOld\n", now)

    await create(sqlite_url, now, said.append)

    assert mailbox.Mailbox(mailbox.folder_of(sqlite_url)).list_letters() == []


async def _breaks_off(now: datetime, say: Callable[[str], None]) -> None:
    await _somebody()
    raise KeyboardInterrupt


async def _somebody() -> None:
    await Person.create(name="Somebody", email="somebody@example.invalid", user_handle=b"1", created_at=NOW)
