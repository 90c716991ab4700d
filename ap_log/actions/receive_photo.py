"""A photo reaches the server in pieces: each is kept, and with the last one the seal is opened and compared.

The answer is always how many bytes are here. Whatever comes twice, late, overlapping or at once changes nothing.
"""

import asyncio
import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import partial
from weakref import WeakKeyDictionary

from ap_log.domain.errors import Fault, Invalid, Refusal
from ap_log.domain.people import Actor
from ap_log.domain.photos import HERE, PhotoAnswer, PhotoReceipt, Piece
from ap_log.domain.sync_errors import OtherBytes, SealBroken
from ap_log.store import audit, ledger, photos
from ap_log.store.models import Photo
from ap_log.store.transaction import transaction

STORED = "photo.stored"
REFUSED = "photo.refused"

Open = Callable[[bytes], bytes]
"""Opens the seal of one photo. Raises SealBroken."""

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


async def receive_piece(piece: Piece, open_seal: Open, courier: Actor, now: datetime) -> PhotoAnswer:
    """Keep a piece; with the last one, the photo. Whoever brings it, it is its entry's and its author's.

    Raises:
        Invalid: the piece is longer than what it says is left.
        NotFound: no entry that is here declares the photo. Its entry may be on the way.
        SealBroken, OtherBytes: all of it came and it is not the photo. It is kept, and may be sent again from its
        first byte. Unavailable: the database takes no writes now.
    """
    if piece.end > piece.length:
        raise Invalid(Fault("upload-length", "The piece ends after the length that is given"))
    photo = await photos.find_photo(piece.photo)
    if photo.state in HERE:
        return answer_of(photo)
    if photo.state == "other-bytes" and piece.start > 0:
        raise OtherBytes
    if piece.content and (piece.start, piece.length) == (_received(photo, piece), piece.end):
        return await _receive_last(piece, open_seal, courier, now)
    return await transaction(partial(_keep, piece))


def answer_of(photo: Photo) -> PhotoAnswer:
    """How much of a photo is here; of what is not the photo, nothing is."""
    if photo.state in HERE and photo.complete_at is not None:
        receipt = PhotoReceipt(photo.id, photo.sha256, photo.complete_at)
        return PhotoAnswer(photo.received_bytes, receipt)
    return PhotoAnswer(0 if photo.state == "other-bytes" else photo.received_bytes)


def _received(photo: Photo, piece: Piece) -> int:
    """How many bytes of the upload that the piece belongs to are here: none, where another length was begun."""
    return photo.received_bytes if (photo.state, photo.sealed_size) == ("declared", piece.length) else 0


async def _keep(piece: Piece) -> PhotoAnswer:
    photo = await photos.lock_photo(piece.photo)
    if photo.state in HERE:
        return answer_of(photo)
    if not piece.content or not await _is_next(photo, piece):
        return PhotoAnswer(_received(photo, piece))
    await photos.add_piece(photo, piece)
    return answer_of(photo)


async def _is_next(photo: Photo, piece: Piece) -> bool:
    """Whether the piece goes on where the ones before it end. A first piece may begin an upload, also anew: bytes of
    another length, or that were not the photo, cannot be gone on with.
    """
    if _received(photo, piece) != piece.start:
        return False
    if piece.start == 0:
        await photos.begin_upload(photo, piece.length)
    return True


async def _receive_last(piece: Piece, open_seal: Open, courier: Actor, now: datetime) -> PhotoAnswer:
    """Open and compare before anything of the last piece is kept: that has no place in a transaction."""
    async with _turn():
        before = await photos.read_pieces(piece.photo) if piece.start else b""
        if len(before) != piece.start:  # Somebody else was quicker.
            return await transaction(partial(_keep, piece))
        photo = await photos.find_photo(piece.photo)
        sealed = before + piece.content
        content, refusal = await asyncio.to_thread(_open, sealed, photo, open_seal)
        answer = await transaction(partial(_finish, piece, content, refusal, courier, now))
    if refusal is not None and answer.receipt is None:
        raise refusal
    return answer


def _open(sealed: bytes, photo: Photo, open_seal: Open) -> tuple[bytes, Refusal | None]:
    """The picture; or what came, and why it is not the picture that the entry declares."""
    try:
        content = open_seal(sealed)
    except SealBroken as refusal:
        return sealed, refusal
    is_it = len(content) == photo.size and hashlib.sha256(content).hexdigest() == photo.sha256
    return (content, None) if is_it else (sealed, OtherBytes())


async def _finish(piece: Piece, content: bytes, refusal: Refusal | None, courier: Actor, now: datetime) -> PhotoAnswer:
    photo = await photos.lock_photo(piece.photo)
    if photo.state in HERE:
        return answer_of(photo)
    if not await _is_next(photo, piece):
        return PhotoAnswer(_received(photo, piece))
    if refusal is None:
        await photos.record_whole(photo, content, now)
        await ledger.note_arrived(photo.id, photo.sha256)
    else:
        await photos.record_other_bytes(photo, content)
    await audit.add(
        REFUSED if refusal else STORED,
        courier.id,
        now,
        subject_kind="photo",
        subject=photo.id,
        details={"entry": photo.entry_id, "author": photo.author_id},
    )
    return answer_of(photo)


def _turn() -> asyncio.Lock:
    """One photo at a time is put together and opened: each takes three times its size of memory."""
    return _turns.setdefault(asyncio.get_running_loop(), asyncio.Lock())
