"""Comparing a real copy of a real database with it, and what a phone brings back after a restore."""

import hashlib
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import msgspec
import pytest

from ap_log.actions.decide_held_entry import decide_held_entry
from ap_log.actions.log_entries import log_entries, log_entry
from ap_log.actions.note_restore import note_restore
from ap_log.actions.verify_backup import verify_backup
from ap_log.domain.errors import Refusal
from ap_log.domain.holding import Outcome, Settlement
from ap_log.domain.sync import Problem, Push
from ap_log.store import backups, engine, installation, models
from tests.cast import World, an_entry

LATER = timedelta(hours=1)


class Copies:
    """Makes copies of the open database, as a backup that was restored somewhere else."""

    def __init__(self, url: str, folder: Path, request: pytest.FixtureRequest) -> None:
        self.url, self.folder, self.request = url, folder, request
        self.made: list[str] = []

    async def make(self) -> str:
        name = f"copy_{uuid4().hex}"
        if engine.is_sqlite(self.url):
            await _execute(self.url, f"VACUUM INTO '{self.folder / name}'")
            return f"sqlite://{self.folder / name}"
        # PostgreSQL copies a database that nobody is connected to.
        await engine.disconnect()
        server = self.request.getfixturevalue("migrated_postgres")
        await _execute(server.get_uri("postgres"), f"CREATE DATABASE {name} TEMPLATE {urlsplit(self.url).path[1:]}")
        self.made.append(name)
        await engine.connect(self.url)
        return str(server.get_uri(name))


@pytest.fixture
async def copies(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Copies]:
    made = Copies(database, tmp_path, request)
    yield made
    for name in made.made:
        server = request.getfixturevalue("migrated_postgres")
        await _execute(server.get_uri("postgres"), f"DROP DATABASE {name} WITH (FORCE)")


async def logged(world: World, at: datetime, author: str = "asha") -> str:
    entry = an_entry(world, author=author)
    await log_entry(entry, world.actors[author], at)
    return entry.id


def _refused(refusal: Refusal) -> Problem:
    raise refusal


async def backed_up_to() -> datetime | None:
    return (await installation.get_safekeeping()).backed_up_to


async def test_a_copy_with_everything_moves_the_time_to_the_newest_entry(world: World, copies: Copies) -> None:
    await logged(world, world.now)
    await logged(world, world.now + timedelta(minutes=1))

    found = await verify_backup(await copies.make(), world.now + LATER)

    assert found.is_good
    assert found.compared == {"entry": 2}
    assert await backed_up_to() == world.now + timedelta(minutes=1)


async def test_what_came_after_the_copy_was_made_is_not_in_a_backup_yet(world: World, copies: Copies) -> None:
    await logged(world, world.now)
    copy = await copies.make()
    await logged(world, world.now + timedelta(minutes=30))

    found = await verify_backup(copy, world.now + 2 * LATER)
    assert (found.is_good, found.newer) == (True, 1)
    assert await backed_up_to() == world.now


async def test_an_older_copy_takes_nothing_back_that_a_newer_one_held(world: World, copies: Copies) -> None:
    await logged(world, world.now)
    older = await copies.make()
    await logged(world, world.now + timedelta(minutes=30))
    await verify_backup(await copies.make(), world.now + 2 * LATER)

    await verify_backup(older, world.now + 2 * LATER)
    assert await backed_up_to() == world.now + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("DELETE FROM entry WHERE entry_id = '{}'", "missing"),
        ("UPDATE entry SET body = body || ' ' WHERE entry_id = '{}'", "damaged"),
        (f"UPDATE entry SET sha256 = '{'0' * 64}' WHERE entry_id = '{{}}'", "damaged"),
    ],
)
async def test_r9_a_copy_with_a_hole_or_a_turned_bit_is_no_good_backup(
    world: World, copies: Copies, damage: str, said: str
) -> None:
    first = await logged(world, world.now)
    await logged(world, world.now + timedelta(minutes=30))
    copy = await copies.make()
    await _execute(copy, damage.format(first))

    found = await verify_backup(copy, world.now + 2 * LATER)

    assert not found.is_good
    named = [item.id for item in found.damaged] + [each.item.id for each in found.missing]
    assert set(named) == {first}
    assert bool(found.damaged) is (said == "damaged")
    assert await backed_up_to() is None


async def test_held_entries_and_photos_are_compared_too(world: World, copies: Copies) -> None:
    body, picture = "{}", b"\xff\xd8 a picture"
    await models.HeldEntry.create(
        entry_id=str(uuid4()),
        sha256=_sha(body.encode()),
        body=body,
        author_id=world.asha.id,
        courier_id=world.asha.id,
        device="",
        why="moved",
        occurred_at=world.now,
        recorded_at=world.now,
        received_at=world.now,
    )
    await models.Photo.create(
        id=str(uuid4()),
        entry_id=str(uuid4()),
        author_id=world.asha.id,
        sha256=_sha(picture),
        size=len(picture),
        state="whole",
        declared_at=world.now,
        complete_at=world.now + timedelta(minutes=20),
        content=picture,
    )
    copy = await copies.make()

    assert (await verify_backup(copy, world.now + LATER)).compared == {"held entry": 1, "photo": 1}
    assert await backed_up_to() == world.now + timedelta(minutes=20)
    await _execute(copy, "DELETE FROM photo")
    assert (await verify_backup(copy, world.now + LATER)).newer == 1


