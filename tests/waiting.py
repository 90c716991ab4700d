"""Waiting for what another process, or a browser, does in its own time."""

import asyncio
from collections.abc import Callable
from inspect import isawaitable

LOOK_AGAIN = 0.02
"""Seconds between two looks: nothing tells us when it is so far."""


async def until(holds: Callable[[], object], seconds: float = 60) -> None:
    """Look again and again until it holds: a truth, or something to await that gives one. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not await _now(holds):  # noqa: ASYNC110 other processes have no event of ours to set
            await asyncio.sleep(LOOK_AGAIN)


async def _now(holds: Callable[[], object]) -> object:
    found = holds()
    return await found if isawaitable(found) else found
