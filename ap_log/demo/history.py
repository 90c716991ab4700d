"""Lives through the demo's ninety days: everybody does what they would have done, by the product's own actions.

Each moment is an action called with the time it happened at, in the order of time, so that the log, the audit trail,
the recommendations, the notices and the decisions are what the product makes of them. Mail is written and not sent.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import count

from ap_log.actions.deliver_notices import deliver_notice
from ap_log.actions.log_entries import log_entry
from ap_log.actions.pass_on_notices import pass_on_notices
from ap_log.actions.void_warning import void_warning
from ap_log.actions.withdraw_decision import withdraw_decision
from ap_log.demo import words
from ap_log.demo.agenda import Act, Agenda
from ap_log.demo.cast import Company
from ap_log.demo.moments import PLAIN, Logged, Voided
from ap_log.demo.officers import Officers
from ap_log.demo.pushing import bring_photos, pushed_entry
from ap_log.demo.reviewers import Reviewers
from ap_log.domain.recommendations import WARNING_STEPS, Grounds
from ap_log.notify import Message
from ap_log.store.models import Decision, Notice
from ap_log.store.outbox import EMAIL

WORKER_ROUND = timedelta(seconds=20)
"""How soon after a time has run out the worker comes round."""

SAID_EVERY = 200
"""Acts between two lines about how far it has come: some seconds."""


class WrittenOnly:
    """A channel that takes every message and sends none: the past needs nobody's attention now."""

    async def send(self, message: Message) -> None:
        """Nothing can go wrong with what goes nowhere."""


class History:
    """The days before now. `residents` are ids by name; the agenda's chances decide everything that no story says."""

    def __init__(self, company: Company, residents: dict[str, str], agenda: Agenda) -> None:
        self._company = company
        self._residents = residents
        self._agenda = agenda
        self._reviewers = Reviewers(self._agenda, company)
        self._officers = Officers(self._agenda, company, self._reviewers.replies)
        self._channel = WrittenOnly()

    async def live(self, moments: Iterable[Logged | Voided], say: Callable[[str], None]) -> None:
        """Let everything happen up to now. `say` is told from time to time how far it has come."""
        now = self._agenda.now
        for moment in moments:
            if isinstance(moment, Logged):
                self._agenda.plan(min(moment.when(now) + moment.after, now), self._log(moment))
            else:
                self._agenda.plan(moment.when(now), self._void(moment))
        for done in count(1):
            await self._let_time_pass()
            if self._agenda.next_at() is None:
                return
            at, act = self._agenda.take()
            await act(at)
            await self._send(at)
            if done % SAID_EVERY == 0:
                say(f"  … {(now - at).days} days to go")

    def _log(self, logged: Logged) -> Act:
        async def act(at: datetime) -> None:
            author, resident = self._company.actors[logged.author], self._residents[logged.resident]
            entry_id = self._agenda.new_id()
            await log_entry(pushed_entry(entry_id, logged, author, resident, self._agenda.now, at), author, at)
            await bring_photos(entry_id, logged, author, at)
            await self._reviewers.look(resident, logged.review, at)

        return act

    def _void(self, voided: Voided) -> Act:
        resident = self._residents[voided.resident]

        async def act(at: datetime) -> None:
            warnings = await Decision.filter(resident_id=resident, step__in=WARNING_STEPS).order_by("decided_at")
            actor = self._company.actors[voided.by]
            await void_warning(warnings[0].id, Grounds(self._agenda.new_id(), voided.reason), actor, at)
            if voided.instead is not None:
                grounds = Grounds(self._agenda.new_id(), words.WITHDRAWN)
                await withdraw_decision(warnings[-1].id, grounds, actor, at)
            await self._reviewers.look(resident, voided.instead or PLAIN, at)

        return act

    async def _let_time_pass(self) -> None:
        """What the worker does by itself: notices whose time runs out before the next thing happens are passed on.

        Whoever is asked then may be the next to do something.
        """
        while (due := await _next_deadline()) is not None and due <= (self._agenda.next_at() or self._agenda.now):
            if not await pass_on_notices(due):
                return  # It could not be passed on, which the log says; the rest of history need not wait for it.
            await self._send(due)

    async def _send(self, at: datetime) -> None:
        while await deliver_notice({EMAIL: self._channel}, "", at):
            pass
        await self._officers.take_notice(at)


async def _next_deadline() -> datetime | None:
    notice = await Notice.filter(closed_at=None, overdue_at=None).order_by("answer_by").first()
    return notice.answer_by + WORKER_ROUND if notice else None
