"""Those who decide in the demo's history: when they come to an episode, who it is, and what they make of it."""

from datetime import datetime, timedelta

from ap_log.actions.decide import decide
from ap_log.actions.keep_decision import keep_decision
from ap_log.demo import words
from ap_log.demo.agenda import Act, Agenda, hour_at
from ap_log.demo.cast import ELM, Company
from ap_log.demo.moments import Reply, Review
from ap_log.domain.people import Actor
from ap_log.domain.recommendations import Choice, Grounds, needs_completion
from ap_log.store import recommendations
from ap_log.store.models import Recommendation

_OFFICE_HOURS = range(8, 19)
_SATURDAY = 5

_DAY = range(8, 16)
_SAME_DAY = (timedelta(hours=1), timedelta(hours=4))

_SOON: dict[int, tuple[timedelta, timedelta]] = {
    3: (timedelta(minutes=50), timedelta(minutes=220)),
    4: (timedelta(minutes=35), timedelta(minutes=105)),
    5: (timedelta(minutes=5), timedelta(minutes=13)),
}
"""How soon somebody comes to an episode of each step; lower ones wait for the day."""


class Reviewers:
    """Managers, deputies and whoever is on duty. `replies` are the stories' answers to the decisions they made."""

    def __init__(self, agenda: Agenda, company: Company) -> None:
        self._agenda = agenda
        self._company = company
        self.replies: dict[str, Reply] = {}

    async def look(self, resident: str, review: Review, at: datetime) -> None:
        """Something about a resident has changed: plan when somebody comes to what waits, if anything does."""
        waiting = await _waiting(resident)
        if waiting and not review.waits:
            self._agenda.plan(self._when(waiting, review, at), self._come_to(resident, review))

    def _when(self, waiting: list[Recommendation], review: Review, at: datetime) -> datetime:
        if review.when is not None:
            return review.when(self._agenda.now)
        step = max(one.step or 0 for one in waiting)
        if step not in _SOON and hour_at(at) not in _DAY:
            return self._agenda.next_morning(at)
        soon = at + self._agenda.between(*_SOON.get(step, _SAME_DAY))
        return soon if step > 3 else max(soon, *(_fit_from(one, at) for one in waiting))

    def _come_to(self, resident: str, review: Review) -> Act:
        async def act(at: datetime) -> None:
            while waiting := await _waiting(resident):  # Looked at anew each time: one decision changes the next.
                one = waiting[0]
                actor = self._company.actors[review.by or self._who(one, at)]
                if review.keeps:
                    grounds = Grounds(self._agenda.new_id(), review.reason)
                    await keep_decision(one.id, grounds, actor, at)
                else:
                    await self._decide(one, review, actor, at)

        return act

    async def _decide(self, one: Recommendation, review: Review, actor: Actor, at: datetime) -> None:
        step = one.step if review.step is None else review.step
        assert step is not None  # noqa: S101 - no story brings the facts into contradiction
        random = self._agenda.random
        usual = random.choice(words.DECIDED_AGAIN if one.look_again else words.REASONS[step])
        heads = words.heads(step, random) if needs_completion(step) else None
        choice = Choice(self._agenda.new_id(), step, review.reason or usual, heads)
        decision = await decide(one.id, choice, actor, at)
        if review.reply is not None:
            self.replies[decision.id] = review.reply

    def _who(self, one: Recommendation, at: datetime) -> str:
        """By day the manager, at the weekend the deputy if there is one, and at night whoever is on duty."""
        if one.step == 5 or hour_at(at) not in _OFFICE_HOURS:
            return "nia"
        is_elm = one.premises_id == self._company.houses[ELM]
        if at.weekday() >= _SATURDAY:
            return "rob" if is_elm else "nia"
        return "ben" if is_elm else "owen"


async def _waiting(resident: str) -> list[Recommendation]:
    """What waits for a person: undecided episodes above step 0, and decisions put in question."""
    current = await recommendations.list_current(resident)
    return [one for one in current if one.look_again or (one.decision_id is None and one.step != 0)]


def _fit_from(one: Recommendation, at: datetime) -> datetime:
    """When the resident is fit to be warned (policy SPEC rule 11)."""
    written = one.answer.get("warn_not_before")
    return at if written is None else datetime.fromisoformat(written) + timedelta(minutes=25)
