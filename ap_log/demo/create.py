"""Makes the demo in an empty database: two houses, their people, and ninety days of history up to now."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random

from ap_log.demo import elm_stories, mailbox, oak_stories, present
from ap_log.demo.agenda import Agenda
from ap_log.demo.cast import WORKED_FOR, settle_cast
from ap_log.demo.everyday import everyday
from ap_log.demo.history import History
from ap_log.demo.houses import settle_residents
from ap_log.demo.phone_work import plan_phone_work
from ap_log.demo.policy_work import plan_policy_work
from ap_log.store import engine, installation, policies
from ap_log.store.migrating import LOCK, migrate
from ap_log.store.models import Person
from ap_log.store.transaction import transaction

SEED = 19800
"""Whatever the day, the same things happen at the same distance from it."""

UNFINISHED = ".unfinished"


class NotADemo(Exception):
    """The database is somebody's already; the sentence says what to do."""


async def create(url: str, now: datetime, say: Callable[[str], None]) -> bool:
    """Make the demo, unless it is there; True when it was made. `say` is told how it goes.

    An SQLite demo is made in a file beside its own and put in place when it is whole, so that one that was interrupted
    is simply made again.

    Raises:
        NotADemo: the database is in use and was not made as a demo.
    """
    await migrate(url)
    if await _exists(url):
        say("The demo is there already; its data is kept.")
        return False
    say("Making the demo: two houses, 42 residents, 90 days of history. This takes some seconds.")
    mailbox.empty(url)
    if engine.is_sqlite(url):
        await _make_in_place(url, now, say)
    else:
        await _make(url, now, say)
    say("The demo is ready. Everybody in it is invented.")
    return True


async def _exists(url: str) -> bool:
    await engine.connect(url)
    try:
        if await installation.is_demo():
            return True
        if await installation.is_settled() or await Person.exists():
            raise NotADemo(
                "AP_LOG_DATABASE_URL names a database that is in use, or a demo that was not finished."
                " Name an empty one, or remove this one if nothing in it matters."
            )
        return False
    finally:
        await engine.disconnect()


async def _make_in_place(url: str, now: datetime, say: Callable[[str], None]) -> None:
    place = Path(url.removeprefix("sqlite://"))
    unfinished = place.with_name(place.name + UNFINISHED)
    for leftover in place.parent.glob(f"{unfinished.name}*"):
        leftover.unlink()
    await migrate(f"sqlite://{unfinished}")
    await _make(f"sqlite://{unfinished}", now, say)
    unfinished.replace(place)
    unfinished.with_name(unfinished.name + LOCK).unlink(missing_ok=True)


async def _make(url: str, now: datetime, say: Callable[[str], None]) -> None:
    """Fill an empty database. That it is a demo is written last: an unfinished one is none."""
    await engine.connect(url)
    try:
        await _fill(now, say)
        await transaction(partial(installation.settle_installation, True, now))
    finally:
        await engine.disconnect()


async def _fill(now: datetime, say: Callable[[str], None]) -> None:
    now = now.replace(second=0, microsecond=0)
    random = Random(SEED)
    await transaction(partial(policies.add_shipped_policy, now - WORKED_FOR))
    company = await transaction(partial(settle_cast, now, random))
    residents = await transaction(partial(settle_residents, company, now))
    stories = (*elm_stories.STORIES, *oak_stories.STORIES, *present.PRESENT)
    told = frozenset(moment.resident for moment in stories)
    agenda = Agenda(now, random)
    plan_policy_work(agenda, company)
    plan_phone_work(agenda, company, residents)
    await History(company, residents, agenda).live((*stories, *everyday(random, told)), say)
