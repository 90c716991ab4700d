"""What a phone seals reaches the server as it was written; what does not open is refused and stays on the phone."""

import base64
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from httpx2 import AsyncClient
from starlette.applications import Starlette

from ap_log.domain.sync import (
    ENTRIES_LIMIT,
    ENTRY_BYTES_LIMIT,
    PUSH_BYTES_LIMIT,
    RECEIPTS_BYTES_LIMIT,
    RECEIPTS_LIMIT,
    Problem,
    PushAnswer,
    PushedEntry,
    ReceiptsAnswer,
    Reference,
)
from ap_log.security.sealing import Kem, SealingKeys, make_keys, rotate_keys
from ap_log.store import installation, models
from tests.cast import World, an_entry, changed
from tests.sealing import key_of, seal, sealed, sealing_keys
from tests.visitors import Visit

JSON = {"content-type": "application/json"}


async def push(browser: AsyncClient, *entries: object, **more: object) -> PushAnswer:
    content = msgspec.json.encode({"entries": entries, **more})
    response = await browser.post("/api/sync", content=content, headers=JSON)
    assert response.status_code == 200, response.text
    return msgspec.json.decode(response.content, type=PushAnswer)


async def refused(browser: AsyncClient, entry: object) -> Problem:
    [result] = (await push(browser, entry)).results
    assert result.problem is not None
    return result.problem


@pytest.mark.parametrize("kem", ["X25519", "P-256"])
async def test_what_was_sealed_is_stored_byte_for_byte_as_it_was_written(visit: Visit, world: World, kem: Kem) -> None:
    entry = an_entry(world, words="He lay in the corridor. ")
    answer = await push(await visit(world.asha), sealed(entry, kem))
    assert answer.results[0].receipt is not None
    assert answer.results[0].receipt.sha256 == entry.sha256
    row = await models.Entry.get()
    assert (row.body, row.sha256) == (entry.body, entry.sha256)


async def test_the_same_entry_sealed_again_or_in_the_clear_gets_the_same_receipt(visit: Visit, world: World) -> None:
    asha, entry = await visit(world.asha), an_entry(world)
    answers = [await push(asha, one) for one in (sealed(entry), sealed(entry), sealed(entry, "P-256"), entry)]
    assert len({answer.results[0].receipt for answer in answers}) == 1
    assert await models.Entry.all().count() == 1


async def test_a_seal_that_was_made_for_another_entry_does_not_open(visit: Visit, world: World) -> None:
    one, other = sealed(an_entry(world)), sealed(an_entry(world))
    problem = await refused(await visit(world.asha), PushedEntry(one.id, one.sha256, sealed=other.sealed))
    assert (problem.code, problem.status) == ("seal-broken", 422)
    assert await models.Entry.all().count() == 0


@pytest.mark.parametrize("seal_of", ["", "AAAA", "no base64!", "A", "\u00e4\u00e4\u00e4\u00e4", "A" * 44_000])
async def test_a_seal_that_is_none_is_refused(visit: Visit, world: World, seal_of: str) -> None:
    entry = an_entry(world)
    problem = await refused(await visit(world.asha), {"id": entry.id, "sha256": entry.sha256, "sealed": seal_of})
    assert problem.code in ("seal-broken", "unknown-sealing-key")
    assert problem.status == 422


async def test_a_seal_to_a_lost_key_is_refused_by_its_own_name_and_opens_when_the_key_is_back(
    visit: Visit, world: World, app: Starlette, tmp_path: Any
) -> None:
    asha, entry = await visit(world.asha), an_entry(world)
    right = app.state.sealing
    make_keys(tmp_path / "other.json", world.now)
    app.state.sealing = SealingKeys(tmp_path / "other.json")
    assert (await refused(asha, sealed(entry))).code == "unknown-sealing-key"
    app.state.sealing = right
    assert (await push(asha, sealed(entry))).results[0].result == "stored"


