"""What is known of the phones of a house, as values that pages are made of."""

from datetime import datetime

import msgspec


class Unsent(msgspec.Struct, frozen=True):
    """What one author has not sent from one phone: entries, and photos of entries that are here. `oldest` is when the
    first of it was saved, by the phone's clock.
    """

    author: str
    entries: int
    photos: int
    oldest: datetime


class Gone(msgspec.Struct, frozen=True):
    """An entry or a photo that a phone no longer has. `told_at` is when its author said that they know.

    `saved_at` of a photo is its entry's. `entry` is the id of that entry, where the log has it.
    """

    id: str
    is_photo: bool
    author: str
    saved_at: datetime
    lost_at: datetime
    told_at: datetime | None
    entry: str | None = None


class Vault(msgspec.Struct, frozen=True):
    """What one person can open on a phone. `is_to_go`: the phone is to destroy it, and has not said that it has."""

    person: str
    is_to_go: bool
    wiped_at: datetime | None


class Phone(msgspec.Struct, frozen=True, kw_only=True):
    """One phone as its last report left it. `person` used it last; `is_persisted` is None where it has not said."""

    id: str
    person: str
    premises: str | None
    last_seen_at: datetime
    is_persisted: bool | None
    is_shared: bool
    revoked_at: datetime | None
    revoked_by: str | None
    unsent: tuple[Unsent, ...]
    lost: tuple[Gone, ...]
    lost_unnamed: int
    lost_unnamed_at: datetime | None
    vaults: tuple[Vault, ...]


class PhoneList(msgspec.Struct, frozen=True):
    """One page of phones, how many there are on all pages, and how many of them need a person."""

    phones: tuple[Phone, ...]
    total: int
    wanted: int


class News(msgspec.Struct, frozen=True):
    """What every page says of phones: how many need its reader, and how many of the reader's own entries and photos
    were lost.
    """

    wanted: int = 0
    lost: int = 0
    lost_photos: int = 0
    lost_at: datetime | None = None
