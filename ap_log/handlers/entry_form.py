"""Reads the posted log form: first word for word, then as the entry it makes or as faults that name its fields."""

from collections.abc import Container, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import msgspec

from ap_log.domain.entries import Entry, faults_of
from ap_log.domain.errors import Fault
from ap_log.handlers.forms import Form
from ap_log.presenters.entry_form import MINUTES_AGO, OTHER_TIME, Typed
from ap_log.presenters.times import ZONE

PAGE_DEVICE = "00000000-0000-0000-0000-000000000000"
"""Stands for the device of an entry that was written on a page of ours, not kept on a phone first."""

CLOCKS_DIFFER = timedelta(minutes=1)
"""How far ahead of ours the typed time may be, because nobody's watch agrees with the server's."""

OPEN_LIMIT = timedelta(minutes=30)
"""How long a page may lie open and its "Now" still mean now: two choices of time apart, and as long as a session."""

FIRST_DAY = date(2000, 1, 1)
"""No typed day lies before it, whoever it is about: years are mistyped with two digits or with their digits swapped."""


def typed_in(form: Form, roster: Container[str]) -> Typed:
    """The fields as typed, so that a page with errors gives every one of them back.

    A resident who is not on the roster counts as none: one of another house and one that never was look the same.
    """
    resident = form.text("resident")
    return Typed(
        resident=resident if resident in roster else "",
        happening=form.text("happening"),
        signs=form.all("signs"),
        alternatives_considered=form.flag("alternatives_considered"),
        intoxicated=form.flag("intoxicated"),
        help_seeking=form.flag("help_seeking"),
        aggravators=form.all("aggravators"),
        mitigators=form.all("mitigators"),
        reported=form.text("reported"),
        suspected=form.text("suspected"),
        confirmed=form.text("confirmed"),
        done=form.all("done"),
        when=form.text("when"),
        occurred_date=form.text("occurred_date"),
        occurred_time=form.text("occurred_time"),
        words=form.text("words"),
    )


def id_in(form: Form) -> str:
    """The entry's id, made with the form's first page; a new one where there is none yet."""
    try:
        return str(UUID(form.text("id")))
    except ValueError:
        return str(uuid4())


def opened_in(form: Form, now: datetime) -> datetime:
    """When the form was opened, which its choices of time count back from.

    `now` where that cannot be believed, or is too long ago to count back from.
    """
    opened_at = _opened_at(form)
    return now if opened_at is None or opened_at > now or _is_old(form, now) else opened_at


def to_choose_again(form: Form, typed: Typed, now: datetime) -> Typed:
    """What was typed, without a choice of time that counted back from when a page was opened long ago."""
    is_void = typed.when in MINUTES_AGO and _is_old(form, now)
    return msgspec.structs.replace(typed, when="") if is_void else typed


def entry_of(form: Form, typed: Typed, author: str, arrived_at: datetime | None, now: datetime) -> Entry | list[Fault]:
    """The entry that was typed, or everything that keeps it from being one.

    `arrived_at` is when the resident came; None where none is chosen.
    """
    occurred_at = _occurred_at(typed, opened_in(form, now))
    faults = [*_whose_and_what(typed)]
    if typed.when in MINUTES_AGO and _is_old(form, now):
        faults.append(Fault("when", "This page was opened more than 30 minutes ago. Choose again when it happened"))
    else:
        faults += _time_faults(typed, occurred_at, arrived_at, now)
    if faults or occurred_at is None:
        return faults
    entry = Entry(
        id=id_in(form),
        author=author,
        device=PAGE_DEVICE,
        resident=typed.resident,
        happening=typed.happening,
        occurred_at=occurred_at.replace(microsecond=0),
        recorded_at=now.replace(microsecond=0),
        signs=typed.signs,
        alternatives_considered=typed.alternatives_considered,
        intoxicated=typed.intoxicated,
        help_seeking=typed.help_seeking,
        aggravators=typed.aggravators,
        mitigators=typed.mitigators,
        reported=typed.reported or None,
        suspected=typed.suspected or None,
        confirmed=typed.confirmed or None,
        done=typed.done,
        words=typed.words,
    )
    return faults_of(entry) or entry


def _opened_at(form: Form) -> datetime | None:
    try:
        opened_at = datetime.fromisoformat(form.text("opened_at"))
    except ValueError:
        return None
    return opened_at if opened_at.tzinfo is not None else None


def _is_old(form: Form, now: datetime) -> bool:
    opened_at = _opened_at(form)
    return opened_at is not None and now - opened_at > OPEN_LIMIT


def _whose_and_what(typed: Typed) -> Iterator[Fault]:
    if not typed.resident:
        yield Fault("resident", "Choose who it is about")
    if not typed.happening:
        yield Fault("happening", "Choose what happened")


def _time_faults(
    typed: Typed, occurred_at: datetime | None, arrived_at: datetime | None, now: datetime
) -> Iterator[Fault]:
    if typed.when not in (*MINUTES_AGO, OTHER_TIME):
        yield Fault("when", "Choose when it happened")
    elif occurred_at is None:
        yield Fault("occurred_date", "Enter the date and time it happened")
    elif occurred_at > now + CLOCKS_DIFFER:
        yield Fault("occurred_time", "The time it happened must be in the past")
    elif typed.when == OTHER_TIME:
        yield from _day_faults(occurred_at.date(), arrived_at)


def _day_faults(day: date, arrived_at: datetime | None) -> Iterator[Fault]:
    """A day typed wrongly. What a phone sends is never refused for its time; here somebody is there to correct it."""
    arrived = FIRST_DAY if arrived_at is None else arrived_at.astimezone(ZONE).date()
    if day < FIRST_DAY:
        yield Fault("occurred_date", "The date must have a year with four digits, like 2026")
    elif day < arrived:
        said = f"{arrived.day} {arrived:%B} {arrived.year}"
        yield Fault("occurred_date", f"The date must be {said} or later: that is when they came to live here")


def _occurred_at(typed: Typed, opened_at: datetime) -> datetime | None:
    if typed.when in MINUTES_AGO:
        return opened_at.astimezone(ZONE) - timedelta(minutes=MINUTES_AGO[typed.when])
    try:
        local = datetime.fromisoformat(f"{typed.occurred_date}T{typed.occurred_time}")
    except ValueError:
        return None
    return local.replace(tzinfo=ZONE) if local.tzinfo is None else None
