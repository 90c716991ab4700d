"""SQLite through Tortoise with `BEGIN IMMEDIATE`.

A deferred transaction that reads and then writes fails at once with "database is locked" when another process (the
worker) wrote in between, whatever the busy timeout. Taking the write lock first makes it wait its turn instead.
Tortoise's migration runner picks its schema editor by the module's name, which must therefore contain "sqlite".
"""

import sqlite3
from typing import Any

from tortoise.backends.base.client import TransactionContext
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionContext, SqliteTransactionWrapper
from tortoise.exceptions import OperationalError


class ImmediateTransaction(SqliteTransactionWrapper):
    async def begin(self) -> None:
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error

    async def execute_script(self, query: str) -> None:
        """Several statements one after another: sqlite3's own way with a script commits the transaction first."""
        for statement in filter(str.strip, query.split(";")):
            await self.execute_query(statement)


class ImmediateSqliteClient(SqliteClient):
    def _in_transaction(self) -> TransactionContext:
        return SqliteTransactionContext(ImmediateTransaction(self), self._lock)


client_class = ImmediateSqliteClient


def get_client_class(_: dict[str, Any]) -> type[ImmediateSqliteClient]:
    """The hook by which Tortoise asks a backend for its client."""
    return ImmediateSqliteClient
