"""The managers of a house are told once of each silence of a phone that holds unsent entries, by e-mail."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

import msgspec
import pytest

from ap_log.actions import remind_of_phones
from ap_log.actions.remind_of_phones import deliver_reminder, raise_reminders
from ap_log.actions.report_phone import report_phone
from ap_log.domain.devices import ItemState, PhoneReport
from ap_log.notify import Message, NotDelivered
from ap_log.store.models import AuditRecord, Device, DeviceItem, PhoneReminder, Posting
from ap_log.store.sessions import Found
from tests.cast import PEOPLE, World
from tests.phones import Phone

ORIGIN = "https://log.example"
DAY = timedelta(days=1)


@dataclass
class Letters:
    """A channel that keeps what it is given, or fails."""

    failure: Exception | None = None
    kept: list[Message] = field(default_factory=list)

    async def send(self, message: Message) -> None:
        if self.failure is not None:
            raise self.failure
        self.kept.append(message)

    async def deliver(self, now: datetime) -> list[str]:
        """Send what is due; the addresses it went to."""
        self.kept.clear()
        while await deliver_reminder({"email": self}, ORIGIN, now):
            pass
        return sorted(message.to for message in self.kept)


async def speak(phone: Phone, world: World, at: datetime) -> None:
    session = Found("none", at, world.asha)
    await report_phone(msgspec.convert(phone.said(), PhoneReport, strict=False), session, at)


@pytest.fixture
async def phone(world: World) -> Phone:
    """Asha's phone, which says at `world.now` that it holds an entry, and then falls silent."""
    made = Phone()
    made.write(world)
    await speak(made, world, world.now)
    return made


@pytest.mark.parametrize(("silent", "raised"), [(3 * DAY - timedelta(seconds=1), 0), (3 * DAY, 1)])
async def test_f2_f23_after_three_days_of_silence_the_manager_and_the_deputy_are_told_once(
    world: World, phone: Phone, silent: timedelta, raised: int
) -> None:
    letters = Letters()
    assert await raise_reminders(world.now + silent) == raised
    assert await raise_reminders(world.now + silent + DAY) == 1 - raised
    assert await raise_reminders(world.now + silent + 2 * DAY) == 0

    assert await letters.deliver(world.now + silent + DAY) == ["ben@example.invalid", "rob@example.invalid"]
    assert await letters.deliver(world.now + silent + 9 * DAY) == []


async def test_the_e_mail_has_a_link_and_says_nothing_about_anybody(world: World, phone: Phone) -> None:
    letters = Letters()
    await raise_reminders(world.now + 3 * DAY)
    await letters.deliver(world.now + 3 * DAY)

    message = letters.kept[0]
    assert f"{ORIGIN}/devices" in message.text
    said = f"{message.subject} {message.text}"
    words = {word for name, _ in PEOPLE.values() for word in name.split()} | {"Gwilym", "Tudor", "Elm House", phone.id}
    assert [word for word in words if word in said] == []
    assert len({each.key for each in letters.kept}) == 2


async def test_a_phone_that_holds_nothing_may_be_silent(world: World) -> None:
    await speak(Phone(), world, world.now)
    assert await raise_reminders(world.now + 9 * DAY) == 0


async def test_the_next_silence_is_told_again(world: World, phone: Phone) -> None:
    letters = Letters()
    await raise_reminders(world.now + 3 * DAY)
    await letters.deliver(world.now + 3 * DAY)
    await speak(phone, world, world.now + 4 * DAY)

    assert await raise_reminders(world.now + 5 * DAY) == 0
    assert await raise_reminders(world.now + 7 * DAY) == 1
    assert len(await letters.deliver(world.now + 7 * DAY)) == 2


async def test_nobody_is_told_of_a_phone_that_spoke_before_the_e_mail_went(world: World, phone: Phone) -> None:
    await raise_reminders(world.now + 3 * DAY)
    await speak(phone, world, world.now + 3 * DAY + timedelta(seconds=1))

    assert await Letters().deliver(world.now + 3 * DAY + timedelta(seconds=2)) == []
    assert await PhoneReminder.filter(failed_at=None).count() == 0


async def test_a_house_without_manager_and_deputy_has_others_who_are_told(world: World, phone: Phone) -> None:
    await Posting.filter(role__in=("manager", "deputy"), premises_id=world.elm.id).update(ended_at=world.now)
    await raise_reminders(world.now + 3 * DAY)

    assert await Letters().deliver(world.now + 3 * DAY) == ["farah@example.invalid", "nia@example.invalid"]


async def test_a_house_with_nobody_to_be_told_costs_no_transaction_in_each_round(
    world: World, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await Posting.filter(premises_id=world.elm.id).update(ended_at=world.now)
    monkeypatch.setattr(remind_of_phones, "transaction", None)

    assert await raise_reminders(world.now + 3 * DAY) == 0


async def test_a_phone_is_not_forgotten_behind_many_that_fell_silent_later(world: World, phone: Phone) -> None:
    others = [
        Device(
            id=str(uuid4()),
            token_hash="",
            person_id=world.asha.id,
            premises_id=world.elm.id,
            first_seen_at=world.now + timedelta(seconds=number),
            last_seen_at=world.now + timedelta(seconds=number),
        )
        for number in range(60)
    ]
    items = [
        DeviceItem(
            device_id=each.id,
            item_id=str(uuid4()),
            sha256="0" * 64,
            author_id=world.asha.id,
            saved_at=world.now,
            announced_at=world.now,
            last_said_at=world.now,
            state=ItemState.HELD,
        )
        for each in others
    ]
    await Device.bulk_create(others)
    await DeviceItem.bulk_create(items)

    await raise_reminders(world.now + 4 * DAY)
    assert await PhoneReminder.filter(device_id=phone.id).count() == 2


async def test_an_e_mail_that_does_not_go_is_tried_again_and_one_refused_for_good_is_not(
    world: World, phone: Phone
) -> None:
    at = world.now + 3 * DAY
    await raise_reminders(at)
    letters = Letters(NotDelivered("421: busy"))
    await letters.deliver(at)
    letters.failure = ValueError("a fault of ours")
    await letters.deliver(at + timedelta(minutes=1))
    letters.failure = None
    assert len(await letters.deliver(at + timedelta(minutes=10))) == 2

    await speak(phone, world, at + DAY)
    await raise_reminders(at + 5 * DAY)
    letters.failure = NotDelivered("550: no such user", is_final=True)
    await letters.deliver(at + 5 * DAY)
    letters.failure = None
    assert await letters.deliver(at + 6 * DAY) == []


async def test_several_workers_tell_everybody_once(world: World, phone: Phone) -> None:
    at, letters = world.now + 3 * DAY, Letters()
    await asyncio.gather(*(raise_reminders(at) for _ in range(4)))
    assert await PhoneReminder.all().count() == 2

    await asyncio.gather(*(deliver_reminder({"email": letters}, ORIGIN, at) for _ in range(6)))
    while await deliver_reminder({"email": letters}, ORIGIN, at):
        pass

    assert sorted(message.to for message in letters.kept) == ["ben@example.invalid", "rob@example.invalid"]
    events = [each.event for each in await AuditRecord.filter(event__startswith="phone-reminder")]
    assert sorted(events) == ["phone-reminder.raised", "phone-reminder.sent", "phone-reminder.sent"]
