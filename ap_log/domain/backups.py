"""What comparing a restored copy with the live database says: up to when everything received is in the copy."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

SETTLES_AFTER = timedelta(minutes=10)
"""What was received so recently may have companions that are still being stored, under the same time or an earlier one:
a request is dated when it arrives and stored when its turn comes. Nothing is said of it yet."""


class Kept(msgspec.Struct, frozen=True):
    """Something a phone has a receipt for: `kind` is entry, held entry or photo."""

    kind: str
    id: str
    sha256: str


class Received(msgspec.Struct, frozen=True):
    """When the live database received something, as it says in the receipt."""

    item: Kept
    received_at: datetime


class Copy(msgspec.Struct, frozen=True):
    """What a restored copy holds: what is whole, and what is there with other bytes than its digest says."""

    whole: frozenset[Kept]
    damaged: frozenset[Kept]


class Comparison(msgspec.Struct, frozen=True):
    """`up_to`: nothing received until then is missing; None where the very first thing is, or there is nothing.

    `missing` are the holes: what the copy lacks although it has something that was received later. `newer` counts what
    came after the copy was made, or while it was. `compared` counts what was looked for; what is `damaged` has other
    bytes than it should.
    """

    compared: dict[str, int]
    up_to: datetime | None
    missing: tuple[Received, ...]
    damaged: tuple[Kept, ...]
    newer: int

    @property
    def is_good(self) -> bool:
        return not self.missing and not self.damaged


def compare(live: Iterable[Received], copy: Copy, began: datetime) -> Comparison:
    """Compare everything that is settled in the live database when the comparison `began` with a copy."""
    settled = sorted((each for each in live if each.received_at <= began - SETTLES_AFTER), key=_received_at)
    there = [each for each in settled if _is_in(copy, each.item)]
    missing = [each for each in settled if not _is_in(copy, each.item)]
    # What was received shortly before the newest thing in the copy may have been stored just after the copy was made.
    made = there[-1].received_at - SETTLES_AFTER if there else None
    holes = [each for each in missing if made is not None and each.received_at <= made]
    return Comparison(
        compared=_counts(settled),
        up_to=_up_to(there, missing),
        missing=tuple(holes),
        damaged=tuple(sorted(copy.damaged, key=lambda item: (item.kind, item.id))),
        newer=len(missing) - len(holes),
    )


def _is_in(copy: Copy, item: Kept) -> bool:
    """What a manager has taken into the log since the copy was made is in it as it was held."""
    as_held = Kept("held entry", item.id, item.sha256)
    return item in copy.whole or (item.kind == "entry" and as_held in copy.whole)


def _up_to(there: list[Received], missing: list[Received]) -> datetime | None:
    """The last time before the first thing that is missing."""
    if not missing:
        return there[-1].received_at if there else None
    before = [each.received_at for each in there if each.received_at < missing[0].received_at]
    return before[-1] if before else None


def _counts(settled: list[Received]) -> dict[str, int]:
    kinds = [each.item.kind for each in settled]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


def _received_at(received: Received) -> datetime:
    return received.received_at
