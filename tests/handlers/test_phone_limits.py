"""`POST /api/phone`: reports that are sent wrong, that are as full as they can be, and that come too often."""

from typing import Any

import pytest
from starlette.applications import Starlette

from ap_log.domain.devices import HOLDS_LIMIT
from ap_log.store import ledger, models
from tests.cast import World
from tests.phones import Phone
from tests.visitors import Visit


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"token": "short"}, "token"),
        ({"device": "x"}, "device"),
        ({"build": "a\u0000b"}, "build"),
        ({"lost": -1}, "lost"),
        ({"holds": [{"id": "x"}]}, "holds[0].id"),
        ({"people": ["x"]}, "people[0]"),
        ({"more": 1}, "body"),
    ],
)
async def test_a_report_of_another_shape_is_refused_by_name(
    visit: Visit, world: World, change: dict[str, Any], field: str
) -> None:
    answer = await Phone().report(await visit(world.asha), **change)

    assert answer.status_code == 422
    assert answer.json()["faults"][0]["field"].startswith(field.partition("[")[0])


async def test_a_time_without_an_offset_is_refused(visit: Visit, world: World) -> None:
    phone = Phone()
    phone.write(world)
    phone.unsent[0]["saved_at"] = "2026-11-20T01:40:00"

    assert (await phone.report(await visit(world.asha))).status_code == 422


async def test_a_full_report_fits_and_one_more_is_refused(visit: Visit, world: World) -> None:
    asha, phone = await visit(world.asha), Phone(people=[world.asha.id])
    phone.write(world)
    many = [phone.unsent[0] | {"sha256": f"{number:064x}"} for number in range(HOLDS_LIMIT)]

    assert (await phone.report(asha, holds=many, is_whole=False)).status_code == 200
    assert await models.DeviceItem.all().count() == HOLDS_LIMIT
    assert (await phone.report(asha, holds=[*many, phone.unsent[0]])).status_code == 422


async def test_there_is_an_end_to_what_one_phone_can_have_noted(
    visit: Visit, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "MOST_OPEN", 3)
    asha, phone = await visit(world.asha), Phone()
    for _ in range(4):
        phone.unsent.clear()
        phone.write(world)
        phone.write(world)
        assert (await phone.report(asha)).status_code == 200

    assert await models.DeviceItem.all().count() == 3


async def test_nothing_new_is_noted_of_a_phone_that_was_revoked(visit: Visit, world: World) -> None:
    asha, phone = await visit(world.asha), Phone()
    phone.write(world)
    await phone.report(asha)
    await models.Device.filter(id=phone.id).update(revoked_at=world.now, revoked_by_id=world.ben.id)
    phone.write(world)

    assert (await phone.report(await visit(None))).status_code == 200
    assert await models.DeviceItem.all().count() == 1


async def test_signed_out_phones_are_counted_and_signed_in_ones_are_not(
    visit: Visit, world: World, app: Starlette
) -> None:
    app.state.reports._tries = 2
    phone, stranger, asha = Phone(), await visit(None), await visit(world.asha)
    assert (await phone.report(asha)).status_code == 200

    codes = [(await phone.report(stranger)).status_code for _ in range(3)]

    assert codes == [200, 200, 429]
    assert (await phone.report(asha)).status_code == 200
    assert (await stranger.post("/api/passkeys/sign-in/options", json={})).status_code == 200


async def test_a_report_has_to_come_from_our_own_page(visit: Visit, world: World) -> None:
    asha = await visit(world.asha)
    answer = await asha.post(
        "/api/phone", json=Phone().said(), headers={"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    )
    assert answer.json()["code"] == "cross-origin"
