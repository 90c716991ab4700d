"""What a draft has to be before it is published: whole, tried on its examples, and able to judge whatever is logged.

Each fault names the chapter it is about, `examples` or `changes`, or a field of the form that publishes.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from ap_log.domain.errors import Fault
from ap_log.domain.policies import SHORTEST_NOTICE, PublishedVersion, next_minute, standing
from ap_log.domain.policy.changes import changes
from ap_log.domain.policy.describe import TITLES
from ap_log.domain.policy.examples import Tried, try_example
from ap_log.domain.policy.language import Policy
from ap_log.domain.policy_coverage import faults_beyond
from ap_log.domain.policy_drafts import Draft, chapter_of
from ap_log.domain.recommendations import faults_of_reason

EXAMPLES = "examples"
CHANGES = "changes"

LONGEST_WAIT = timedelta(days=366)
"""How far ahead a version may take effect. Each takes effect after all others: a mistyped year would bar them all."""

_TYPED = re.compile(r"[0-9]{1,2} [0-9]{1,2} 2[0-9]{3} [0-9]{1,2}:[0-9]{2}")


class Publication(msgspec.Struct, frozen=True):
    """What an area manager publishes, when and why.

    `revision`, `version` and `follows` are those of the draft as its page showed them. `effective_from` is aware; None
    is at once: the first full minute that leaves the shortest notice. `unread` are the faults of fields that could not
    be read, so that they are named with all others.
    """

    revision: int
    version: int
    follows: int
    effective_from: datetime | None
    reason: str
    unread: tuple[Fault, ...] = ()

    def begins(self, now: datetime) -> datetime:
        """When it takes effect if it is published at `now`."""
        return next_minute(now + SHORTEST_NOTICE) if self.effective_from is None else self.effective_from


def local_time(day: str, month: str, year: str, clock: str, zone: ZoneInfo) -> datetime | None:
    """The time that was typed as four fields, as clocks in the zone show it; None where there is no such time.

    A reading that a clock change skips is none; of one that occurs twice it is the first.
    """
    typed = f"{day} {month} {year} {clock}"
    if not _TYPED.fullmatch(typed):
        return None
    try:
        reading = datetime.strptime(typed, "%d %m %Y %H:%M").replace(tzinfo=zone)
    except ValueError:
        return None
    shown = reading.astimezone(UTC).astimezone(zone)
    return reading if shown.replace(tzinfo=None) == reading.replace(tzinfo=None) else None


def faults_of_document(draft: Draft) -> list[Fault]:
    """The faults of what a draft says, and what it leaves unsaid that can be logged, each naming its chapter."""
    wrong = [_fault(each.place, f"{each.place} {each.words}") for each in draft.faults()]
    return [*wrong, *(_fault(each.place, each.words) for each in faults_beyond(draft))]


def faults_before_publication(draft: Draft, newest: PublishedVersion) -> list[Fault]:
    """Everything that keeps a draft from being published, whenever and whyever that is."""
    faults = faults_of_document(draft)
    if draft.faults():
        return faults
    policy = draft.policy(draft.changed_at)
    return [
        *_faults_of_examples([try_example(policy, example) for example in draft.examples]),
        *_faults_of_changes(policy, newest),
        *faults,
    ]


def faults_of_publication(
    publication: Publication, versions: tuple[PublishedVersion, ...], zone: ZoneInfo, now: datetime
) -> list[Fault]:
    """Everything wrong with when a draft is to take effect, and with why. `versions` are all, oldest first."""
    beginning = () if publication.unread else _faults_of_beginning(publication.begins(now), versions, zone, now)
    return [*publication.unread, *beginning, *faults_of_reason(publication.reason)]


def example_words(tried: Tried) -> str:
    """Why an example does not pass."""
    expected = f"“{tried.example.title}” expects step {tried.example.step}"
    if tried.answer is None:
        return f"“{tried.example.title}” cannot be judged: {' '.join(tried.faults)}"
    if tried.answer.step != tried.example.step:
        return f"{expected}, and this draft gives step {tried.answer.step}"
    return f"{expected} with {tried.example.outcome}, and this draft gives {tried.answer.outcome}"


def _fault(place: str, words: str) -> Fault:
    chapter = chapter_of(place) or next(iter(TITLES))
    return Fault(chapter, f"{TITLES[chapter]}: {words}")


def _faults_of_examples(tried: list[Tried]) -> Iterator[Fault]:
    if not tried:
        yield Fault(EXAMPLES, "Add at least one worked example, so that the draft is tried before anybody is")
    for each in tried:
        if not each.passes:
            yield Fault(EXAMPLES, example_words(each))


def _faults_of_changes(policy: Policy, newest: PublishedVersion) -> Iterator[Fault]:
    if not changes(newest.policy, policy):
        yield Fault(CHANGES, f"This draft says the same as version {newest.version}. Change something first")


def _faults_of_beginning(
    begins: datetime, versions: tuple[PublishedVersion, ...], zone: ZoneInfo, now: datetime
) -> Iterator[Fault]:
    latest = standing(versions)[-1]
    if begins < now:
        yield Fault("effective_from", "Give a time that is still to come: a policy never takes effect backwards")
    elif begins < now + SHORTEST_NOTICE:
        yield Fault("effective_from", "Give a time at least one minute from now, or choose “At once”")
    elif begins <= latest.policy.effective_from:
        local = latest.policy.effective_from.astimezone(zone)
        when = f"{local.day} {local:%B %Y} at {local:%H:%M}"
        yield Fault("effective_from", f"Give a time after {when}, when version {latest.version} takes effect")
    elif begins > now + LONGEST_WAIT:
        yield Fault("effective_from", "Give a time within a year from now")
