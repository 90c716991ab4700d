"""Photos over HTTP: what couriers send, and who is shown what of it."""

import hashlib
from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest
from httpx2 import AsyncClient, Response
from starlette.applications import Starlette

from ap_log.actions.draw_photos import draw_photo
from ap_log.domain.photos import PIECE_BYTES_LIMIT, SEALED_PHOTO_BYTES_LIMIT, PhotoAnswer
from ap_log.security.headers import CONTENT_SECURITY_POLICY
from ap_log.store import photos
from ap_log.store.models import AuditRecord, Photo, PhotoPiece
from tests.cast import World
from tests.photos import Shot, bomb, bring, declared, picture, shot
from tests.visitors import ON_EVERY_ENGINE, Visit

CANARY = b"a canary in the exhibit"


async def put(
    browser: AsyncClient, taken: Shot, start: int = 0, end: int | None = None, site: str = "same-origin"
) -> Response:
    sent = {"content-type": "application/octet-stream", "upload-length": str(len(taken.sealed)), "sec-fetch-site": site}
    return await browser.put(f"/api/photos/{taken.id}/{start}", content=taken.sealed[start:end], headers=sent)


def said(answer: Response) -> PhotoAnswer:
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=PhotoAnswer)


async def shown(world: World, *shots: Shot) -> str:
    """An entry whose photos have come and are drawn; gives the entry's id."""
    entry = await declared(world, *shots)
    for taken in shots:
        await bring(taken.piece(), taken, world.asha, world)
    while await draw_photo(world.now):
        pass
    return entry.id


@ON_EVERY_ENGINE
async def test_a_photo_goes_in_pieces_and_the_answer_is_always_how_much_is_here(visit: Visit, world: World) -> None:
    taken, courier = shot(), await visit(world.rob)
    await declared(world, taken)
    assert said(await courier.get(f"/api/photos/{taken.id}")) == PhotoAnswer(0)
    assert said(await put(courier, taken, 0, 1000)) == PhotoAnswer(1000)
    assert said(await put(courier, taken, 0, 2000)) == PhotoAnswer(1000)
    assert said(await courier.get(f"/api/photos/{taken.id}")) == PhotoAnswer(1000)
    whole = said(await put(courier, taken, 1000))
    assert whole.receipt is not None
    assert (whole.received, whole.receipt.sha256) == (len(taken.sealed), hashlib.sha256(taken.content).hexdigest())
    assert said(await courier.get(f"/api/photos/{taken.id}")) == said(await put(courier, taken)) == whole


async def test_a_photo_of_the_largest_size_arrives_in_pieces_of_the_largest_size(visit: Visit, world: World) -> None:
    taken, courier = shot(bytes(4_000_000)), await visit(world.asha)
    await declared(world, taken)
    assert len(taken.sealed) <= SEALED_PHOTO_BYTES_LIMIT
    answer = PhotoAnswer(0)
    while answer.receipt is None:
        answer = said(await put(courier, taken, answer.received, answer.received + PIECE_BYTES_LIMIT))
    assert await photos.read_content(taken.id) == taken.content


async def test_before_its_entry_is_here_a_photo_is_not_found_and_nothing_of_it_is_kept(
    visit: Visit, world: World
) -> None:
    taken, courier = shot(), await visit(world.asha)
    assert (await put(courier, taken)).status_code == 404
    assert (await courier.get(f"/api/photos/{taken.id}")).status_code == 404
    assert not await PhotoPiece.all().exists()


@pytest.mark.parametrize(
    ("start", "headers", "status", "field"),
    [
        ("0", {"upload-length": ""}, 422, "upload-length"),
        ("0", {"upload-length": "-5"}, 422, "upload-length"),
        ("0", {"upload-length": "9" * 30}, 422, "upload-length"),
        ("0", {"upload-length": "5"}, 422, "upload-length"),
        ("x", {}, 422, "start"),
        ("-1", {}, 422, "start"),
        ("9" * 20, {}, 422, "start"),
        ("0", {"content-type": "image/jpeg"}, 422, "content-type"),
        ("0", {"upload-length": str(SEALED_PHOTO_BYTES_LIMIT + 1)}, 413, None),
    ],
)
async def test_a_piece_that_is_not_one_is_refused_and_its_fault_named(
    visit: Visit, world: World, start: str, headers: dict[str, str], status: int, field: str | None
) -> None:
    taken, courier = shot(), await visit(world.asha)
    await declared(world, taken)
    sent = {"content-type": "application/octet-stream", "upload-length": str(len(taken.sealed))} | headers
    answer = await courier.put(f"/api/photos/{taken.id}/{start}", content=taken.sealed, headers=sent)
    assert answer.status_code == status
    assert [fault["field"] for fault in answer.json().get("faults", ())] == ([field] if field else [])
    assert not await PhotoPiece.all().exists()


