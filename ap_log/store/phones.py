"""The phones of a house as its manager sees them: what each holds, what it lost, and which need a person.

One page costs a fixed number of queries, however many phones there are and whatever they have sent before.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from tortoise.expressions import Case, Q, Subquery, When
from tortoise.queryset import QuerySet

from ap_log.domain.devices import SILENT_AFTER, ItemState
from ap_log.domain.errors import NotFound
from ap_log.domain.people import Actor
from ap_log.domain.permissions import Permission, may
from ap_log.domain.phones import Gone, News, Phone, PhoneList, Unsent, Vault

from .devices import is_due
from .ledger import list_arrived
from .models import Device, DeviceItem, DevicePerson, Entry
from .visibility import visible_devices

PAGE = 30
"""Phones on one page: those of a house, and some that were replaced."""

KEPT_LISTED = timedelta(days=90)
"""A phone that has said nothing for so long, and of which nothing is wanted, is not shown any more."""

LOSS_SHOWN = timedelta(days=30)
"""How long a loss that its author has not seen needs a manager: a long leave. The record keeps it."""


async def get_visible(actor: Actor, device: str) -> Device:
    """One phone, with who has it and where. Raises NotFound where there is none, or none that this actor manages."""
    found = await visible_devices(actor).select_related("person", "premises", "revoked_by").get_or_none(id=device)
    if found is None:
        raise NotFound
    return found


async def list_phones(actor: Actor, page: int, now: datetime) -> PhoneList:
    """One page (from 1) of the phones this actor manages: those that need a person first, then the last heard of."""
    wanted = _is_silent(now) | _has_lost(now)
    listed = visible_devices(actor).filter(wanted | Q(last_seen_at__gt=now - KEPT_LISTED))
    urgency = Case(When(_is_silent(now), then="0"), When(_has_lost(now), then="1"), default="2")
    rows = listed.annotate(urgency=urgency).order_by("urgency", "-last_seen_at", "id")
    shown = await rows.offset((page - 1) * PAGE).limit(PAGE).select_related("person", "premises", "revoked_by")
    return PhoneList(await _phones(shown, now), await listed.count(), await _count(actor, now))


async def find_news(actor: Actor, now: datetime) -> News:
    """What every page says of phones: how many need this actor, and what of their own was lost. Two queries."""
    lost = await _lost(actor.id).order_by("lost_at").only("id", "lost_at", "photo_of")
    wanted = await _count(actor, now) if may(actor, Permission.MANAGE_PHONES) else 0
    photos = sum(row.photo_of is not None for row in lost)
    return News(wanted, len(lost) - photos, photos, lost[-1].lost_at if lost else None)


async def list_own_losses(actor: Actor) -> tuple[Gone, ...]:
    """The lost entries and photos of this actor that they have not said they have seen, the oldest first."""
    rows = await _lost(actor.id).select_related("author").order_by("saved_at", "id")
    photo_of = [row.photo_of for row in rows if row.photo_of]
    logged = await Entry.filter(entry_id__in=photo_of, superseded_at=None).values_list("entry_id", flat=True)
    return tuple(_gone(row, row.lost_at, set(logged)) for row in rows if row.lost_at)


async def _count(actor: Actor, now: datetime) -> int:
    return await visible_devices(actor).filter(_is_silent(now) | _has_lost(now)).count()


def _lost(author: str) -> QuerySet[DeviceItem]:
    return DeviceItem.filter(author_id=author, state=ItemState.LOST, lost_at__isnull=False, told_at=None)


def _is_silent(now: datetime) -> Q:
    """It holds unsent entries or photos and has said nothing for too long."""
    holding = DeviceItem.filter(state=ItemState.HELD).values("device_id")
    return Q(last_seen_at__lte=now - SILENT_AFTER, id__in=Subquery(holding))


def _has_lost(now: datetime) -> Q:
    """It lost entries or photos, and their author has not said that they know, or nobody knows whose they were."""
    losing = DeviceItem.filter(state=ItemState.LOST, told_at=None, lost_at__gt=now - LOSS_SHOWN).values("device_id")
    return Q(id__in=Subquery(losing)) | Q(lost_unnamed_at__gt=now - LOSS_SHOWN)


async def _phones(rows: list[Device], now: datetime) -> tuple[Phone, ...]:
    ids = [row.id for row in rows]
    items = await _by_device(ids, now)
    vaults: dict[str, list[DevicePerson]] = defaultdict(list)
    for vault in await DevicePerson.filter(device_id__in=ids).select_related("person").order_by("-seen_at", "id"):
        vaults[vault.device_id].append(vault)
    return tuple(_phone(row, items[row.id], vaults[row.id]) for row in rows)


async def _by_device(ids: Collection[str], now: datetime) -> dict[str, list[DeviceItem]]:
    """What these phones hold and has not arrived, the oldest first. What another phone brought is not lost."""
    shown = Q(state=ItemState.HELD) | Q(state=ItemState.LOST, told_at=None) | Q(lost_at__gt=now - LOSS_SHOWN)
    open_ones = DeviceItem.filter(shown, state__in=(ItemState.HELD, ItemState.LOST), device_id__in=list(ids))
    rows = await open_ones.select_related("author").order_by("saved_at", "id")
    arrived = await list_arrived((row.item_id, row.sha256) for row in rows)
    found: dict[str, list[DeviceItem]] = defaultdict(list)
    for row in rows:
        if (row.item_id, row.sha256) not in arrived:
            found[row.device_id].append(row)
    return found


def _phone(row: Device, items: list[DeviceItem], vaults: list[DevicePerson]) -> Phone:
    return Phone(
        id=row.id,
        person=row.person.name,
        premises=row.premises.name if row.premises else None,
        last_seen_at=row.last_seen_at,
        is_persisted=row.is_persisted,
        is_shared=row.is_shared,
        revoked_at=row.revoked_at,
        revoked_by=row.revoked_by.name if row.revoked_by else None,
        unsent=_unsent(item for item in items if item.state == ItemState.HELD),
        lost=tuple(_gone(item, item.lost_at) for item in items if item.state == ItemState.LOST and item.lost_at),
        lost_unnamed=row.lost_unnamed,
        lost_unnamed_at=row.lost_unnamed_at,
        vaults=tuple(Vault(vault.person.name, is_due(vault), vault.wiped_at) for vault in vaults),
    )


def _unsent(items: Iterable[DeviceItem]) -> tuple[Unsent, ...]:
    """By author, in the order of the oldest of each."""
    by_author: dict[str, list[DeviceItem]] = {}
    for item in items:
        by_author.setdefault(item.author_id, []).append(item)
    return tuple(_unsent_of(each) for each in by_author.values())


def _unsent_of(items: list[DeviceItem]) -> Unsent:
    photos = sum(item.photo_of is not None for item in items)
    return Unsent(items[0].author.name, len(items) - photos, photos, items[0].saved_at)


def _gone(item: DeviceItem, lost_at: datetime, logged: Collection[object] = ()) -> Gone:
    """`logged` are the ids of the entries of photos that the log has."""
    return Gone(
        id=item.id,
        is_photo=item.photo_of is not None,
        author=item.author.name,
        saved_at=item.saved_at,
        lost_at=lost_at,
        told_at=item.told_at,
        entry=item.photo_of if item.photo_of in logged else None,
    )
