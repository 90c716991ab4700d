"""A rehearsal: a draft run over the history of some premises since a time, its progress and what it found."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from ap_log.domain.errors import Fault
from ap_log.domain.policy.rehearsal import Difference, Rehearsed, Verdict
from ap_log.domain.policy.rules import Outcome

CASE_CONFERENCE = "case-conference"
CANNOT_JUDGE = "cannot-judge"

RUNGS = ("0", "1", "2", "3", CASE_CONFERENCE, "4", "5", CANNOT_JUDGE)
"""Where an episode may stand, lowest first: a step, or a case conference where evidence for step 4 is missing. What
cannot be judged is neither lower nor higher."""


class Pair(msgspec.Struct, frozen=True):
    """So many episodes stood at one rung then and stand at another under the draft."""

    then: str
    draft: str
    count: int


class AtPremises(msgspec.Struct, frozen=True):
    """What was looked at in one premises, by id, and how many episodes differ there."""

    premises: str
    episodes: int
    differences: int


class Summary(msgspec.Struct, frozen=True):
    """What a rehearsal found. `contradictory` residents could not be compared: their facts contradict each other."""

    residents: int
    episodes: int
    contradictory: int
    kinds: Mapping[str, int]
    pairs: tuple[Pair, ...]
    premises: tuple[AtPremises, ...]

    @property
    def differences(self) -> int:
        return sum(pair.count for pair in self.pairs)

    @property
    def higher(self) -> int:
        return sum(pair.count for pair in self.pairs if direction(pair.then, pair.draft) > 0)

    @property
    def lower(self) -> int:
        return sum(pair.count for pair in self.pairs if direction(pair.then, pair.draft) < 0)

    @property
    def unjudged(self) -> int:
        return sum(pair.count for pair in self.pairs if CANNOT_JUDGE in (pair.then, pair.draft))

    @property
    def judged(self) -> int:
        """Episodes that both sides judge, and otherwise: those that would have differed."""
        return self.differences - self.unjudged

    @property
    def level(self) -> int:
        """Episodes that are joined or split, and the highest step is the same."""
        return self.judged - self.higher - self.lower


class Rehearsal(msgspec.Struct, frozen=True):
    """A rehearsal as it stands. Times are aware; `residents` is None until a worker has counted them.

    `premises` are ids; `draft_revision` is the draft's when the rehearsal was asked for.
    """

    id: str
    draft_id: str
    draft_revision: int
    premises: tuple[str, ...]
    since: datetime
    asked_by: str
    asked_at: datetime
    residents: int | None
    residents_done: int
    summary: Summary | None
    faults: tuple[str, ...]
    finished_at: datetime | None


class DifferenceRecord(msgspec.Struct, frozen=True):
    """One difference and whom it is about, for a page."""

    difference: Difference
    resident_id: str
    resident_name: str
    room: str
    premises: str


class Choice(msgspec.Struct, frozen=True):
    """Which differences are asked for; None: whichever. Rungs, and the id of a premises."""

    then: str | None = None
    draft: str | None = None
    premises: str | None = None


class Tally:
    """Counts what residents' rehearsals found, as they come, into a summary."""

    def __init__(self) -> None:
        self._residents = self._contradictory = 0
        self._kinds: Counter[str] = Counter()
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._episodes: Counter[str] = Counter()
        self._differences: Counter[str] = Counter()

    def add(self, premises: str, rehearsed: Rehearsed) -> None:
        """One resident, who lives or lived last at these premises."""
        self._residents += 1
        self._contradictory += not rehearsed.comparable
        self._episodes[premises] += rehearsed.episodes
        self._differences[premises] += len(rehearsed.differences)
        for difference in rehearsed.differences:
            self._kinds[difference.kind.value] += 1
            self._pairs[rung(difference.then), rung(difference.draft)] += 1

    def summary(self) -> Summary:
        pairs = sorted(self._pairs, key=lambda pair: (RUNGS.index(pair[0]), RUNGS.index(pair[1])))
        return Summary(
            residents=self._residents,
            episodes=self._episodes.total(),
            contradictory=self._contradictory,
            kinds=dict(sorted(self._kinds.items())),
            pairs=tuple(Pair(then, draft, self._pairs[then, draft]) for then, draft in pairs),
            premises=tuple(
                AtPremises(each, self._episodes[each], self._differences[each]) for each in sorted(self._episodes)
            ),
        )


def rung(verdict: Verdict) -> str:
    """Where a verdict stands, one of RUNGS."""
    if verdict.step is None:
        return CANNOT_JUDGE
    return CASE_CONFERENCE if verdict.outcome == Outcome.CASE_CONFERENCE else str(verdict.step)


def direction(then: str, draft: str) -> int:
    """1 where the draft's rung is higher, -1 where it is lower, 0 where it is neither."""
    if CANNOT_JUDGE in (then, draft):
        return 0
    before, after = RUNGS.index(then), RUNGS.index(draft)
    return (after > before) - (after < before)


def default_since(earliest: datetime, now: datetime) -> datetime:
    """A year back, or as far as there was a policy."""
    return max(now - timedelta(days=365), earliest)


def begun_with(since: datetime, earliest: datetime) -> datetime:
    """When a rehearsal from that day on begins: on the first policy's own day with the policy, not with the day."""
    return earliest if since <= earliest < since + timedelta(days=1) else since


def faults_of_since(since: datetime | None, earliest: datetime, now: datetime) -> list[Fault]:
    """What is wrong with the day a rehearsal should start on; `earliest` is when the first policy came into force."""
    if since is None:
        return [Fault("since-day", "Enter a real date, such as 27 3 2026")]
    if since > now:
        return [Fault("since-day", "The date must be today or in the past: a rehearsal runs over what has happened")]
    if since < earliest:
        said = f"{earliest.day} {earliest:%B %Y}"
        return [Fault("since-day", f"The date must be {said} or later: before then no policy was in force")]
    return []
