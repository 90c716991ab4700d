"""The episodes that a rehearsed draft would have judged otherwise, one by one: who, when, which step then and now."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from ap_log.domain.policy.rehearsal import Difference, Kind, Unjudged
from ap_log.domain.rehearsals import CANNOT_JUDGE, Choice, DifferenceRecord, rung
from ap_log.presenters import words
from ap_log.presenters.rehearsal_words import counted, query, rung_step, rung_words
from ap_log.presenters.times import Moment, moment
from ap_log.presenters.words import Step

_UNJUDGED_WORDS = {
    Unjudged.TWO_DECISIONS: "two decisions fall into one episode, and all but one would have to be withdrawn",
    Unjudged.UNKNOWN_CODE: "it does not know the code {code}",
    Unjudged.UNKNOWN_WORD: "it does not know something that the entry says made it better or worse",
}


class EntryLink(msgspec.Struct, frozen=True):
    words: str
    href: str


class DifferenceItem(msgspec.Struct, frozen=True):
    """One episode that would have differed. A step is None where that side cannot judge it."""

    resident: str
    name: str
    room: str
    premises: str
    at: Moment
    what: str
    then: Step | None
    draft: Step | None
    note: str | None
    entries: tuple[EntryLink, ...]


class DifferencesPage(msgspec.Struct, frozen=True):
    """One page of the episodes of a choice; `pages` in all, at least 1. `query` keeps the choice in links."""

    headline: str
    said: str
    items: tuple[DifferenceItem, ...]
    query: str
    page: int
    pages: int


def differences_page(
    choice: Choice,
    names: Mapping[str, str],
    records: Iterable[DifferenceRecord],
    total: int,
    page: int,
    page_size: int,
    now: datetime,
    *,
    has_unjudged: bool,
) -> DifferencesPage:
    """One page of so many differences in `total`; `has_unjudged`: the rehearsal has some that one side cannot judge."""
    return DifferencesPage(
        headline=_headline(choice, total, has_unjudged=has_unjudged),
        said=_choice_words(choice, names),
        items=tuple(_item(record, now) for record in records),
        query=query(choice),
        page=page,
        pages=max(-(-total // page_size), 1),
    )


def _headline(choice: Choice, total: int, *, has_unjudged: bool) -> str:
    steps = {choice.then, choice.draft} - {None}
    if CANNOT_JUDGE in steps:
        return f"{counted(total, 'episode')} could not be judged"
    may_be_unjudged = has_unjudged and len(steps) < 2
    return f"{counted(total, 'episode')} would have differed{' or could not be judged' if may_be_unjudged else ''}"


def _choice_words(choice: Choice, names: Mapping[str, str]) -> str:
    parts = []
    if choice.then is not None:
        parts.append(f"{rung_words(choice.then)}, then")
    if choice.draft is not None:
        parts.append(f"{rung_words(choice.draft)}, under the draft")
    if choice.premises is not None:
        parts.append(names.get(choice.premises, ""))
    return "; ".join(parts)


def _item(record: DifferenceRecord, now: datetime) -> DifferenceItem:
    found = record.difference
    many = len(found.entries) > 1
    return DifferenceItem(
        resident=record.resident_id,
        name=record.resident_name,
        room=record.room,
        premises=record.premises,
        at=moment(found.started_at, now),
        what=words.code_words(found.code),
        then=rung_step(rung(found.then)),
        draft=rung_step(rung(found.draft)),
        note=_note(found),
        entries=tuple(
            EntryLink(f"Entry {place}" if many else "The entry", f"/residents/{record.resident_id}#entry-{entry}")
            for place, entry in enumerate(found.entries, 1)
        ),
    )


def _note(found: Difference) -> str | None:
    if found.kind is Kind.REGROUPED:
        return "The draft joins or splits episodes here; the highest step is shown."
    for side, verdict in (("The policy then", found.then), ("The draft", found.draft)):
        if verdict.step is None:
            return f"{side} cannot judge this: {_UNJUDGED_WORDS[Unjudged(verdict.outcome)].format(code=found.code)}."
    return None
