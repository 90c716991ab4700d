"""What a phone pushes over HTTP: every entry is answered for itself, and nothing it sends makes the server fail."""

import asyncio
import hashlib
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from ap_log.actions import keep_version
from ap_log.domain.sync import ENTRIES_LIMIT, ENTRY_BYTES_LIMIT, PUSH_BYTES_LIMIT, PushAnswer, PushedEntry
from ap_log.store import models
from tests.cast import World, an_entry, changed
from tests.visitors import ON_EVERY_ENGINE, Visit

JSON = {"content-type": "application/json"}

"""For what is refused before a database is asked anything."""


def _push(*entries: object) -> bytes:
    return msgspec.json.encode({"entries": entries})


def _answer(content: bytes) -> PushAnswer:
    return msgspec.json.decode(content, type=PushAnswer)


def _field(content: bytes) -> str:
    problem = msgspec.json.decode(content)
    assert {"code", "title", "way_on", "status", "reference"} <= problem.keys()
    return str(problem["faults"][0]["field"])


@ON_EVERY_ENGINE
async def test_an_entry_is_answered_with_the_receipt_of_its_id_and_hash(visit: Visit, world: World) -> None:
    asha, entry = await visit(world.asha), an_entry(world)
    response = await asha.post("/api/sync", content=_push(entry), headers=JSON)
    assert response.status_code == 200
    answer = _answer(response.content)
    assert answer.server_time == world.now
    assert answer.results[0].receipt is not None
    assert (answer.results[0].receipt.id, answer.results[0].receipt.sha256) == (entry.id, entry.sha256)


@ON_EVERY_ENGINE
async def test_a_push_that_comes_ten_times_in_parallel_is_one_entry_one_notice_and_one_receipt(
    visit: Visit, world: World
) -> None:
    asha, push = await visit(world.asha), _push(an_entry(world))
    responses = await asyncio.gather(*(asha.post("/api/sync", content=push, headers=JSON) for _ in range(10)))
    assert {response.status_code for response in responses} == {200}
    assert len({response.content for response in responses}) == 1
    assert await models.Entry.all().count() == 1
    assert await models.Recommendation.all().count() == 1
    assert await models.Notice.filter(wanted="review").count() == 1
    assert await models.AuditRecord.filter(event="entry.stored").count() == 1


@ON_EVERY_ENGINE
async def test_one_bad_entry_among_good_ones_is_refused_alone_and_in_its_place(visit: Visit, world: World) -> None:
    asha = await visit(world.asha)
    good, other, bad = an_entry(world), an_entry(world, resident="lewis"), an_entry(world, happening="flying")
    unread = {"id": bad.id, "sha256": bad.sha256, "body": 7}
    response = await asha.post("/api/sync", content=_push(good, unread, bad, {}, 3, other), headers=JSON)
    results = _answer(response.content).results
    assert [(one.id, one.result) for one in results] == [
        (good.id, "stored"),
        (bad.id, "refused"),
        (bad.id, "refused"),
        ("", "refused"),
        ("", "refused"),
        (other.id, "stored"),
    ]
    fields = [one.problem.faults[0].field for one in results if one.problem is not None]
    assert fields == ["body", "happening", "entry", "entry"]
    assert await models.Entry.all().count() == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"{", "body"),
        (b"\xff\xfe", "body"),
        (b"NaN", "body"),
        (b"[]", "body"),
        (b"null", "body"),
        (b"{}", "body"),
        (b'{"entries": 3}', "entries"),
        (b'{"entries": [], "more": 1}', "body"),
        (b'{"entries": [NaN]}', "body"),
        (b'{"entries": [{"id": "\\ud800"}]}', "body"),
        (b'{"entries": [], "\xff": 1}', "body"),
        (b'{"entries": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", "body"),
    ],
)
async def test_a_body_that_is_no_push_is_refused_with_the_place_of_its_fault(
    visit: Visit, world: World, body: bytes, field: str
) -> None:
    response = await (await visit(world.asha)).post("/api/sync", content=body, headers=JSON)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert _field(response.content) == field


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"mood": "calm"}, "entry"),
        ({"happening": None}, "happening"),
        ({"happening": "flying"}, "happening"),
        ({"signs": ["levitating"]}, "signs"),
        ({"signs": "swaying"}, "signs"),
        ({"occurred_at": "yesterday"}, "occurred_at"),
        ({"occurred_at": "2026-11-20T01:40:00"}, "occurred_at"),
        ({"recorded_at": 3}, "recorded_at"),
        ({"words": "x" * 4001}, "words"),
        ({"words": [[[[]]]]}, "words"),
        ({"intoxicated": "yes"}, "intoxicated"),
        ({"reported": "XX99"}, "reported"),
    ],
)
async def test_an_entry_that_is_wrong_is_refused_with_the_name_of_its_field(
    visit: Visit, world: World, changes: dict[str, Any], field: str
) -> None:
    asha = await visit(world.asha)
    response = await asha.post("/api/sync", content=_push(an_entry(world, **changes)), headers=JSON)
    assert response.status_code == 200
    [result] = _answer(response.content).results
    assert result.problem is not None
    assert (result.problem.status, result.problem.faults[0].field) == (422, field)


