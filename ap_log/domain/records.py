"""One resident's record as pages read it: values without a database behind them, read by `store/records.py`.

Names of people stand in place of their ids; every time is aware.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ap_log.domain.entries import Entry
from ap_log.domain.policy.active import Warning
from ap_log.domain.policy.grounds import Figure
from ap_log.domain.policy.kept_facts import KeptFacts
from ap_log.domain.recommendations import Heads


@dataclass(frozen=True, slots=True)
class ResidentRecord:
    """Who the resident is. `officer`, `key_worker` None where nobody is named."""

    id: str
    name: str
    room: str
    crn: str
    premises_id: str
    premises: str
    legal_status: str
    officer: str | None
    key_worker: str | None
    recalled_for_intoxicated_aggression: bool
    antipsychotic: bool
    arrived_at: datetime
    departed_at: datetime | None


@dataclass(frozen=True, slots=True)
class EarlierVersion:
    """What an entry said before it was changed, and until when it counted."""

    entry: Entry
    version: int
    occurred_at: datetime
    replaced_at: datetime
    is_disowned: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """Something a person did about a decision (a void, a withdrawal, letting it stand) or an entry: who, when, why."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class EntryRecord:
    """The newest version of an entry. `occurred_at` is what counts; `entry.occurred_at` is what the phone said.

    `author_had_moved`: when it arrived, its author no longer held a posting that lets them log at its premises.
    `doubt_ms`: how far the clocks disagree. `brought_by`: who was signed in when it came, where that was not its author
    and its author has not confirmed it. `disowned`: its author said that they did not write it; it counts for nothing.
    """

    entry: Entry
    version: int
    sequence: int
    code: str | None
    evidence: str | None
    intoxicated: bool
    occurred_at: datetime
    received_at: datetime
    author: str
    author_had_moved: bool = False
    doubt_ms: int = 0
    brought_by: str | None = None
    disowned: Act | None = None
    earlier: tuple[EarlierVersion, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A decision and what became of it. `recommended` is None where the policy could not judge.

    `unheld` are the duties that should have been told of it and that nobody held; `recommendation_id` the
    recommendation that it was made on.
    """

    id: str
    entry_id: str
    step: int
    recommended: int | None
    reason: str
    heads: Heads | None
    by: str
    at: datetime
    void: Act | None = None
    withdrawal: Act | None = None
    kept: tuple[Act, ...] = ()
    unheld: tuple[str, ...] = ()
    recommendation_id: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One of the policy's reasons: its rule, its words, and the ids of the entries and decisions it rests on.

    `welsh` is empty, and `figures` too, for recommendations from before these were kept.
    """

    rule: str
    text: str
    facts: tuple[str, ...]
    welsh: str = ""
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class RecommendationRecord:
    """What the policy recommends for one episode. `answer` is the policy's own (empty where it could not judge).

    `decision_id` is the decision the episode has; with `look_again` the facts have since put it in question.
    `waiting_since` is when the episode began to wait, however often it has been judged again since.
    `headline` says the step and what decided it; `facts` are those used. Both are None from before they were kept.
    """

    id: str
    resident_id: str
    policy: str
    episode: tuple[str, ...]
    deciding_entry: str
    started_at: datetime
    step: int | None
    outcome: str
    answer: dict[str, Any]
    reasons: tuple[Reason, ...]
    faults: tuple[str, ...]
    made_at: datetime
    waiting_since: datetime
    decision_id: str | None
    look_again: bool
    headline: Reason | None = None
    facts: KeptFacts | None = None
    superseded_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it waits for a person: nobody has decided, or the decision has to be looked at again."""
        waits = self.decision_id is None or self.look_again
        return waits and (self.step != 0 or self.look_again)

    @property
    def may_reduce_to(self) -> int | None:
        return self.answer.get("may_reduce_to")

    @property
    def route(self) -> str | None:
        return self.answer.get("route")

    @property
    def warn_not_before(self) -> datetime | None:
        written = self.answer.get("warn_not_before")
        return None if written is None else datetime.fromisoformat(written)


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """What a recipient answered: `kind` acknowledged, comment or decision, with their `choice` for the last."""

    kind: str
    choice: str | None
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """A notice and what became of it. `passed_to` is who it went to when no answer came.

    `undeliverable_at` is when its e-mail was refused for good: the recipient may not know of it.
    """

    id: str
    reference: str
    recipient: str
    duty: str
    wanted: str
    step: int | None
    made_at: datetime
    tell_by: datetime
    answer_by: datetime
    told_at: datetime | None
    seen_at: datetime | None
    closed_at: datetime | None
    overdue_at: datetime | None
    passed_to: str | None
    decision_id: str | None
    answers: tuple[AnswerRecord, ...] = ()
    undeliverable_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """Everything about one resident. Entries, decisions and notices newest first; recommendations are current ones.

    `warnings` is empty, and `warnings_known` false, while facts contradict each other and the policy cannot judge;
    `clashing` are the decisions that share an episode then.
    """

    resident: ResidentRecord
    entries: tuple[EntryRecord, ...]
    decisions: tuple[DecisionRecord, ...]
    recommendations: tuple[RecommendationRecord, ...]
    notices: tuple[NoticeRecord, ...]
    warnings: tuple[Warning, ...]
    warnings_known: bool
    clashing: frozenset[str] = frozenset()

    def active_warnings(self, at: datetime) -> tuple[Warning, ...]:
        """The warnings that count at a time, the highest step first."""
        active = [warning for warning in self.warnings if warning.issued_at <= at < warning.ends_at]
        return tuple(sorted(active, key=lambda warning: (-warning.step, warning.ends_at)))


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One recommendation that waits for a decision. `decide_by` is the earliest time its review notices give.

    `doubt_ms` is the greatest doubt about the time of any of its entries; `is_confirmed`: their authors wrote them all.
    """

    recommendation: RecommendationRecord
    resident_name: str
    room: str
    premises: str
    happenings: tuple[str, ...]
    decide_by: datetime | None
    doubt_ms: int = 0
    is_confirmed: bool = True


@dataclass(frozen=True, slots=True)
class SentNotice:
    """A notice of a decision that still waits for an answer, with whom it is about and who did not answer before."""

    notice: NoticeRecord
    resident_id: str
    resident_name: str
    room: str
    passed_from: str | None


@dataclass(frozen=True, slots=True)
class UnheldDuties:
    """The duties that should have been told of a decision and that nobody held; `step` is what was issued."""

    decision_id: str
    step: int
    duties: tuple[str, ...]
    resident_id: str
    resident_name: str
    room: str


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of what waits for a decision, `total` in all; the notices that wait for an answer; who was not told."""

    items: tuple[QueueItem, ...]
    total: int
    sent: tuple[SentNotice, ...]
    unheld: tuple[UnheldDuties, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """The highest warning that counts for a resident now, and until when."""

    step: int
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class HouseRow:
    """One resident in the list of a house, with how many episodes wait for a decision."""

    resident: ResidentRecord
    standing: Standing | None
    waiting: int
