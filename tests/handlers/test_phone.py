"""`POST /api/phone`: whom the server believes, what it remembers, and what it says is lost."""

from datetime import timedelta
from typing import Any

import pytest
from starlette.applications import Starlette

from ap_log.actions.log_entries import log_entry
from ap_log.store import audit, models
from ap_log.store.devices import ask_wipe
from tests.cast import World
from tests.phones import Phone, states, told
from tests.visitors import Visit


async def test_the_first_report_of_somebody_signed_in_makes_a_phone_known(visit: Visit, world: World) -> None:
    phone = Phone()
    answer = await told(phone, await visit(world.asha), build="1.4", is_persisted=False, free_bytes=10**9)

    device = await models.Device.get(id=phone.id)
    assert (device.person_id, device.premises_id) == (world.asha.id, world.elm.id)
    assert (device.build, device.is_persisted, device.free_bytes) == ("1.4", False, 10**9)
    assert phone.token not in device.token_hash
    assert "device.noted" in await audit.list_events(phone.id)
    assert (answer["wipe"], answer["losses"], answer["is_shared"]) == ([], [], False)


async def test_a_phone_that_nobody_knows_is_refused_and_not_kept_where_nobody_is_signed_in(
    visit: Visit, world: World
) -> None:
    phone = Phone()
    phone.write(world)
    answer = await phone.report(await visit(None))

    assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")
    assert not await models.Device.exists()
    assert not await models.DeviceItem.exists()


async def test_a_wrong_token_and_a_phone_that_never_was_look_the_same_to_a_stranger(visit: Visit, world: World) -> None:
    phone = Phone()
    await told(phone, await visit(world.asha))
    thief, stranger = Phone(id=phone.id), await visit(None)

    wrong, unknown = await thief.report(stranger), await Phone().report(stranger)

    assert wrong.status_code == unknown.status_code == 401
    hide = {"reference": ""}
    assert wrong.json() | hide == unknown.json() | hide
    assert "device.refused" in await audit.list_events(phone.id)


async def test_a_wrong_token_of_somebody_signed_in_changes_nothing(visit: Visit, world: World) -> None:
    phone = Phone()
    entry = phone.write(world)
    await told(phone, await visit(world.asha))
    thief = Phone(id=phone.id)

    answer = await thief.report(await visit(world.chika))

    assert (answer.status_code, answer.json()["code"]) == (403, "another-phone")
    assert await states(phone) == {entry.id: "held"}
    assert (await models.Device.get(id=phone.id)).person_id == world.asha.id


async def test_a_known_phone_reports_without_anybody_signed_in(visit: Visit, world: World, app: Starlette) -> None:
    phone = Phone()
    await told(phone, await visit(world.asha))
    entry = phone.write(world)
    app.state.now += timedelta(hours=2)

    await told(phone, await visit(None))

    assert await states(phone) == {entry.id: "held"}
    assert (await models.Device.get(id=phone.id)).last_seen_at == app.state.now


async def test_f1_an_entry_that_was_announced_and_is_gone_without_having_arrived_is_lost(
    visit: Visit, world: World, app: Starlette
) -> None:
    phone, asha = Phone(people=[world.asha.id]), await visit(world.asha)
    entry = phone.write(world)
    await told(phone, asha)
    phone.sent(entry)
    app.state.now += timedelta(minutes=5)

    answer = await told(phone, asha)

    assert await states(phone) == {entry.id: "lost"}
    saved_at = "2026-11-20T01:40:00Z"
    lost = {"id": entry.id, "author": world.asha.id, "saved_at": saved_at, "device": phone.id}
    assert answer["losses"] == [lost]
    assert "entries.lost" in await audit.list_events(phone.id)
    assert (await told(phone, asha))["losses"] == answer["losses"]  # Until its author says that they know.


