"""What the phones of the demo push: entries as a worker's phone would have made them, and the photos that follow."""

import hashlib
from datetime import datetime
from uuid import UUID

import msgspec

from ap_log.actions.receive_photo import receive_piece
from ap_log.demo.exhibits import draw_exhibit
from ap_log.demo.moments import Logged
from ap_log.domain.people import Actor
from ap_log.domain.photos import Piece
from ap_log.domain.sync import PushedEntry


def pushed_entry(
    entry_id: str, logged: Logged, author: Actor, resident: str, now: datetime, at: datetime
) -> PushedEntry:
    """The entry as it was saved at a time. `now` is where history ends; `resident` is an id."""
    content = {
        "id": entry_id,
        "author": author.id,
        "device": id_of(logged.author),
        "resident": resident,
        "happening": logged.happening,
        "occurred_at": logged.when(now).isoformat(timespec="seconds"),
        "recorded_at": at.isoformat(timespec="seconds"),
        "words": logged.words,
        **({"photos": [_claim(entry_id, name) for name in logged.photos]} if logged.photos else {}),
        **logged.content,
    }
    body = msgspec.json.encode(content).decode()
    return PushedEntry(entry_id, hashlib.sha256(body.encode()).hexdigest(), body)


async def bring_photos(entry_id: str, logged: Logged, author: Actor, at: datetime) -> None:
    """The photos of an entry arrive, each in one piece and unsealed. The worker draws them."""
    for name in logged.photos:
        picture = draw_exhibit(name)
        await receive_piece(Piece(_photo_id(entry_id, name), 0, len(picture), picture), _as_it_is, author, at)


def id_of(name: str) -> str:
    """The id of what has this name, the same all the time: of a worker's phone, by the worker's key."""
    return str(UUID(bytes=hashlib.sha256(name.encode()).digest()[:16], version=4))


def _claim(entry_id: str, name: str) -> dict[str, object]:
    picture = draw_exhibit(name)
    return {"id": _photo_id(entry_id, name), "sha256": hashlib.sha256(picture).hexdigest(), "size": len(picture)}


def _photo_id(entry_id: str, name: str) -> str:
    return id_of(f"{entry_id} {name}")


def _as_it_is(photo: bytes) -> bytes:
    return photo