async def test_after_a_rotation_the_reference_names_the_new_keys_and_what_waited_still_opens(
    visit: Visit, world: World, app: Starlette, tmp_path: Any
) -> None:
    make_keys(tmp_path / "keys.json", world.now)
    app.state.sealing = keys = SealingKeys(tmp_path / "keys.json")
    asha, entry, old = await visit(world.asha), an_entry(world), key_of(keys)
    rotate_keys(tmp_path / "keys.json", world.now)
    reference = msgspec.json.decode((await asha.get("/api/reference")).content, type=Reference)
    assert {key.kem for key in reference.sealing} == {"X25519", "P-256"}
    assert old not in reference.sealing
    blob = base64.b64encode(seal((entry.body or "").encode(), "entry", entry.id, old)).decode()
    assert (await push(asha, PushedEntry(entry.id, entry.sha256, sealed=blob))).results[0].result == "stored"


@pytest.mark.parametrize("which", ["both", "neither"])
async def test_an_entry_comes_either_sealed_or_in_the_clear(visit: Visit, world: World, which: str) -> None:
    entry = an_entry(world)
    both = {"body": entry.body, "sealed": sealed(entry).sealed} if which == "both" else {}
    problem = await refused(await visit(world.asha), {"id": entry.id, "sha256": entry.sha256, **both})
    assert (problem.code, problem.faults[0].field) == ("invalid", "sealed")


async def test_f5_other_bytes_than_those_of_the_hash_are_refused(visit: Visit, world: World) -> None:
    entry, other = an_entry(world), an_entry(world)
    swapped = PushedEntry(entry.id, other.sha256, sealed=sealed(entry).sealed)
    problem = await refused(await visit(world.asha), swapped)
    assert (problem.code, problem.faults[0].field) == ("invalid", "sha256")


@pytest.mark.parametrize("kept", [0, 1, 100, -1])
async def test_f5_a_body_that_arrives_empty_or_cut_gets_no_receipt_and_the_whole_one_does(
    visit: Visit, world: World, kept: int
) -> None:
    asha, entry = await visit(world.asha), sealed(an_entry(world))
    whole = msgspec.json.encode({"entries": [entry]})
    response = await asha.post("/api/sync", content=whole[:kept], headers=JSON)
    assert (response.status_code, response.json()["code"]) == (422, "invalid")
    assert "receipt" not in response.text
    assert not await models.Entry.all().exists()
    assert (await push(asha, entry)).results[0].receipt is not None


@pytest.mark.parametrize("kem", ["X25519", "P-256"])
async def test_the_largest_entry_fits_when_sealed_and_fifty_of_them_into_one_push(
    visit: Visit, world: World, kem: Kem
) -> None:
    entry = an_entry(world)
    largest = "x" * ENTRY_BYTES_LIMIT
    blob = seal(largest.encode(), "entry", entry.id, key_of(sealing_keys(), kem))
    one = PushedEntry(entry.id, "0" * 64, sealed=base64.b64encode(blob).decode())
    over = seal(b"x" * (ENTRY_BYTES_LIMIT + 1), "entry", entry.id, key_of(sealing_keys(), kem))
    too_large = PushedEntry(entry.id, "0" * 64, sealed=base64.b64encode(over).decode())
    asha = await visit(world.asha)
    assert len(msgspec.json.encode({"entries": [one] * ENTRIES_LIMIT})) < PUSH_BYTES_LIMIT
    assert [result.problem.code for result in (await push(asha, one, too_large)).results if result.problem] == [
        "invalid",
        "too-large",
    ]


async def test_the_answer_says_how_much_is_safe_and_whether_the_database_was_restored(
    visit: Visit, world: World
) -> None:
    asha = await visit(world.asha)
    epoch = await installation.begin_epoch(world.now)
    answer = await push(asha, an_entry(world))
    assert (answer.restore_epoch, answer.backed_up_to) == (epoch, None)
    await installation.note_verified(world.now, world.now)
    assert (await push(asha)).backed_up_to == world.now
    reference = msgspec.json.decode((await asha.get("/api/reference")).content, type=Reference)
    assert reference.restore_epoch == epoch


