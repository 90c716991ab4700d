"""The demo shows what can become of phones, their entries and their photos, by the product's own actions."""

from datetime import timedelta

from ap_log.actions.draw_photos import draw_in_box
from ap_log.demo.cast import email_of
from ap_log.demo.exhibits import draw_exhibit
from ap_log.demo.pushing import id_of
from ap_log.domain.devices import SILENT_AFTER, ItemState
from ap_log.store.entries import is_unconfirmed
from ap_log.store.models import Device, DeviceItem, DevicePerson, Entry, HeldEntry, Photo
from tests.demo.conftest import Made


async def test_one_entry_of_somebody_from_the_other_house_waits_for_ben(demo: Made) -> None:
    [held] = await HeldEntry.all().select_related("author", "premises", "author_premises")

    assert held.outcome == ""
    assert held.author.email == email_of("chika")
    assert (held.premises.name, held.author_premises.name) == ("Elm House", "Oak House")
    assert not await Entry.filter(entry_id=held.entry_id).exists()


async def test_one_entry_of_joseph_came_while_asha_was_signed_in_and_nobody_else_has_any_to_confirm(demo: Made) -> None:
    [brought] = [row for row in await Entry.all().select_related("author", "courier") if is_unconfirmed(row)]

    assert (brought.author.email, brought.courier.email) == (email_of("joseph"), email_of("asha"))


async def test_a_silent_phone_holds_two_entries_and_another_has_lost_one(demo: Made) -> None:
    held = await DeviceItem.filter(state=ItemState.HELD).select_related("device", "author")
    [lost] = await DeviceItem.filter(state=ItemState.LOST).select_related("device", "author")

    assert len(held) == 2
    assert {item.author.email for item in held} == {email_of("joseph")}
    assert all(demo.now - item.device.last_seen_at >= SILENT_AFTER for item in held)
    assert (lost.author.email, lost.told_at, lost.device.is_shared) == (email_of("rob"), None, True)
    assert demo.now - lost.device.last_seen_at < timedelta(days=1)


async def test_the_phone_of_whoever_left_was_wiped(demo: Made) -> None:
    phone = await Device.get(id=id_of("esther"))
    [vault] = await DevicePerson.filter(device_id=phone.id)

    assert phone.revoked_at is not None
    assert vault.wiped_at is not None


async def test_an_entry_has_two_photos_that_are_whole_and_can_be_drawn(demo: Made) -> None:
    photos = await Photo.all()

    assert [(photo.state, photo.entry_id) for photo in photos] == [("whole", photos[0].entry_id)] * 2
    for photo in photos:
        assert await draw_in_box(bytes(photo.content or b"")) is not None


def test_an_exhibit_is_the_same_picture_each_time() -> None:
    assert draw_exhibit("bag") == draw_exhibit("bag")
