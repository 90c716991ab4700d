"""What the page of a house's phones says of each, and the strip that tells an author what was lost."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from ap_log.domain.devices import ALONE_HOURS, RED_AFTER, SILENT_AFTER
from ap_log.domain.phones import Gone, News, Phone, PhoneList, Unsent
from ap_log.presenters import times
from ap_log.presenters.recommendations import waited
from ap_log.presenters.times import Moment, moment


class Strip(msgspec.Struct, frozen=True):
    """The line on every page of an author some of whose entries were lost."""

    words: str
    link: str
    href: str


class LostRow(msgspec.Struct, frozen=True):
    """One lost entry or photo: whose, when it was saved by the phone's clock, and since when it is known to be lost.

    `entry` is the address of the page of a photo's entry, None where there is none.
    """

    id: str
    is_photo: bool
    entry: str | None
    author: str
    saved: Moment
    noticed: Moment
    told: str


class LossesPage(msgspec.Struct, frozen=True):
    """What of a person's own was lost, until they say that they know. `title` counts it."""

    title: str
    rows: tuple[LostRow, ...]
    has_entries: bool
    has_photos: bool


class PhoneCard(msgspec.Struct, frozen=True, kw_only=True):
    """One phone, in words. `tone` is that of its last contact: red, orange or grey. `premises` None in one house.

    `name` is what the phone says of itself on its own page, so that it can be told from another.
    """

    id: str
    name: str
    person: str
    premises: str | None
    contact: str
    tone: str
    contact_at: Moment
    unsent: tuple[str, ...]
    needs_person: str | None
    lost: tuple[LostRow, ...]
    lost_unnamed: str | None
    storage: str
    vaults: tuple[str, ...]
    is_shared: bool
    revoked: str | None
    is_revoked: bool


class PhonesPage(msgspec.Struct, frozen=True):
    """One page of the list. `wanted` is the sentence on how many need a person, None where none does."""

    cards: tuple[PhoneCard, ...]
    wanted: str | None
    page: int
    pages: int


SAVED = {
    "wiped": "This phone will be wiped",
    "returned": "This phone can be used again",
    "shared": "This phone is marked as shared",
    "not-shared": "This phone is no longer marked as shared",
    "seen": "Thank you. You will not be told of them again",
}
"""What is said at the top of the page that follows, by the word in its address."""


