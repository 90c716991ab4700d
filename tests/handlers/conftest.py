"""Handlers speak HTTP, and their questions to the database are the store's: here one engine is enough.

`test_routes` asks every row on both. `make torture` runs everything here on both (AP_LOG_TEST_EVERY_ENGINE).
"""

import os

import pytest

from tests.databases import ENGINES

EVERY_ENGINE = bool(os.environ.get("AP_LOG_TEST_EVERY_ENGINE"))


@pytest.fixture(params=ENGINES if EVERY_ENGINE else ("sqlite",))
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh database."""
    return str(request.getfixturevalue(f"{request.param}_url"))
