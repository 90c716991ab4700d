"""The entries of the log, each with its versions."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from ap_log.domain.permissions import Permission, roles_that_may

from . import models
from .models import Entry


async def find_version(entry_id: str, sha256: str) -> Entry | None:
    """The version of an entry with exactly these bytes, if it has arrived before."""
    return await Entry.get_or_none(entry_id=entry_id, sha256=sha256)


async def list_here(ids: Iterable[str]) -> set[tuple[str, str]]:
    """The ids and hashes of every version of these entries that has arrived, whether in the log or held."""
    wanted = list(set(ids))
    stored = await Entry.filter(entry_id__in=wanted).values_list("entry_id", "sha256")
    held = await models.HeldEntry.filter(entry_id__in=wanted).values_list("entry_id", "sha256")
    return {(str(entry), str(sha256)) for entry, sha256 in (*stored, *held)}


async def list_last_saved(ids: Iterable[str]) -> dict[str, datetime]:
    """Of those of these entries that are here, in the log or held, when the last version was saved, by its phone."""
    wanted, last = list(set(ids)), dict[str, datetime]()
    for table in (Entry, models.HeldEntry):
        rows = await table.filter(entry_id__in=wanted).values_list("entry_id", "recorded_at", "clock_offset_ms")
        for entry_id, recorded_at, offset_ms in rows:
            saved_at = recorded_at - timedelta(milliseconds=offset_ms or 0)
            last[entry_id] = max(saved_at, last.get(entry_id, saved_at))
    return last


async def find_newest(entry_id: str) -> Entry | None:
    """The version of an entry that counts, if any has arrived."""
    return await Entry.get_or_none(entry_id=entry_id, superseded_at=None)


async def add_version(entry: Entry, newest: Entry | None, now: datetime) -> None:
    """Store an entry; where one with its id is there already, as the next version of it.

    One that is superseded already replaces none: it was held while a later one arrived.
    """
    last = await Entry.filter(entry_id=entry.entry_id).order_by("-version").first()
    entry.version = last.version + 1 if last else 1
    if newest is not None and entry.superseded_at is None:
        await Entry.filter(sequence=newest.sequence).update(superseded_at=now)
    await entry.save(force_create=True)


async def list_brought_late(rows: Iterable[Entry]) -> frozenset[int]:
    """The sequences of those entries whose author, when they arrived, could no longer log where they were stored."""
    authors = {row.author_id for row in rows}
    postings = await models.Posting.filter(person_id__in=authors, role__in=roles_that_may(Permission.LOG_ENTRIES))
    return frozenset(row.sequence for row in rows if not any(_held(posting, row) for posting in postings))


def _held(posting: models.Posting, row: Entry) -> bool:
    """Whether the posting let the entry's author log at its premises when it arrived."""
    if (posting.person_id, posting.premises_id) != (row.author_id, row.premises_id):
        return False
    return posting.started_at <= row.received_at and (posting.ended_at is None or posting.ended_at > row.received_at)


async def list_entries(resident_id: str) -> list[Entry]:
    """The newest version of each entry about a resident, newest first."""
    entries = Entry.filter(resident_id=resident_id, superseded_at=None).select_related("author", "courier")
    return await entries.order_by("-occurred_at", "-sequence")


def is_unconfirmed(row: Entry) -> bool:
    """Whether an entry came in another person's session and its author has yet to say whether they wrote it."""
    return row.courier_id != row.author_id and row.confirmed_at is None and row.disowned_at is None


async def list_replaced(resident_id: str) -> list[Entry]:
    """The versions of entries about a resident that a newer one has replaced, oldest first."""
    return await Entry.filter(resident_id=resident_id, superseded_at__isnull=False).order_by("version")
