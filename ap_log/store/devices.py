"""The ledger of phones: what each said it holds, whose vaults are on it, and what was lost. Lists are in `phones`.

One report costs a fixed number of statements, and reads what has not arrived, never what has.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from tortoise.expressions import Q

from ap_log.domain.devices import Bytes, Holding, ItemState, PhoneReport, Reading, read_report

from .entries import list_here
from .models import Device, DeviceItem, DevicePerson, Passkey, Person

_NOT_ARRIVED = (ItemState.HELD, ItemState.LOST)


async def lock_device(device: str) -> Device | None:
    """A phone, locked until the transaction ends: its reports are taken in turn."""
    return await Device.filter(id=device).select_for_update().get_or_none()


async def add_device(device: str, token_hash: str, person: str, premises: str | None, now: datetime) -> Device:
    """Note a phone that was not known before."""
    return await Device.create(
        id=device,
        token_hash=token_hash,
        person_id=person,
        premises_id=premises,
        first_seen_at=now,
        last_seen_at=now,
    )


async def note_contact(device: Device, report: PhoneReport, now: datetime) -> None:
    """Keep what a phone says of itself, and who has it: `device.person_id` and `premises_id` as the caller set them."""
    await Device.filter(id=device.id).update(
        person_id=device.person_id,
        premises_id=device.premises_id,
        last_seen_at=now,
        build=report.build,
        is_persisted=report.is_persisted,
        can_lock=report.can_lock,
        free_bytes=report.free_bytes,
    )


async def list_known(ids: Iterable[str], now: datetime) -> dict[str, bool]:
    """Of these ids those that are people's, each with whether the person is gone: left, or without a passkey since
    all of theirs were revoked. Nothing that they could open may stay on a phone.
    """
    people = await Person.filter(id__in=set(ids)).values_list("id", "left_at")
    keys = await Passkey.filter(person_id__in=[person for person, _ in people]).values_list("person_id", "revoked_at")
    revoked = {person for person, at in keys if at is not None} - {person for person, at in keys if at is None}
    return {person: person in revoked or (left is not None and left <= now) for person, left in people}


async def take_stock(device: str, report: PhoneReport, authors: Collection[str], now: datetime) -> Reading:
    """Bring the ledger of one phone's unsent entries up to what it says now. Those of nobody we know are left out."""
    said = {(held.id, held.sha256): held for held in report.holds if held.author in authors}
    rows = await _items(device, {entry for entry, _ in said})
    arrived = await list_here(entry for entry, _ in (*rows, *said))
    known = {item: ItemState(row.state) for item, row in rows.items()}
    reading = read_report(known, said, arrived, is_whole=report.is_whole)
    new = {item: held for item, held in said.items() if item not in rows}
    states = {item: ItemState.ARRIVED if item in arrived else ItemState.HELD for item in new}
    await DeviceItem.bulk_create([_item(device, held, states[item], now) for item, held in new.items()])
    said_again = [row.id for item, row in rows.items() if item in said]
    await DeviceItem.filter(id__in=said_again).update(last_said_at=now)
    await _move(rows, known, reading, now)
    return reading


async def note_arrived(entry_id: str, sha256: str) -> None:
    """Note that what phones said they hold has come: they may never speak again. What was thought to be lost is found
    by the next report.
    """
    await DeviceItem.filter(entry_id=entry_id, sha256=sha256, state=ItemState.HELD).update(state=ItemState.ARRIVED)


async def lose_all(device: str, now: datetime) -> list[DeviceItem]:
    """A phone's storage was cleared: whatever it held and has not arrived is lost. Returns all that is lost of it."""
    rows = await _items(device, set())
    arrived = await list_here(entry for entry, _ in rows)
    known = {item: ItemState(row.state) for item, row in rows.items()}
    await _move(rows, known, read_report(known, (), arrived, is_whole=True), now)
    return [row for item, row in rows.items() if item not in arrived]


async def note_unnamed(device: str, lost: int, now: datetime) -> bool:
    """Note how many lost entries nobody knows the authors of. False where as many were noted before."""
    fewer = Device.filter(id=device, lost_unnamed__lt=lost)
    return await fewer.update(lost_unnamed=lost, lost_unnamed_at=now) == 1


async def list_untold(author: str | None, devices: Collection[str], people: Collection[str]) -> list[DeviceItem]:
    """The lost entries of this author, and those lost from these phones by these people, that they were not told of."""
    from_here = Q(device_id__in=list(devices), author_id__in=list(people))
    whose = Q(author_id=author) | from_here if author else from_here
    return await DeviceItem.filter(whose, state=ItemState.LOST, told_at=None).order_by("saved_at", "id")