async def test_an_entry_that_has_arrived_is_not_lost(visit: Visit, world: World) -> None:
    phone, asha = Phone(), await visit(world.asha)
    entry = phone.write(world)
    await told(phone, asha)
    await log_entry(entry, world.asha, world.now)
    phone.sent(entry)

    assert (await told(phone, asha))["losses"] == []
    assert await states(phone) == {entry.id: "arrived"}


async def test_an_entry_that_is_held_for_a_manager_has_arrived(visit: Visit, world: World) -> None:
    phone, asha = Phone(), await visit(world.asha)
    entry = phone.write(world)
    await told(phone, asha)
    await models.HeldEntry.create(
        entry_id=entry.id,
        sha256=entry.sha256,
        body="",
        author_id=world.asha.id,
        courier_id=world.asha.id,
        device=phone.id,
        why="moved",
        occurred_at=world.now,
        recorded_at=world.now,
        received_at=world.now,
    )
    phone.sent(entry)

    await told(phone, asha)
    assert await states(phone) == {entry.id: "arrived"}


async def test_a_report_that_does_not_speak_of_everything_loses_nothing(visit: Visit, world: World) -> None:
    phone, asha = Phone(), await visit(world.asha)
    entry = phone.write(world)
    await told(phone, asha)
    phone.sent(entry)

    await told(phone, asha, is_whole=False)
    assert await states(phone) == {entry.id: "held"}


@pytest.mark.parametrize("arrives", [True, False])
async def test_what_was_thought_lost_and_turns_up_again_is_found(visit: Visit, world: World, arrives: bool) -> None:
    phone, asha = Phone(), await visit(world.asha)
    entry = phone.write(world)
    await told(phone, asha)
    await told(phone, asha, holds=[])
    if arrives:
        await log_entry(entry, world.asha, world.now)
        phone.sent(entry)
        assert "lost from a phone" not in (await asha.get("/residents")).text

    answer = await told(phone, asha)

    assert answer["losses"] == []
    assert await states(phone) == {entry.id: "arrived" if arrives else "held"}
    assert (await models.DeviceItem.get()).lost_at is None
    kept_as = ("entry.stored", entry.id) if arrives else ("entries.found", phone.id)
    assert kept_as[0] in await audit.list_events(kept_as[1])


async def test_another_version_of_an_entry_is_announced_beside_the_first(visit: Visit, world: World) -> None:
    phone, asha = Phone(), await visit(world.asha)
    first = phone.write(world)
    second = phone.write(world, id=first.id, words="Put right.")
    await told(phone, asha)
    await log_entry(first, world.asha, world.now)
    phone.sent(first)
    await told(phone, asha)

    found = dict(await models.DeviceItem.all().values_list("sha256", "state"))
    assert found == {first.sha256: "arrived", second.sha256: "held"}


async def test_f1_after_the_storage_was_cleared_what_the_phone_held_is_lost_and_its_author_is_told(
    visit: Visit, world: World
) -> None:
    before, asha = Phone(people=[world.asha.id]), await visit(world.asha)
    entries = {before.write(world).id, before.write(world).id}
    await told(before, asha)
    after = Phone()

    answer = await told(after, asha, lost=2, lost_device=before.id)

    assert {loss["id"] for loss in answer["losses"]} == entries
    assert set((await states(before)).values()) == {"lost"}
    assert "entries.lost" in await audit.list_events(before.id)
    again = await told(after, asha, lost=2, lost_device=before.id)
    assert again["losses"] == answer["losses"]
    assert (await audit.list_events(before.id)).count("entries.lost") == 1


async def test_f1_what_was_lost_before_it_was_ever_announced_is_counted(visit: Visit, world: World) -> None:
    before, asha = Phone(people=[world.asha.id]), await visit(world.asha)
    before.write(world)
    await told(before, asha)
    after = Phone()

    for _ in range(2):
        await told(after, asha, lost=3, lost_device=before.id)
    never_known = Phone()
    await told(never_known, asha, lost=1, lost_device=Phone().id)

    assert (await models.Device.get(id=before.id)).lost_unnamed == 2
    assert (await models.Device.get(id=never_known.id)).lost_unnamed == 1
    assert (await models.Device.get(id=after.id)).lost_unnamed == 0


