"""The draft of a policy as pages show it: its task list. What it changes and its checks are in `policy_publication`."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec

from ap_log.domain.errors import Fault
from ap_log.domain.policies import PublishedVersion, standing
from ap_log.domain.policy.changes import Change, changes
from ap_log.domain.policy.describe import TITLES
from ap_log.domain.policy.drafting import document_of
from ap_log.domain.policy.examples import try_example
from ap_log.domain.policy.words import count_words
from ap_log.domain.policy_drafts import CHAPTERS, Draft
from ap_log.domain.policy_publication import CHANGES, EXAMPLES, faults_before_publication
from ap_log.domain.rehearsals import Rehearsal
from ap_log.presenters.times import Moment, moment


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What stands at the top of a draft's pages. `follows`: the newest version that stands, with which
    it is compared. Where that is not the one it was started from it is `newer`, or `older` if that one was withdrawn.

    A draft that is not open says what became of it in `ended`; `published_as` is the id of its version.
    """

    id: str
    address: str
    version: int
    based_on: str
    follows: int
    revision: int
    started_by: str
    started_at: Moment
    changed_by: str
    changed_at: Moment
    newer: int | None
    older: int | None
    ended: Moment | None
    published_as: str | None


class Task(msgspec.Struct, frozen=True):
    """One row of the task list. Without a `tone` the status is plain words: there is nothing to look at."""

    words: str
    href: str
    status: str
    tone: str | None = None


class Changed(msgspec.Struct, frozen=True):
    """What changes in one chapter, in sentences."""

    title: str
    lines: tuple[str, ...]


class DraftPage(msgspec.Struct, frozen=True):
    """A draft with its tasks. `changed` is None while faults keep it from being compared; `unmet` is what keeps it from
    being published, in a few words each."""

    head: Head
    chapters: tuple[Task, ...]
    examples: Task
    rehearsal: Task
    changed: tuple[Changed, ...] | None
    unmet: tuple[str, ...]


def draft_page(
    draft: Draft, versions: Sequence[PublishedVersion], rehearsed: Sequence[Rehearsal], now: datetime
) -> DraftPage:
    """A draft beside the versions that are published, oldest first, and its rehearsals, the newest first."""
    newest, has_faults = standing(versions)[-1], bool(draft.faults())
    unmet = faults_before_publication(draft, newest)
    return DraftPage(
        head=draft_head(draft, versions, now),
        chapters=tuple(_chapter(draft, newest, key, unmet, now) for key in CHAPTERS),
        examples=_examples(draft, now, has_faults=has_faults),
        rehearsal=_rehearsal(draft, rehearsed),
        changed=None if has_faults else by_chapter(changes(newest.policy, draft.policy(now))),
        unmet=tuple(_unmet_words(draft, unmet)),
    )


def draft_head(draft: Draft, versions: Sequence[PublishedVersion], now: datetime) -> Head:
    """The top of a draft's pages."""
    based_on = next(one.version for one in versions if one.label == draft.based_on)
    ended = draft.discarded_at or next((one.published_at for one in versions if one.id == draft.published_as), None)
    return Head(
        id=draft.id,
        address=f"/policy-drafts/{draft.id}",
        version=draft.version,
        based_on=str(based_on),
        follows=draft.follows,
        revision=draft.revision,
        started_by=draft.started_by,
        started_at=moment(draft.started_at, now),
        changed_by=draft.changed_by,
        changed_at=moment(draft.changed_at, now),
        newer=draft.follows if draft.is_open and draft.follows > based_on else None,
        older=draft.follows if draft.is_open and draft.follows < based_on else None,
        ended=moment(ended, now) if ended else None,
        published_as=draft.published_as,
    )


def _chapter(draft: Draft, newest: PublishedVersion, chapter: str, unmet: Iterable[Fault], now: datetime) -> Task:
    words, href = TITLES[chapter], f"/policy-drafts/{draft.id}/sections/{chapter}"
    wrong = sum(fault.field == chapter for fault in unmet)
    if wrong:
        return Task(words, href, count_words(wrong, "fault"), "red")
    before = document_of(newest.policy)
    if all(draft.document.get(key) == before.get(key) for key in CHAPTERS[chapter]):
        return Task(words, href, "Unchanged")
    if draft.faults():  # In another chapter; they keep the changes from being counted.
        return Task(words, href, "Changed", "blue")
    differ = sum(change.chapter == chapter for change in changes(newest.policy, draft.policy(now)))
    return Task(words, href, count_words(differ, "change") if differ else "Unchanged", "blue" if differ else None)


def _examples(draft: Draft, now: datetime, *, has_faults: bool) -> Task:
    words, href = "Worked examples", f"/policy-drafts/{draft.id}/examples"
    if not draft.examples:
        return Task(words, href, "None yet", "red")
    if has_faults:
        return Task(words, href, "Not tried", "grey")
    policy = draft.policy(now)
    failing = sum(not try_example(policy, example).passes for example in draft.examples)
    if failing:
        return Task(words, href, f"{failing} of {len(draft.examples)} fail", "red")
    return Task(words, href, "1 passes" if len(draft.examples) == 1 else f"All {len(draft.examples)} pass")


def _rehearsal(draft: Draft, rehearsed: Sequence[Rehearsal]) -> Task:
    """What the newest rehearsal found, as far as it still speaks of the draft as it is."""
    words, href = "Rehearse it on what has happened", f"/policy-drafts/{draft.id}/rehearsals"
    if not rehearsed:
        return Task(words, href, "Not yet", "grey")
    newest = rehearsed[0]
    if newest.draft_revision != draft.revision:
        return Task(words, href, "Changed since", "yellow")
    if newest.summary is None:
        return Task(words, href, "Failed", "red") if newest.faults else Task(words, href, "Running", "blue")
    return Task(words, href, f"{count_words(newest.summary.judged, 'episode')} would differ")


def _unmet_words(draft: Draft, unmet: Sequence[Fault]) -> Iterator[str]:
    """What keeps a draft from being published, counted."""
    wrong = sum(fault.field in CHAPTERS for fault in unmet)
    if wrong:
        yield f"it has {count_words(wrong, 'fault')}"
    failing = sum(fault.field == EXAMPLES for fault in unmet)
    if failing and draft.examples:
        yield f"{count_words(failing, 'worked example')} {'fails' if failing == 1 else 'fail'}"
    elif failing:
        yield "it has no worked example"
    if any(fault.field == CHANGES for fault in unmet):
        yield "it changes nothing yet"


def by_chapter(changed: Iterable[Change]) -> tuple[Changed, ...]:
    """Changes under the titles of their chapters; chapters without any are left out."""
    lines = {key: tuple(change.words for change in changed if change.chapter == key) for key in TITLES}
    return tuple(Changed(TITLES[key], found) for key, found in lines.items() if found)
