"""The open drafts in a list. Several may be drafts of one number, so each says what it changes first."""

from datetime import datetime

import msgspec

from ap_log.domain.policies import PublishedVersion
from ap_log.domain.policy.changes import changes
from ap_log.domain.policy.words import count_words
from ap_log.domain.policy_drafts import Draft
from ap_log.presenters.times import Moment, moment


class DraftRow(msgspec.Struct, frozen=True):
    """A draft that can still be changed, what it changes in a line, and who changed it last."""

    id: str
    number: int
    changes: str
    changed_by: str
    changed_at: Moment


def draft_row(draft: Draft, newest: PublishedVersion, now: datetime) -> DraftRow:
    """A draft beside the newest version that stands."""
    changed_at = moment(draft.changed_at, now)
    return DraftRow(draft.id, draft.version, _changes(draft, newest, now), draft.changed_by, changed_at)


def _changes(draft: Draft, newest: PublishedVersion, now: datetime) -> str:
    if faults := draft.faults():
        return f"It has {count_words(len(faults), 'fault')}."
    found = changes(newest.policy, draft.policy(now))
    return f"{count_words(len(found), 'change')}. {found[0].words}" if found else "No change yet."
