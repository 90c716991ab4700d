"""R9: a restore takes back what the server had acknowledged, and the phones that still have it bring it again."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx2 import AsyncClient

from ap_log.actions.note_restore import note_restore
from ap_log.actions.verify_backup import verify_backup
from ap_log.domain.sync import PushedEntry
from ap_log.store import engine, models
from tests.cast import World, an_entry
from tests.phones import Phone, states
from tests.visitors import ON_SQLITE, Visit


async def push(browser: AsyncClient, *entries: PushedEntry) -> dict[str, Any]:
    sent = [{"id": each.id, "sha256": each.sha256, "body": each.body} for each in entries]
    answer = await browser.post("/api/sync", json={"entries": sent})
    assert answer.status_code == 200, answer.text
    assert all(result["result"] == "stored" for result in answer.json()["results"]), answer.text
    return dict(answer.json())


async def offer(browser: AsyncClient, *entries: PushedEntry) -> dict[str, Any]:
    kept = [{"id": each.id, "sha256": each.sha256} for each in entries]
    return dict((await browser.post("/api/receipts", json={"receipts": kept})).json())


@pytest.fixture
def backup(database: str, tmp_path: Path) -> Any:
    """`await backup.make()` copies the database, `await backup.restore()` puts the copy in its place."""

    class Backup:
        live, copy = engine.sqlite_file(database), tmp_path / "backup"

        async def make(self) -> None:
            await engine.disconnect()
            shutil.copyfile(self.live, self.copy)
            await engine.connect(database)

        async def restore(self) -> None:
            await engine.disconnect()
            shutil.copyfile(self.copy, self.live)
            for rest in self.live.parent.glob(f"{self.live.name}-*"):
                rest.unlink()
            await engine.connect(database)

    return Backup()


@ON_SQLITE
async def test_r9_what_a_restore_loses_the_phone_is_asked_for_and_sends_again(
    visit: Visit, world: World, backup: Any
) -> None:
    asha, phone = await visit(world.asha), Phone()
    before, after = an_entry(world), an_entry(world)
    await push(asha, before)
    await backup.make()
    epoch = (await push(asha, after))["restore_epoch"]

    await backup.restore()
    new_epoch = await note_restore(world.now)

    said = (await phone.report(asha)).json()
    assert said["restore_epoch"] == new_epoch != epoch
    assert said["backed_up_to"] is None
    answer = await offer(asha, before, after)
    assert answer["missing"] == [{"id": after.id, "sha256": after.sha256}]
    assert answer["restore_epoch"] == new_epoch
    await push(asha, before, after)
    assert await models.Entry.all().count() == 2
    assert (await offer(asha, before, after))["missing"] == []


@ON_SQLITE
async def test_r9_what_was_announced_and_is_in_no_backup_is_held_again_when_the_phone_says_so(
    visit: Visit, world: World, backup: Any
) -> None:
    asha, phone = await visit(world.asha), Phone()
    entry = phone.write(world)
    await phone.report(asha)
    await backup.make()
    await push(asha, entry)
    await phone.report(asha, holds=[])
    assert await states(phone) == {entry.id: "arrived"}

    await backup.restore()
    await note_restore(world.now)
    await phone.report(asha)

    assert await states(phone) == {entry.id: "held"}


@ON_SQLITE
async def test_a_verified_backup_is_what_phones_are_told_of(visit: Visit, world: World, backup: Any) -> None:
    asha = await visit(world.asha)
    await push(asha, an_entry(world))
    await backup.make()

    await verify_backup(f"sqlite://{backup.copy}", world.now + timedelta(minutes=9))
    assert (await push(asha))["backed_up_to"] is None
    await verify_backup(f"sqlite://{backup.copy}", world.now + timedelta(minutes=10))

    assert (await push(asha))["backed_up_to"] == "2026-11-20T01:40:00Z"
    assert (await Phone().report(asha)).json()["backed_up_to"] == "2026-11-20T01:40:00Z"