@pytest.mark.parametrize(
    "body",
    ["", "{", "NaN", "[]", '{"id": NaN}', '{"id": "\\ud800"}', "[" * 10_000, '{"words": ' + "[" * 10_000, "\0"],
)
async def test_a_body_that_is_no_entry_is_refused_whatever_is_in_it(visit: Visit, world: World, body: str) -> None:
    entry = PushedEntry("an-id", hashlib.sha256(body.encode()).hexdigest(), body)
    response = await (await visit(world.asha)).post("/api/sync", content=_push(entry), headers=JSON)
    assert (response.status_code, _answer(response.content).results[0].result) == (200, "refused")


@pytest.mark.parametrize("unread", [b'{"id": "\xff"}', b'{"id": 1, "body": "\xff"}', b'"\xff"'])
async def test_an_entry_in_bytes_that_are_no_text_is_refused_and_its_neighbour_stored(
    visit: Visit, world: World, unread: bytes
) -> None:
    push = b'{"entries": [' + unread + b", " + msgspec.json.encode(an_entry(world)) + b"]}"
    response = await (await visit(world.asha)).post("/api/sync", content=push, headers=JSON)
    assert [one.result for one in _answer(response.content).results] == ["refused", "stored"]


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded", "text/json"])
async def test_a_push_is_json_and_nothing_else(visit: Visit, world: World, content_type: str) -> None:
    asha, headers = await visit(world.asha), {"content-type": content_type}
    response = await asha.post("/api/sync", content=_push(an_entry(world)), headers=headers)
    assert (response.status_code, _field(response.content)) == (422, "content-type")
    assert await models.Entry.all().count() == 0


async def test_a_push_may_hold_fifty_entries_and_not_one_more(visit: Visit, world: World) -> None:
    asha = await visit(world.asha)
    entries = [{"id": str(number)} for number in range(ENTRIES_LIMIT + 1)]
    full = await asha.post("/api/sync", content=_push(*entries[1:]), headers=JSON)
    assert (full.status_code, len(_answer(full.content).results)) == (200, ENTRIES_LIMIT)
    over = await asha.post("/api/sync", content=_push(*entries), headers=JSON)
    assert (over.status_code, _field(over.content)) == (413, "entries")


@ON_EVERY_ENGINE
async def test_an_entry_may_have_so_many_bytes_and_not_one_more(visit: Visit, world: World) -> None:
    asha = await visit(world.asha)
    entry = an_entry(world)
    full, over = (
        pushed_text(entry.id, (entry.body or "").ljust(size)) for size in (ENTRY_BYTES_LIMIT, ENTRY_BYTES_LIMIT + 1)
    )
    response = await asha.post("/api/sync", content=_push(full, over), headers=JSON)
    stored, refused = _answer(response.content).results
    assert stored.result == "stored"
    assert refused.problem is not None
    assert (refused.problem.code, refused.problem.status) == ("too-large", 413)


