"""How decisions compare with what was recommended, as a page shows it: sentences, bars, and a table for each plot."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

import msgspec

from ap_log.domain.consistency import CaseDecided, Compared, Kind, Names, Practice, Span
from ap_log.presenters import words
from ap_log.presenters.bars import Bar, BarPlot, bar_plot
from ap_log.presenters.times import Moment, day, moment
from ap_log.presenters.words import Step

FEW = "fewer than 5"
"""In place of 0: a figure in fives that is 0 stands for anything from none to four."""

_ROW = ("Decisions", "Departed", "Lower", "Higher")


class Period(msgspec.Struct, frozen=True):
    """A period to look at, by its `key` in the address: the year that ended so many years ago."""

    key: str
    words: str
    years_ago: int


PERIODS = (
    Period("last-year", "Last 12 months", 0),
    Period("year-before", "The 12 months before", 1),
)
"""The first is shown where none is asked for."""


class Choice(msgspec.Struct, frozen=True):
    """A period as a link."""

    words: str
    href: str
    is_current: bool


class Row(msgspec.Struct, frozen=True):
    """A row of a table: what it is about, and a cell for each column."""

    words: str
    cells: tuple[str, ...]


class Table(msgspec.Struct, frozen=True):
    """A table of counts. `caption` says what it counts, `heading` what its rows are."""

    caption: str
    heading: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


class Part(msgspec.Struct, frozen=True):
    """One comparison: a plot and the table it is drawn from."""

    title: str
    plot: BarPlot
    table: Table


class ConsistencyPage(msgspec.Struct, frozen=True):
    """The page. `total` says how many decisions there are, in words; with too few, all but the period is empty."""

    periods: tuple[Choice, ...]
    dates: str
    total: str
    is_too_few: bool
    departed: str
    parts: tuple[Part, ...]
    kinds: Part | None


class Case(msgspec.Struct, frozen=True):
    """One decision of a kind. `reason` is empty where none had to be given."""

    href: str
    name: str
    room: str
    at: Moment
    reason: str


class Issued(msgspec.Struct, frozen=True):
    """The newest cases of a kind that got one step; `total` says of how many, in words."""

    step: Step
    is_departure: bool
    total: str
    cases: tuple[Case, ...]


class CasesPage(msgspec.Struct, frozen=True):
    """The newest cases of a kind, by the step that was issued: departures first."""

    title: str
    recommended: Step
    dates: str
    back: str
    issued: tuple[Issued, ...]


def consistency_page(practice: Practice, names: Names, period: Period, span: Span, now: datetime) -> ConsistencyPage:
    """The comparison over a period, for a person who reviews the premises named."""
    choices = tuple(Choice(each.words, f"/consistency?period={each.key}", each == period) for each in PERIODS)
    if practice.is_too_few:
        return ConsistencyPage(choices, dates(span, now), "", is_too_few=True, departed="", parts=(), kinds=None)
    return ConsistencyPage(
        periods=choices,
        dates=dates(span, now),
        total=f"About {practice.all.total:,} decisions",
        is_too_few=False,
        departed=_departed(practice.all),
        parts=_parts(practice, names),
        kinds=_kinds(practice.kinds, period) if practice.kinds else None,
    )


def cases_page(
    kind: Kind, cases: Mapping[int, tuple[CaseDecided, ...]], period: Period, span: Span, now: datetime
) -> CasesPage:
    """The newest cases of one kind, by the step that was issued."""
    return CasesPage(
        title=words.code_words(kind.code),
        recommended=words.step(kind.recommended),
        dates=dates(span, now),
        back=f"/consistency?period={period.key}",
        issued=tuple(
            Issued(
                step=words.step(step),
                is_departure=step != kind.recommended,
                total=f"about {kind.issued[step]:,}",
                cases=tuple(_case(each, now) for each in listed),
            )
            for step, listed in cases.items()
        ),
    )


def dates(span: Span, now: datetime) -> str:
    """The dates of a span: "from 3 March 2025 to today"; its end, where that is past, is the last day in it."""
    last = "today" if span.until == now else day(span.until - timedelta(days=1), now)
    return f"from {day(span.since, now)} to {last}"


def _case(case: CaseDecided, now: datetime) -> Case:
    return Case(
        href=f"/residents/{case.resident_id}#decision-{case.decision_id}",
        name=case.resident_name,
        room=case.room,
        at=moment(case.at, now),
        reason=case.reason,
    )


def _departed(compared: Compared) -> str:
    """How often and which way, in a sentence or two."""
    share = "" if compared.share is None else f" (about {compared.share}%)"
    return (
        f"Departed from the recommended step: {_said(compared.departed)}{share}. "
        f"Lower: {_said(compared.lower)}. Higher: {_said(compared.higher)}."
    )


def _parts(practice: Practice, names: Names) -> tuple[Part, ...]:
    by_step = [(f"Step {step}: {words.step(step).name}", each) for step, each in practice.by_step.items()]
    houses = [(name, practice.premises[key]) for key, name in names.premises.items() if key in practice.premises]
    return (
        *([_distances(practice.by_distance)] if practice.by_distance else []),
        *([_part("By the step that was recommended", "Recommended", by_step)] if by_step else []),
        *([_part("By premises", "Premises", houses)] if houses and len(names.premises) > 1 else []),
        *_deciders(practice, names),
    )


def _deciders(practice: Practice, names: Names) -> tuple[Part, ...]:
    """Who decided, each house by itself: what a house needs differs, and so do its people's decisions."""
    parts = []
    for house, name in names.premises.items():
        decided = {key: who for key, who in names.people.items() if (house, key) in practice.deciders}
        rows = [(who, practice.deciders[house, key]) for key, who in decided.items()]
        title = f"By who decided, {name}" if len(names.premises) > 1 else "By who decided"
        parts += [_part(title, "Decided by", rows)] if rows else []
    return tuple(parts)


