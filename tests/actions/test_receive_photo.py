"""Photos arrive in pieces: whole or not at all, as themselves, whatever is lost, repeated or at once on the way."""

import asyncio
import hashlib
import itertools

import msgspec
import pytest

from ap_log.actions.log_entries import log_entry
from ap_log.actions.receive_photo import answer_of
from ap_log.domain.errors import Invalid, NotFound
from ap_log.domain.photos import PhotoAnswer, Piece
from ap_log.domain.sync_errors import OtherBytes, SealBroken, UnknownSealingKey
from ap_log.store import audit, photos
from ap_log.store.models import Entry, Photo, PhotoPiece
from tests.cast import World, changed, pushed
from tests.photos import Shot, bring, declared, entry_with, picture, shot

PIECE = 700


async def _stored(taken: Shot) -> bytes:
    """The exhibit, having made sure that nothing of the way here is left."""
    assert not await PhotoPiece.filter(photo_id=taken.id).exists()
    return await photos.read_content(taken.id)


async def test_a_photo_in_pieces_becomes_the_bytes_its_entry_declared_with_a_receipt(world: World) -> None:
    taken = shot()
    await declared(world, taken)
    answers = [await bring(piece, taken, world.asha, world) for piece in taken.pieces(PIECE)]
    assert [answer.received for answer in answers] == [piece.end for piece in taken.pieces(PIECE)]
    assert [answer.receipt is None for answer in answers] == [True] * (len(answers) - 1) + [False]
    receipt = answers[-1].receipt
    assert receipt is not None
    assert (receipt.id, receipt.sha256, receipt.received_at) == (taken.id, taken.claim["sha256"], world.now)
    assert await _stored(taken) == taken.content
    assert await audit.list_events(taken.id) == ["photo.stored"]


async def test_f06_five_photos_of_one_name_two_of_the_same_bytes_are_five_attachments(world: World) -> None:
    same = picture("teal")
    shots = [shot(picture(colour)) for colour in ("red", "green", "blue")] + [shot(same), shot(same)]
    await declared(world, *shots)
    await asyncio.gather(*(bring(taken.piece(), taken, world.asha, world) for taken in shots))
    rows = await Photo.filter(state="whole")
    assert {row.id for row in rows} == {taken.id for taken in shots}
    assert len({row.sha256 for row in rows}) == 4
    for taken in shots:
        assert hashlib.sha256(await _stored(taken)).hexdigest() == taken.claim["sha256"]


async def test_f10_after_a_lost_answer_the_entry_comes_again_and_its_photos_follow(world: World) -> None:
    taken = shot()
    entry = await declared(world, taken)
    again = await log_entry(entry, world.asha, world.now)
    first = await bring(taken.piece(), taken, world.asha, world)
    assert again.id == entry.id
    assert first.receipt is not None
    assert await bring(taken.piece(), taken, world.asha, world) == first


async def test_f14_changed_after_two_of_five_photos_both_versions_and_all_five_are_there(world: World) -> None:
    shots = [shot(picture(colour)) for colour in ("red", "green", "blue", "teal", "navy")]
    first = await declared(world, *shots)
    for taken in shots[:2]:
        await bring(taken.piece(), taken, world.asha, world)
    await bring(shots[2].piece(0, PIECE), shots[2], world.asha, world)  # Cut in the middle of the third.
    second = changed(first, words="He was sick too")
    for version in (second, first, second):
        assert (await log_entry(version, world.asha, world.now)).sha256 == version.sha256
    for taken in shots[2:]:
        have = answer_of(await photos.find_photo(taken.id)).received
        assert have == (PIECE if taken is shots[2] else 0)
        assert (await bring(taken.piece(have), taken, world.asha, world)).receipt is not None
    assert [await _stored(taken) for taken in shots] == [taken.content for taken in shots]
    rows = await Entry.filter(entry_id=first.id).order_by("version")
    assert [row.sha256 for row in rows] == [first.sha256, second.sha256]


async def test_f22_a_photo_goes_on_after_a_cut_at_every_boundary(world: World) -> None:
    taken = shot(picture(size=(24, 24)))
    await declared(world, taken)
    have = 0
    for end in range(97, len(taken.sealed) + 97, 97):
        cut = await bring(taken.piece(have, end), taken, world.asha, world)  # This answer is lost.
        asked = answer_of(await photos.find_photo(taken.id))
        again = await bring(taken.piece(have, end), taken, world.asha, world)
        assert cut.received == asked.received == again.received
        have = asked.received
    assert have == len(taken.sealed)
    assert await _stored(taken) == taken.content