async def test_a_photo_that_came_with_other_bytes_has_no_receipt_and_is_not_compared(
    world: World, copies: Copies
) -> None:
    await logged(world, world.now)
    await models.Photo.create(
        id=str(uuid4()),
        entry_id=str(uuid4()),
        author_id=world.asha.id,
        sha256=_sha(b"the picture"),
        size=11,
        state="other-bytes",
        declared_at=world.now,
        content=b"something else, sealed",
    )

    found = await verify_backup(await copies.make(), world.now + LATER)
    assert (found.is_good, found.compared) == (True, {"entry": 1})


async def test_what_was_taken_into_the_log_since_is_in_the_copy_as_it_was_held(world: World, copies: Copies) -> None:
    left = msgspec.structs.replace(world.asha, postings=())
    await models.Posting.filter(person_id=world.asha.id).delete()
    taken = an_entry(world)
    await log_entries(Push((taken,)), left, world.now, _refused)
    await logged(world, world.now + timedelta(minutes=30), author="ben")
    copy = await copies.make()
    row = await models.HeldEntry.get(entry_id=taken.id)
    await decide_held_entry(row.id, Settlement(Outcome.TAKEN, ""), world.ben, world.now + LATER)

    found = await verify_backup(copy, world.now + 2 * LATER)
    assert (found.missing, found.compared) == ((), {"entry": 2, "held entry": 1})
    assert await backed_up_to() == world.now + timedelta(minutes=30)


async def test_the_copy_is_only_read(world: World, copies: Copies) -> None:
    await logged(world, world.now)
    copy = await copies.make()
    before = _bytes_of(copy)

    await verify_backup(copy, world.now + LATER)

    assert _bytes_of(copy) == before
    assert "backup.verified" in [each.event for each in await models.AuditRecord.all()]


async def test_the_live_database_is_not_a_copy_of_itself(world: World, copies: Copies, database: str) -> None:
    assert await backups.is_live(database, database)
    assert not await backups.is_live(await copies.make(), database)


async def test_a_copy_that_cannot_be_reached_is_refused_in_words_before_it_is_asked_which_it_is(database: str) -> None:
    for copy in ("postgres://nobody@127.0.0.1:1/none", "postgres://nobody@127.0.0.1:port/none"):
        with pytest.raises(backups.UnreadableCopy) if not engine.is_sqlite(database) else nullcontext():
            assert not await backups.is_live(copy, database)


async def test_what_is_no_database_of_ours_is_refused(database: str, tmp_path: Path) -> None:
    (tmp_path / "nonsense").write_bytes(b"not a database" * 100)
    await _execute(f"sqlite://{tmp_path / 'empty'}", "CREATE TABLE x (y)")

    for name in ("nonsense", "empty", "not-there"):
        with pytest.raises(backups.UnreadableCopy):
            await backups.read_copy(f"sqlite://{tmp_path / name}")
    assert not (tmp_path / "not-there").exists()
    with pytest.raises(backups.UnreadableCopy):
        await backups.read_copy("postgres://nobody@127.0.0.1:1/none")


async def test_a_restore_begins_a_new_epoch_and_no_backup_of_it_is_known(world: World, copies: Copies) -> None:
    await logged(world, world.now)
    await verify_backup(await copies.make(), world.now + LATER)

    first, second = await note_restore(world.now + LATER), await note_restore(world.now + LATER)

    assert first != second
    kept = await installation.get_safekeeping()
    assert (kept.restore_epoch, kept.backed_up_to) == (second, None)
    assert [each.event for each in await models.AuditRecord.filter(event="backup.restored")] == ["backup.restored"] * 2


async def test_a_database_is_given_an_epoch_once(database: str, now: datetime) -> None:
    assert (await installation.get_safekeeping()).restore_epoch == ""
    await installation.settle_installation(is_demo=False, now=now)
    epoch = (await installation.get_safekeeping()).restore_epoch
    await installation.settle_installation(is_demo=False, now=now)

    assert epoch
    assert (await installation.get_safekeeping()).restore_epoch == epoch


async def test_one_from_before_epochs_gets_its_first_and_stays_what_it_is(world: World, now: datetime) -> None:
    await models.Installation.all().update(is_demo=True)
    await installation.settle_installation(is_demo=False, now=now)

    assert (await installation.get_safekeeping()).restore_epoch
    assert await installation.is_demo()


async def _execute(url: str, statement: str) -> None:
    if engine.is_sqlite(url):
        with closing(sqlite3.connect(engine.sqlite_file(url), isolation_level=None)) as file:
            file.execute(statement)
        return
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


def _bytes_of(url: str) -> bytes:
    return engine.sqlite_file(url).read_bytes() if engine.is_sqlite(url) else b""


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