def _distances(by_distance: Mapping[int, int]) -> Part:
    bars = (Bar(_distance(distance), count, tone=_tone(distance)) for distance, count in by_distance.items())
    rows = (Row(_distance(distance), (_said(count),)) for distance, count in by_distance.items())
    table = Table("Departures by direction and number of steps", "Issued step", ("Decisions",), tuple(rows))
    return Part("Which way, and how far", bar_plot("Departures from the recommended step", tuple(bars)), table)


def _distance(distance: int) -> str:
    steps = "1 step" if abs(distance) == 1 else f"{abs(distance)} steps"
    return f"{steps} {'lower' if distance < 0 else 'higher'}"


def _tone(distance: int) -> str:
    return "blue" if distance < 0 else "orange"


def _part(title: str, heading: str, compared: list[tuple[str, Compared]]) -> Part:
    bars = tuple(Bar(name, each.share, said=_of(each)) for name, each in compared)
    rows = tuple(Row(name, _cells(each)) for name, each in compared)
    return Part(
        title, bar_plot("Departed, in every 100 decisions", bars, out_of=100), Table(title, heading, _ROW, rows)
    )


def _of(compared: Compared) -> str:
    if compared.share is None:
        return f"{_said(compared.departed)} of {_said(compared.total)}"
    return f"{compared.share}% of {_said(compared.total)}"


def _cells(compared: Compared) -> tuple[str, ...]:
    departed = _said(compared.departed) + ("" if compared.share is None else f" ({compared.share}%)")
    return (_said(compared.total), departed, _said(compared.lower), _said(compared.higher))


def _kinds(kinds: tuple[Kind, ...], period: Period) -> Part:
    said = ((each, f"{each.share}% of {_said(each.total)}") for each in kinds)
    bars = (Bar(_kind(each), each.share, href=_cases_address(each, period), said=alike) for each, alike in said)
    rows = (Row(_kind(each), (_said(each.total), *map(_said, each.issued.values()))) for each in kinds)
    columns = ("Cases", *(f"Step {step}" for step in kinds[0].issued))
    table = Table("The steps issued to like cases", "Like cases", columns, tuple(rows))
    plot = bar_plot("Got the commonest step of their kind, in every 100 cases", tuple(bars), out_of=100)
    return Part("Were like cases treated alike?", plot, table)


def _cases_address(kind: Kind, period: Period) -> str | None:
    if not kind.listed:
        return None
    query = urlencode({"period": period.key, "recommended": kind.recommended, "code": kind.code})
    return f"/consistency/cases?{query}"


def _kind(kind: Kind) -> str:
    return f"{words.code_words(kind.code)}, step {kind.recommended} recommended"


def _said(count: int) -> str:
    return f"{count:,}" if count else FEW
