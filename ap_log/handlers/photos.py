"""Photos: the pieces that phones bring, the drawings that people are shown, and the exhibits that managers take out."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from ap_log.actions.receive_photo import answer_of, receive_piece
from ap_log.domain.errors import Fault, Invalid, NotFound, TooLarge
from ap_log.domain.permissions import Permission, premises_where
from ap_log.domain.photos import SEALED_PHOTO_BYTES_LIMIT, Piece
from ap_log.handlers import forms
from ap_log.store import entries, photos, residents
from ap_log.store.models import Photo

NOTHING_RUNS = "default-src 'none'; sandbox"
"""For what other people's machines made: whatever a browser takes it for, it can do nothing."""

_JPEG = b"\xff\xd8\xff"


async def progress(request: Request) -> Response:
    """How much of a photo is here."""
    return forms.json(answer_of(await photos.find_photo(request.path_params["photo"])))


async def bring(request: Request) -> Response:
    """One piece of a photo, as raw bytes."""
    photo_id, length = (
        request.path_params["photo"],
        _byte_count("upload-length", request.headers.get("upload-length", "")),
    )
    start = _byte_count("start", request.path_params["start"])
    if length > SEALED_PHOTO_BYTES_LIMIT:
        raise TooLarge
    piece = Piece(photo_id, start, length, await forms.read_bytes(request))
    open_seal = partial(request.app.state.sealing.open_sealed, purpose="photo", id=photo_id)
    return forms.json(await receive_piece(piece, open_seal, request.state.actor, request.state.now))


async def show(request: Request) -> Response:
    """What this server drew from a photo, for those who may see the resident."""
    photo, _ = await _visible(request)
    if photo.state != "drawn":
        raise NotFound
    return _shut_in(await photos.read_drawing(photo.id), "image/jpeg", 'inline; filename="photo.jpg"')


async def export(request: Request) -> Response:
    """The exhibit, byte for byte as its entry declares it: to keep, never to open in the browser."""
    photo, premises = await _visible(request)
    if photo.complete_at is None or premises not in premises_where(request.state.actor, Permission.DECIDE):
        raise NotFound
    content = await photos.read_content(photo.id)
    name = f"photo-{photo.id}.{'jpg' if content.startswith(_JPEG) else 'bin'}"
    return _shut_in(content, "application/octet-stream", f'attachment; filename="{name}"')


async def _visible(request: Request) -> tuple[Photo, str]:
    """The photo and the premises of its resident. Raises NotFound, also where this person may not see the resident."""
    actor, now = request.state.actor, request.state.now
    photo = await photos.find_photo(request.path_params["photo"])
    entry = await entries.find_newest(photo.entry_id)
    if entry is None:
        raise NotFound
    resident = await residents.get_resident(actor, entry.resident_id, now)
    request.state.resident = resident.id
    return photo, resident.premises_id


def _shut_in(content: bytes, media_type: str, disposition: str) -> Response:
    headers = {"content-security-policy": NOTHING_RUNS, "content-disposition": disposition}
    return Response(content, media_type=media_type, headers=headers)


def _byte_count(field: str, text: str) -> int:
    number = forms.whole_number(text)
    if number is None:
        raise Invalid(Fault(field, "This must be a number of bytes"))
    return number
