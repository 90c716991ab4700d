"""Photos for tests: pictures, what their entry says of them, and their sealed bytes as a phone sends them."""

import hashlib
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any
from uuid import uuid4

from PIL import Image

from ap_log.actions.log_entries import log_entry
from ap_log.actions.receive_photo import receive_piece
from ap_log.domain.people import Actor
from ap_log.domain.photos import PhotoAnswer, Piece
from ap_log.domain.sync import PushedEntry
from tests.cast import World, an_entry
from tests.sealing import key_of, seal, sealing_keys


def picture(colour: str = "teal", size: tuple[int, int] = (640, 480), kind: str = "JPEG", **options: Any) -> bytes:
    """A picture of one colour."""
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, kind, **options)
    return file.getvalue()


def bomb(width: int = 13_000, height: int = 13_000) -> bytes:
    """M17: a PNG of less than a megabyte that is hundreds of megabytes of black pixels.

    Compressed after a full flush, every row is the same bytes, so that one is enough; the checksum of zeros is known.
    """
    rows = zlib.compressobj(9)
    begun = rows.compress(b"") + rows.flush(zlib.Z_FULL_FLUSH)
    row = rows.compress(bytes(1 + 3 * width)) + rows.flush(zlib.Z_FULL_FLUSH)
    count = (1 + 3 * width) * height
    ended = b"\x03\x00" + struct.pack(">HH", count % 65521, 1)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", begun + row * height + ended), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


@dataclass(frozen=True)
class Shot:
    """A photo as a phone has it: its id, the picture, and the sealed bytes that travel."""

    id: str
    content: bytes
    sealed: bytes

    @property
    def claim(self) -> dict[str, Any]:
        """What its entry says of it."""
        return {"id": self.id, "sha256": hashlib.sha256(self.content).hexdigest(), "size": len(self.content)}

    @property
    def open_seal(self) -> Callable[[bytes], bytes]:
        return partial(sealing_keys().open_sealed, purpose="photo", id=self.id)

    def piece(self, start: int = 0, end: int | None = None) -> Piece:
        """Some of the sealed bytes; all of them, unless told otherwise."""
        return Piece(self.id, start, len(self.sealed), self.sealed[start:end])

    def pieces(self, size: int) -> list[Piece]:
        return [self.piece(start, start + size) for start in range(0, len(self.sealed), size)]


def shot(content: bytes | None = None, photo_id: str | None = None) -> Shot:
    """A photo taken just now."""
    name, content = photo_id or str(uuid4()), picture() if content is None else content
    return Shot(name, content, seal(content, "photo", name, key_of(sealing_keys())))


def entry_with(world: World, *shots: Shot, **changes: Any) -> PushedEntry:
    """An entry that says it has these photos."""
    return an_entry(world, photos=[each.claim for each in shots], **changes)


async def declared(world: World, *shots: Shot, **changes: Any) -> PushedEntry:
    """The entry has arrived, and its photos have not."""
    entry = entry_with(world, *shots, **changes)
    await log_entry(entry, world.actors[changes.get("author", "asha")], world.now)
    return entry


async def bring(piece: Piece, taken: Shot, courier: Actor, world: World) -> PhotoAnswer:
    return await receive_piece(piece, taken.open_seal, courier, world.now)
