"""The ledger of what each phone holds and has not sent: unsent entries as it announces them, and photos, which the
entries that came from it announce.

One report costs a fixed number of statements, and reads what has not arrived, never what has.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

import msgspec
from tortoise.expressions import Q

from ap_log.domain.devices import Holding, Item, ItemState, PhoneReport, read_report

from . import entries, photos
from .models import Device, DeviceItem, Photo

_NOT_ARRIVED = (ItemState.HELD, ItemState.LOST)

MOST_OPEN = 2000
"""Rows of one phone that are waited for, or that nobody was told of: four times what one report can say."""

_Rows = dict[Item, DeviceItem]


class Stock(msgspec.Struct, frozen=True):
    """What a report changed of what is lost from a phone."""

    lost: tuple[DeviceItem, ...]
    found: tuple[DeviceItem, ...]


async def take_stock(device: Device, report: PhoneReport, authors: Collection[str], now: datetime) -> Stock:
    """Bring the ledger of one phone up to what it says now; `device` as it was before this report.

    Entries of nobody we know are left out, and so is whatever is new on a phone that was revoked or says too much.
    A photo whose entry came after the report before this one is held, whatever this one says: it may have been made
    before the photo was saved.
    """
    said = {(held.id, held.sha256): _item(device.id, held, now) for held in report.holds if held.author in authors}
    rows, new = await _list(device.id, said | await _owed(device.id, now))
    arrived = await list_arrived((*rows, *said))
    arrived |= await _list_replaced(rows, said)
    await _add(device, new, len(rows), arrived)
    pictures = {item: row for item, row in rows.items() if row.photo_of is not None}
    written = {item: row for item, row in rows.items() if row.photo_of is None}
    named = {item for item in pictures if item[0] in (report.photos or ())}
    said_again = [row.id for item, row in rows.items() if item in said or item in named]
    await DeviceItem.filter(id__in=said_again).update(last_said_at=now)
    one = await _settle(written, said, arrived, now, is_whole=report.is_whole)
    fresh = {item for item, row in pictures.items() if row.announced_at > device.last_seen_at}
    other = await _settle(pictures, named | fresh, arrived, now, is_whole=report.photos is not None)
    return Stock(one.lost + other.lost, one.found + other.found)


async def note_owed(device: str, now: datetime) -> None:
    """Note the photos that an entry has just announced: its phone may never speak again. Nothing of a phone that has
    never spoken, whose first report does it.
    """
    if await Device.exists(id=device):
        _, new = await _list(device, await _owed(device, now))
        await DeviceItem.bulk_create(new.values(), ignore_conflicts=True)


async def note_arrived(item_id: str, sha256: str) -> None:
    """Note that what phones held has come, also what was thought to be lost: they may never speak again, and nobody is
    to write anew what is here.
    """
    waited_for = DeviceItem.filter(item_id=item_id, sha256=sha256, state__in=_NOT_ARRIVED)
    await waited_for.update(state=ItemState.ARRIVED, lost_at=None, told_at=None)


async def lose_all(before: Device, after: Device, report: PhoneReport, now: datetime) -> Stock:
    """The storage of a phone that was `before` was cleared: what it held is lost, unless it has arrived or the phone
    that it is now says that it has it.
    """
    await _hand_over(before.id, after.id, {*(held.id for held in report.holds), *(report.photos or ())})
    rows, new = await _list(before.id, await _owed(before.id, now))
    await DeviceItem.bulk_create(new.values())
    rows |= new
    arrived = await list_arrived(rows) | await _list_replaced(rows, {})
    await Device.filter(id=before.id, cleared_at=None).update(cleared_at=now)
    return await _settle(rows, (), arrived, now, is_whole=True)


async def list_lost_by_clearing(device: str) -> set[str]:
    """The entries that were lost when a phone's storage was cleared: those it held at that time and had announced."""
    cleared_at = await Device.get(id=device).values_list("cleared_at", flat=True)
    lost = DeviceItem.filter(device_id=device, state=ItemState.LOST, photo_of=None, lost_at__gte=cleared_at)
    return {str(entry) for entry in await lost.values_list("item_id", flat=True)}


async def note_unnamed(device: str, lost: int, now: datetime) -> bool:
    """Note how many lost entries nobody knows the authors of. False where as many were noted before."""
    fewer = Device.filter(id=device, lost_unnamed__lt=lost)
    return await fewer.update(lost_unnamed=lost, lost_unnamed_at=now) == 1


async def list_untold(author: str | None, devices: Collection[str], people: Collection[str]) -> list[DeviceItem]:
    """The losses of this author, and those from these phones of these people, that they were not told of."""
    from_here = Q(device_id__in=list(devices), author_id__in=list(people))
    whose = Q(author_id=author) | from_here if author else from_here
    return await DeviceItem.filter(whose, state=ItemState.LOST, told_at=None).order_by("saved_at", "id")