def pushed_text(entry_id: str, body: str) -> PushedEntry:
    return PushedEntry(entry_id, hashlib.sha256(body.encode()).hexdigest(), body)


async def test_fifty_of_the_largest_entries_fit_into_one_push(visit: Visit, world: World) -> None:
    entries = [pushed_text(str(number), "x" * ENTRY_BYTES_LIMIT) for number in range(ENTRIES_LIMIT)]
    assert len(_push(*entries)) < PUSH_BYTES_LIMIT
    response = await (await visit(world.asha)).post("/api/sync", content=_push(*entries), headers=JSON)
    assert response.status_code == 200
    over = await (await visit(world.asha)).post("/api/sync", content=b" " * (PUSH_BYTES_LIMIT + 1), headers=JSON)
    assert over.status_code == 413


@ON_EVERY_ENGINE
async def test_an_entry_that_makes_us_fail_has_a_reference_that_finds_the_failure_and_no_words_in_the_log(
    visit: Visit, world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def judge(*_: object) -> None:
        raise RuntimeError("Gwilym Tudor")

    monkeypatch.setattr(keep_version, "judge", judge)
    push = _push(an_entry(world, words="He lay in the corridor"), an_entry(world, happening="flying"))
    response = await (await visit(world.asha)).post("/api/sync", content=push, headers=JSON)
    failed, invalid = (one.problem for one in _answer(response.content).results)
    assert failed is not None
    assert invalid is not None
    assert (failed.code, failed.status, invalid.status) == ("failed", 500, 422)
    lines = [record for record in caplog.records if record.levelname == "ERROR"]
    assert [vars(line)["fields"]["reference"] for line in lines] == [failed.reference]
    assert "Gwilym" not in caplog.text
    assert "corridor" not in caplog.text
    assert await models.Entry.all().count() == 0


@ON_EVERY_ENGINE
async def test_nobody_is_signed_in_and_the_phone_is_told_so_in_json(visit: Visit, world: World) -> None:
    response = await (await visit(None)).post("/api/sync", content=_push(an_entry(world)), headers=JSON)
    assert response.status_code == 401
    assert msgspec.json.decode(response.content)["code"] == "not-signed-in"


@ON_EVERY_ENGINE
async def test_f24_an_entry_in_anothers_session_is_stored_as_its_authors(visit: Visit, world: World) -> None:
    rob = await visit(world.rob)
    response = await rob.post("/api/sync", content=_push(an_entry(world, author="asha")), headers=JSON)
    [result] = _answer(response.content).results
    assert result.result == "stored"
    row = await models.Entry.get()
    assert (row.author_id, row.courier_id) == (world.asha.id, world.rob.id)


@ON_EVERY_ENGINE
async def test_chika_of_the_other_house_learns_nothing_about_a_resident_of_elm(visit: Visit, world: World) -> None:
    chika = await visit(world.chika)
    known = an_entry(world, author="chika")
    unknown = changed(an_entry(world, author="chika"), resident=str(uuid4()))
    response = await chika.post("/api/sync", content=_push(known, unknown), headers=JSON)
    receipts = [one.receipt for one in _answer(response.content).results]
    assert [(one.held, one.sequence, one.received_at) for one in receipts if one] == [(True, 0, world.now)] * 2


@ON_EVERY_ENGINE
async def test_esther_who_left_cannot_push(visit: Visit, world: World) -> None:
    response = await (await visit(world.esther)).post("/api/sync", content=_push(an_entry(world)), headers=JSON)
    assert response.status_code == 401


@ON_EVERY_ENGINE
async def test_a_page_of_another_site_cannot_push(visit: Visit, world: World) -> None:
    headers = JSON | {"sec-fetch-site": "cross-site"}
    response = await (await visit(world.asha)).post("/api/sync", content=_push(an_entry(world)), headers=headers)
    assert response.status_code == 403
    assert await models.Entry.all().count() == 0
