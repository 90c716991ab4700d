"""Those who are told in the demo's history: when they open a notice, and what they answer."""

from datetime import datetime, timedelta

from ap_log.actions.acknowledge_notice import acknowledge_notice
from ap_log.actions.answer_notice import answer_notice, choices_for
from ap_log.actions.see_notice import see_notice
from ap_log.demo import words
from ap_log.demo.agenda import Act, Agenda, hour_at
from ap_log.demo.cast import Company
from ap_log.demo.moments import MANAGE, START, Reply
from ap_log.domain.answers import Answer, is_answerable
from ap_log.domain.notices import Wanted
from ap_log.domain.vocabulary import Term
from ap_log.store import notices
from ap_log.store.models import Notice

_WAKING_HOURS = range(8, 19)
_LONGEST = timedelta(hours=30)
_URGENT = timedelta(hours=2)
_TO_SPARE = timedelta(minutes=10)


class Officers:
    """Officers, their seniors, key workers and the area manager. `replies` are what stories say they answer."""

    def __init__(self, agenda: Agenda, company: Company, replies: dict[str, Reply]) -> None:
        self._agenda = agenda
        self._actors = {actor.id: actor for actor in company.actors.values()}
        self._replies = replies
        self._known: set[str] = set()

    async def take_notice(self, at: datetime) -> None:
        """Plan what becomes of notices that have been made since the last time."""
        made = Notice.filter(closed_at=None, decision_id__isnull=False).order_by("made_at", "recipient__email", "key")
        for notice in await made:
            if notice.id not in self._known:
                self._known.add(notice.id)
                self._plan(notice, at)

    def _plan(self, notice: Notice, at: datetime) -> None:
        reply = self._reply(notice)
        if reply is not None and not reply.reason:
            return
        when = self._when(notice, at)
        if is_answerable(notice.wanted):
            self._agenda.plan(when, self._answer(notice, reply or self._usual(notice)))
        if notice.wanted != Wanted.COMMENT:
            self._agenda.plan(at + (when - at) / 3 if is_answerable(notice.wanted) else when, self._open(notice))

    def _reply(self, notice: Notice) -> Reply | None:
        """What the story says of this notice: it speaks of the first person who is asked for an answer."""
        if notice.passes_on_id is not None or not is_answerable(notice.wanted):
            return None
        return self._replies.get(notice.decision_id or "")

    def _usual(self, notice: Notice) -> Reply:
        if notice.wanted == Wanted.COMMENT:
            return Reply(None, self._agenda.random.choice(words.COMMENTS))
        return Reply(*self._agenda.random.choice(words.DECISIONS))

    def _when(self, notice: Notice, at: datetime) -> datetime:
        """In good time, and by day where that is still in time."""
        left = notice.answer_by - at
        when = at + min(self._agenda.between(left * 0.15, left * 0.6), _LONGEST)
        if left > _URGENT and hour_at(when) not in _WAKING_HOURS:
            morning = self._agenda.next_morning(when)
            return morning if morning < notice.answer_by - _TO_SPARE else when
        return when

    def _open(self, notice: Notice) -> Act:
        actor = self._actors[notice.recipient_id]

        async def act(at: datetime) -> None:
            if await _is_open(notice):
                await see_notice(await notices.get_notice(actor, notice.reference, at), actor, at)
                if is_answerable(notice.wanted):
                    await acknowledge_notice(notice.reference, actor, at)

        return act

    def _answer(self, notice: Notice, reply: Reply) -> Act:
        actor, answer_id = self._actors[notice.recipient_id], self._agenda.new_id()

        async def act(at: datetime) -> None:
            if await _is_open(notice):
                read = await notices.get_notice(actor, notice.reference, at)
                await see_notice(read, actor, at)
                choice = _code(reply.choice, await choices_for(read))
                await answer_notice(notice.reference, Answer(answer_id, choice, reply.reason), actor, at)

        return act


def _code(choice: str | None, offered: tuple[Term, ...]) -> str | None:
    """The offered choice that a story means. Each route has words of its own for starting it and for not doing so;
    they stand in this order, before the offer to ask for more."""
    if choice not in (START, MANAGE):
        return choice
    start, manage, _ = offered[-3:]
    return start.code if choice == START else manage.code


async def _is_open(notice: Notice) -> bool:
    return await Notice.exists(id=notice.id, closed_at=None)
