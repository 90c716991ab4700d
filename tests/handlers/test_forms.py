"""Reading forms and JSON: clean values out, a named fault for anything else, and never an error of ours."""

from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from starlette.requests import Request

from ap_log.domain.errors import Invalid
from ap_log.handlers import forms
from ap_log.security.limits import FORM_FIELDS

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


class Shape(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    counts: tuple[int, ...] = ()


def a_request(body: bytes, content_type: str = FORM, query: bytes = b"") -> Request:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(b"content-type", content_type.encode())]
    return Request({"type": "http", "method": "POST", "headers": headers, "query_string": query}, receive)


async def test_fields_are_texts_ticks_and_lists() -> None:
    form = await forms.read(a_request(b"name=+Si%C3%A2n++&signs=a&signs=b&stayed=on&empty="))

    assert (form.text("name"), form.all("signs"), form.flag("stayed")) == ("Siân", ("a", "b"), True)
    assert (form.text("missing"), form.all("missing"), form.flag("empty"), form.flag("missing")) == (
        "",
        (),
        False,
        False,
    )


async def test_line_ends_and_accents_are_kept_in_one_way() -> None:
    form = await forms.read(a_request(b"words=one%0D%0Atwo%0Dthree&name=Sia%CC%82n"))

    assert form.text("words") == "one\ntwo\nthree"
    assert form.text("name") == "Siân"


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x7f", "\x85"])
async def test_a_control_character_is_refused_by_its_field(character: str) -> None:
    with pytest.raises(Invalid) as refused:
        await forms.read(a_request(f"words=a{quote(character)}b".encode()))

    assert [fault.field for fault in refused.value.faults] == ["words"]


UNSEEN = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u200b\u2060\ufeff"


@pytest.mark.parametrize("character", UNSEEN)
async def test_a_character_that_nobody_sees_is_left_out(character: str) -> None:
    form = await forms.read(a_request(f"words={quote(f'{character}lost{character} 7{character}')}".encode()))
    assert form.text("words") == "lost 7"


@pytest.mark.parametrize("kept", ["👩\u200d🚒", "می\u200cخواهم", "Łódź", "a\u202fb"])
async def test_joiners_and_whatever_else_words_are_written_with_stay(kept: str) -> None:
    assert (await forms.read(a_request(f"words={quote(kept + '.')}".encode()))).text("words") == f"{kept}."


@pytest.mark.parametrize(
    "body",
    [
        b"name=%ff",
        b"name=%ED%A0%80",
        "name=Siân".encode(),
        b"\xff\xfe",
        b"&".join([b"a=1"] * (FORM_FIELDS + 1)),
        b"&" * FORM_FIELDS,
    ],
)
async def test_a_malformed_form_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid):
        await forms.read(a_request(body))


async def test_two_hundred_fields_are_a_form() -> None:
    assert len((await forms.read(a_request(b"&".join([b"a=1"] * 200)))).all("a")) == 200


@pytest.mark.parametrize("content_type", ["", "text/plain", JSON, "multipart/form-data; boundary=x", "nonsense;;"])
async def test_only_forms_are_read_as_forms(content_type: str) -> None:
    with pytest.raises(Invalid, match="problem") as refused:
        await forms.read(a_request(b"name=a", content_type))

    assert refused.value.faults[0].field == "content-type"


async def test_a_content_type_may_name_its_character_set() -> None:
    assert (await forms.read(a_request(b"name=a", f"{FORM}; charset=UTF-8"))).text("name") == "a"


def test_a_query_string_is_read_like_a_form() -> None:
    assert forms.query(a_request(b"", query=b"resident=7&resident=8")).all("resident") == ("7", "8")


@pytest.mark.parametrize("query", [b"q=%00", b"q=%1b"])
def test_a_control_character_in_a_query_string_is_refused(query: bytes) -> None:
    with pytest.raises(Invalid):
        forms.query(a_request(b"", query=query))


async def test_json_is_read_as_its_shape() -> None:
    assert await forms.read_json(a_request(b'{"name": "a", "counts": [1]}', JSON), Shape) == Shape("a", (1,))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"nonsense", "body"),
        (b"\xff", "body"),
        (b'{"name": "\\ud800"}', "body"),
        (b"[" * 100_000, "body"),
        (b"[]", "body"),
        (b'{"name": 1}', "name"),
        (b'{"name": "a", "counts": [1, "b"]}', "counts[1]"),
        (b'{"name": "a", "counts": [1e999]}', "counts[0]"),
        (b'{"name": "a", "more": 1}', "body"),
        (b"{}", "body"),
    ],
)
async def test_json_of_another_shape_is_refused_by_its_place(body: bytes, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        await forms.read_json(a_request(body, JSON), Shape)

    assert [fault.field for fault in refused.value.faults] == [field]


async def test_of_a_key_given_twice_the_last_counts() -> None:
    assert (await forms.read_json(a_request(b'{"name": "a", "name": "b"}', JSON), Shape)).name == "b"


async def test_only_json_is_read_as_json() -> None:
    with pytest.raises(Invalid):
        await forms.read_json(a_request(b'{"name": "a"}', "text/plain"), Shape)
