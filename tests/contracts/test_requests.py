"""Examples of what phones ask besides pushes, as the handlers read and answer them.

tests/web/requests.test.ts holds the phone to the same.
"""

import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from starlette.requests import Request
from starlette.responses import Response

from ap_log.domain import devices, photos, sync
from ap_log.domain.errors import Fault, Refusal
from ap_log.handlers import phone as phone_handler
from ap_log.handlers import photos as photo_handlers
from ap_log.handlers import reference as reference_handler
from ap_log.handlers import sync as sync_handlers
from ap_log.handlers.errors import STATUS, problem_of, status_of
from ap_log.store import entries, installation
from ap_log.store import photos as photo_store

FOLDER = Path(__file__).parent / "requests"
ALL: dict[str, dict[str, Any]] = {path.stem: json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.json")}
RECEIPTS, PHONE, REFERENCE, PHOTOS = (ALL[name] for name in ("receipts", "phone", "reference", "photos"))
POSTED = [("receipts", one) for one in RECEIPTS["requests"]] + [("phone", one) for one in PHONE["requests"]]
SHAPES: dict[str, type[msgspec.Struct]] = {
    "receipts": sync.ReceiptsAnswer,
    "phone": devices.PhoneAnswer,
    "reference": sync.Reference,
    "photos": photos.PhotoAnswer,
}
POSTED_SHAPES: dict[str, type[msgspec.Struct]] = {"receipts": sync.ReceiptsOffer, "phone": devices.PhoneReport}
NOW = datetime.fromisoformat("2026-11-20T01:41:02+00:00")
EPOCH = "6f1d2c3b4a59687700112233445566aa"


def _answers() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every answer, with `answer` filled in where only what differs from the first is written."""
    for name, examples in ALL.items():
        first = examples["answers"][0]["answer"]
        for each in examples["answers"]:
            yield name, each if "answer" in each else {**each, "answer": {**first, **each["changes"]}}


ANSWERS = list(_answers())
OURS = [(name, each) for name, each in ANSWERS if each["is_ours"] and each["shape"] == SHAPES[name].__name__]
WRONG = [(name, each) for name, each in ANSWERS if not each["is_ours"] and each["shape"] is not None]
PROBLEMS = [(name, each) for name, each in ANSWERS if each["shape"] == "Problem"]


def named(examples: list[tuple[str, dict[str, Any]]]) -> list[Any]:
    return [pytest.param(name, each, id=f"{name}: {each['name']}") for name, each in examples]


def encoded(answer: object) -> bytes:
    """Exactly as it goes out: the keys in this order, and nothing between them."""
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()


def a_request(body: bytes = b"", headers: dict[str, str] | None = None, **path: str) -> Request:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    sealing = SimpleNamespace(public_keys=tuple, open_sealed=lambda *_, **__: b"")
    return Request(
        {
            "type": "http",
            "method": "POST",
            "headers": [(key.lower().encode(), value.encode()) for key, value in (headers or {}).items()],
            "path_params": path,
            "app": SimpleNamespace(state=SimpleNamespace(sealing=sealing)),
            "state": {"now": NOW, "session": SimpleNamespace(), "actor": SimpleNamespace()},
        },
        receive,
    )


def posted(content: object) -> Request:
    return a_request(encoded(content), {"Content-Type": "application/json"})


def giving(value: object, heard: list[Any] | None = None) -> Callable[..., Awaitable[Any]]:
    async def gives(*asked: object) -> object:
        if heard is not None:
            heard.extend(asked)
        return value

    return gives


def stub_receipts(patch: pytest.MonkeyPatch, answer: dict[str, Any]) -> None:
    """A database that holds of what the example offers all but what the answer misses."""
    offered, missing = (
        {(one["id"], one["sha256"]) for one in kept}
        for kept in (RECEIPTS["requests"][0]["content"]["receipts"], answer["missing"])
    )
    patch.setattr(entries, "list_here", giving(offered - missing))
    patch.setattr(installation, "get_safekeeping", giving(installation.Safekeeping(EPOCH)))


def a_photo(answer: dict[str, Any]) -> SimpleNamespace:
    """The row of a photo that is as far as the answer says."""
    known = {"id": PHOTOS["photo"]["id"], "sha256": PHOTOS["photo"]["sha256"], "received_bytes": answer["received"]}
    receipt = answer.get("receipt")
    if receipt is None:
        return SimpleNamespace(**known, state="declared", complete_at=None)
    whole = {**known, "id": receipt["id"], "sha256": receipt["sha256"]}
    return SimpleNamespace(**whole, state="whole", complete_at=datetime.fromisoformat(receipt["received_at"]))


async def answered(patch: pytest.MonkeyPatch, name: str, answer: dict[str, Any]) -> Response:
    """What the handler itself sends, where what it reads comes out as in the example."""
    if name == "receipts":
        stub_receipts(patch, answer)
        return await sync_handlers.compare_receipts(posted(RECEIPTS["requests"][0]["content"]))
    if name == "phone":
        patch.setattr(phone_handler, "report_phone", giving(msgspec.convert(answer, devices.PhoneAnswer)))
        return await phone_handler.report(posted(PHONE["requests"][0]["content"]))
    if name == "reference":
        patch.setattr(reference_handler, "get_reference", giving(msgspec.convert(answer, sync.Reference)))
        patch.setattr(reference_handler, "premises_where", lambda *_: ["elm-house"])
        return await reference_handler.show(a_request())
    patch.setattr(photo_store, "find_photo", giving(a_photo(answer)))
    return await photo_handlers.progress(a_request(photo=PHOTOS["photo"]["id"]))


@pytest.mark.parametrize(("name", "example"), named(OURS))
async def test_the_handler_answers_exactly_as_in_the_example(
    name: str, example: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    response = await answered(monkeypatch, name, example["answer"])
    assert (response.status_code, response.media_type) == (example["status"], example["type"])
    assert response.body == encoded(example["answer"])


@pytest.mark.parametrize(("name", "example"), named(WRONG))
def test_an_answer_that_is_wrong_is_none_that_the_server_can_make(name: str, example: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(example["answer"], SHAPES[name])


@pytest.mark.parametrize(("name", "example"), named(PROBLEMS))
def test_a_refusal_is_one_of_the_catalogue_word_for_word(name: str, example: dict[str, Any]) -> None:
    said = msgspec.convert(example["answer"], sync.Problem)
    made = [problem_of(kind(*said.faults), said.reference) for kind in STATUS if kind.code == said.code]
    assert encoded(example["answer"]) in [msgspec.json.encode(problem) for problem in made]
    assert (said.status, example["type"]) == (example["status"], "application/problem+json")


async def _sent(name: str, content: object, patch: pytest.MonkeyPatch) -> object:
    """What the handler reads out of a request, as its own parts are given it."""
    heard: list[Any] = []
    if name == "phone":
        answer = PHONE["answers"][0]["answer"]
        patch.setattr(phone_handler, "report_phone", giving(msgspec.convert(answer, devices.PhoneAnswer), heard))
        await phone_handler.report(posted(content))
        return heard[0]
    stub_receipts(patch, {"missing": RECEIPTS["requests"][0]["content"]["receipts"]})
    response = await sync_handlers.compare_receipts(posted(content))
    return {"receipts": json.loads(bytes(response.body))["missing"]}


@pytest.mark.parametrize(("name", "example"), named([one for one in POSTED if one[1]["fault"] is None]))
async def test_a_request_that_is_right_is_read_as_it_was_meant(
    name: str, example: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = json.loads(msgspec.json.encode(await _sent(name, example["content"], monkeypatch)))
    assert {key: read[key] for key in example["content"]} == example["content"]


@pytest.mark.parametrize(("name", "example"), named([one for one in POSTED if one[1]["fault"] is not None]))
async def test_a_request_that_is_wrong_is_refused_with_the_field_named(
    name: str, example: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refusal) as refused:
        await _sent(name, example["content"], monkeypatch)
    assert (status_of(refused.value), refused.value.faults) == (422, (Fault(**example["fault"]),))


def required_in(kind: Any, value: Any, place: str = "") -> Iterator[str]:
    """The paths of the keys that may not be left out of this value; of a list, those of its first."""
    if isinstance(kind, msgspec.inspect.UnionType):
        kind = next(one for one in kind.types if not isinstance(one, msgspec.inspect.NoneType))
    if isinstance(kind, msgspec.inspect.VarTupleType) and value:
        yield from required_in(kind.item_type, value[0], f"{place}0.")
    if isinstance(kind, msgspec.inspect.StructType):
        for field in kind.fields:
            if field.required:
                yield f"{place}{field.encode_name}"
            if value.get(field.encode_name) is not None:
                yield from required_in(field.type, value[field.encode_name], f"{place}{field.encode_name}.")


def without(content: Any, path: str) -> Any:
    copied = json.loads(json.dumps(content))
    *places, key = path.split(".")
    found = copied
    for place in places:
        found = found[int(place) if place.isdigit() else place]
    del found[key]
    return copied


@pytest.mark.parametrize("name", SHAPES)
def test_an_answer_without_any_key_that_it_has_to_have_is_noticed(name: str) -> None:
    whole, kind = ALL[name]["answers"][0]["answer"], msgspec.inspect.type_info(SHAPES[name])
    paths = list(required_in(kind, whole))
    assert paths == ALL[name]["required"]
    for path in paths:
        with pytest.raises(msgspec.ValidationError, match=f"missing required field `{path.split('.')[-1]}`"):
            msgspec.convert(without(whole, path), SHAPES[name])


@pytest.mark.parametrize("name", POSTED_SHAPES)
async def test_a_request_without_any_key_that_it_has_to_have_is_refused(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ALL[name]["requests"][0]["content"]
    paths = list(required_in(msgspec.inspect.type_info(POSTED_SHAPES[name]), whole))
    assert {path.split(".")[0] for path in paths} == (
        {"receipts"} if name == "receipts" else {"device", "token", "holds"}
    )
    for path in paths:
        with pytest.raises(Refusal) as refused:
            await _sent(name, without(whole, path), monkeypatch)
        *places, key = path.split(".")
        field = f"{places[0]}[{places[1]}]" if places else "body"
        assert refused.value.faults == (Fault(field, f"Object missing required field `{key}`."),)


async def test_more_than_a_request_may_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, whole = RECEIPTS["requests"][0]["content"]["receipts"][0], PHONE["requests"][0]["content"]
    for name, key, content, limit in (
        ("receipts", "receipts", {"receipts": [kept] * (sync.RECEIPTS_LIMIT + 1)}, sync.RECEIPTS_LIMIT),
        ("phone", "holds", {**whole, "holds": whole["holds"] * (devices.HOLDS_LIMIT + 1)}, devices.HOLDS_LIMIT),
    ):
        with pytest.raises(Refusal) as refused:
            await _sent(name, content, monkeypatch)
        assert refused.value.faults == (Fault(key, f"Expected `array` of length <= {limit}."),)


@pytest.mark.parametrize("example", PHOTOS["pieces"], ids=[one["name"] for one in PHOTOS["pieces"]])
async def test_a_piece_is_taken_with_its_headers_or_refused_with_the_field_named(
    example: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A photo that is whole already answers with its receipt, whatever piece comes."""
    heard: list[str] = []
    whole = PHOTOS["answers"][0]["answer"]
    monkeypatch.setattr(photo_store, "find_photo", giving(a_photo(whole), heard))
    request = a_request(
        example["body"].encode(), example["headers"], photo=PHOTOS["photo"]["id"], start=example["start"]
    )
    if example["problem"] is None:
        assert (await photo_handlers.bring(request)).body == encoded(whole)
        assert heard == [PHOTOS["photo"]["id"]]
        return
    with pytest.raises(Refusal) as refused:
        await photo_handlers.bring(request)
    fields = [fault.field for fault in refused.value.faults]
    assert (refused.value.code, fields) == (
        example["problem"]["code"],
        [example["problem"]["field"]] if example["problem"]["field"] else [],
    )
    assert heard == []
