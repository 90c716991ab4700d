"""Runs a draft over the history of many residents: read here, judged in processes of their own, as it goes."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime

import msgspec

from ap_log import processes
from ap_log.domain.policy.language import Policy, PolicyBook
from ap_log.domain.policy.rehearsal import Rehearsed, book_with, rehearse_all
from ap_log.store import history
from ap_log.store.history import Past

ENDED_FROM_OUTSIDE = "One of the processes that judge was ended from outside: the machine may have run out of memory."
"""What BrokenProcessPool means to people."""


class Found(msgspec.Struct, frozen=True):
    """What was found for one resident, and the premises where they live or lived last."""

    premises: str
    rehearsed: Rehearsed


async def rehearse_history(
    book: PolicyBook, draft: Policy, since: datetime, residents: list[str]
) -> AsyncGenerator[list[Found], None]:
    """Every resident's differences, a chunk at a time, in the order given. Raises BrokenProcessPool."""
    rehearsed = book_with(book, draft, since)
    pool, loop = processes.pool(), asyncio.get_running_loop()
    judging: deque[tuple[list[Past], asyncio.Future[tuple[Rehearsed, ...]]]] = deque()
    try:
        async with aclosing(history.read_history(residents, book.policies[0].effective_from)) as chunks:
            async for chunk in chunks:
                timelines = [past.timeline for past in chunk]
                judging.append((chunk, loop.run_in_executor(pool, rehearse_all, book, rehearsed, since, timelines)))
                # One chunk waits beside those being judged, so that no process waits for the database.
                if len(judging) > processes.count() + 1:
                    yield await _found(*judging.popleft())
        while judging:
            yield await _found(*judging.popleft())
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


async def _found(chunk: list[Past], judging: "asyncio.Future[tuple[Rehearsed, ...]]") -> list[Found]:
    return [Found(past.premises, rehearsed) for past, rehearsed in zip(chunk, await judging, strict=True)]
