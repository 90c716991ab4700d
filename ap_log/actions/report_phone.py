"""A phone says what it holds, and is told whose vaults it has to destroy and what is known to be lost from it."""

import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from ap_log.domain.devices import Loss, PhoneAnswer, PhoneReport
from ap_log.domain.errors import AnotherPhone, NotSignedIn
from ap_log.domain.people import Actor
from ap_log.domain.permissions import Permission, premises_where
from ap_log.security.sessions import token_hash
from ap_log.store import audit, devices, installation, ledger, sessions
from ap_log.store.ledger import Stock
from ap_log.store.models import Device, DeviceItem
from ap_log.store.sessions import Found
from ap_log.store.transaction import Duplicate, transaction

NOTED = "device.noted"
REFUSED = "device.refused"
WIPED = "device.wiped"
LOST = "entries.lost"
FOUND = "entries.found"
PHOTOS_LOST = "photos.lost"
PHOTOS_FOUND = "photos.found"


async def report_phone(report: PhoneReport, session: Found | None, now: datetime) -> PhoneAnswer:
    """Take a phone's report. The same one twice, and two at once, leave what one leaves.

    Raises:
        NotSignedIn: nobody is signed in, and the phone is not known, or this is not its token: the two look the same.
        AnotherPhone: the same, of somebody who is signed in. It is on the audit trail.
    """
    try:
        answer = await transaction(partial(_report, report, session, now))
    except Duplicate:  # The same phone's other report was first to make it known.
        answer = await transaction(partial(_report, report, session, now))
    if answer is None:
        raise AnotherPhone if session else NotSignedIn
    return answer


async def _report(report: PhoneReport, session: Found | None, now: datetime) -> PhoneAnswer | None:
    """None where it is another phone's token, so that the record of it is kept."""
    actor = session.actor if session else None
    device = await _find(report, actor, now)
    if device is None:
        return None
    known = await devices.list_known([*report.people, *report.wiped, *(held.author for held in report.holds)], now)
    await _note_stock(device, await ledger.take_stock(device, report, known, now), now)
    await devices.note_contact(device, report, now)
    await _settle_people(device, report, known, now)
    if session is not None and device.revoked_at is not None:
        await sessions.end_session(session.id, now)
    cleared = await _note_cleared(device, report, actor, now)
    return await _answer(device, report, actor, cleared, now)


async def _find(report: PhoneReport, actor: Actor | None, now: datetime) -> Device | None:
    """The phone, locked, with who has it now; made known where it was not. None where the token is another's."""
    device = await devices.lock_device(report.device)
    given = token_hash(report.token)
    if device is None:
        if actor is None:
            raise NotSignedIn
        device = await devices.add_device(report.device, given, actor.id, _premises(actor, None), now)
        await audit.add(NOTED, actor.id, now, subject_kind="device", subject=device.id, premises=device.premises_id)
    elif not hmac.compare_digest(device.token_hash, given):
        who = actor.id if actor else None
        await audit.add(REFUSED, who, now, subject_kind="device", subject=device.id, premises=device.premises_id)
        return None
    elif actor is not None:
        device.person_id, device.premises_id = actor.id, _premises(actor, device.premises_id)
    return device


def _premises(actor: Actor, before: str | None) -> str | None:
    """Where the phone is: where its person logs. Where that is several places it is thought to have stayed."""
    works_at = sorted(premises_where(actor, Permission.LOG_ENTRIES))
    return before if before in works_at or not works_at else works_at[0]


async def _note_stock(device: Device, stock: Stock, now: datetime, **details: str) -> None:
    for event, items in ((LOST, _entries(stock.lost)), (FOUND, _entries(stock.found))):
        if items:
            await _audit(event, device, now, entries=items, **details)
    for event, items in ((PHOTOS_LOST, _photos(stock.lost)), (PHOTOS_FOUND, _photos(stock.found))):
        if items:
            await _audit(event, device, now, photos=items, **details)


def _entries(items: Iterable[DeviceItem]) -> list[str]:
    return sorted(item.item_id for item in items if item.photo_of is None)


def _photos(items: Iterable[DeviceItem]) -> list[str]:
    return sorted(item.item_id for item in items if item.photo_of is not None)


async def _settle_people(device: Device, report: PhoneReport, known: dict[str, bool], now: datetime) -> None:
    """Keep whose vaults are on the phone, and ask for an end to those of people who are gone; if revoked, to all."""
    there = [person for person in dict.fromkeys(report.people) if person in known]
    wiped = [person for person in dict.fromkeys(report.wiped) if person in known]
    await devices.note_people(device.id, there, wiped, now)
    ended = [each for each in there if each not in wiped and (known[each] or device.revoked_at is not None)]
    if ended:
        await devices.ask_wipe_on(device.id, ended, now)
    if wiped:
        await _audit(WIPED, device, now, people=wiped)


async def _note_cleared(device: Device, report: PhoneReport, actor: Actor | None, now: datetime) -> Device | None:
    """The phone had another id before its storage was cleared: what that one held is lost. Returns that phone.

    Its token is gone with the storage, so this is believed only of a phone of a place where its person works, and only
    so far that something is said to be lost. Of any other, what is missing is counted and nobody knows whose it was.
    """
    if report.lost_device is None or report.lost_device == device.id:
        return None
    before = await devices.lock_device(report.lost_device)
    if before is not None and not _may_have_been(before, device, actor):
        before = None
    if before is not None:
        stock = await ledger.lose_all(before, device, report, now)
        await _note_stock(before, stock, now, said_by=device.id)
    named = await ledger.list_lost_by_clearing(before.id) if before else ()
    unnamed, phone = report.lost - len(named), before or device
    if unnamed > 0 and await ledger.note_unnamed(phone.id, unnamed, now):
        await _audit(LOST, phone, now, entries=(), unnamed=unnamed, said_by=device.id)
    return before


def _may_have_been(before: Device, device: Device, actor: Actor | None) -> bool:
    works_at = premises_where(actor, Permission.LOG_ENTRIES) if actor else frozenset()
    return before.premises_id == device.premises_id or before.premises_id in works_at


async def _answer(
    device: Device, report: PhoneReport, actor: Actor | None, cleared: Device | None, now: datetime
) -> PhoneAnswer:
    kept = await installation.get_safekeeping()
    here = [device.id, cleared.id] if cleared else [device.id]
    untold = await ledger.list_untold(actor.id if actor else None, here, report.people)
    return PhoneAnswer(
        server_time=now,
        restore_epoch=kept.restore_epoch,
        backed_up_to=kept.backed_up_to,
        wipe=await devices.list_due(device.id),
        is_shared=device.is_shared,
        losses=tuple(_loss(each) for each in untold if each.photo_of is None),
        lost_photos=tuple(_loss(each) for each in untold if each.photo_of is not None),
    )


def _loss(item: DeviceItem) -> Loss:
    return Loss(item.item_id, item.author_id, item.saved_at, item.device_id)


async def _audit(event: str, device: Device, now: datetime, **details: int | str | Sequence[str]) -> None:
    """What the phone says, and so nobody's act."""
    await audit.add(
        event, None, now, subject_kind="device", subject=device.id, premises=device.premises_id, details=details
    )
