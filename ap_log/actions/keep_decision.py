"""A person looks again at a decision that the facts have put in question, and lets it stand, with a reason."""

from datetime import datetime
from functools import partial

from ap_log.actions.decide import current
from ap_log.actions.judge import judge
from ap_log.actions.raise_notices import close_review_notices
from ap_log.domain.errors import AlreadyDecided, Fault, Invalid
from ap_log.domain.people import Actor
from ap_log.domain.recommendations import Grounds, faults_of_grounds
from ap_log.store import audit, decisions, residents
from ap_log.store.models import KeptDecision, Recommendation
from ap_log.store.transaction import transaction

EVENT = "decision.kept"


async def keep_decision(recommendation_id: str, grounds: Grounds, actor: Actor, now: datetime) -> KeptDecision:
    """Let the decision stand that this recommendation puts in question. Sent again, it is kept once.

    Raises:
        Invalid: no reason is given, or nothing has been decided yet. NotFound: no such recommendation for this actor.
        FactsHaveChanged: the recommendation was replaced since the page was opened.
        AlreadyDecided: somebody decided again, or kept the decision, first; or this form did with another reason.
        FormUsed: the form's id belongs to another decision kept.
    """
    return await transaction(partial(_keep_decision, recommendation_id, grounds, actor, now))


async def _keep_decision(recommendation_id: str, grounds: Grounds, actor: Actor, now: datetime) -> KeptDecision:
    read = await decisions.get_decidable_recommendation(actor, recommendation_id)
    resident = await residents.lock_decidable(actor, read.resident_id)
    known = await decisions.find_kept(recommendation_id)
    if known is not None and known.id == grounds.id:
        if (known.reason, known.kept_by_id) == (grounds.reason.strip(), actor.id):
            return known
        raise AlreadyDecided
    recommendation = await current(actor, recommendation_id)
    _check(recommendation, grounds)
    kept = await decisions.add_kept(recommendation, grounds, actor, now)
    await audit.add(
        EVENT,
        actor.id,
        now,
        subject_kind="decision",
        subject=kept.decision_id,
        premises=resident.premises_id,
        details={"resident": resident.id, "recommendation": recommendation.id},
    )
    await close_review_notices(recommendation, actor.id, now)
    await judge(resident, now)
    return kept


def _check(recommendation: Recommendation, grounds: Grounds) -> None:
    faults = faults_of_grounds(grounds)
    if recommendation.decision_id is None:
        faults.append(Fault("reason", "There is no decision to keep: nothing has been decided yet"))
    if faults:
        raise Invalid(*faults)
