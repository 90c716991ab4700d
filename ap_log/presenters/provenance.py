"""Who an entry is from and when it counts from, where that is in doubt: what nobody who reads it must miss."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from ap_log.domain.clocks import CountedAs, counted_as, is_in_doubt
from ap_log.domain.records import EntryRecord
from ap_log.presenters.recommendations import waited
from ap_log.presenters.times import ZONE, clock, when

BEYOND_TELLING = timedelta(days=365)
"""Doubt that no number of days makes clearer: a phone's clock that began again in 1970."""


def provenance(record: EntryRecord, now: datetime) -> Iterable[str]:
    """A sentence for each thing that is in doubt, the gravest first."""
    if record.disowned is not None:
        act = record.disowned
        yield f"{act.by} said {when(act.at, now)} that they did not write this, and it counts for nothing: {act.reason}"
    elif record.brought_by is not None:
        yield unconfirmed_words(record.author, record.brought_by)
    yield from time_doubts(record)


def time_doubts(record: EntryRecord) -> Iterable[str]:
    """What is to be known of the time that counts, where it is not plainly the one that was said."""
    said = _phone_said(record.entry.occurred_at, record.occurred_at, record.received_at)
    if said is not None:
        yield said
    if is_in_doubt(record.doubt_ms):
        yield doubt_words(record.doubt_ms)


def unconfirmed_words(author: str, courier: str) -> str:
    """That an entry came in another person's session, and its author has not said yet that they wrote it."""
    return f"Not confirmed: {courier} was signed in when it was sent, and {author} has yet to say that they wrote it"


def doubt_words(doubt_ms: int) -> str:
    """How far the time of an entry may be wrong."""
    doubt = min(timedelta(milliseconds=doubt_ms), timedelta(days=10**6))
    if doubt > BEYOND_TELLING:
        return "The time is in doubt: the phone’s clock and the server’s were years apart"
    return f"The time is in doubt: the phone’s clock and the server’s disagree by {waited(doubt)}"


def _phone_said(said: datetime, counted: datetime, received_at: datetime) -> str | None:
    """What the phone gave as the time, where another one counts. Its clock may be so wrong that no calendar has it."""
    meant = counted_as(said, counted, received_at)
    if meant is CountedAs.SAID:
        return None
    counts = "It counts from when it arrived" if meant is CountedAs.ARRIVAL else "Its clock was wrong, and is put right"
    try:
        local = said.astimezone(ZONE)
    except OverflowError:
        return f"The phone gave a time that cannot be. {counts}"
    return f"The phone said {local.day} {local:%B} {local.year} at {clock(local)}. {counts}"