@pytest.mark.parametrize("wrong", [0, 1, PIECE - 1, PIECE + 1, 2 * PIECE, 10**8])
async def test_a_piece_that_begins_elsewhere_changes_nothing_and_is_told_where_to_go_on(
    world: World, wrong: int
) -> None:
    taken = shot()
    await declared(world, taken)
    await bring(taken.piece(0, PIECE), taken, world.asha, world)
    piece = Piece(taken.id, wrong, max(len(taken.sealed), wrong + 10), b"x" * 10)
    if wrong < len(taken.sealed) - 10:
        assert (await bring(piece, taken, world.asha, world)).received == PIECE
    else:
        assert (await bring(piece, taken, world.asha, world)).received == 0
    rest = [await bring(piece, taken, world.asha, world) for piece in taken.pieces(PIECE)[1:]]
    assert rest[-1].receipt is not None
    assert await _stored(taken) == taken.content


async def test_two_couriers_at_once_bring_one_photo(world: World) -> None:
    taken = shot()
    await declared(world, taken)

    async def carry(size: int) -> PhotoAnswer:
        answer = PhotoAnswer(0)
        while answer.receipt is None:
            answer = await bring(taken.piece(answer.received, answer.received + size), taken, world.rob, world)
        return answer

    answers = await asyncio.gather(carry(PIECE), carry(PIECE), carry(PIECE - 1), carry(10**6))
    assert len({answer.receipt for answer in answers}) == 1
    assert await _stored(taken) == taken.content
    assert await audit.list_events(taken.id) == ["photo.stored"]


async def test_the_last_piece_ten_times_at_once_is_one_photo_with_one_receipt(world: World) -> None:
    taken = shot()
    await declared(world, taken)
    await bring(taken.piece(0, PIECE), taken, world.asha, world)
    answers = await asyncio.gather(*(bring(taken.piece(PIECE), taken, world.asha, world) for _ in range(10)))
    assert len(set(answers)) == 1
    assert answers[0].receipt is not None
    assert await audit.list_events(taken.id) == ["photo.stored"]


async def test_a_whole_photo_has_its_receipt_for_ever_whatever_comes_after(world: World) -> None:
    taken = shot()
    await declared(world, taken)
    whole = await bring(taken.piece(), taken, world.asha, world)
    for piece in (taken.piece(), taken.piece(PIECE, 2 * PIECE), Piece(taken.id, 0, 5, b"other")):
        assert await bring(piece, taken, world.rob, world) == whole
    assert await _stored(taken) == taken.content


async def test_another_persons_photo_travels_in_any_workers_session_and_stays_the_authors(world: World) -> None:
    taken = shot()
    await declared(world, taken)
    await bring(taken.piece(), taken, world.chika, world)
    row = await Photo.get(id=taken.id)
    assert (row.author_id, row.state) == (world.asha.id, "whole")


async def test_a_photo_that_no_entry_declares_is_unknown_until_its_entry_is_here(world: World) -> None:
    taken = shot()
    with pytest.raises(NotFound):
        await bring(taken.piece(), taken, world.asha, world)
    await declared(world, taken)
    assert (await bring(taken.piece(), taken, world.asha, world)).receipt is not None


async def test_other_bytes_than_declared_are_refused_kept_and_may_be_sent_right(world: World) -> None:
    taken = shot()
    await declared(world, taken)
    wrong = shot(picture("red"), taken.id)
    for _ in range(2):
        with pytest.raises(OtherBytes):
            await bring(wrong.piece(), wrong, world.asha, world)
    row = await Photo.get(id=taken.id)
    assert (row.state, bytes(row.content or b"")) == ("other-bytes", wrong.sealed)
    assert answer_of(row) == PhotoAnswer(0)
    assert await audit.list_events(taken.id) == ["photo.refused"] * 2
    answers = [await bring(piece, taken, world.asha, world) for piece in taken.pieces(PIECE)]
    assert answers[-1].receipt is not None
    assert await _stored(taken) == taken.content


async def test_the_last_piece_of_other_bytes_sent_again_is_refused_again(world: World) -> None:
    taken = shot()
    await declared(world, taken)
    wrong = shot(picture("red"), taken.id)
    await bring(wrong.piece(0, PIECE), wrong, world.asha, world)
    for _ in range(2):
        with pytest.raises(OtherBytes):
            await bring(wrong.piece(PIECE), wrong, world.asha, world)


