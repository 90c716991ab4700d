"""The log form: the choices it offers, and what a person has typed into it so far, kept word for word.

The same form is served as a page and kept on the phone; the phone's has no residents, id or times of its own.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from ap_log.domain import vocabulary
from ap_log.domain.entries import WORDS_LIMIT
from ap_log.domain.vocabulary import Happening, SignGroup, Term
from ap_log.presenters.times import ZONE, clock

MINUTES_AGO = {"now": 0, "15": 15, "60": 60}
"""What the choices of time mean, counted back from when the form was opened."""

OTHER_TIME = "other"


class Typed(msgspec.Struct, frozen=True):
    """The form's fields as typed, named like the entry's. `when` is a key of MINUTES_AGO or `other`."""

    resident: str = ""
    happening: str = ""
    signs: tuple[str, ...] = ()
    alternatives_considered: bool = False
    intoxicated: bool = False
    help_seeking: bool = False
    aggravators: tuple[str, ...] = ()
    mitigators: tuple[str, ...] = ()
    reported: str = ""
    suspected: str = ""
    confirmed: str = ""
    done: tuple[str, ...] = ()
    when: str = "now"
    occurred_date: str = ""
    occurred_time: str = ""
    words: str = ""


class HappeningGroup(msgspec.Struct, frozen=True):
    """Happenings under one heading; `is_open` where the heading starts unfolded."""

    words: str
    happenings: tuple[Happening, ...]
    is_open: bool


class RosterRow(msgspec.Struct, frozen=True):
    """A resident to choose. `premises` is empty where all live at one."""

    id: str
    name: str
    room: str
    premises: str = ""


class TimeChoice(msgspec.Struct, frozen=True):
    value: str
    words: str


class EntryForm(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the form's template needs. `id` and `opened_at` are empty on the phone, which makes its own."""

    id: str = ""
    opened_at: str = ""
    residents: tuple[RosterRow, ...] = ()
    typed: Typed = Typed()
    times: tuple[TimeChoice, ...]
    happening_groups: tuple[HappeningGroup, ...]
    sign_groups: tuple[SignGroup, ...] = vocabulary.SIGN_GROUPS
    substances: tuple[Term, ...] = vocabulary.SUBSTANCES
    actions_taken: tuple[Term, ...] = vocabulary.ACTIONS_TAKEN
    aggravators: tuple[Term, ...] = vocabulary.AGGRAVATORS
    mitigators: tuple[Term, ...] = vocabulary.MITIGATORS
    call_999: tuple[str, ...] = vocabulary.CALL_999
    words_limit: int = WORDS_LIMIT


def shell_form() -> EntryForm:
    """The form as the phone keeps it: nothing in it is about anybody."""
    return EntryForm(times=_times(None), happening_groups=_happening_groups(""))


def entry_form(entry_id: str, opened_at: datetime, residents: Iterable[RosterRow], typed: Typed) -> EntryForm:
    """The form as a page: opened at `opened_at`, from which its times are counted back, holding what was typed."""
    return EntryForm(
        id=entry_id,
        opened_at=opened_at.isoformat(timespec="seconds"),
        residents=_one_premises_unsaid(tuple(residents)),
        typed=typed,
        times=_times(opened_at),
        happening_groups=_happening_groups(typed.happening),
    )


def at_first(opened_at: datetime, resident: str = "") -> Typed:
    """A form nobody has typed in: the other time stands ready at the present one."""
    local = opened_at.astimezone(ZONE)
    return Typed(resident=resident, occurred_date=f"{local:%Y-%m-%d}", occurred_time=f"{local:%H:%M}")


def _times(opened_at: datetime | None) -> tuple[TimeChoice, ...]:
    said = {"now": "Now", "15": "15 minutes ago", "60": "1 hour ago"}
    choices = [TimeChoice(value, words + _clock_before(opened_at, MINUTES_AGO[value])) for value, words in said.items()]
    return (*choices, TimeChoice(OTHER_TIME, "Another time"))


def _clock_before(opened_at: datetime | None, minutes: int) -> str:
    return f", {clock(opened_at - timedelta(minutes=minutes))}" if opened_at else ""


def _happening_groups(chosen: str) -> tuple[HappeningGroup, ...]:
    """The first group, which holds the commonest, starts unfolded, and so does the one that holds what was chosen."""
    groups: list[HappeningGroup] = []
    for term in vocabulary.HAPPENING_GROUPS:
        happenings = tuple(one for one in vocabulary.HAPPENINGS if one.group == term.code)
        is_open = not groups or any(one.key == chosen for one in happenings)
        groups.append(HappeningGroup(term.words, happenings, is_open))
    return tuple(groups)


def _one_premises_unsaid(rows: tuple[RosterRow, ...]) -> tuple[RosterRow, ...]:
    if len({row.premises for row in rows}) > 1:
        return rows
    return tuple(msgspec.structs.replace(row, premises="") for row in rows)