async def test_nobody_of_another_house_can_say_that_a_phone_has_lost_what_it_holds(visit: Visit, world: World) -> None:
    phone = Phone()
    entry = phone.write(world)
    await told(phone, await visit(world.asha))

    await told(Phone(), await visit(world.chika), lost=1, lost_device=phone.id)

    assert await states(phone) == {entry.id: "held"}


async def test_entries_and_vaults_of_nobody_we_know_are_left_out(visit: Visit, world: World) -> None:
    phone, asha = Phone(), await visit(world.asha)
    known = phone.write(world)
    stranger = {"id": known.id, "sha256": "0" * 64, "author": known.id, "saved_at": "2026-11-20T01:40:00Z"}

    await told(phone, asha, holds=[*phone.unsent, stranger], people=[world.asha.id, known.id], wiped=[known.id])

    assert await states(phone) == {known.id: "held"}
    assert [row.person_id for row in await models.DevicePerson.all()] == [world.asha.id]


@pytest.mark.parametrize("saved_at", ["1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"])
async def test_f25_an_entry_saved_by_a_clock_that_is_years_out_is_announced_all_the_same(
    visit: Visit, world: World, saved_at: str
) -> None:
    phone = Phone()
    phone.write(world)
    phone.unsent[0]["saved_at"] = saved_at

    await told(phone, await visit(world.asha))
    assert (await models.DeviceItem.get()).saved_at == world.now


# Whose vaults have to go.


@pytest.fixture
async def with_vaults(visit: Visit, world: World) -> Phone:
    """A phone on which Asha and Rob can read something."""
    phone = Phone(people=[world.asha.id, world.people["rob"].id])
    assert (await told(phone, await visit(world.asha)))["wipe"] == []
    return phone


async def test_whoever_has_left_is_wiped_at_next_contact_once(visit: Visit, world: World, with_vaults: Phone) -> None:
    await models.Person.filter(id=world.rob.id).update(left_at=world.now)
    stranger = await visit(None)

    assert (await told(with_vaults, stranger))["wipe"] == [world.rob.id]
    with_vaults.people.remove(world.rob.id)
    assert (await told(with_vaults, stranger, wiped=[world.rob.id]))["wipe"] == []
    assert (await models.DevicePerson.get(person_id=world.rob.id)).wiped_at == world.now
    assert "device.wiped" in await audit.list_events(with_vaults.id)


async def test_whose_passkeys_were_taken_away_is_wiped_everywhere(
    visit: Visit, world: World, with_vaults: Phone
) -> None:
    await (await visit(world.grace)).post(f"/people/{world.asha.id}/revocation")

    assert (await told(with_vaults, await visit(None)))["wipe"] == [world.asha.id]


async def test_a_vault_made_anew_after_the_wipe_stays(
    visit: Visit, world: World, app: Starlette, with_vaults: Phone
) -> None:
    await ask_wipe(world.asha.id, world.now)
    app.state.now += timedelta(minutes=1)
    await told(with_vaults, await visit(None), people=[world.rob.id], wiped=[world.asha.id])
    app.state.now += timedelta(minutes=1)

    assert (await told(with_vaults, await visit(world.asha)))["wipe"] == []


async def test_a_vault_that_was_never_reported_goes_if_no_passkey_of_its_owner_works(
    visit: Visit, world: World
) -> None:
    key: dict[str, Any] = {"public_key": b"", "device_type": "single_device", "backed_up": False}
    for number, revoked in enumerate((world.now, None)):
        who = (world.asha, world.rob)[number]
        await models.Passkey.create(
            person_id=who.id, credential_id=str(number), made_at=world.now, revoked_at=revoked, **key
        )
    phone = Phone(people=[world.asha.id, world.rob.id])

    assert (await told(phone, await visit(world.ben)))["wipe"] == [world.asha.id]
