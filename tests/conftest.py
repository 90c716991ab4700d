"""What every test may ask for: a fixed now, a fresh database, a world in it. The network is off in any case."""

from datetime import UTC, datetime

import pytest

from tests import cast

pytest_plugins = ["tests.databases", "tests.network", "tests.visitors", "tests.passkey_phones"]


@pytest.fixture
def now() -> datetime:
    """01:40 on a Friday in November, when London and UTC agree: the corridor of the first night."""
    return datetime(2026, 11, 20, 1, 40, tzinfo=UTC)


@pytest.fixture
async def world(database: str, now: datetime) -> cast.World:
    """Elm House and Oak House, their people and three residents, in a fresh database."""
    return await cast.settle(now)
