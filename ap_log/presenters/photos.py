"""The photos of an entry as its page shows them: the drawings, what is on its way, and what cannot be shown."""

from collections.abc import Container, Iterable
from datetime import datetime

import msgspec

from ap_log.domain.entries import Entry
from ap_log.domain.photos import HERE, PhotoRecord
from ap_log.presenters.times import when


class PhotoCard(msgspec.Struct, frozen=True):
    """One photo that is not on its way. `picture` is the address of its drawing, None where `said` stands instead.

    `original` is the address of the exhibit, None where it is not here. `size` is its length in words.
    """

    title: str
    alt: str
    picture: str | None = None
    width: int | None = None
    height: int | None = None
    said: str | None = None
    original: str | None = None
    sha256: str = ""
    size: str = ""


class Gallery(msgspec.Struct, frozen=True):
    """The photos of an entry: a card for each, and a sentence for all that are on their way."""

    cards: tuple[PhotoCard, ...]
    on_their_way: str | None


_SAID = {
    "whole": "This photo is here and is being made ready. Open this page again in a minute.",
    "unreadable": "This photo cannot be shown. The original is kept.",
    "other-bytes": "What arrived is not the photo that was saved on the phone. It is kept, and the phone has to send"
    " the photo again.",
}
_LOST = "This photo was lost from the phone before it was sent, so it is not here."
_ANOTHERS = "This photo has the number of another entry’s, so it is not kept here."


def gallery(
    entry: Entry,
    photos: Iterable[PhotoRecord],
    lost: Container[str],
    author: str,
    saved_at: datetime,
    now: datetime,
) -> Gallery:
    """The photos in the order the entry has them; those that only an earlier version of it had come last.

    `lost` are the ids of those that are known to be lost from the phone.
    """
    found = {photo.id: photo for photo in photos}
    missing = {photo.id for photo in found.values() if photo.state == "declared" and photo.id in lost}
    claimed = [claim.id for claim in entry.photos]
    ordered = list(dict.fromkeys([*claimed, *found]))
    cards = []
    for number, photo_id in enumerate(ordered, start=1):
        title = f"Photo {number} of {len(ordered)}"
        alt = f"{title}, taken by {author} {when(saved_at, now)}"
        title += "" if photo_id in claimed else ", from an earlier version of this entry"
        if photo_id not in found:
            cards.append(PhotoCard(title, alt, said=_ANOTHERS))
        elif photo_id in missing:
            cards.append(PhotoCard(title, alt, said=_LOST))
        elif found[photo_id].state != "declared":
            cards.append(_card(found[photo_id], title, alt))
    on_their_way = [photo for photo in found.values() if photo.state == "declared" and photo.id not in missing]
    return Gallery(tuple(cards), _on_their_way(on_their_way))


def _card(photo: PhotoRecord, title: str, alt: str) -> PhotoCard:
    return PhotoCard(
        title=title,
        alt=alt,
        picture=f"/photos/{photo.id}" if photo.state == "drawn" else None,
        width=photo.width,
        height=photo.height,
        said=_SAID.get(photo.state),
        original=f"/photos/{photo.id}/original" if photo.state in HERE else None,
        sha256=photo.sha256,
        size=_size(photo.size),
    )


def _on_their_way(photos: list[PhotoRecord]) -> str | None:
    if not photos:
        return None
    percent = 100 * sum(photo.received for photo in photos) // sum(photo.total for photo in photos)
    how_many = "1 photo on its way" if len(photos) == 1 else f"{len(photos)} photos on their way"
    return f"{how_many}: {percent} %"


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{max(1, round(count / 1000))} kB"
