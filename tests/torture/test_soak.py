"""The soak in short: a thousand entries over a bad network. `make soak` saves ten thousand and keeps the count."""

import os
from pathlib import Path

import pytest

from tests.torture.soak import soak

ENTRIES = int(os.environ.get("AP_LOG_TEST_SOAK", "1000"))


@pytest.mark.torture
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_over_a_bad_network_nothing_is_lost_doubled_misattributed_or_stuck(
    database_url: str, tmp_path: Path
) -> None:
    count = await soak(ENTRIES, tmp_path, database_url)
    print(f"\n{count.table()}")  # noqa: T201 the counts are what this test is for
    assert count.faults == {"lost": 0, "doubled": 0, "misattributed": 0, "queues stuck": 0}
