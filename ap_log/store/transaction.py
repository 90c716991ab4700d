"""The only door to a transaction.

A request that is cancelled while Tortoise opens a transaction leaves the connection locked for ever. So the work
runs in a task of its own, shielded from its caller: whoever gives up waiting, the transaction ends by itself.
"""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

from tortoise.exceptions import IntegrityError, TransactionManagementError
from tortoise.transactions import in_transaction

from ap_log.domain.errors import Unavailable

from . import engine

TURN_LIMIT = 15.0
"""Seconds a transaction may queue behind this process's others before its caller is told to try again."""

TIME_LIMIT = 10.0
"""Seconds one transaction may take once it has begun: nothing inside it waits for the world."""

STUCK_LIMIT = 20.0
"""Seconds after its beginning when a transaction that did not even roll back is beyond help: the process leaves."""

_REFUSED = (TimeoutError, OSError, *engine.DATABASE_ERRORS)

_log = logging.getLogger(__name__)
_running: set["asyncio.Task[object]"] = set()

Result = TypeVar("Result")


class Duplicate(Exception):
    """A row that has to be the only one of its kind is there already: somebody else was first."""


async def transaction(work: Callable[[], Awaitable[Result]]) -> Result:
    """Run `work` in one transaction and return what it returns; on any error nothing of it remains.

    Raises:
        Duplicate: a uniqueness rule refused the work.
        Unavailable: the database takes no writes now (locked, full, read-only, gone), or took too long.
    """
    task = asyncio.create_task(_bounded(work))
    _running.add(task)
    task.add_done_callback(_finished)
    return await asyncio.shield(task)


async def finish_transactions() -> None:
    """Wait for the transactions whose callers have gone. For an orderly end of the process."""
    await asyncio.gather(*_running, return_exceptions=True)


async def _bounded(work: Callable[[], Awaitable[Result]]) -> Result:
    try:
        async with _turn(), _opened(), asyncio.timeout(TIME_LIMIT):
            return await work()
    except IntegrityError as error:
        raise Duplicate(str(error)) from error
    except _REFUSED as error:
        _log.exception("A transaction failed")
        raise Unavailable from error


@asynccontextmanager
async def _turn() -> AsyncIterator[None]:
    """One of the turns this process has at its database.

    Giving up the wait here costs nothing, because nothing is held yet; inside Tortoise it would cost the connection.
    """
    turns = engine.turns()
    async with asyncio.timeout(TURN_LIMIT):
        await turns.acquire()
    try:
        yield
    finally:
        turns.release()


@asynccontextmanager
async def _opened() -> AsyncIterator[None]:
    """Tortoise's transaction, which by itself gives back neither lock nor connection when it fails to begin.

    The watchdog's time starts when the transaction has: a process that only waits (SQLite has one lock for all of
    them) is healthy. It ends when the transaction has ended, its rollback included.
    """
    context = in_transaction()
    try:
        await context.__aenter__()
    except BaseException:
        with suppress(AttributeError):  # It failed before it held anything.
            await context.__aexit__(TransactionManagementError, None, None)
        raise
    watchdog = asyncio.get_running_loop().call_later(STUCK_LIMIT, _leave)
    try:
        yield
    except BaseException as error:
        await context.__aexit__(type(error), error, error.__traceback__)
        raise
    else:
        await context.__aexit__(None, None, None)
    finally:
        watchdog.cancel()


def _finished(task: "asyncio.Task[object]") -> None:
    _running.discard(task)
    if not task.cancelled():
        task.exception()  # Read, so that an error whose caller has gone is not reported as never retrieved.


def _leave() -> None:
    _log.critical("A transaction is stuck; leaving so that the supervisor starts a fresh process")
    os._exit(70)
