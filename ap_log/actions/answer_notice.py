"""The person a notice was sent to answers it: with a comment, a decision, or that they need more before deciding."""

from datetime import datetime
from functools import partial

from ap_log.actions.raise_notices import close, policy_of, raise_question
from ap_log.domain.answers import Answer, AnswerKind, choices, faults_of_answer, is_answerable
from ap_log.domain.errors import AlreadyAnswered, FormUsed, Invalid, NotFound
from ap_log.domain.people import Actor
from ap_log.domain.vocabulary import Term
from ap_log.store import notices, residents
from ap_log.store.models import Notice, NoticeAnswer
from ap_log.store.transaction import transaction

EVENT = "notice.answered"
NEEDS_MORE = "notice.needs-more"


async def answer_notice(reference: str, answer: Answer, actor: Actor, now: datetime) -> None:
    """Store an answer. A comment or a decision closes the notice and all of its chain; the same answer again is one.

    Raises:
        NotFound: no such notice was sent to this actor, or it is not one to answer.
        Invalid: a field is wrong, each named.
        AlreadyAnswered: somebody in the chain answered first, this form did with other content, or the decision it
            was about was withdrawn.
        FormUsed: the form's id belongs to another answer, and the notice still waits for one.
    """
    await transaction(partial(_answer, reference, answer, actor, now))


async def _answer(reference: str, answer: Answer, actor: Actor, now: datetime) -> None:
    notice = await notices.get_received(actor, reference, now)
    if not is_answerable(notice.wanted):
        raise NotFound
    await residents.lock_resident(notice.resident_id)
    given = await notices.find_answer(answer.id)
    if given is not None:
        if _is_same(given, notice, answer, actor):
            return
        raise AlreadyAnswered if await notices.is_closed(notice) else FormUsed
    faults = faults_of_answer(answer, await choices_for(notice))
    if faults:
        raise Invalid(*faults)
    if await notices.is_closed(notice):
        raise AlreadyAnswered
    await _store(notice, answer, actor, now)


def _is_same(given: NoticeAnswer, notice: Notice, answer: Answer, actor: Actor) -> bool:
    """Whether a stored answer is what this one would have stored."""
    said = (notice.id, actor.id, answer.choice, answer.reason.strip())
    return (given.notice_id, given.person_id, given.choice, given.reason) == said


async def choices_for(notice: Notice) -> tuple[Term, ...]:
    """What may be chosen in answer to a notice, by the resident's legal status; none where words are wanted."""
    return choices(notice.wanted, await route_of(notice), notice.recommendation.outcome)


async def route_of(notice: Notice) -> str | None:
    """The policy's route for the resident's legal status."""
    return (await policy_of(notice.recommendation)).routes.get(notice.resident.legal_status)


async def _store(notice: Notice, answer: Answer, actor: Actor, now: datetime) -> None:
    await notices.add_answer(notice, answer, actor, now)
    if answer.kind == AnswerKind.NEEDS_MORE:
        await notices.record(NEEDS_MORE, notice, actor.id, now)
        await raise_question(notice, answer.id, now)
        return
    await notices.record(EVENT, notice, actor.id, now)
    await close(await notices.chain_of(notice), actor.id, now)
