"""The draft of a policy: the next version while it is being written, shared among area managers.

Whether it may be published is in `domain/policy_publication.py`.
"""

import re
from collections.abc import Iterable
from datetime import datetime

import msgspec

from ap_log.domain.policy.drafting import Document, policy_of
from ap_log.domain.policy.examples import Example
from ap_log.domain.policy.faults import PlacedFault, Refused
from ap_log.domain.policy.language import Policy

CHAPTERS: dict[str, tuple[str, ...]] = {
    "times": ("time_zone", "episode_window_hours", "fit_to_warn_hours", "warning_days"),
    "base": ("base",),
    "repeat": ("repeat",),
    "climb": ("climb", "cap"),
    "raising": ("aggravator", "mitigator", "help_seeking"),
    "guard": ("evidence_guard", "departure"),
    "routes": ("routes",),
    "notify": ("notify",),
}
"""The chapters of a policy, by their keys, with the keys of the document that each holds."""

_CHAPTER_OF = {key: chapter for chapter, keys in CHAPTERS.items() for key in keys}
_FIRST_KEY = re.compile(r"[^. ]*")


class Draft(msgspec.Struct, frozen=True):
    """A draft as it stands. Wrong values are kept as they were typed.

    `based_on` is the label of the version it was started from, `version` the number it gets when it is published (or
    got), `follows` the number of the newest version that was not withdrawn. `revision` counts its changes.
    `published_as` is the id of a published version. Times are aware.
    """

    id: str
    based_on: str
    name: str
    version: int
    follows: int
    document: Document
    examples: tuple[Example, ...]
    revision: int
    started_by: str
    started_at: datetime
    changed_by: str
    changed_at: datetime
    discarded_at: datetime | None = None
    published_as: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it can still be changed."""
        return self.discarded_at is None and self.published_as is None

    def policy(self, effective_from: datetime) -> Policy:
        """The policy it would be. Raises Refused with every fault of the document, each placed."""
        return policy_of(self.document, name=self.name, version=self.version, effective_from=effective_from)

    def faults(self) -> tuple[PlacedFault, ...]:
        """Every fault of the document, in the order of the language."""
        try:
            self.policy(self.changed_at)
        except Refused as refusal:
            return refusal.placed
        return ()


def chapter_of(place: str) -> str | None:
    """The key of the chapter that a place of the document ("repeat 2.code") belongs to; None for an unknown key."""
    found = _FIRST_KEY.match(place)
    return _CHAPTER_OF.get(found[0]) if found else None


def faults_of_chapter(faults: Iterable[PlacedFault], chapter: str) -> tuple[PlacedFault, ...]:
    """Those of a document's faults that belong to one chapter."""
    return tuple(fault for fault in faults if chapter_of(fault.place) == chapter)
