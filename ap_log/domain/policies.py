"""The policy of an installation as it was published, version by version. What a policy says is in `domain/policy/`."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from ap_log.domain.policy.examples import Example
from ap_log.domain.policy.language import Policy

SHORTEST_NOTICE = timedelta(minutes=1)
"""How long before a version takes effect it must be published, or withdrawn, at the latest.

Entries are judged while either is being saved: with less notice, one could be judged by what is no longer the policy.
"""


class Withdrawal(msgspec.Struct, frozen=True):
    """Who took a version back before it took effect, by name, when and why. The time is aware."""

    by: str
    at: datetime
    reason: str


class PublishedVersion(msgspec.Struct, frozen=True):
    """One published version. `published_by` is a name, None for the policy that AP Log came with. Times are aware.

    A version that was withdrawn keeps its number and its label, and stands in nobody's way.
    """

    id: str
    label: str
    version: int
    policy: Policy
    examples: tuple[Example, ...]
    published_by: str | None
    reason: str | None
    published_at: datetime
    withdrawal: Withdrawal | None = None


class Reach(msgspec.Struct, frozen=True):
    """At how many premises a policy takes effect, and how many of them are not the publisher's."""

    premises: int
    of_others: int


def standing(versions: Sequence[PublishedVersion]) -> tuple[PublishedVersion, ...]:
    """Those of the versions that were not withdrawn, in their order. The first of all always stands."""
    return tuple(version for version in versions if version.withdrawal is None)


def can_be_withdrawn(version: PublishedVersion, versions: Sequence[PublishedVersion], now: datetime) -> bool:
    """Whether a version is still to come, and another is in force without it. `versions` are all, oldest first."""
    is_to_come = version.policy.effective_from - SHORTEST_NOTICE > now
    return is_to_come and version.withdrawal is None and version.id != versions[0].id


def next_minute(at: datetime) -> datetime:
    """The full minute at or after a time. What people log is timed by the minute, so that no entry falls between."""
    minute = at.replace(second=0, microsecond=0)
    return minute if minute == at else minute + timedelta(minutes=1)
