"""The loop beside the web server: delivers messages, passes on notices whose time is up, rehearses policies, and draws
photos.

Several workers may run at once on PostgreSQL; what keeps them out of each other's way is in the store.
"""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial

from ap_log import clock
from ap_log.actions.deliver_notices import deliver_notice
from ap_log.actions.draw_photos import draw_photo
from ap_log.actions.pass_on_notices import pass_on_notices
from ap_log.actions.remind_of_phones import deliver_reminder, raise_reminders
from ap_log.actions.run_rehearsal import run_rehearsal
from ap_log.notify.email import Email
from ap_log.settings import Settings
from ap_log.store import engine, outbox
from ap_log.store.transaction import finish_transactions

POLL = 1.0
"""Seconds between two looks at the database: a step 5 has 15 minutes, and a look costs a millisecond."""

Job = Callable[[datetime], Awaitable[bool | int]]
"""Does one piece of work at the time it is given, and says whether there was any."""

_log = logging.getLogger(__name__)


async def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT, then finish what is begun.

    Raises:
        NotReady: the database cannot be opened, or would lose acknowledged writes.
        BadSetting: the mail server's address would send a password in the clear.
    """
    channels = {outbox.EMAIL: Email(settings.smtp_url, settings.mail_from, settings.origin_host)}
    stopping = asyncio.Event()
    jobs = (
        partial(deliver_notice, channels, settings.origin),
        pass_on_notices,
        raise_reminders,
        partial(deliver_reminder, channels, settings.origin),
        partial(run_rehearsal, clock.now, stopping.is_set),
        draw_photo,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    await engine.connect(settings.database_url)
    try:
        await work(jobs, stopping)
    finally:
        await finish_transactions()
        await engine.disconnect()


async def work(jobs: Sequence[Job], stopping: asyncio.Event) -> None:
    """Repeat every job, each on its own: a mail server that hangs holds up no chain."""
    async with asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(_repeat(job, stopping))


async def _repeat(job: Job, stopping: asyncio.Event) -> None:
    while not stopping.is_set():
        if not await _attempt(job):
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), POLL)


async def _attempt(job: Job) -> bool:
    """One round of a job. A failure ends the round and nothing else; the next one is a second away."""
    try:
        return bool(await job(clock.now()))
    except Exception:
        _log.exception("A round of the worker failed")
        return False