async def mark_told(author: str, items: Collection[str], now: datetime) -> list[str]:
    """Note that an author has seen these losses; returns those they had not seen before."""
    untold = DeviceItem.filter(author_id=author, state=ItemState.LOST, told_at=None).select_for_update()
    found = [row.id for row in await untold if row.id in items]  # What a form says may be no id at all.
    await DeviceItem.filter(id__in=found).update(told_at=now)
    return found


# Whose vaults are on a phone.


async def note_people(device: str, people: Collection[str], wiped: Collection[str], now: datetime) -> None:
    """Keep whose vaults are on a phone. Where a vault that was to go is no longer there, it is gone."""
    rows = await DevicePerson.filter(device_id=device)
    there = {row.person_id for row in rows}
    await DevicePerson.filter(device_id=device, person_id__in=list(people)).update(seen_at=now)
    new = [DevicePerson(device_id=device, person_id=each, seen_at=now) for each in {*people} - there]
    await DevicePerson.bulk_create(new)
    gone = [row.id for row in rows if is_due(row) and (row.person_id in wiped or row.person_id not in people)]
    await DevicePerson.filter(id__in=gone).update(wiped_at=now)


async def list_due(device: str) -> tuple[str, ...]:
    """The people whose vaults on a phone are to be destroyed."""
    return tuple(row.person_id for row in await DevicePerson.filter(device_id=device).order_by("id") if is_due(row))


async def ask_wipe(person: str, now: datetime) -> int:
    """Ask every phone for an end to a person's vault; returns how many there are."""
    return await DevicePerson.filter(person_id=person).update(wipe_asked_at=now)


async def ask_wipe_on(device: str, people: Collection[str], now: datetime) -> None:
    """Ask one phone for an end to these people's vaults, where that is not asked already."""
    rows = await DevicePerson.filter(device_id=device, person_id__in=list(people))
    await DevicePerson.filter(id__in=[row.id for row in rows if not is_due(row)]).update(wipe_asked_at=now)


async def list_people(device: str) -> list[str]:
    """The people who have or had a vault on a phone."""
    return [row.person_id for row in await DevicePerson.filter(device_id=device)]


def is_due(row: DevicePerson) -> bool:
    """Whether a vault is still to be destroyed."""
    return row.wipe_asked_at is not None and (row.wiped_at is None or row.wiped_at < row.wipe_asked_at)


# What a manager decides.


async def revoke(device: str, by: str, now: datetime) -> bool:
    """False where it is revoked already."""
    return await Device.filter(id=device, revoked_at=None).update(revoked_at=now, revoked_by_id=by) == 1


async def take_back(device: str) -> bool:
    """Let a revoked phone be used again; False where it is not revoked. What was asked of it stays asked."""
    return await Device.filter(id=device, revoked_at__isnull=False).update(revoked_at=None, revoked_by_id=None) == 1


async def share(device: str, is_shared: bool) -> bool:
    """Say whether a phone is shared; False where that is known."""
    return await Device.filter(id=device, is_shared=not is_shared).update(is_shared=is_shared) == 1


async def is_shared(device: str) -> bool:
    """Whether a phone is one that several people use. One that nobody knows is not."""
    return await Device.exists(id=device, is_shared=True)


async def _items(device: str, entries: Collection[str]) -> dict[Bytes, DeviceItem]:
    """What a phone announced and has not arrived, and whatever else is known of these entries on it."""
    rows = await DeviceItem.filter(device_id=device, state__in=_NOT_ARRIVED)
    if entries:
        rows += await DeviceItem.filter(device_id=device, entry_id__in=list(entries), state=ItemState.ARRIVED)
    return {(row.entry_id, row.sha256): row for row in rows}


async def _move(rows: dict[Bytes, DeviceItem], known: dict[Bytes, ItemState], reading: Reading, now: datetime) -> None:
    moves = ((ItemState.HELD, reading.now_held), (ItemState.ARRIVED, reading.arrived), (ItemState.LOST, reading.lost))
    for state, items in moves:
        changed = [rows[item].id for item in items if known[item] is not state]
        if changed:
            lost_at = now if state is ItemState.LOST else None
            await DeviceItem.filter(id__in=changed).update(state=state, lost_at=lost_at, told_at=None)


def _item(device: str, held: Holding, state: ItemState, now: datetime) -> DeviceItem:
    return DeviceItem(
        device_id=device,
        entry_id=held.id,
        sha256=held.sha256,
        author_id=held.author,
        saved_at=held.saved_at if 2000 <= held.saved_at.year < 2100 else now,  # As entries are: a clock years out.
        announced_at=now,
        last_said_at=now,
        state=state,
    )