async def mark_told(author: str, items: Collection[str], now: datetime) -> list[str]:
    """Note that an author has seen these losses; returns those they had not seen before."""
    untold = DeviceItem.filter(author_id=author, state=ItemState.LOST, told_at=None).select_for_update()
    found = [row.id for row in await untold if row.id in items]  # What a form says may be no id at all.
    await DeviceItem.filter(id__in=found).update(told_at=now)
    return found


async def list_lost_photos(entry_id: str) -> set[str]:
    """The photos of an entry that are known to be lost from a phone."""
    lost = DeviceItem.filter(photo_of=entry_id, state=ItemState.LOST)
    return {str(photo) for photo in await lost.values_list("item_id", flat=True)}


async def list_arrived(items: Iterable[Item]) -> set[Item]:
    """Which of these have come, from whichever phone. An entry and a photo never have the same id."""
    ids = {item_id for item_id, _ in items}
    return await entries.list_here(ids) | await photos.list_here(ids)


async def _list(device: str, items: _Rows) -> tuple[_Rows, _Rows]:
    """What a phone holds or has lost and nobody was told of, and these items; then those of them that are not known."""
    waited_for = Q(state=ItemState.HELD) | Q(state=ItemState.LOST, told_at=None)
    ids = {item_id for item_id, _ in items}
    rows = await DeviceItem.filter(waited_for | Q(item_id__in=ids) if ids else waited_for, device_id=device)
    known = {(row.item_id, row.sha256): row for row in rows}
    return known, {item: row for item, row in items.items() if item not in known}


async def _add(device: Device, new: _Rows, known: int, arrived: Collection[Item]) -> None:
    """Whoever has a phone's storage can say what they like: there is an end to what is kept of it."""
    room = 0 if device.revoked_at is not None else max(0, MOST_OPEN - known)
    for item, row in new.items():
        row.state = ItemState.ARRIVED if item in arrived else ItemState.HELD
    await DeviceItem.bulk_create(list(new.values())[:room])


async def _list_replaced(rows: _Rows, said: _Rows) -> set[Item]:
    """Versions in whose place a later one is here or on the phone: their author changed them, and they are not lost."""
    missing = {item: row for item, row in rows.items() if row.photo_of is None and item not in said}
    if not missing:
        return set()
    later = await entries.list_last_saved({item_id for item_id, _ in missing})
    for (item_id, _), row in said.items():
        later[item_id] = max(row.saved_at, later.get(item_id, row.saved_at))
    return {item for item, row in missing.items() if item[0] in later and row.saved_at < later[item[0]]}


async def _hand_over(before: str, after: str, there: Collection[str]) -> None:
    """What a phone still has after it became another is the other's: its form was open while the storage went."""
    await DeviceItem.filter(device_id=before, item_id__in=list(there), state__in=_NOT_ARRIVED).delete()
    await photos.move(there, before, after)


async def _owed(device: str, now: datetime) -> _Rows:
    """The photos that entries of this phone say it has, and that have not come: as rows that are not stored."""
    return {(photo.id, photo.sha256): _photo(device, photo, now) for photo in await photos.list_owed(device)}


async def _settle(
    rows: _Rows, said: Collection[Item], arrived: Collection[Item], now: datetime, *, is_whole: bool
) -> Stock:
    known = {item: ItemState(row.state) for item, row in rows.items()}
    reading = read_report(known, said, arrived, is_whole=is_whole)
    moves = ((ItemState.HELD, reading.now_held), (ItemState.ARRIVED, reading.arrived), (ItemState.LOST, reading.lost))
    for state, items in moves:
        for before in ItemState:
            changed = [rows[item].id for item in items if known[item] is before and before is not state]
            if changed:  # Unless it has arrived since it was read.
                lost_at = now if state is ItemState.LOST else None
                still = DeviceItem.filter(id__in=changed, state=before)
                await still.update(state=state, lost_at=lost_at, told_at=None)
    return Stock(tuple(rows[item] for item in reading.lost), tuple(rows[item] for item in reading.found))


def _item(device: str, held: Holding, now: datetime) -> DeviceItem:
    return _held(device, held.id, held.sha256, held.author, held.saved_at, now)


def _photo(device: str, photo: Photo, now: datetime) -> DeviceItem:
    row = _held(device, photo.id, photo.sha256, photo.author_id, photo.saved_at or photo.declared_at, now)
    row.photo_of = photo.entry_id
    return row


def _held(device: str, item_id: str, sha256: str, author: str, saved_at: datetime, now: datetime) -> DeviceItem:
    return DeviceItem(
        device_id=device,
        item_id=item_id,
        sha256=sha256,
        author_id=author,
        saved_at=saved_at if 2000 <= saved_at.year < 2100 else now,  # As entries are: a clock years out.
        announced_at=now,
        last_said_at=now,
        state=ItemState.HELD,
    )
