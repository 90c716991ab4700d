"""The entry: what one worker says happened with one resident. Its shape as it crosses every border, and its checks."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from . import vocabulary
from .errors import Fault, Invalid

EvidenceLevel = Literal["E0", "E1", "E2", "E3"]
Id = Annotated[str, Meta(pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
"""A UUID in small letters: 128 random bits, made where the thing is made."""

Code = Annotated[str, Meta(max_length=64)]
Codes = Annotated[tuple[Code, ...], Meta(max_length=50)]

WORDS_LIMIT = 4000
"""Characters of free text: about two pages, more than any entry in a paper book."""

PHOTOS_LIMIT = 10
"""Photos of one entry: a search of a room."""

PHOTO_BYTES_LIMIT = 4_000_000
"""Bytes of one photo as the phone draws it: at most 2,048 pixels a side, as JPEG, with room for a noisy one."""

Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
"""A SHA-256 in small hexadecimal."""

Time = Annotated[datetime, Meta(tz=True)]
"""ISO 8601 with its offset from UTC."""

Milliseconds = Annotated[int, Meta(ge=-(10**13), le=10**13)]

_SIGN_LETTER = {sign.code: group.letter for group in vocabulary.SIGN_GROUPS for sign in group.signs}
_CONFIRMING = frozenset({"laboratory-positive", "admitted"})
_INTOXICATION_LETTERS = frozenset("PMX")
_HAPPENINGS = {happening.key: happening for happening in vocabulary.HAPPENINGS}


class PhoneClock(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the phone knew of the time when it saved the entry, besides what its clock showed.

    `offset_ms`: the server's clock minus the phone's when they last spoke; null where they never did. `contact_at`:
    what the phone's clock showed then; `since_contact_ms`: how long ago that was by a clock that nobody can set, null
    where the app has been started since. `opened_at`: what the phone's clock showed when the form was opened;
    `form_ms`: how long it was open by the steady clock. `occurred_from`: the time it happened was counted back from
    `opened_at`, or typed by the person.
    """

    offset_ms: Milliseconds | None = None
    contact_at: Time | None = None
    since_contact_ms: Milliseconds | None = None
    opened_at: Time | None = None
    form_ms: Milliseconds | None = None
    occurred_from: Literal["phone", "person"] = "phone"


class PhotoClaim(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A photo that the entry has and that follows it: the digest and size in bytes of the picture, unsealed."""

    id: Id
    sha256: Sha256
    size: Annotated[int, Meta(ge=1, le=PHOTO_BYTES_LIMIT)]


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One entry as the phone makes it and the server stores it, byte for byte.

    `id` and `author` are made with the form, not with the sending: the session that carries the entry is only its
    courier. `occurred_at` is what the person says, `recorded_at` the phone's clock at save; both ISO 8601 with offset.
    `reported`, `suspected` and `confirmed` are three separate answers about the substance and never one.
    `blind` is random, so that the digest which a phone keeps does not let anybody try out what was written.
    """

    id: Id
    author: Id
    device: Id
    resident: Id
    happening: Code
    occurred_at: datetime
    recorded_at: datetime
    signs: Codes = ()
    alternatives_considered: bool = False
    intoxicated: bool = False
    help_seeking: bool = False
    aggravators: Codes = ()
    mitigators: Codes = ()
    reported: Code | None = None
    suspected: Code | None = None
    confirmed: Code | None = None
    done: Codes = ()
    words: str = ""
    photos: Annotated[tuple[PhotoClaim, ...], Meta(max_length=PHOTOS_LIMIT)] = ()
    clock: PhoneClock | None = None
    blind: Code = ""


def read_entry(body: str) -> Entry:
    """The entry that a body holds.

    Raises:
        Invalid: it is no entry; every fault names its field.
    """
    try:
        entry = msgspec.json.decode(body, type=Entry)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$.")
        raise Invalid(Fault(place.strip("`").split("[")[0] or "entry", message)) from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Invalid(Fault("entry", "The entry is not JSON text")) from error
    faults = faults_of(entry)
    if faults:
        raise Invalid(*faults)
    return entry


def evidence_level(signs: Iterable[str], alternatives_considered: bool) -> EvidenceLevel:
    """The evidence level that the ticked signs give (policy SPEC section 3); the person never types it.

    Two groups count as E2 only when other causes were thought about: an unwell person looks much the same.
    """
    ticked = set(signs)
    if ticked & _CONFIRMING:
        return "E3"
    groups = {_SIGN_LETTER[sign] for sign in ticked}
    if not groups:
        return "E0"
    return "E2" if len(groups) > 1 and alternatives_considered else "E1"


def code_of(entry: Entry) -> str | None:
    """The policy's code for the entry, or None where it is a note that counts for nothing (E0)."""
    happening = _HAPPENINGS[entry.happening]
    if happening.by_evidence is None:
        return happening.code
    return happening.by_evidence[evidence_level(entry.signs, entry.alternatives_considered)]


def is_intoxicated(entry: Entry) -> bool:
    """Whether the person was under the influence: said so, or signs of body, movement or mind say so now."""
    if entry.intoxicated:
        return True
    seems_so = _HAPPENINGS[entry.happening].by_evidence is not None
    return seems_so and any(_SIGN_LETTER[sign] in _INTOXICATION_LETTERS for sign in entry.signs)


def faults_of(entry: Entry) -> list[Fault]:
    """Everything wrong with an entry whose shape is right, each fault naming its field."""
    faults = [
        *_unknown("happening", [entry.happening], _HAPPENINGS, "Choose what happened"),
        *_unknown("signs", entry.signs, _SIGN_LETTER, "Choose signs from the list"),
        *_unknown("done", entry.done, _codes(vocabulary.ACTIONS_TAKEN), "Choose what was done from the list"),
        *_unknown("aggravators", entry.aggravators, _codes(vocabulary.AGGRAVATORS), "Choose from the list"),
        *_unknown("mitigators", entry.mitigators, _codes(vocabulary.MITIGATORS), "Choose from the list"),
    ]
    for slot in ("reported", "suspected", "confirmed"):
        chosen = getattr(entry, slot)
        if chosen is not None:
            faults += _unknown(slot, [chosen], _codes(vocabulary.SUBSTANCES), "Choose a substance from the list")
    if len(entry.words) > WORDS_LIMIT:
        faults.append(Fault("words", f"Words must be {WORDS_LIMIT:,} characters or fewer"))
    for name in ("occurred_at", "recorded_at"):
        if getattr(entry, name).tzinfo is None:
            faults.append(Fault(name, "A time must say its offset from UTC"))
    return faults


def _codes(terms: tuple[vocabulary.Term, ...]) -> frozenset[str]:
    return frozenset(term.code for term in terms)


def _unknown(field: str, chosen: Iterable[str], known: Iterable[str], message: str) -> list[Fault]:
    allowed = set(known)
    return [Fault(field, message)] if any(code not in allowed for code in chosen) else []
