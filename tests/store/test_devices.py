"""The ledger of phones: what a report costs, and what several at once leave."""

import asyncio
from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from tortoise import connections

from ap_log.actions.log_entries import log_entry
from ap_log.actions.report_phone import report_phone
from ap_log.actions.see_losses import see_losses
from ap_log.domain.devices import HOLDS_LIMIT, ItemState, PhoneAnswer, PhoneReport, read_report
from ap_log.store import phones
from ap_log.store.models import AuditRecord, Device, DeviceItem, DevicePerson
from ap_log.store.sessions import Found
from tests.cast import World
from tests.phones import Phone, states

A, B = ("a", "1"), ("b", "1")
HELD, ARRIVED, LOST = ItemState.HELD, ItemState.ARRIVED, ItemState.LOST


async def speak(phone: Phone, world: World, at: datetime, who: str | None = "asha", **more: Any) -> PhoneAnswer:
    session = Found("none", at, world.actors[who]) if who else None
    return await report_phone(msgspec.convert(phone.said(**more), PhoneReport, strict=False), session, at)


@pytest.mark.parametrize(
    ("state", "is_said", "is_here", "is_whole", "becomes"),
    [
        (HELD, True, False, True, HELD),
        (HELD, True, False, False, HELD),
        (HELD, False, False, False, HELD),
        (HELD, False, False, True, LOST),
        (HELD, False, True, True, ARRIVED),
        (HELD, True, True, True, ARRIVED),
        (LOST, False, False, True, LOST),
        (LOST, False, False, False, LOST),
        (LOST, True, False, True, HELD),
        (LOST, False, True, True, ARRIVED),
        (ARRIVED, True, False, True, HELD),  # A restore took it back.
    ],
)
def test_what_becomes_of_an_announced_entry(
    state: ItemState, is_said: bool, is_here: bool, is_whole: bool, becomes: ItemState
) -> None:
    reading = read_report({A: state}, {A} if is_said else {B}, {A} if is_here else {B}, is_whole=is_whole)

    now = {HELD: reading.now_held, ARRIVED: reading.arrived, LOST: reading.lost}
    assert [each for each, items in now.items() if A in items] == (
        [] if (state, becomes) == (LOST, LOST) else [becomes]
    )
    assert (A in reading.found) is (state is LOST and becomes is not LOST)


async def test_reports_at_once_leave_what_one_leaves(world: World) -> None:
    phone = Phone(people=[world.asha.id, world.rob.id])
    for _ in range(3):
        phone.write(world)

    await asyncio.gather(*(speak(phone, world, world.now) for _ in range(5)))
    assert (await Device.all().count(), await DevicePerson.all().count()) == (1, 2)
    assert list((await states(phone)).values()) == ["held"] * 3

    await asyncio.gather(*(speak(phone, world, world.now + timedelta(minutes=1), holds=[]) for _ in range(5)))
    assert list((await states(phone)).values()) == ["lost"] * 3
    assert await AuditRecord.filter(event="entries.lost").count() == 1


async def test_two_phones_that_each_say_they_were_the_other_end(world: World) -> None:
    one, other = Phone(), Phone()
    for phone in (one, other):
        phone.write(world)
        await speak(phone, world, world.now)

    await asyncio.gather(
        *(speak(one, world, world.now, lost=1, lost_device=other.id) for _ in range(3)),
        *(speak(other, world, world.now, lost=1, lost_device=one.id) for _ in range(3)),
        return_exceptions=True,
    )
    await speak(one, world, world.now)
    await speak(other, world, world.now)

    assert [*(await states(one)).values(), *(await states(other)).values()] == ["held", "held"]


async def test_f23_what_arrives_from_a_phone_that_never_speaks_again_is_not_waited_for(world: World) -> None:
    phone, late = Phone(), Phone()
    sent = phone.write(world)
    gone = late.write(world)
    await speak(phone, world, world.now)
    await speak(late, world, world.now)
    await log_entry(sent, world.asha, world.now + timedelta(minutes=1))

    assert await states(phone) == {sent.id: "arrived"}
    found = await phones.list_phones(world.ben, 1, world.now + timedelta(days=4))
    assert (found.wanted, [each.id for each in found.phones if each.unsent]) == (1, [late.id])
    assert await states(late) == {gone.id: "held"}


async def test_a_person_says_once_that_they_have_seen_a_loss(world: World) -> None:
    phone = Phone(people=[world.asha.id])
    phone.write(world)
    await speak(phone, world, world.now)
    await speak(phone, world, world.now, who=None, holds=[])
    [loss] = await phones.list_own_losses(world.asha)

    await asyncio.gather(*(see_losses([loss.id], world.asha, world.now) for _ in range(4)))

    assert await AuditRecord.filter(event="losses.seen").count() == 1
    assert await phones.list_own_losses(world.asha) == ()
    assert (await speak(phone, world, world.now, holds=[])).losses == ()


async def statements(work: Awaitable[object]) -> int:
    """How many statements reach the database, SQLite's, for this work."""
    said: list[str] = []
    client: Any = connections.get("default")
    await client._connection.set_trace_callback(said.append)
    await work
    await client._connection.set_trace_callback(None)
    return len(said)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_report_costs_the_same_whatever_the_phone_has_sent_before(world: World) -> None:
    phone = Phone(people=[world.asha.id])
    phone.write(world)
    await speak(phone, world, world.now)
    few = await statements(speak(phone, world, world.now))
    await DeviceItem.bulk_create(
        [
            DeviceItem(
                device_id=phone.id,
                item_id=str(uuid4()),
                sha256="0" * 64,
                author_id=world.asha.id,
                saved_at=world.now,
                announced_at=world.now,
                last_said_at=world.now,
                state=ItemState.ARRIVED,
            )
            for _ in range(1000)
        ]
    )
    many = await statements(speak(phone, world, world.now))
    full = [phone.unsent[0] | {"sha256": f"{number:064x}"} for number in range(HOLDS_LIMIT)]
    whole = await statements(speak(phone, world, world.now, holds=full, is_whole=False))
    again = await statements(speak(phone, world, world.now, holds=full, is_whole=False))

    assert 0 < few == many <= 25
    assert again == few + 2  # One version is missing: whether a later one has come.
    assert whole <= few + 2 + HOLDS_LIMIT  # SQLite's driver writes the new rows of one statement one by one.
