"""Phones as the server knows them: what one says of itself whenever it reaches the server, and what it is told.

`docs/protocol.md` says when. Everything here is hearsay of the phone: the server never looks into it.
"""

from collections.abc import Container
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from .entries import Id, Sha256

HOLDS_LIMIT = 500
"""Unsent entries of which one report speaks: ten evenings of a whole house. A phone with more says that it has more."""

REPORT_BYTES_LIMIT = 196_608
"""Bytes of one report: as many unsent entries as it may speak of, at some 260 bytes each, and the people."""

SILENT_AFTER = timedelta(days=3)
"""A phone that holds unsent entries and has said nothing for so long needs a person: browsers that delete what they
keep without being asked do so after seven days without use, and somebody has to have time to find the phone."""

RED_AFTER = timedelta(days=4)
"""From here on it is said in red: day 5 begins."""

ALONE_HOURS = 72
"""So long without contact, and a phone destroys what can be read on it, told to or not. A weekend without signal
passes; a phone that is gone has by then shown nobody anything for three days."""


class ItemState(StrEnum):
    """What has become of an unsent entry that a phone announced, or of a photo that an entry says it has."""

    HELD = "held"
    ARRIVED = "arrived"
    LOST = "lost"


class Holding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An unsent entry on a phone. `saved_at` is the phone's clock."""

    id: Id
    sha256: Sha256
    author: Id
    saved_at: Annotated[datetime, Meta(tz=True)]
    needs_person: bool = False


class PhoneReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`POST /api/phone`, signed in or not.

    `token` is a secret that the phone made with `device`; the first report of a signed-in person fixes it. `people` are
    those whose vaults are on the phone, `wiped` those whose vaults it destroyed because it was told to. `is_whole`:
    every unsent entry is in `holds`, so that one announced before and neither here nor arrived is lost. `lost`: how
    many unsent entries the phone itself finds missing, beside `lost_device`, the id it had before its storage was
    cleared. `can_lock`: the passkey gives a key (PRF). `photos`: all whose bytes are on the phone, sent or not; null
    where they are too many to say, or the phone is too old to.
    """

    device: Id
    token: Annotated[str, Meta(min_length=32, max_length=64)]
    build: Annotated[str, Meta(max_length=64, pattern="^[ -~]*$")] = ""
    holds: Annotated[tuple[Holding, ...], Meta(max_length=HOLDS_LIMIT)] = ()
    is_whole: bool = True
    photos: Annotated[tuple[Id, ...], Meta(max_length=HOLDS_LIMIT)] | None = None
    people: Annotated[tuple[Id, ...], Meta(max_length=50)] = ()
    wiped: Annotated[tuple[Id, ...], Meta(max_length=50)] = ()
    lost: Annotated[int, Meta(ge=0, le=100_000)] = 0
    lost_device: Id | None = None
    is_persisted: bool | None = None
    can_lock: bool | None = None
    free_bytes: Annotated[int, Meta(ge=0, le=2**60)] | None = None


class Loss(msgspec.Struct, frozen=True):
    """An entry or a photo that a phone held, and that has neither arrived nor is there any more.

    `saved_at`, of the entry, is the phone's clock. `device` is the phone that lost it.
    """

    id: str
    author: str
    saved_at: datetime
    device: str


class PhoneAnswer(msgspec.Struct, frozen=True):
    """What the server tells the phone: whose vaults it has to destroy, and what is known to be lost from it."""

    server_time: datetime
    restore_epoch: str
    backed_up_to: datetime | None
    wipe: tuple[str, ...] = ()
    is_shared: bool = False
    losses: tuple[Loss, ...] = ()
    lost_photos: tuple[Loss, ...] = ()


Item = tuple[str, str]
"""The id and the digest of one version of an entry, or of a photo: what a phone holds, what arrives, what is lost."""


class Reading(msgspec.Struct, frozen=True):
    """What one report means for what the phone announced before: which of it is in which state from now on."""

    now_held: frozenset[Item]
    arrived: frozenset[Item]
    lost: frozenset[Item]
    found: frozenset[Item]
    """Those in `now_held` and `arrived` that were lost until now."""


def read_report(
    known: dict[Item, ItemState], said: Container[Item], arrived: Container[Item], *, is_whole: bool
) -> Reading:
    """Compare what is `known` of what a phone has not sent with what it `said` it holds and what has `arrived`.

    What is neither said nor here is lost, if the report speaks of everything. What is lost stays so until it is said
    again or has arrived.
    """
    changed: dict[ItemState, set[Item]] = {state: set() for state in ItemState}
    for item, state in known.items():
        changed[_becomes(state, item in said, item in arrived, is_whole)].add(item)
    was_lost = {item for item, state in known.items() if state is ItemState.LOST}
    return Reading(
        now_held=frozenset(changed[ItemState.HELD]),
        arrived=frozenset(changed[ItemState.ARRIVED]),
        lost=frozenset(changed[ItemState.LOST] - was_lost),
        found=frozenset(was_lost - changed[ItemState.LOST]),
    )


def _becomes(state: ItemState, is_said: bool, is_here: bool, is_whole: bool) -> ItemState:
    if is_here:
        return ItemState.ARRIVED
    if is_said:
        return ItemState.HELD
    return ItemState.LOST if is_whole else state
