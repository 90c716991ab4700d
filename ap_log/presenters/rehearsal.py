"""A rehearsal on a page: how far it is, and then what would have differed, in one sentence, a plot and tables."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from ap_log.domain.policy.changes import changes
from ap_log.domain.policy.faults import Refused
from ap_log.domain.policy.language import Policy
from ap_log.domain.policy.loading import load_policy
from ap_log.domain.policy_drafts import Draft
from ap_log.domain.rehearsals import CANNOT_JUDGE, RUNGS, Choice, Rehearsal, Summary, direction
from ap_log.presenters.bars import Bar, BarPlot, bar_plot
from ap_log.presenters.policy_draft import Changed, by_chapter
from ap_log.presenters.rehearsal_words import address, counted, headline, looked_at, notes, rung_label, rung_words
from ap_log.presenters.times import Moment, day, moment

SLOW_TO_BEGIN = timedelta(minutes=2)
"""A worker looks every second. When nothing has begun by then, there may be none."""

_TONES = {1: "red", 0: "grey", -1: "green"}


class Progress(msgspec.Struct, frozen=True):
    """How far it is. `total` is None until the residents have been counted; what has `ended` has more to show."""

    done: int
    total: int | None
    words: str
    ended: bool


class Cell(msgspec.Struct, frozen=True):
    """How many episodes went from one rung to another, and where they are listed; 0 has no list."""

    count: int
    href: str | None
    tone: str


class MatrixRow(msgspec.Struct, frozen=True):
    """The rung then, and a cell for each rung under the draft."""

    words: str
    cells: tuple[Cell, ...]


class PremisesRow(msgspec.Struct, frozen=True):
    name: str
    episodes: int
    differences: int
    href: str | None


class Result(msgspec.Struct, frozen=True):
    """What a finished rehearsal found. `columns` are the rungs under the draft; none where nothing differs.

    What could not be judged has no bar in the plot; the tables and the list hold it too.

    Where the list of its episodes was not kept, nothing leads there.
    """

    headline: str
    looked_at: str
    notes: tuple[str, ...]
    has_list: bool
    plot: BarPlot | None
    has_unjudged: bool
    columns: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    premises: tuple[PremisesRow, ...]


class RehearsalPage(msgspec.Struct, frozen=True):
    """A rehearsal: `progress` while it is not done, then `result`, or the `faults` it ended with.

    `version` is the draft's number, `changed` what it changed in the version it was started from, as it was rehearsed;
    `is_older` where the draft has changed since.
    """

    id: str
    draft: str
    version: int
    changed: tuple[Changed, ...]
    is_older: bool
    since: str
    asked_by: str
    asked_at: Moment
    progress: Progress | None
    result: Result | None
    faults: tuple[str, ...]


class RehearsalLine(msgspec.Struct, frozen=True):
    """A rehearsal in the list of a draft's."""

    id: str
    asked_at: Moment
    asked_by: str
    since: str
    state: str
    is_older: bool


def rehearsal_page(
    rehearsal: Rehearsal,
    draft: Draft,
    changed: tuple[Changed, ...],
    names: Mapping[str, str],
    now: datetime,
    *,
    has_list: bool,
) -> RehearsalPage:
    """A rehearsal of `draft`, and what that changed.

    `names` are those of the premises, by id; `has_list`: the episodes that would have differed are still there.
    """
    summary = rehearsal.summary
    return RehearsalPage(
        id=rehearsal.id,
        draft=draft.id,
        version=draft.version,
        changed=changed,
        is_older=rehearsal.draft_revision != draft.revision,
        since=day(rehearsal.since, now),
        asked_by=rehearsal.asked_by,
        asked_at=moment(rehearsal.asked_at, now),
        progress=rehearsal_progress(rehearsal, now) if rehearsal.finished_at is None else None,
        result=None if summary is None else _result(rehearsal.id if has_list else None, summary, names),
        faults=rehearsal.faults,
    )