@pytest.mark.parametrize(("more", "status"), [(0, 200), (1, 413)])
async def test_a_piece_has_a_limit(visit: Visit, world: World, more: int, status: int) -> None:
    taken, courier = shot(bytes(400_000)), await visit(world.asha)
    await declared(world, taken)
    assert (await put(courier, taken, 0, PIECE_BYTES_LIMIT + more)).status_code == status


async def test_other_bytes_than_declared_are_answered_as_such(visit: Visit, world: World) -> None:
    taken, courier = shot(), await visit(world.asha)
    await declared(world, taken)
    answer = await put(courier, shot(picture("red"), taken.id))
    assert (answer.status_code, answer.json()["code"]) == (409, "other-bytes")
    damaged = Shot(taken.id, taken.content, taken.sealed[:-1] + b"!")
    assert (await put(courier, damaged)).json()["code"] == "seal-broken"
    assert said(await courier.get(f"/api/photos/{taken.id}")) == PhotoAnswer(0)
    assert said(await put(courier, taken)).receipt is not None


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("dev", 403), ("farah", 403), ("chika", 200), ("rob", 200)])
async def test_who_may_log_may_bring_a_photo(visit: Visit, world: World, who: str | None, status: int) -> None:
    taken = shot()
    await declared(world, taken)
    assert (await put(await visit(world.actors[who] if who else None), taken)).status_code == status


async def test_a_piece_from_another_site_is_refused(visit: Visit, world: World) -> None:
    taken, courier = shot(), await visit(world.asha)
    await declared(world, taken)
    assert (await put(courier, taken, site="cross-site")).status_code == 403


@pytest.mark.parametrize("who", ["asha", "ben", "dev"])
async def test_those_who_may_see_the_resident_are_shown_the_drawing_and_it_is_on_record(
    visit: Visit, world: World, who: str
) -> None:
    taken = shot(picture(exif=b"Exif\0\0" + CANARY, size=(2000, 1000)))
    await shown(world, taken)
    answer = await (await visit(world.actors[who])).get(f"/photos/{taken.id}")
    assert answer.status_code == 200
    assert answer.content.startswith(b"\xff\xd8\xff")
    assert CANARY not in answer.content
    headers = answer.headers
    assert headers["content-type"] == "image/jpeg"
    assert headers["content-disposition"] == 'inline; filename="photo.jpg"'
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    policies = headers.get_list("content-security-policy")
    assert CONTENT_SECURITY_POLICY in ", ".join(policies)
    assert "default-src 'none'; sandbox" in ", ".join(policies)
    record = await AuditRecord.get(event="photo.viewed")
    assert (record.actor_id, record.subject) == (world.actors[who].id, taken.id)
    assert record.details["resident"] == world.residents["gwilym"].id


@pytest.mark.parametrize("path", ["", "/original"])
async def test_strangers_and_other_houses_learn_nothing_of_a_photo(visit: Visit, world: World, path: str) -> None:
    taken = shot()
    await shown(world, taken)
    for who in ("chika", "owen", "tom"):
        browser = await visit(world.actors[who])
        there, nowhere = [await browser.get(f"/photos/{name}{path}") for name in (taken.id, uuid4())]
        assert there.status_code == nowhere.status_code
        assert there.status_code in (403, 404)
        assert not there.content.startswith(b"\xff\xd8\xff")
    assert (await (await visit(None)).get(f"/photos/{taken.id}{path}")).headers["location"].startswith("/sign-in")


