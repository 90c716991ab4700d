"""What an author is asked to confirm: entries that came under their name while somebody else was signed in."""

from datetime import datetime

import msgspec

from ap_log.domain.records import EntryRecord
from ap_log.presenters.entries import EntryCard, entry_card
from ap_log.presenters.provenance import time_doubts
from ap_log.presenters.times import Moment, moment, when

PAGE = "/confirmations"


class Strip(msgspec.Struct, frozen=True):
    """The line on every page of somebody who has entries to confirm."""

    words: str
    link: str
    href: str = PAGE


class Whom(msgspec.Struct, frozen=True):
    """Whom an entry is about, and who was signed in when it came."""

    resident: str
    room: str
    courier: str


class Brought(msgspec.Struct, frozen=True):
    """One entry to confirm, and what it says. `became` is what the person has said of it before."""

    sequence: int
    about: Whom
    came: Moment
    card: EntryCard
    became: str | None


def strip_for(unconfirmed: int, path: str) -> Strip | None:
    """None where nothing is to be confirmed, and on the pages where that is done."""
    if not unconfirmed or path.startswith(PAGE):
        return None
    if unconfirmed == 1:
        return Strip("1 entry was sent under your name while somebody else was signed in.", "Say whether you wrote it")
    words = f"{unconfirmed} entries were sent under your name while somebody else was signed in."
    return Strip(words, "Say whether you wrote them")


def brought(record: EntryRecord, about: Whom, confirmed_at: datetime | None, now: datetime) -> Brought:
    """An entry as the person reads it under whose name it came."""
    return Brought(
        sequence=record.sequence,
        about=about,
        came=moment(record.received_at, now),
        card=entry_card(record.entry, record.occurred_at, record.author, now, time_doubts(record)),
        became=_became(record, confirmed_at, now),
    )


def _became(record: EntryRecord, confirmed_at: datetime | None, now: datetime) -> str | None:
    if confirmed_at is not None:
        return f"You said {when(confirmed_at, now)} that you wrote this"
    if record.disowned is not None:
        return f"You said {when(record.disowned.at, now)} that you did not write this: {record.disowned.reason}"
    return None
