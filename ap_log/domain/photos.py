"""Photos on their way: the shapes of their protocol, and what a photo can be."""

import struct
from datetime import datetime
from typing import Literal

import msgspec

from .entries import PHOTO_BYTES_LIMIT

PIECE_BYTES_LIMIT = 262_144
"""Bytes of one piece: 15 seconds of a poor connection carry a quarter of it, so clients send less at first."""

SEALED_PHOTO_BYTES_LIMIT = PHOTO_BYTES_LIMIT + 1024
"""Bytes of one sealed photo: what the envelope adds, with room to spare."""

State = Literal["declared", "whole", "drawn", "unreadable", "other-bytes"]
"""`declared`: the entry is here and the photo is not, or not all of it. `whole`: it is here and not drawn yet.
`unreadable`: it is here and cannot be drawn. `other-bytes`: what came is not what the entry says; it is kept as it
came, sealed, until the right bytes come."""

HERE = frozenset[State]({"whole", "drawn", "unreadable"})
"""States of a photo that has a receipt."""


class PhotoRecord(msgspec.Struct, frozen=True):
    """A photo of an entry, for its page: how far it has come, and the sides of its drawing in pixels, if there is one.

    `received` and `total` are sealed bytes; before any has come, `total` is about right.
    """

    id: str
    sha256: str
    size: int
    state: State
    received: int
    total: int
    width: int | None
    height: int | None


DRAWING_SIDE = 1600
"""Pixels of the longer side of what people are shown: more than a phone's screen, and enough to read a label."""

DRAWING_BYTES_LIMIT = 2_000_000
"""Bytes of a drawing: no JPEG of that size in pixels comes near."""

MOST_PIXELS = 25_000_000
"""Pixels of a photo that is drawn. A file of half a megabyte can hold seven times as many, and 600 MB of memory."""

_SIDES = struct.Struct(">HH")

MOST_BYTES = _SIDES.size + DRAWING_BYTES_LIMIT
"""Bytes that come out of the box that draws: the sides, and the JPEG."""


class Drawing(msgspec.Struct, frozen=True):
    """What this server drew from a photo: a JPEG without anything but its pixels, with its sides in pixels."""

    width: int
    height: int
    jpeg: bytes

    def written(self) -> bytes:
        """As it leaves the box."""
        return _SIDES.pack(self.width, self.height) + self.jpeg


def read_drawing(written: bytes) -> Drawing | None:
    """The drawing that came out of the box; None where that is no drawing."""
    if not _SIDES.size < len(written) <= MOST_BYTES:
        return None
    width, height = _SIDES.unpack_from(written)
    return Drawing(width, height, written[_SIDES.size :]) if 0 < max(width, height) <= DRAWING_SIDE else None


class Piece(msgspec.Struct, frozen=True):
    """Sealed bytes of a photo from `start` on, of `length` bytes in all."""

    photo: str
    start: int
    length: int
    content: bytes

    @property
    def end(self) -> int:
        return self.start + len(self.content)


class PhotoReceipt(msgspec.Struct, frozen=True):
    """Proof that the server holds a photo whole: its bytes, unsealed, have this digest."""

    id: str
    sha256: str
    received_at: datetime


class PhotoAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """`GET /api/photos/{photo}` and `PUT /api/photos/{photo}/{start}`: how many sealed bytes are here, from the first.

    `receipt` comes once the photo is whole. A piece that does not begin at `received` changes nothing.
    """

    received: int
    receipt: PhotoReceipt | None = None
