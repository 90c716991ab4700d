"""What a new version of the policy changes for one reader, who has read it, and the strip that says there is one."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

import msgspec

from ap_log.domain.people import ROLE_NAMES
from ap_log.domain.policies import PublishedVersion, standing
from ap_log.domain.policy.changes import changes
from ap_log.domain.policy.describe import TITLES
from ap_log.domain.policy_readings import Asked, House, Reader, Unread
from ap_log.presenters.policies import VersionCard, at_time, on_day, version_card
from ap_log.presenters.times import Moment, moment


class Strip(msgspec.Struct, frozen=True):
    """The line on every page of somebody who has still to read a version."""

    words: str
    link: str
    href: str


class ChangedChapter(msgspec.Struct, frozen=True):
    title: str
    lines: tuple[str, ...]


class ChangesPage(msgspec.Struct, frozen=True):
    """What a version changes. `compared` is the number of the other version, None for the first version of all.

    `since` are the versions after that one, up to and with this one: several where the reader missed some. `confirmed`
    is when the reader confirmed; `asks` where they have still to. `to` is where they were going, empty where they came
    by themselves. A version that was withdrawn says so, and changes nothing.
    """

    id: str
    number: int
    title: str
    is_in_force: bool
    is_withdrawn: bool
    compared: int | None
    since: tuple[VersionCard, ...]
    chapters: tuple[ChangedChapter, ...]
    confirmed: Moment | None
    asks: bool
    to: str


class ReaderRow(msgspec.Struct, frozen=True):
    """One person; `confirmed` is None for somebody who has not."""

    name: str
    duties: str
    confirmed: Moment | None


class HouseRows(msgspec.Struct, frozen=True):
    """One premises: `tally` such as "9 of 12 have read it", and those who have not before those who have."""

    premises: str
    tally: str
    missing: tuple[ReaderRow, ...]
    confirmed: tuple[ReaderRow, ...]


def changes_address(policy: str, to: str = "") -> str:
    """The page of what a version changes; `to` is where the person goes from there."""
    address = f"/policies/{policy}/changes"
    return f"{address}?to={quote(to)}" if to else address


def strip_for(unread: Unread, path: str, now: datetime) -> Strip | None:
    """The strip for the page at `path`; none on the page it leads to."""
    if path == changes_address(unread.policy):
        return None
    is_past = unread.effective_from <= now
    return Strip(
        words=_turn(unread.effective_from, now) + ".",
        link="Read what changed" if is_past else "Read what changes",
        href=changes_address(unread.policy, to=path),
    )


def changes_page(
    version: PublishedVersion,
    compared: PublishedVersion | None,
    versions: Sequence[PublishedVersion],
    *,
    confirmed: datetime | None,
    asks: bool,
    to: str,
    now: datetime,
) -> ChangesPage:
    """`versions` are all, oldest first; `compared` is one of them, None where there is nothing to compare."""
    first = compared.version if compared else version.version
    passed = [each for each in standing(versions) if first < each.version < version.version]
    since = (*passed, version) if compared else ()
    starts = version.policy.effective_from
    return ChangesPage(
        id=version.id,
        number=version.version,
        title=_title(version, compared, now),
        is_in_force=starts <= now,
        is_withdrawn=version.withdrawal is not None,
        compared=compared.version if compared else None,
        since=tuple(version_card(each, versions, now) for each in since),
        chapters=_chapters(compared, version) if compared else (),
        confirmed=moment(confirmed, now) if confirmed else None,
        asks=asks,
        to=to,
    )


def house_rows(house: House, now: datetime) -> HouseRows:
    rows = [_row(reader, now) for reader in house.readers]
    return HouseRows(
        premises=house.premises,
        tally=f"{house.confirmed} of {len(rows)} {'has' if house.confirmed == 1 else 'have'} read it",
        missing=tuple(row for row in rows if row.confirmed is None),
        confirmed=tuple(row for row in rows if row.confirmed is not None),
    )


def published_words(version: PublishedVersion, asked: Asked, now: datetime) -> str:
    """What is said to whoever has just published a version: when it takes effect, and who is asked to read it."""
    starts = version.policy.effective_from
    begins = f"It takes effect {at_time(starts, now)}." if starts > now else "It is in force."
    return f"Version {version.version} is published. {begins} {_asked_words(asked)}"


def _asked_words(asked: Asked) -> str:
    if not asked.people:
        return "Nobody at your premises has to read it."
    people = "1 person" if asked.people == 1 else f"{asked.people} people"
    are = "is" if asked.people == 1 else "are"
    return f"{people} at {asked.premises} premises {are} asked to read it when they sign in."


def _chapters(old: PublishedVersion, new: PublishedVersion) -> tuple[ChangedChapter, ...]:
    found: dict[str, list[str]] = {}
    for change in changes(old.policy, new.policy):
        found.setdefault(change.chapter, []).append(change.words)
    return tuple(ChangedChapter(TITLES[chapter], tuple(lines)) for chapter, lines in found.items())


def _title(version: PublishedVersion, compared: PublishedVersion | None, now: datetime) -> str:
    if version.withdrawal is not None:
        return f"Version {version.version} was withdrawn and changed nothing"
    return _turn(version.policy.effective_from, now) if compared else "The first version changes nothing"


def _row(reader: Reader, now: datetime) -> ReaderRow:
    duties = ", ".join(ROLE_NAMES[role] for role in reader.roles)
    return ReaderRow(reader.name, duties, moment(reader.confirmed_at, now) if reader.confirmed_at else None)


def _turn(starts: datetime, now: datetime) -> str:
    return f"The policy {'changed' if starts <= now else 'changes'} {on_day(starts, now)}"
