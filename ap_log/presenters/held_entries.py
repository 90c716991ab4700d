"""Entries held for a manager: why, what they say, and what was decided; and entries that their author disowned."""

from datetime import datetime

import msgspec

from ap_log.domain.clocks import is_in_doubt
from ap_log.domain.entries import read_entry
from ap_log.domain.holding import OUTCOME_WORDS, WHY_WORDS, Outcome, Why
from ap_log.presenters import words
from ap_log.presenters.entries import EntryCard, entry_card
from ap_log.presenters.provenance import doubt_words
from ap_log.presenters.times import Moment, moment, when


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """One held entry. `resident` None where nobody is the one that the phone names; `courier` where it is another than
    the author. `became` says who decided what and why, None while it waits.
    """

    id: str
    happening: str
    resident: str | None
    room: str
    premises: str | None
    author: str
    author_premises: str | None
    courier: str | None
    why: str
    came: Moment
    card: EntryCard
    can_be_taken: bool
    became: str | None


class Disowned(msgspec.Struct, frozen=True):
    """An entry in the log that counts for nothing: the person under whose name it came did not write it."""

    resident_id: str
    resident: str
    room: str
    anchor: str
    happening: str
    words: str


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """The names that a held entry is shown with; None where there is nobody, or no premises."""

    resident: str | None
    room: str
    premises: str | None
    author: str
    author_premises: str | None
    courier: str | None
    decided_by: str | None


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What the server knows of a held entry beside its body."""

    id: str
    why: str
    occurred_at: datetime
    received_at: datetime
    doubt_ms: int
    outcome: str
    reason: str
    decided_at: datetime | None


def held(body: str, names: Names, state: State, now: datetime) -> Held:
    """A held entry as its managers read it."""
    entry = read_entry(body)
    doubts = [doubt_words(state.doubt_ms)] if is_in_doubt(state.doubt_ms) else []
    return Held(
        id=state.id,
        happening=words.happening_words(entry.happening),
        resident=names.resident,
        room=names.room,
        premises=names.premises,
        author=names.author,
        author_premises=names.author_premises,
        courier=names.courier,
        why=WHY_WORDS[Why(state.why)],
        came=moment(state.received_at, now),
        card=entry_card(entry, state.occurred_at, names.author, now, doubts),
        can_be_taken=state.why != Why.UNKNOWN_RESIDENT,
        became=_became(names, state, now),
    )


def _became(names: Names, state: State, now: datetime) -> str | None:
    if state.decided_at is None:
        return None
    reason = f": {state.reason}" if state.reason else ""
    return f"{OUTCOME_WORDS[Outcome(state.outcome)]} {when(state.decided_at, now)} by {names.decided_by}{reason}"


def disowned_words(author: str, courier: str, at: datetime, reason: str, now: datetime) -> str:
    """Who said that they did not write an entry, when and why, and who was signed in when it came."""
    return f"{author} said {when(at, now)} that they did not write it: {reason}. {courier} was signed in when it came"


def waiting_words(count: int) -> str:
    """How many wait, as the queue says it."""
    return "1 entry is held and waits for you" if count == 1 else f"{count} entries are held and wait for you"
