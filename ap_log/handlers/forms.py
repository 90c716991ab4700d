"""Reads what browsers post: forms as text fields, JSON as declared shapes. Anything malformed names its field."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import TypeVar
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from ap_log.domain.errors import Fault, Invalid, TooSlow
from ap_log.security.limits import FORM_FIELDS

Shape = TypeVar("Shape")

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"
_BYTES = "application/octet-stream"
_LAYOUT = "\n\t"
_OUR_PAGE = re.compile(r"/|(/[A-Za-z0-9_-]+)+")

UNSEEN = (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x200B, 0x2060, 0xFEFF)
"""Code points that turn the direction of what follows them, or have no width. The joiners U+200C and U+200D stay:
several scripts and many emoji are written with them."""

_WITHOUT_UNSEEN = dict.fromkeys(UNSEEN)


class Form:
    """The fields of a form or of a query string, clean: NFC, lines ended by LF, no control characters.

    Characters that nobody sees and that change what others read (`UNSEEN`) are left out without a word: they come
    along with text that was pasted.
    """

    def __init__(self, fields: Mapping[str, list[str]]) -> None:
        self._fields = fields

    def text(self, name: str) -> str:
        """What was typed, without space around it; empty when the field is missing. Of several, the first."""
        return self._fields.get(name, [""])[0].strip()

    def number(self, name: str) -> int:
        """A whole number that a page of ours wrote into the form; -1 where it is not one."""
        number = whole_number(self.text(name))
        return -1 if number is None else number

    def numbers(self, name: str) -> list[int]:
        """Every value of a field of whole numbers that may be ticked more than once; what is none is left out."""
        return [number for text in self.all(name) if (number := whole_number(text, digits=18)) is not None]

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field that may be ticked more than once."""
        return tuple(self._fields.get(name, ()))

    def words(self) -> list[str]:
        """Every value that is more than one word, as it was typed: what a person would not like to write again."""
        return [value for values in self._fields.values() for value in values if len(value.split()) > 1]

    def flag(self, name: str) -> bool:
        """Whether a tick box was ticked."""
        return bool(self.text(name))


async def read(request: Request) -> Form:
    """The posted form, kept on the request's state for a page that says what went wrong.

    Raises:
        Invalid: it could not be read. TooLarge, TooSlow: it did not arrive whole, so nothing of it is kept.
    """
    _require_type(request, _FORM)
    try:
        text = (await _body(request)).decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=FORM_FIELDS)
    except ValueError as error:  # Bytes that are not UTF-8 once decoded, or more fields than any form of ours has.
        raise Invalid(Fault("body", "The form could not be read. Go back, reload the page and try again.")) from error
    request.state.form = form = _form(pairs)
    return form


def query(request: Request) -> Form:
    """The query string, read as a form. Raises `Invalid`."""
    return _form(request.query_params.multi_items())


async def read_json(request: Request, shape: type[Shape]) -> Shape:
    """The posted JSON as a value of `shape`. Raises `Invalid`, which names where in the JSON, `TooLarge`, `TooSlow`."""
    _require_type(request, _JSON)
    try:
        return msgspec.json.decode(await _body(request), type=shape)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$")
        raise Invalid(Fault(place.strip("`.") or "body", f"{message}.")) from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Invalid(Fault("body", "This is not JSON.")) from error


async def read_bytes(request: Request) -> bytes:
    """The body as it came. Raises `Invalid`, `TooLarge`, `TooSlow`."""
    _require_type(request, _BYTES)
    return await _body(request)


def page_number(asked: Form) -> int:
    """Which page of a list is asked for, from 1. Raises `Invalid`."""
    text = asked.text("page")
    if not text:
        return 1
    number = whole_number(text, digits=6)
    if not number:
        raise Invalid(Fault("page", "The page must be a whole number from 1"))
    return number


def whole_number(text: str, *, digits: int = 9) -> int | None:
    """A number from 0, written in ASCII digits and no more of them than that; None where it is not one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def our_page(address: str) -> str:
    """The address of a page to go on to; empty where it is not plainly one of ours."""
    return address if _OUR_PAGE.fullmatch(address) else ""


def json(value: object, status: int = 200) -> Response:
    """An answer in JSON, of any shape msgspec knows."""
    return Response(msgspec.json.encode(value), status, media_type=_JSON)


async def _body(request: Request) -> bytes:
    try:
        return await request.body()
    except ClientDisconnect:
        raise TooSlow from None


def _require_type(request: Request, wanted: str) -> None:
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != wanted:
        raise Invalid(Fault("content-type", f"This takes {wanted} and nothing else."))


def _form(pairs: Iterable[tuple[str, str]]) -> Form:
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(_clean(name, value))
    return Form(fields)


def _clean(name: str, value: str) -> str:
    clean = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n").translate(_WITHOUT_UNSEEN))
    if any(unicodedata.category(character) in ("Cc", "Cs") and character not in _LAYOUT for character in clean):
        raise Invalid(Fault(name, "This has a character that cannot be kept. Type it again by hand."))
    return clean
