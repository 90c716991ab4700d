"""Health is green only while an entry could be stored, and it leaves nothing behind."""

import os
from collections.abc import Callable

import pytest
from tortoise import connections

from ap_log.store import models, trial
from tests.visitors import Visit


async def test_a_database_that_takes_writes_is_well_and_keeps_nothing_of_the_trial(visit: Visit, database: str) -> None:
    stranger = await visit(None)

    answer = await stranger.get("/health")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert await models.Installation.all().count() == 0


async def test_a_database_that_is_only_read_is_not(visit: Visit, database: str) -> None:
    stranger = await visit(None)
    await connections.get("default").execute_query("PRAGMA query_only=ON")

    answer = await stranger.get("/health")

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "30"


async def test_a_disk_that_is_nearly_full_is_not(visit: Visit, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = await visit(None)
    disk = os.statvfs("/")

    def with_free(blocks: int) -> Callable[[object], os.statvfs_result]:
        return lambda _: os.statvfs_result((4096, 4096, *disk[2:4], blocks, *disk[5:]))

    monkeypatch.setattr(os, "statvfs", with_free(trial.LEAST_FREE_BYTES // 4096))
    assert (await stranger.get("/health")).status_code == 200
    monkeypatch.setattr(os, "statvfs", with_free(trial.LEAST_FREE_BYTES // 4096 - 1))
    assert (await stranger.get("/health")).status_code == 503
