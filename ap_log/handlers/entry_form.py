"""Reads the posted log form: first word for word, then as the entry it makes or as faults that name its fields."""

from collections.abc import Container, Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from ap_log.domain.entries import Entry, faults_of
from ap_log.domain.errors import Fault
from ap_log.handlers.forms import Form
from ap_log.presenters.entry_form import MINUTES_AGO, Typed
from ap_log.presenters.times import ZONE

PAGE_DEVICE = "00000000-0000-0000-0000-000000000000"
"""Stands for the device of an entry that was written on a page of ours, not kept on a phone first."""

CLOCKS_DIFFER = timedelta(minutes=1)
"""How far ahead of ours the typed time may be, because nobody's watch agrees with the server's."""


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
    """When the form was opened, which its choices of time count back from; `now` where that cannot be believed."""
    try:
        opened_at = datetime.fromisoformat(form.text("opened_at"))
    except ValueError:
        return now
    return opened_at if opened_at.tzinfo is not None and opened_at <= now else now


def entry_of(typed: Typed, entry_id: str, author: str, opened_at: datetime, now: datetime) -> Entry | list[Fault]:
    """The entry that was typed, or everything that keeps it from being one."""
    occurred_at = _occurred_at(typed, opened_at)
    faults = [*_faults(typed, occurred_at, now)]
    if faults or occurred_at is None:
        return faults
    entry = Entry(
        id=entry_id,
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


def _faults(typed: Typed, occurred_at: datetime | None, now: datetime) -> Iterator[Fault]:
    if not typed.resident:
        yield Fault("resident", "Choose who it is about")
    if not typed.happening:
        yield Fault("happening", "Choose what happened")
    if occurred_at is None:
        yield Fault("occurred_date", "Enter the date and time it happened")
    elif occurred_at > now + CLOCKS_DIFFER:
        yield Fault("occurred_time", "The time it happened must be in the past")


def _occurred_at(typed: Typed, opened_at: datetime) -> datetime | None:
    if typed.when in MINUTES_AGO:
        return opened_at.astimezone(ZONE) - timedelta(minutes=MINUTES_AGO[typed.when])
    try:
        local = datetime.fromisoformat(f"{typed.occurred_date}T{typed.occurred_time}")
    except ValueError:
        return None
    return local.replace(tzinfo=ZONE) if local.tzinfo is None else None
