"""What people did with recommendations: decisions, voids, withdrawals, and decisions they let stand.

All are only ever added. Ids come with the form, so that a form sent twice is found again here.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import msgspec
from tortoise.exceptions import IntegrityError
from tortoise.expressions import Subquery

from ap_log.domain.errors import FormUsed, NotFound
from ap_log.domain.people import Actor
from ap_log.domain.recommendations import Choice, Grounds, Heads
from ap_log.store.models import Decision, KeptDecision, Recommendation, Void, Withdrawal
from ap_log.store.visibility import decidable_residents


async def get_decidable_recommendation(actor: Actor, recommendation_id: str) -> Recommendation:
    """A recommendation about a resident this actor may decide about, current or not. Raises NotFound."""
    residents = Subquery(decidable_residents(actor).values("id"))
    found = await Recommendation.get_or_none(id=recommendation_id, resident_id__in=residents)
    if found is None:
        raise NotFound
    return found


async def get_decidable_decision(actor: Actor, decision_id: str) -> Decision:
    """A decision about a resident this actor may decide about, with who made it. Raises NotFound."""
    residents = Subquery(decidable_residents(actor).values("id"))
    query = Decision.filter(id=decision_id, resident_id__in=residents).select_related("decided_by")
    found = await query.get_or_none()
    if found is None:
        raise NotFound
    return found


async def find_decision(decision_id: str) -> Decision | None:
    return await Decision.filter(id=decision_id).select_related("decided_by").get_or_none()


def is_same(decision: Decision, choice: Choice) -> bool:
    """Whether a stored decision is what this choice would have stored."""
    heads = msgspec.convert(decision.heads, Heads | None)
    return (decision.step, decision.reason, heads) == (choice.step, choice.reason.strip(), choice.heads)


async def find_void(decision_id: str) -> Void | None:
    return await Void.filter(decision_id=decision_id).select_related("voided_by").get_or_none()


async def find_withdrawal(decision_id: str) -> Withdrawal | None:
    return await Withdrawal.filter(decision_id=decision_id).select_related("withdrawn_by").get_or_none()


async def find_kept(recommendation_id: str) -> KeptDecision | None:
    return await KeptDecision.filter(recommendation_id=recommendation_id).select_related("kept_by").get_or_none()


async def find_current_like(recommendation: Recommendation) -> Recommendation | None:
    """The current recommendation that took the place of this one: it holds its deciding entry, or any other."""
    current = await Recommendation.filter(resident_id=recommendation.resident_id, superseded_at=None)
    holding = [one for one in current if set(one.episode) & set(recommendation.episode)]
    return next((one for one in holding if recommendation.deciding_entry in one.episode), next(iter(holding), None))


async def add_decision(recommendation: Recommendation, choice: Choice, actor: Actor, now: datetime) -> Decision:
    """Store a decision and tie it to the recommendation that it was made on."""
    decision = await Decision.create(
        id=choice.id,
        resident_id=recommendation.resident_id,
        entry_id=recommendation.deciding_entry,
        step=choice.step,
        recommended=recommendation.step,
        reason=choice.reason.strip(),
        heads=None if choice.heads is None else msgspec.to_builtins(choice.heads),
        decided_by_id=actor.id,
        decided_at=now,
    )
    recommendation.decision_id = decision.id
    recommendation.look_again = False
    await recommendation.save(update_fields=["decision_id", "look_again"])
    return decision


async def record_unheld(decision: Decision, duties: Sequence[str]) -> None:
    """Note the duties that should have been told of a decision and that nobody held."""
    decision.unheld = list(duties)
    await decision.save(update_fields=["unheld"])


async def add_void(decision_id: str, grounds: Grounds, actor: Actor, now: datetime) -> Void:
    """Raises FormUsed where the form's id was used for another decision."""
    with _refusing_used_ids():
        return await Void.create(
            id=grounds.id, decision_id=decision_id, reason=grounds.reason.strip(), voided_by_id=actor.id, at=now
        )


async def add_withdrawal(decision_id: str, grounds: Grounds, actor: Actor, now: datetime) -> Withdrawal:
    """Raises FormUsed where the form's id was used for another decision."""
    with _refusing_used_ids():
        return await Withdrawal.create(
            id=grounds.id, decision_id=decision_id, reason=grounds.reason.strip(), withdrawn_by_id=actor.id, at=now
        )


async def add_kept(recommendation: Recommendation, grounds: Grounds, actor: Actor, now: datetime) -> KeptDecision:
    """Store that a decision stands, and that its recommendation no longer puts it in question. Raises FormUsed."""
    with _refusing_used_ids():
        kept = await KeptDecision.create(
            id=grounds.id,
            decision_id=recommendation.decision_id,
            recommendation_id=recommendation.id,
            reason=grounds.reason.strip(),
            kept_by_id=actor.id,
            at=now,
        )
    recommendation.look_again = False
    await recommendation.save(update_fields=["look_again"])
    return kept


@contextmanager
def _refusing_used_ids() -> Iterator[None]:
    """Whether a decision may be taken back is known by now, so what the database refuses is the id."""
    try:
        yield
    except IntegrityError as error:
        raise FormUsed from error
