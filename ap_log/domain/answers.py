"""What a recipient may answer to a notice: an officer's choices on each legal route, and what makes an answer whole.

AP Log never names a type of recall, and none of these choices does.
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from ap_log.domain.errors import Fault
from ap_log.domain.notices import Wanted
from ap_log.domain.recommendations import REASON_LIMIT, faults_of_id
from ap_log.domain.vocabulary import Term

NEEDS_MORE = Term("needs-more", "I need more before deciding", "The manager is told, and this stays open")
CASE_CONFERENCE = Term("case-conference", "Hold a case conference first")

_ON_ROUTE: dict[str, tuple[Term, ...]] = {
    "recall-consideration": (
        Term("start-recall-consideration", "Start recall consideration with my senior officer"),
        Term("no-recall", "Decision not to recall: manage in the community"),
    ),
    "breach-consideration": (
        Term("start-breach-consideration", "Start breach consideration with my senior officer"),
        Term("no-breach", "Decision not to breach: manage in the community"),
    ),
    "bail-breach-report": (
        Term("report-bail-breach", "Report to the police or the court under the bail conditions"),
        Term("no-bail-report", "Decision not to report: manage under the present conditions"),
    ),
    "placement-review": (
        Term("review-placement", "Start a review of the placement"),
        Term("keep-placement", "Decision not to review: keep the placement"),
    ),
}
_ON_OTHER_ROUTES = (
    Term("start", "Start what the policy sets out, with my senior officer"),
    Term("no-start", "Decision not to start it: manage in the community"),
)
_WORDS = {
    term.code: term.words
    for terms in (*_ON_ROUTE.values(), _ON_OTHER_ROUTES, (CASE_CONFERENCE, NEEDS_MORE))
    for term in terms
}


class AnswerKind(StrEnum):
    """What a recipient did. Only `COMMENT` and `DECISION` settle what was wanted of them."""

    ACKNOWLEDGED = "acknowledged"
    NEEDS_MORE = "needs-more"
    COMMENT = "comment"
    DECISION = "decision"

    @property
    def settles(self) -> bool:
        return self in (AnswerKind.COMMENT, AnswerKind.DECISION)


class Answer(msgspec.Struct, frozen=True):
    """What a recipient sends. `id` was made with the form, so that a form sent twice is one answer.

    `choice` is None where only words are wanted.
    """

    id: str
    choice: str | None
    reason: str

    @property
    def kind(self) -> AnswerKind:
        if self.choice is None:
            return AnswerKind.COMMENT
        return AnswerKind.NEEDS_MORE if self.choice == NEEDS_MORE.code else AnswerKind.DECISION


def is_answerable(wanted: str) -> bool:
    """Whether a notice is answered in words, rather than by opening it or by deciding the episode."""
    return wanted in (Wanted.COMMENT, Wanted.DECISION)


def choices(wanted: str, route: str | None, outcome: str) -> tuple[Term, ...]:
    """What may be chosen in answer to a notice; none where only words are wanted.

    `route` is the policy's for the resident's legal status, `outcome` what it recommended.
    """
    if wanted != Wanted.DECISION:
        return ()
    conference = (CASE_CONFERENCE,) if outcome == CASE_CONFERENCE.code else ()
    return (*conference, *_ON_ROUTE.get(route or "", _ON_OTHER_ROUTES), NEEDS_MORE)


def choice_words(choice: str) -> str:
    """The words that a choice was made in. A choice that AP Log offers no more stands for itself."""
    return _WORDS.get(choice, choice)


def faults_of_answer(answer: Answer, allowed: Sequence[Term]) -> list[Fault]:
    """Everything wrong with an answer, each fault naming its field. `allowed` are the choices of its notice."""
    faults = faults_of_id(answer.id)
    if allowed and answer.choice not in {term.code for term in allowed}:
        faults.append(Fault("choice", "Choose what you have decided"))
    if not answer.reason.strip():
        faults.append(Fault("reason", "Say why, in your own words" if allowed else "Write your comment"))
    elif len(answer.reason) > REASON_LIMIT:
        words = "Your reason" if allowed else "Your comment"
        faults.append(Fault("reason", f"{words} must be {REASON_LIMIT:,} characters or fewer"))
    return faults