@pytest.mark.parametrize(("who", "status"), [("ben", 200), ("rob", 200), ("farah", 200), ("asha", 403), ("dev", 403)])
async def test_the_original_is_for_managers_to_save_and_never_opens_in_the_browser(
    visit: Visit, world: World, who: str, status: int
) -> None:
    taken = shot(b"<script>alert(1)</script>")
    await shown(world, taken)
    answer = await (await visit(world.actors[who])).get(f"/photos/{taken.id}/original")
    assert answer.status_code == status
    if status == 200:
        assert answer.content == taken.content
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"] == f'attachment; filename="photo-{taken.id}.bin"'
        assert "sandbox" in answer.headers["content-security-policy"]
        assert await AuditRecord.filter(event="photo.exported", subject=taken.id).count() == 1


@pytest.mark.parametrize("content", [picture()[:300], bomb(6000, 6000)])
async def test_m17_what_cannot_be_drawn_is_named_on_the_page_and_its_original_kept(
    visit: Visit, world: World, content: bytes
) -> None:
    taken = shot(content)
    entry = await shown(world, taken)
    ben = await visit(world.ben)
    page = (await ben.get(f"/entries/{entry}")).text
    assert "This photo cannot be shown. The original is kept." in page
    assert f'src="/photos/{taken.id}"' not in page
    assert (await ben.get(f"/photos/{taken.id}")).status_code == 404
    assert (await ben.get(f"/photos/{taken.id}/original")).content == content


async def test_the_page_of_an_entry_shows_its_photos_with_words_for_those_who_do_not_see_them(
    visit: Visit, world: World
) -> None:
    first, second = shot(), shot(picture("red"))
    entry = await shown(world, first, second)
    page = (await (await visit(world.asha)).get(f"/entries/{entry}")).text
    for number, taken in enumerate((first, second), start=1):
        alt = f"Photo {number} of 2, taken by Asha Rahman today at 01:40"
        assert f'src="/photos/{taken.id}" alt="{alt}" width="640" height="480"' in page
    assert "original" not in page
    assert first.claim["sha256"] not in page
    managers = (await (await visit(world.ben)).get(f"/entries/{entry}")).text
    assert f'href="/photos/{first.id}/original"' in managers
    assert first.claim["sha256"] in managers


async def test_photos_on_their_way_are_counted_in_per_cent(visit: Visit, world: World) -> None:
    first, second, third = shot(), shot(), shot()
    entry = await declared(world, first, second, third)
    asha = await visit(world.asha)
    assert "3 photos on their way: 0 %" in (await asha.get(f"/entries/{entry.id}")).text
    await bring(first.piece(), first, world.asha, world)
    await bring(second.piece(0, len(second.sealed) * 4 // 5 + 1), second, world.asha, world)
    page = (await asha.get(f"/entries/{entry.id}")).text
    assert "2 photos on their way: 40 %" in page
    assert "This photo is here and is being made ready." in page


async def test_bytes_that_are_not_the_photo_are_named_and_not_to_be_had(visit: Visit, world: World) -> None:
    taken, ben = shot(), await visit(world.ben)
    entry = await declared(world, taken)
    await put(ben, shot(picture("red"), taken.id))
    assert "What arrived is not the photo that was saved on the phone." in (await ben.get(f"/entries/{entry.id}")).text
    for path in ("", "/original"):
        assert (await ben.get(f"/photos/{taken.id}{path}")).status_code == 404


async def test_a_photo_that_is_another_entrys_is_named_and_not_shown(visit: Visit, world: World) -> None:
    taken = shot()
    await shown(world, taken)
    entry = await declared(world, taken, resident="lewis")
    page = (await (await visit(world.asha)).get(f"/entries/{entry.id}")).text
    assert "This photo has the number of another entry" in page
    assert f'"/photos/{taken.id}"' not in page


async def test_the_residents_page_says_how_many_photos_an_entry_has_and_leads_to_them(
    visit: Visit, world: World
) -> None:
    entry = await declared(world, shot(), shot())
    page = (await (await visit(world.asha)).get(f"/residents/{world.residents['gwilym'].id}")).text
    assert f'href="/entries/{entry.id}#photos"' in page


async def test_asking_how_far_a_photo_is_is_on_record_once(visit: Visit, world: World, app: Starlette) -> None:
    taken, asha = shot(), await visit(world.asha)
    await declared(world, taken)
    for seconds in range(3):
        app.state.now = world.now + timedelta(seconds=seconds)
        await asha.get(f"/api/photos/{taken.id}")
    assert await AuditRecord.filter(event="photo.awaited", subject=taken.id).count() == 1
    assert await Photo.all().count() == 1