def changed_by(text: str, based_on: Policy) -> tuple[Changed, ...]:
    """What a rehearsed draft changed in the version it was started from; `text` is the draft, as it was rehearsed."""
    try:
        return by_chapter(changes(based_on, load_policy(text)))
    except Refused:  # It was written for an AP Log of before, in which it had no faults.
        return ()


def rehearsal_line(rehearsal: Rehearsal, revision: int, now: datetime) -> RehearsalLine:
    """A rehearsal in the list of a draft's, which by now is at this revision."""
    return RehearsalLine(
        id=rehearsal.id,
        asked_at=moment(rehearsal.asked_at, now),
        asked_by=rehearsal.asked_by,
        since=day(rehearsal.since, now),
        state=_state(rehearsal, now),
        is_older=rehearsal.draft_revision != revision,
    )


def rehearsal_progress(rehearsal: Rehearsal, now: datetime) -> Progress:
    """How far it is, also for the page that asks again and again."""
    ended = rehearsal.finished_at is not None
    if rehearsal.residents is None:
        slow = now - rehearsal.asked_at > SLOW_TO_BEGIN
        said = (
            "Still waiting to begin. Ask whoever looks after AP Log whether its worker is running."
            if slow
            else "Waiting to begin."
        )
        return Progress(0, None, said, ended)
    done, total = rehearsal.residents_done, rehearsal.residents
    return Progress(done, total, f"{done:,} of {counted(total, 'resident')} done.", ended)


def _state(rehearsal: Rehearsal, now: datetime) -> str:
    if rehearsal.summary is not None:
        return headline(rehearsal.summary)
    return "Could not be finished" if rehearsal.faults else rehearsal_progress(rehearsal, now).words


def _result(name: str | None, summary: Summary, names: Mapping[str, str]) -> Result:
    """`name` is the rehearsal's id, where its episodes can still be listed."""
    counts = {(pair.then, pair.draft): pair.count for pair in summary.pairs}
    columns = [each for each in RUNGS if any(pair.draft == each for pair in summary.pairs)]
    rows = [each for each in RUNGS if any(pair.then == each for pair in summary.pairs)]
    return Result(
        headline=headline(summary),
        looked_at=looked_at(summary),
        notes=notes(summary),
        has_list=name is not None,
        plot=_plot(name, summary) if summary.judged else None,
        has_unjudged=summary.unjudged > 0,
        columns=tuple(rung_label(each) for each in columns),
        rows=tuple(
            MatrixRow(rung_label(then), tuple(_cell(name, then, draft, counts) for draft in columns)) for then in rows
        ),
        premises=tuple(_premises(name, summary, names)),
    )


def _plot(name: str | None, summary: Summary) -> BarPlot:
    bars = (
        Bar(
            words=f"{rung_words(pair.then)} → {rung_words(pair.draft)}",
            count=pair.count,
            href=_href(name, Choice(pair.then, pair.draft)),
            tone=_TONES[direction(pair.then, pair.draft)],
            note="The draft joins or splits these." if pair.then == pair.draft else None,
        )
        for pair in sorted(summary.pairs, key=lambda pair: -pair.count)
        if CANNOT_JUDGE not in (pair.then, pair.draft)
    )
    return bar_plot("Episodes, by the step then and the step under the draft", tuple(bars))


def _cell(name: str | None, then: str, draft: str, counts: Mapping[tuple[str, str], int]) -> Cell:
    count = counts.get((then, draft), 0)
    return Cell(count, _href(name, Choice(then, draft)) if count else None, _TONES[direction(then, draft)])


def _premises(name: str | None, summary: Summary, names: Mapping[str, str]) -> Iterator[PremisesRow]:
    """The premises where most differs first."""
    for each in sorted(summary.premises, key=lambda row: (-row.differences, names.get(row.premises, ""))):
        href = _href(name, Choice(premises=each.premises)) if each.differences else None
        yield PremisesRow(names.get(each.premises, each.premises), each.episodes, each.differences, href)


def _href(name: str | None, choice: Choice) -> str | None:
    return None if name is None else address(name, choice)
