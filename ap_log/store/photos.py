"""Photos of entries: what entries declare, the pieces as they come, the exhibits, and the drawings of them.

A photo's bytes are large, so rows are read without them, except by the function whose name says that it reads them.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import cast

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from ap_log.domain.entries import Entry, PhotoClaim
from ap_log.domain.errors import NotFound
from ap_log.domain.photos import HERE, Drawing, PhotoRecord, Piece, State
from ap_log.store.models import Photo, PhotoPiece

LEASE = timedelta(seconds=120)
"""How long a worker may be drawing one photo: its box has a minute."""

_COLUMNS = (
    "id",
    "entry_id",
    "author_id",
    "device_id",
    "saved_at",
    "sha256",
    "size",
    "state",
    "sealed_size",
    "received_bytes",
    "declared_at",
    "complete_at",
    "drawn_at",
    "width",
    "height",
)

_log = logging.getLogger(__name__)


async def declare(entry: Entry, saved_at: datetime, now: datetime) -> None:
    """Note which photos an entry says it has, in the transaction that stores or holds the entry. `saved_at` is the
    entry's, as it was put right.

    A photo that is known already stays as it is: of this entry, sent again or in a newer version, or of another one,
    whose photo nobody takes over. The entry is kept all the same, and the log names what was left out.
    """
    claims = {claim.id: claim for claim in entry.photos}
    rows = [_declared(entry, claim, saved_at, now) for claim in claims.values()]
    if not rows:
        return
    await Photo.bulk_create(rows, ignore_conflicts=True)
    for photo in await _without_bytes().filter(id__in=list(claims)):
        claim = claims[photo.id]
        if (photo.entry_id, photo.author_id, photo.sha256) != (entry.id, entry.author, claim.sha256):
            _log.warning("Entry %s says that photo %s is its own, and it is another", entry.id, photo.id)


async def find_photo(photo_id: str) -> Photo:
    """One photo without its bytes. Raises NotFound: no entry that is here declares it."""
    return await _found(_without_bytes().filter(id=photo_id))


async def lock_photo(photo_id: str) -> Photo:
    """The same, locked until the transaction ends: its pieces are stored in turn. Raises NotFound."""
    return await _found(_without_bytes().filter(id=photo_id).select_for_update())


async def read_pieces(photo_id: str) -> bytes:
    """The sealed bytes of a photo that have come, from the first on."""
    pieces = PhotoPiece.filter(photo_id=photo_id).order_by("start")
    return b"".join([bytes(content) for content in await pieces.values_list("content", flat=True)])


async def begin_upload(photo: Photo, length: int) -> None:
    """Start from the first byte, for sealed bytes of this length in all. Pieces of another sealing go."""
    await PhotoPiece.filter(photo_id=photo.id).delete()
    photo.state, photo.sealed_size, photo.received_bytes = "declared", length, 0
    await photo.save(update_fields=["state", "sealed_size", "received_bytes"])


async def add_piece(photo: Photo, piece: Piece) -> None:
    """Keep a piece that begins where the ones before it end."""
    await PhotoPiece.create(photo_id=photo.id, start=piece.start, content=piece.content)
    photo.received_bytes = piece.end
    await photo.save(update_fields=["received_bytes"])


async def record_whole(photo: Photo, content: bytes, now: datetime) -> None:
    """The photo is here: keep the picture as the phone drew it, in place of the pieces that brought it."""
    await _record_all_came(photo, "whole", content)
    photo.complete_at = now
    await photo.save(update_fields=["complete_at"])


async def record_other_bytes(photo: Photo, sealed: bytes) -> None:
    """What came is not the photo: keep it as it came, sealed, until the right bytes come."""
    await _record_all_came(photo, "other-bytes", sealed)


async def _record_all_came(photo: Photo, state: State, content: bytes) -> None:
    await Photo.filter(id=photo.id).update(content=content)
    await PhotoPiece.filter(photo_id=photo.id).delete()
    photo.state, photo.received_bytes = state, photo.sealed_size or 0
    await photo.save(update_fields=["state", "received_bytes"])


async def claim_undrawn(now: datetime) -> str | None:
    """Take on the photo that has waited longest to be drawn; None when none waits. In a transaction of its own.

    A claim is a lease: a worker that dies lets it lapse, and the photo is drawn by another, after those that nobody has
    tried.
    """
    # What was taken on in the future was so before the clock went back.
    has_lapsed = Q(drawn_at__lte=now - LEASE) | Q(drawn_at__gt=now + LEASE)
    photo = await _free(Q(drawn_at=None)) or await _free(has_lapsed)
    if photo is None:
        return None
    await Photo.filter(id=photo.id).update(drawn_at=now)
    return photo.id


async def _free(is_free: Q) -> Photo | None:
    waiting = _without_bytes().filter(is_free, state="whole").order_by("complete_at", "id")
    return await waiting.select_for_update(skip_locked=True).first()


async def record_drawn(photo_id: str, drawing: Drawing, now: datetime) -> bool:
    """Keep what people are shown; False where another worker has drawn it meanwhile."""
    changes = {"drawing": drawing.jpeg, "width": drawing.width, "height": drawing.height}
    return bool(await Photo.filter(id=photo_id, state="whole").update(state="drawn", drawn_at=now, **changes))


async def record_unreadable(photo_id: str, now: datetime) -> bool:
    """Note that nothing can be shown of it; False where another worker has been there meanwhile."""
    return bool(await Photo.filter(id=photo_id, state="whole").update(state="unreadable", drawn_at=now))


async def list_photos(entry_id: str) -> list[PhotoRecord]:
    """The photos that an entry, in any of its versions, says it has."""
    return [_record(row) for row in await _without_bytes().filter(entry_id=entry_id).order_by("declared_at", "id")]


async def list_owed(device: str) -> list[Photo]:
    """The photos, without their bytes, that entries made on this phone say they have, and that are not here."""
    return await _without_bytes().filter(device_id=device, state__not_in=list(HERE))


async def move(ids: Iterable[str], before: str, after: str) -> None:
    """Photos that were on one phone, and have not come, are on another: the same, after its storage was cleared."""
    await Photo.filter(id__in=list(ids), device_id=before, state__not_in=list(HERE)).update(device_id=after)


async def list_here(ids: Iterable[str]) -> set[tuple[str, str]]:
    """The ids and digests of those photos that are here."""
    found = Photo.filter(id__in=list(set(ids)), state__in=list(HERE))
    return {(str(photo), str(sha256)) for photo, sha256 in await found.values_list("id", "sha256")}


async def read_content(photo_id: str) -> bytes:
    """The exhibit: the picture as the phone drew it."""
    return bytes(await Photo.get(id=photo_id).values_list("content", flat=True))


async def read_drawing(photo_id: str) -> bytes:
    """What people are shown, as JPEG."""
    return bytes(await Photo.get(id=photo_id).values_list("drawing", flat=True))


def _declared(entry: Entry, claim: PhotoClaim, saved_at: datetime, now: datetime) -> Photo:
    return Photo(
        id=claim.id,
        entry_id=entry.id,
        author_id=entry.author,
        device_id=entry.device,
        saved_at=saved_at,
        sha256=claim.sha256,
        size=claim.size,
        state="declared",
        declared_at=now,
    )


def _record(row: Photo) -> PhotoRecord:
    return PhotoRecord(
        id=row.id,
        sha256=row.sha256,
        size=row.size,
        state=cast(State, row.state),
        received=row.received_bytes if row.state == "declared" else 0,
        total=row.sealed_size or row.size,
        width=row.width,
        height=row.height,
    )


def _without_bytes() -> QuerySet[Photo]:
    return Photo.all().only(*_COLUMNS)


async def _found(photos: QuerySet[Photo]) -> Photo:
    photo = await photos.first()
    if photo is None:
        raise NotFound
    return photo
