"""Notices as people read them: what is wanted, by when, how long is left, and what became of it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from ap_log.domain.answers import AnswerKind, choice_words, is_answerable
from ap_log.domain.notices import Wanted
from ap_log.domain.records import AnswerRecord, DecisionRecord, NoticeRecord, RecommendationRecord, Record
from ap_log.domain.vocabulary import Term
from ap_log.presenters import words
from ap_log.presenters.entries import FactRow
from ap_log.presenters.recommendations import Panel, panel, waited
from ap_log.presenters.timeline import DUTY_WORDS, head_lines, notice_lines
from ap_log.presenters.times import ZONE, Moment, clock, moment, when
from ap_log.presenters.words import Step

_TITLES = {
    Wanted.REVIEW: "Decide what happens next",
    Wanted.SEEN: "For you to read",
    Wanted.COMMENT: "Your plan or comment is wanted",
    Wanted.DECISION: "Your decision is wanted",
}

_CLOSED_TITLES = {
    Wanted.REVIEW: "For you to decide",
    Wanted.SEEN: "For you to read",
    Wanted.COMMENT: "Asked for a plan or comment",
    Wanted.DECISION: "Asked for a decision",
}

_ASKS = {
    Wanted.REVIEW: "Decide",
    Wanted.SEEN: "Read",
    Wanted.COMMENT: "Reply",
    Wanted.DECISION: "Decide",
}


class Line(msgspec.Struct, frozen=True):
    """One notice in an inbox. `state` is a word or two, `tone` its colour; `deadline` and `closed` are None while it is
    closed and while it is open."""

    reference: str
    title: str
    name: str
    room: str
    premises: str
    step: Step | None
    state: str
    tone: str
    deadline: str | None
    closed: Moment | None


class Inbox(msgspec.Struct, frozen=True):
    """What waits for a person, the one wanted soonest first, and what needs nothing any more.

    `queued` decisions wait in this person's queue, and are not repeated here.
    """

    waiting: tuple[Line, ...]
    closed: tuple[Line, ...]
    queued: int


class Said(msgspec.Struct, frozen=True):
    """An answer on the page: what was done, in which words, by whom and when."""

    title: str
    words: str
    by: str
    at: Moment


class NoticePage(msgspec.Struct, frozen=True):
    """One notice on its page. `deadline` and `still_due` are sentences; `panel` why the policy recommended what it did.

    `is_mine` where the reader is the one it was sent to, and `can_answer` where they may still answer it.
    """

    reference: str
    title: str
    state: str
    tone: str
    deadline: str
    still_due: str
    sent_to: str
    step: Step | None
    issued: str
    issued_at: Moment | None
    reason: str
    taken_back: str | None
    heads: tuple[FactRow, ...]
    panel: Panel
    told: tuple[str, ...]
    answers: tuple[Said, ...]
    acknowledged: Moment | None
    is_mine: bool
    can_answer: bool
    is_as_recommended: bool
    decide_at: str | None


class AnswerForm(msgspec.Struct, frozen=True):
    """The form that answers a notice, with what was typed. `id` is made with the form."""

    id: str
    title: str
    label: str
    button: str
    choices: tuple[Term, ...]
    choice: str = ""
    reason: str = ""


def deadline(at: datetime) -> str:
    """A time to answer by, for somebody who may read it on any day: "14:00 on Tuesday 24 November"."""
    local = at.astimezone(ZONE)
    return f"{clock(at)} on {local:%A} {local.day} {local:%B}"


def line(notice: NoticeRecord, name: str, room: str, premises: str, now: datetime) -> Line:
    """A notice as a line of an inbox."""
    state, tone = standing(notice, now)
    is_open = notice.closed_at is None
    return Line(
        reference=notice.reference,
        title=(_TITLES if is_open else _CLOSED_TITLES)[Wanted(notice.wanted)],
        name=name,
        room=room,
        premises=premises,
        step=None if notice.step is None else words.step(notice.step),
        state=state,
        tone=tone,
        deadline=f"{_ASKS[Wanted(notice.wanted)]} by {deadline(notice.answer_by)}" if is_open else None,
        closed=None if notice.closed_at is None else moment(notice.closed_at, now),
    )


def standing(notice: NoticeRecord, now: datetime) -> tuple[str, str]:
    """How a notice stands with the one it was sent to, in a few words, and their colour."""
    if notice.closed_at is not None:
        return _closed_words(notice, notice.answers), "grey"
    left = notice.answer_by - now
    if left.total_seconds() <= 0:
        late = f"Overdue by {waited(-left)}"
        return (f"{late}, passed to {notice.passed_to}" if notice.passed_to else late), "red"
    return f"{waited(left)} left", "orange" if left.total_seconds() < 4 * 3600 else "blue"


def notice_page(
    notice: NoticeRecord, recommendation: RecommendationRecord, record: Record, *, is_mine: bool, now: datetime
) -> NoticePage:
    """A notice for its page; `is_mine` where whoever reads it is the one it was sent to."""
    decision = next((each for each in record.decisions if each.id == notice.decision_id), None)
    together = [each for each in record.notices if decision is not None and each.decision_id == decision.id]
    answers = sorted((answer for each in together for answer in each.answers), key=lambda answer: answer.at)
    is_open = notice.closed_at is None
    state, tone = standing(notice, now) if is_open else (_closed_words(notice, answers), "grey")
    return NoticePage(
        reference=notice.reference,
        title=(_TITLES if is_open else _CLOSED_TITLES)[Wanted(notice.wanted)],
        state=state,
        tone=tone,
        deadline=_deadline_sentence(notice) if is_open else "",
        still_due=_still_due(notice),
        sent_to=f"{notice.recipient}, {DUTY_WORDS.get(notice.duty, notice.duty)}",
        step=_step(notice, recommendation),
        issued=decision.by if decision else "",
        issued_at=moment(decision.at, now) if decision else None,
        reason=decision.reason if decision else "",
        taken_back=_taken_back(decision, now),
        heads=tuple(head_lines(decision.heads)) if decision and decision.heads else (),
        panel=panel(recommendation, record, now),
        told=tuple(notice_lines(each, now)[0] for each in sorted(together, key=_telling_order)),
        answers=tuple(_said(answer, now) for answer in answers if answer.kind != AnswerKind.ACKNOWLEDGED),
        acknowledged=_acknowledged(notice, now),
        is_mine=is_mine,
        can_answer=is_mine and is_open and is_answerable(notice.wanted),
        is_as_recommended=notice.step == recommendation.step,
        decide_at=f"/recommendations/{recommendation.id}" if is_open and notice.wanted == Wanted.REVIEW else None,
    )


def answer_form(form_id: str, choices: Sequence[Term], choice: str = "", reason: str = "") -> AnswerForm:
    """The form for a notice that wants one of `choices` with a reason; without any, a comment."""
    asks = ("Your decision", "Why", "Send my decision") if choices else ("Your reply", "Your plan or comment", "Send")
    return AnswerForm(form_id, *asks, tuple(choices), choice, reason)


def _step(notice: NoticeRecord, recommendation: RecommendationRecord) -> Step | None:
    if notice.step is None:
        return None
    if notice.step != recommendation.step:  # Issued against the recommendation, whose outcome names another step.
        return words.step(notice.step)
    return words.step(notice.step, recommendation.outcome, recommendation.route)


def _deadline_sentence(notice: NoticeRecord) -> str:
    asks = {Wanted.SEEN: "read this", Wanted.COMMENT: "reply"}.get(Wanted(notice.wanted), "decide")
    return f"Please {asks} by {deadline(notice.answer_by)}."


def _still_due(notice: NoticeRecord) -> str:
    asked = "reply" if notice.wanted == Wanted.COMMENT else "decision"
    return f"Your {asked} is still due by {deadline(notice.answer_by)}."


def _closed_words(notice: NoticeRecord, answers: Sequence[AnswerRecord]) -> str:
    """Why nothing is wanted any more; `answers` are those known, of the whole chain or of the notice alone."""
    settling = [answer for answer in answers if AnswerKind(answer.kind).settles]
    if settling and is_answerable(notice.wanted):
        return f"Answered by {settling[-1].by}"
    if notice.wanted == Wanted.SEEN and notice.seen_at is not None:
        return "Read"
    return "Decided" if notice.wanted == Wanted.REVIEW else "Not needed any more"


def _telling_order(notice: NoticeRecord) -> tuple[datetime, bool]:
    """As they were told, and of those told together first the one who is to answer."""
    return notice.made_at, notice.wanted == Wanted.SEEN


def _taken_back(decision: DecisionRecord | None, now: datetime) -> str | None:
    """That the decision counts no longer, or that its warning does not."""
    if decision is None:
        return None
    if decision.withdrawal is not None:
        act = decision.withdrawal
        return f"{act.by} took this decision back {when(act.at, now)}: {act.reason}"
    if decision.void is not None:
        act = decision.void
        return f"This warning is void. {act.by} declared it void {when(act.at, now)}: {act.reason}"
    return None


def _acknowledged(notice: NoticeRecord, now: datetime) -> Moment | None:
    times = [answer.at for answer in notice.answers if answer.kind == AnswerKind.ACKNOWLEDGED]
    return moment(times[0], now) if times else None


def _said(answer: AnswerRecord, now: datetime) -> Said:
    title = "Plan or comment" if answer.choice is None else choice_words(answer.choice)
    return Said(title, answer.reason, answer.by, moment(answer.at, now))