def phones_page(found: PhoneList, page: int, per_page: int, premises: int, now: datetime) -> PhonesPage:
    """`premises` is at how many places the reader manages phones: in one house it goes without saying."""
    cards = tuple(phone_card(phone, premises != 1, now) for phone in found.phones)
    return PhonesPage(cards, _wanted(found.wanted), page, max(1, -(-found.total // per_page)))


def phone_card(phone: Phone, names_premises: bool, now: datetime) -> PhoneCard:
    silent = now - phone.last_seen_at
    return PhoneCard(
        id=phone.id,
        name=short_name(phone.id),
        person=phone.person,
        premises=phone.premises if names_premises else None,
        contact=ago(silent),
        tone=_tone(silent) if phone.unsent else "grey",
        contact_at=moment(phone.last_seen_at, now),
        unsent=tuple(_unsent(each, now) for each in phone.unsent),
        needs_person=_way_on(phone, silent),
        lost=tuple(lost_row(each, now) for each in phone.lost),
        lost_unnamed=_unnamed(phone, now),
        storage=_STORAGE[phone.is_persisted],
        vaults=_vaults(phone),
        is_shared=phone.is_shared,
        revoked=_revoked(phone, now),
        is_revoked=phone.revoked_at is not None,
    )


def lost_row(gone: Gone, now: datetime) -> LostRow:
    told = f"Seen by its author {times.day(gone.told_at, now)}" if gone.told_at else "Its author has not seen this yet"
    return LostRow(
        id=gone.id,
        is_photo=gone.is_photo,
        entry=f"/entries/{gone.entry}" if gone.entry else None,
        author=gone.author,
        saved=moment(gone.saved_at, now),
        noticed=moment(gone.lost_at, now),
        told=told,
    )


def losses_page(gone: Sequence[Gone], now: datetime) -> LossesPage:
    photos = sum(each.is_photo for each in gone)
    title = f"{counted(len(gone) - photos, photos)} of yours {'was' if len(gone) == 1 else 'were'} lost"
    return LossesPage(title, tuple(lost_row(each, now) for each in gone), photos < len(gone), photos > 0)


def strip_for(news: News, path: str, now: datetime) -> Strip | None:
    """None where nothing was lost, and on the page that says what was."""
    if news.lost_at is None or path == "/losses":
        return None
    were = "was" if news.lost + news.lost_photos == 1 else "were"
    lost = f"{counted(news.lost, news.lost_photos)} of yours {were} lost from a phone"
    words = f"{lost}, noticed {times.day(news.lost_at, now)}. {_again(news.lost, news.lost_photos)}"
    return Strip(words, "See which", "/losses")


def _again(entries: int, photos: int) -> str:
    """What an author does about it."""
    if entries == 0:
        return f"Take {'it' if photos == 1 else 'them'} again if you can."
    them = "it" if entries == 1 else "them"
    return f"Write {them} again." if photos == 0 else "Write again what you wrote."


def counted(entries: int, photos: int) -> str:
    """How many of each, in words: "2 entries and 1 photo"."""
    of_each = ((entries, "entry", "entries"), (photos, "photo", "photos"))
    return " and ".join(f"{count} {one if count == 1 else many}" for count, one, many in of_each if count > 0)


def short_name(device: str) -> str:
    """How a phone names itself on its own page: "1a2b 3c4d"."""
    return f"{device[:4]} {device[4:8]}"


def ago(since: timedelta) -> str:
    """How long ago, in the largest unit that fits: "4 days ago"."""
    return "Just now" if since < timedelta(minutes=1) else f"{waited(since)} ago"


_STORAGE = {
    True: "The browser has promised to keep what is stored",
    False: "The browser may delete what is stored. Opening AP Log from the home screen helps",
    None: "The browser has not said whether it keeps what is stored",
}


def _wanted(phones: int) -> str | None:
    if phones == 0:
        return None
    return "1 phone needs somebody" if phones == 1 else f"{phones} phones need somebody"


def _tone(silent: timedelta) -> str:
    if silent >= RED_AFTER:
        return "red"
    return "orange" if silent >= SILENT_AFTER else "grey"


def _unsent(unsent: Unsent, now: datetime) -> str:
    saved = "saved" if unsent.entries + unsent.photos == 1 else "the oldest saved"
    return f"{counted(unsent.entries, unsent.photos)} by {unsent.author}, {saved} {times.when(unsent.oldest, now)}"


def _way_on(phone: Phone, silent: timedelta) -> str | None:
    """What a manager does. Some browsers delete what is stored after seven days without use."""
    if phone.unsent and silent >= SILENT_AFTER:
        return "Find this phone and open AP Log on it where there is signal. Some browsers delete it all in 7 days."
    untold = [each for each in phone.lost if each.told_at is None]
    to_write = dict.fromkeys(each.author for each in untold if not each.is_photo)
    to_take = dict.fromkeys(each.author for each in untold if each.is_photo)
    asked = [f"Ask {' and '.join(to_write)} to write again what was lost."] if to_write else []
    asked += [f"Ask {' and '.join(to_take)} whether the lost photos can be taken again."] if to_take else []
    return " ".join(asked) or None


def _unnamed(phone: Phone, now: datetime) -> str | None:
    if phone.lost_unnamed_at is None:
        return None
    entries = "1 more entry" if phone.lost_unnamed == 1 else f"{phone.lost_unnamed} more entries"
    noticed = times.when(phone.lost_unnamed_at, now)
    return f"{entries}, and nobody knows whose: the phone had not said that it held them. Noticed {noticed}"


def _vaults(phone: Phone) -> tuple[str, ...]:
    """Who can read something on it; not those of whom it has said that nothing is left."""
    return tuple(vault.person for vault in phone.vaults if vault.is_to_go or vault.wiped_at is None)


def _revoked(phone: Phone, now: datetime) -> str | None:
    if phone.revoked_at is None:
        return _partly_revoked(phone)
    asked = f"{phone.revoked_by} asked for it to be wiped {times.when(phone.revoked_at, now)}."
    if any(vault.is_to_go for vault in phone.vaults):
        return f"{asked} It has not been in contact since. It wipes itself {ALONE_HOURS} hours after its last contact."
    return f"{asked} It has said that nothing readable is left on it."


def _partly_revoked(phone: Phone) -> str | None:
    going = [vault.person for vault in phone.vaults if vault.is_to_go]
    return f"At its next contact it wipes what {', '.join(going)} could read." if going else None
