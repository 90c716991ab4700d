"""Looks for words and secrets in all that a browser's profile folder holds, however they are written there.

Chromium keeps IndexedDB and localStorage in LevelDB tables, whose blocks are compressed with Snappy, and compresses
long values once more before it stores them. Both are opened here; so is what the HTTP cache keeps as gzip. Brotli
cannot be told from noise and is not opened: nothing of ours that is sent so holds anybody's data.
"""

import base64
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

_TABLE_MAGIC = 0xDB4775248B80FB57
_FOOTER_BYTES = 48
_SNAPPY = 1
_CHECKSUM_BYTES = 5
_WRAPPED_VALUE = b"\xff\x11\x02"
"""How Blink marks a value of IndexedDB that it has compressed with Snappy."""

_GZIP = b"\x1f\x8b\x08"
_LARGEST = 64 * 1024 * 1024


def find(folder: Path, canaries: Mapping[str, str | bytes]) -> list[str]:
    """Where any of these lies in the folder, in a sentence each: canaries by a name for the report."""
    wanted = [(name, form, needle) for name, canary in canaries.items() for form, needle in forms(canary)]
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            texts = list(_texts(_read(path)))
            for name, form, needle in wanted:
                if any(needle in text for text in texts):
                    found.append(f"{name} as {form} in {path.relative_to(folder)}")
    return found


def forms(canary: str | bytes) -> Iterator[tuple[str, bytes]]:
    """The ways it may be written down: text in UTF-8 and UTF-16, bytes plain and in hexadecimal, both in base64."""
    if isinstance(canary, str):
        yield "UTF-16LE", canary.encode("utf-16-le")
        yield "UTF-16BE", canary.encode("utf-16-be")
        plain = canary.encode()
        yield "UTF-8", plain
    else:
        plain = canary
        yield "bytes", plain
        yield "hexadecimal", plain.hex().encode()
    for before in range(3):
        for alphabet, encode in (("base64", base64.b64encode), ("base64url", base64.urlsafe_b64encode)):
            yield f"{alphabet} at {before}", _inner(encode(bytes(before) + plain), before, len(plain))


def _inner(encoded: bytes, before: int, length: int) -> bytes:
    """The digits that depend on the canary alone, whatever stands before and after it."""
    return encoded[-(-before * 4 // 3) : (before + length) * 4 // 3]


def _read(path: Path) -> bytes:
    """What is in a file of a browser that may be running: it comes and goes."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _texts(content: bytes) -> Iterator[bytes]:
    """A file's bytes, and what is compressed in them."""
    yield content
    blocks = list(_blocks(content))
    yield from blocks
    for part in (content, *blocks):
        yield from _wrapped_values(part)
    yield from _gzipped(content)


def _blocks(content: bytes) -> Iterator[bytes]:
    """The blocks of a LevelDB table, as they were before they were compressed; none of any other file."""
    if len(content) < _FOOTER_BYTES or struct.unpack("<Q", content[-8:])[0] != _TABLE_MAGIC:
        return
    after = len(content) - _FOOTER_BYTES
    for _ in range(2):  # Where the index of what is about the table lies: an offset and a size.
        _, after = _varint(content, after)
    index = _block(content, *_handle(content, after))
    yield index
    for value in _values(index):
        yield _block(content, *_handle(value, 0))


def _handle(content: bytes, place: int) -> tuple[int, int]:
    offset, place = _varint(content, place)
    size, _ = _varint(content, place)
    return offset, size


def _block(content: bytes, offset: int, size: int) -> bytes:
    block = content[offset : offset + size]
    is_compressed = content[offset + size : offset + size + 1] == bytes([_SNAPPY])
    return unsnapped(block) if is_compressed else block


def _values(block: bytes) -> Iterator[bytes]:
    """The values of a block's entries. Before each: how much of the key is shared, how much is new, and the length."""
    restarts = struct.unpack("<I", block[-4:])[0]
    place, end = 0, len(block) - 4 - 4 * restarts
    while place < end:
        _, place = _varint(block, place)
        new, place = _varint(block, place)
        size, place = _varint(block, place)
        yield block[place + new : place + new + size]
        place += new + size


def _wrapped_values(content: bytes) -> Iterator[bytes]:
    place = content.find(_WRAPPED_VALUE)
    while place >= 0:
        yield unsnapped(content[place + len(_WRAPPED_VALUE) : place + _LARGEST])
        place = content.find(_WRAPPED_VALUE, place + 1)


def _gzipped(content: bytes) -> Iterator[bytes]:
    place = content.find(_GZIP)
    while place >= 0:
        with suppress(zlib.error):  # Those three bytes may be something else.
            yield zlib.decompressobj(31).decompress(content[place:], _LARGEST)
        place = content.find(_GZIP, place + 1)


def unsnapped(content: bytes) -> bytes:
    """What Snappy compressed; where it breaks off or was something else, as much as there was."""
    out = bytearray()
    try:
        length, place = _varint(content, 0)
        while place < len(content) and len(out) < min(length, _LARGEST):
            place = _element(content, place, out)
    except (IndexError, ValueError):
        pass
    return bytes(out)


def _element(content: bytes, place: int, out: bytearray) -> int:
    """Carry out one element: bytes as they stand, or a copy of what came before. Returns where the next one is."""
    tag = content[place]
    kind, more = tag & 3, tag >> 2
    if kind == 0:
        extra = max(0, more - 59)
        size = (more if extra == 0 else int.from_bytes(content[place + 1 : place + 1 + extra], "little")) + 1
        start = place + 1 + extra
        out += content[start : start + size]
        return start + size
    if kind == 1:
        size, offset, after = (more & 7) + 4, (tag >> 5) << 8 | content[place + 1], place + 2
    else:
        after = place + (3 if kind == 2 else 5)
        size, offset = more + 1, int.from_bytes(content[place + 1 : after], "little")
    if not 0 < offset <= len(out):
        raise ValueError("A copy of what is not there")
    for _ in range(size):
        out.append(out[-offset])
    return after


def _varint(content: bytes, place: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where the next thing is."""
    number = shift = 0
    while True:
        byte = content[place]
        number |= (byte & 127) << shift
        place, shift = place + 1, shift + 7
        if byte < 128:
            return number, place
        if shift > 63:
            raise ValueError("Too long for a number")
