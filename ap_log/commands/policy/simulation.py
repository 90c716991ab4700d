"""The work behind `ap-log policy simulate`: reads the database of the settings, and prints what would have differed.

It names residents by their ids alone: what is printed is soon pasted somewhere.
"""

import argparse
import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import aclosing, asynccontextmanager
from datetime import date, datetime
from functools import partial
from typing import BinaryIO, TextIO, TypeVar

from tqdm import tqdm

from ap_log import clock
from ap_log.actions.rehearse_history import ENDED_FROM_OUTSIDE, Found, rehearse_history
from ap_log.commands.policy.command import ANSWERED, write_lines
from ap_log.commands.policy.reading import read_policy
from ap_log.domain.errors import Unavailable
from ap_log.domain.policy.faults import Refused
from ap_log.domain.policy.language import Policy, PolicyBook
from ap_log.domain.policy.rehearsal import Difference
from ap_log.domain.rehearsals import RUNGS, Summary, Tally, begun_with, faults_of_since, rung
from ap_log.presenters.rehearsal_words import headline, looked_at, notes, rung_words
from ap_log.settings import BadSetting, Settings, from_environment
from ap_log.store import audit, engine, history, migrating, policies, rehearsals
from ap_log.store.transaction import transaction

EVENT = "policy.simulated"

_GAP = "  "

Value = TypeVar("Value")


def simulate(asked: argparse.Namespace, stdout: BinaryIO, stderr: TextIO) -> int:
    """Raises Refused with every fault of the policy, the day and the settings."""
    faults: list[str] = []
    draft = _tried(lambda: read_policy(asked.policy), faults)
    day = _tried(lambda: _day(asked.since), faults)
    settings = _tried(from_environment, faults)
    if draft is None or day is None or settings is None:
        raise Refused(faults)
    logging.getLogger("ap_log.store").addHandler(logging.NullHandler())  # What it refuses is said here in a sentence.
    try:
        lines = asyncio.run(_simulated(draft, day, settings, stderr))
    except engine.NotReady as refusal:
        raise Refused([str(refusal)]) from None
    except BrokenProcessPool:
        raise Refused([ENDED_FROM_OUTSIDE]) from None
    write_lines(lines, stdout)
    return ANSWERED


async def _simulated(draft: Policy, day: date, settings: Settings, stderr: TextIO) -> list[str]:
    async with _opened(settings.database_url):
        book = await policies.get_book()
        since = _since(day, book, draft)
        found = await _rehearsed(book, draft, since, stderr)
        tally = Tally()
        for each in found:
            tally.add(each.premises, each.rehearsed)
        summary = tally.summary()
        names = await rehearsals.premises_names(row.premises for row in summary.premises)
    return list(_report(summary, names, found))


async def _rehearsed(book: PolicyBook, draft: Policy, since: datetime, stderr: TextIO) -> list[Found]:
    residents = await history.list_residents(None)
    await _record(draft, since, len(residents), stderr)
    found: list[Found] = []
    with tqdm(total=len(residents), unit=" residents", file=stderr) as bar:
        async with aclosing(rehearse_history(book, draft, since, residents)) as chunks:
            async for chunk in chunks:
                found += chunk
                bar.update(len(chunk))
    return found


async def _record(draft: Policy, since: datetime, residents: int, stderr: TextIO) -> None:
    """Whoever types this reads everybody's history. A database that takes no writes, such as a copy, is read all the
    same."""
    facts: dict[str, str | int] = {"label": draft.label, "since": since.isoformat(), "residents": residents}
    record = partial(audit.add, EVENT, None, clock.now(), subject_kind="policy", details=facts)
    try:
        await transaction(record)
    except Unavailable:
        stderr.write("This is not on the audit trail: the database takes no writes.\n")


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[None]:
    await engine.connect(url)
    try:
        await migrating.require_newest(url)
        yield
    finally:
        await engine.disconnect()


def _tried(read: Callable[[], Value], faults: list[str]) -> Value | None:
    """What could be read; None, and its faults noted, where it could not."""
    try:
        return read()
    except Refused as refused:
        faults += refused.faults
    except BadSetting as refusal:
        faults.append(str(refusal))
    return None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused([f"--since: {text!r} is not a day such as 2026-03-27"]) from None


def _since(day: date, book: PolicyBook, draft: Policy) -> datetime:
    """The beginning of the day on the draft's own clock."""
    earliest = book.policies[0].effective_from
    since = begun_with(datetime(day.year, day.month, day.day, tzinfo=draft.zone), earliest)
    if faults := faults_of_since(since, earliest, clock.now()):
        raise Refused([f"--since: {fault.message}" for fault in faults])
    return since


def _report(summary: Summary, names: dict[str, str], found: Iterable[Found]) -> Iterator[str]:
    yield f"{headline(summary)}."
    yield looked_at(summary)
    yield from notes(summary)
    if not summary.pairs:
        return
    yield ""
    yield from _columns([["then", "draft", "episodes"], *_pairs(summary)])
    yield ""
    yield from _columns([["premises", "episodes", "would differ"], *_premises(summary, names)])
    yield ""
    yield from _columns([["resident", "episode began", "code", "then", "draft", "entries"], *_differences(found)])


def _pairs(summary: Summary) -> Iterator[list[str]]:
    for pair in summary.pairs:
        yield [rung_words(pair.then), rung_words(pair.draft), str(pair.count)]


def _premises(summary: Summary, names: dict[str, str]) -> Iterator[list[str]]:
    for row in sorted(summary.premises, key=lambda row: -row.differences):
        yield [names.get(row.premises, row.premises), str(row.episodes), str(row.differences)]


def _differences(found: Iterable[Found]) -> Iterator[list[str]]:
    """By resident, the higher rung under the draft first."""
    for each in found:
        for difference in sorted(each.rehearsed.differences, key=lambda one: -RUNGS.index(rung(one.draft))):
            yield [each.rehearsed.case, *_difference(difference)]


def _difference(found: Difference) -> list[str]:
    began = f"{found.started_at:%Y-%m-%d %H:%M}Z"
    return [began, found.code, rung(found.then), rung(found.draft), " ".join(found.entries)]


def _columns(rows: list[list[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield _GAP.join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