async def test_every_single_byte_that_changed_on_the_way_is_noticed(world: World) -> None:
    taken = shot(picture(size=(8, 8)))
    await declared(world, taken)
    for place in (0, 7, 8, 40, 41, len(taken.sealed) // 2, len(taken.sealed) - 1):
        damaged = bytearray(taken.sealed)
        damaged[place] ^= 1
        with pytest.raises(UnknownSealingKey if place < 8 else SealBroken):
            await bring(Piece(taken.id, 0, len(damaged), bytes(damaged)), taken, world.asha, world)
    assert (await bring(taken.piece(), taken, world.asha, world)).receipt is not None


@pytest.mark.parametrize("length", [1, 7, 8, 9, 40, 56])
async def test_what_is_too_short_to_be_sealed_is_refused_as_other_bytes_are(world: World, length: int) -> None:
    taken = shot()
    await declared(world, taken)
    short = taken.sealed[:length]
    with pytest.raises(SealBroken):
        await bring(Piece(taken.id, 0, length, short), taken, world.asha, world)


async def test_another_photos_seal_does_not_open_as_this_ones(world: World) -> None:
    first, second = shot(), shot()
    await declared(world, first, second)
    with pytest.raises(SealBroken):
        await bring(Piece(first.id, 0, len(second.sealed), second.sealed), first, world.asha, world)


async def test_bytes_of_two_sealings_are_never_joined(world: World) -> None:
    taken = shot(picture(size=(640, 480)))
    other = shot(taken.content + b"\0", taken.id)
    await declared(world, taken)
    await bring(other.piece(0, PIECE), other, world.asha, world)
    assert await bring(taken.piece(PIECE, 2 * PIECE), taken, world.asha, world) == PhotoAnswer(0)
    answers = [await bring(piece, taken, world.asha, world) for piece in taken.pieces(PIECE)]
    assert answers[-1].receipt is not None
    assert await _stored(taken) == taken.content


async def test_an_empty_piece_changes_nothing_and_a_piece_past_the_end_is_refused(world: World) -> None:
    taken = shot()
    await declared(world, taken)
    empty = Piece(taken.id, 0, len(taken.sealed), b"")
    assert await bring(empty, taken, world.asha, world) == PhotoAnswer(0)
    with pytest.raises(Invalid) as refusal:
        await bring(Piece(taken.id, 0, 10, b"x" * 11), taken, world.asha, world)
    assert [fault.field for fault in refusal.value.faults] == ["upload-length"]
    assert not await PhotoPiece.all().exists()


async def test_a_photo_of_another_entry_is_not_taken_over_and_holds_up_no_entry(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    taken, own = shot(), shot()
    first = await declared(world, taken)
    second = await declared(world, taken, own, author="rob")
    rows = {row.id: row for row in await Photo.all()}
    assert (rows[taken.id].entry_id, rows[taken.id].author_id) == (first.id, world.asha.id)
    assert (rows[own.id].entry_id, rows[own.id].author_id) == (second.id, world.rob.id)
    assert [record.getMessage() for record in caplog.records if record.name == "ap_log.store.photos"] == [
        f"Entry {second.id} says that photo {taken.id} is its own, and it is another"
    ]


async def test_a_newer_version_of_an_entry_adds_its_photos_and_loses_none(world: World) -> None:
    taken, more = shot(), shot()
    entry = await declared(world, taken)
    assert entry.body is not None
    changed = msgspec.json.decode(entry.body) | {"photos": [more.claim]}
    await log_entry(pushed(changed), world.asha, world.now)
    assert {row.id for row in await photos.list_photos(entry.id)} == {taken.id, more.id}


async def test_ten_entries_at_once_that_declare_one_photo_are_all_stored_and_one_has_it(world: World) -> None:
    taken = shot()
    entries = [entry_with(world, taken) for _ in range(10)]
    await asyncio.gather(*(log_entry(entry, world.asha, world.now) for entry in entries))
    [row] = await Photo.all()
    assert row.entry_id in {entry.id for entry in entries}


async def test_f39_photos_that_end_at_once_are_put_together_one_at_a_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shots = [shot() for _ in range(8)]
    await declared(world, *shots)
    inside, most = itertools.count(), []
    running = set[int]()
    read_pieces = photos.read_pieces

    async def counted(photo_id: str) -> bytes:
        me = next(inside)
        running.add(me)
        most.append(len(running))
        pieces = await read_pieces(photo_id)
        await asyncio.sleep(0.01)
        running.discard(me)
        return pieces

    for taken in shots:
        await bring(taken.piece(0, PIECE), taken, world.asha, world)
    monkeypatch.setattr(photos, "read_pieces", counted)
    await asyncio.gather(*(bring(taken.piece(PIECE), taken, world.asha, world) for taken in shots))
    assert await Photo.filter(state="whole").count() == len(shots)
    assert max(most) == 1