async def test_f25_the_four_times_of_a_sealed_entry_are_stored(visit: Visit, world: World) -> None:
    hour = timedelta(hours=1)
    said = (world.now - 3 * hour).isoformat()  # The phone is two hours slow, and saved this an hour ago.
    clock = {"offset_ms": 7_200_000, "since_contact_ms": 60_000}
    entry = an_entry(world, occurred_at=said, recorded_at=said, clock=clock, blind="b1")
    await push(await visit(world.asha), sealed(entry), sent_at=(world.now - 3 * hour).isoformat())
    row = await models.Entry.get()
    assert (row.occurred_at, row.recorded_at, row.received_at) == (world.now - hour, world.now - hour, world.now)
    assert (row.clock_offset_ms, row.since_contact_ms, row.doubt_ms) == (7_200_000, 60_000, 3_600_000)


@pytest.mark.parametrize("sent_at", ["2026-11-20T01:40:00", "yesterday", 7])
async def test_when_it_was_sent_is_a_time_with_its_offset(visit: Visit, world: World, sent_at: object) -> None:
    content = msgspec.json.encode({"entries": [], "sent_at": sent_at})
    response = await (await visit(world.asha)).post("/api/sync", content=content, headers=JSON)
    assert response.status_code == 422
    assert response.json()["faults"][0]["field"] == "sent_at"


# After a restore.


async def offer(browser: AsyncClient, *entries: PushedEntry) -> ReceiptsAnswer:
    content = msgspec.json.encode({"receipts": [{"id": one.id, "sha256": one.sha256} for one in entries]})
    response = await browser.post("/api/receipts", content=content, headers=JSON)
    assert response.status_code == 200, response.text
    return msgspec.json.decode(response.content, type=ReceiptsAnswer)


async def test_after_a_restore_the_phone_learns_what_is_missing_and_nothing_else(visit: Visit, world: World) -> None:
    asha = await visit(world.asha)
    stored, held, lost = an_entry(world), an_entry(world, resident="oak_resident"), an_entry(world)
    await push(asha, stored, held)
    epoch = await installation.begin_epoch(world.now)
    answer = await offer(asha, stored, held, lost, changed(stored, words="a version that was lost"))
    assert [kept.id for kept in answer.missing] == [lost.id, stored.id]
    assert answer.missing[1].sha256 != stored.sha256
    assert (answer.restore_epoch, answer.server_time) == (epoch, world.now)


async def test_f21_what_was_stored_while_the_phone_gave_up_waiting_is_found_by_its_receipt(
    visit: Visit, world: World, app: Starlette
) -> None:
    asha, entry = await visit(world.asha), an_entry(world)
    first = await push(asha, sealed(entry))  # This answer never reaches the phone.
    app.state.now = world.now + timedelta(seconds=130)
    assert (await offer(asha, entry)).missing == ()
    assert (await push(asha, sealed(entry))).results == first.results


async def test_an_offer_holds_so_many_receipts_and_not_one_more(visit: Visit, world: World) -> None:
    asha, entry = await visit(world.asha), an_entry(world)
    full = [entry] * RECEIPTS_LIMIT
    assert len((await offer(asha, *full)).missing) == RECEIPTS_LIMIT
    content = msgspec.json.encode({"receipts": [{"id": one.id, "sha256": one.sha256} for one in [*full, entry]]})
    assert len(content) < RECEIPTS_BYTES_LIMIT
    assert (await asha.post("/api/receipts", content=content, headers=JSON)).status_code == 422


@pytest.mark.parametrize("receipt", [{"id": "x", "sha256": "0" * 64}, {"id": "1", "sha256": "y"}, {}, 3])
async def test_an_offer_of_nonsense_is_refused(visit: Visit, world: World, receipt: object) -> None:
    content = msgspec.json.encode({"receipts": [receipt]})
    response = await (await visit(world.asha)).post("/api/receipts", content=content, headers=JSON)
    assert response.status_code == 422


async def test_the_author_is_told_how_many_entries_to_confirm(visit: Visit, world: World, now: datetime) -> None:
    await push(await visit(world.rob), an_entry(world), an_entry(world))
    reference = msgspec.json.decode((await (await visit(world.asha)).get("/api/reference")).content, type=Reference)
    assert reference.me.unconfirmed == 2
