"""F1: which entries are said to be lost from a phone, and which only look like it."""

from datetime import timedelta

import pytest
from starlette.applications import Starlette

from ap_log.actions.log_entries import log_entry
from ap_log.domain.people import Role
from ap_log.domain.sync import PushedEntry
from ap_log.store import audit, models
from tests.cast import World
from tests.phones import Phone, states, told
from tests.visitors import Visit

LATER = timedelta(minutes=5)


def changed(phone: Phone, world: World, before: PushedEntry, at: timedelta = LATER) -> PushedEntry:
    """The author changes an entry on the phone: a later version of it."""
    recorded_at = (world.now + at).isoformat()
    after = phone.write(world, id=before.id, words="Put right.", recorded_at=recorded_at)
    phone.unsent[-1]["saved_at"] = recorded_at
    return after


@pytest.mark.parametrize("is_sent", [True, False])
async def test_a_refused_version_that_its_author_has_changed_is_not_lost(
    visit: Visit, world: World, app: Starlette, is_sent: bool
) -> None:
    phone, asha = Phone(), await visit(world.asha)
    refused = phone.write(world)
    await told(phone, asha)
    after = changed(phone, world, refused)
    phone.sent(refused)
    app.state.now += 2 * LATER
    if is_sent:
        await log_entry(after, world.asha, app.state.now)
        phone.sent(after)

    assert (await told(phone, asha))["losses"] == []
    assert (await told(phone, asha))["losses"] == []


async def test_a_change_that_is_gone_is_lost_though_what_it_changed_has_arrived(visit: Visit, world: World) -> None:
    phone, asha = Phone(), await visit(world.asha)
    first = phone.write(world)
    changed(phone, world, first)
    await told(phone, asha)
    await log_entry(first, world.asha, world.now)

    assert [loss["id"] for loss in (await told(phone, asha, holds=[]))["losses"]] == [first.id]


async def test_after_the_storage_was_cleared_versions_of_one_entry_hide_no_other(visit: Visit, world: World) -> None:
    before, asha = Phone(), await visit(world.asha)
    changed(before, world, before.write(world))
    await told(before, asha)

    for _ in range(2):  # One entry in two versions, and one that was never announced.
        await told(Phone(), asha, lost=2, lost_device=before.id)

    assert (await models.Device.get(id=before.id)).lost_unnamed == 1


async def test_what_a_phone_lost_long_ago_hides_nothing_that_it_loses_now(
    visit: Visit, world: World, app: Starlette
) -> None:
    before, asha = Phone(), await visit(world.asha)
    before.write(world)
    await told(before, asha)
    await told(before, asha, holds=[])
    app.state.now += LATER

    await told(Phone(), asha, lost=1, lost_device=before.id)

    assert (await models.Device.get(id=before.id)).lost_unnamed == 1


async def test_a_phone_that_was_at_another_house_of_its_person_is_believed(visit: Visit, world: World) -> None:
    before, chika = Phone(), await visit(world.chika)
    entry = before.write(world, author="chika", resident="oak_resident")
    await told(before, chika)
    role = Role.RESIDENTIAL_WORKER
    await models.Posting.filter(person_id=world.asha.id).delete()
    for premises in (world.elm, world.oak):
        await models.Posting.create(person_id=world.asha.id, premises_id=premises.id, role=role, started_at=world.now)
    after, asha = Phone(), await visit(world.asha)
    await told(after, asha)
    await models.Device.filter(id=after.id).update(premises_id=world.elm.id)

    await told(after, asha, lost=1, lost_device=before.id)

    assert await states(before) == {entry.id: "lost"}


async def test_what_is_missing_from_a_phone_of_another_house_is_counted_where_it_is_said(
    visit: Visit, world: World
) -> None:
    elsewhere, after, asha = Phone(), Phone(), await visit(world.asha)
    await told(elsewhere, await visit(world.chika))

    await told(after, asha, lost=2, lost_device=elsewhere.id)

    assert (await models.Device.get(id=after.id)).lost_unnamed == 2
    assert "entries.lost" in await audit.list_events(after.id)
    assert (await models.Device.get(id=elsewhere.id)).lost_unnamed == 0
