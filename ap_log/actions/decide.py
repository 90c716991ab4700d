"""A person decides an episode: issues the step the policy recommends, or another with a reason.

Where the facts had put an earlier decision in question, that one is withdrawn in the same transaction.
"""

from datetime import datetime
from functools import partial

from ap_log.actions.judge import judge
from ap_log.actions.raise_notices import close_review_notices, raise_decision_notices, raise_withdrawal_notices
from ap_log.actions.withdraw_decision import withdraw
from ap_log.domain.errors import AlreadyDecided, FactsHaveChanged, Fault, FormUsed, Invalid
from ap_log.domain.people import Actor
from ap_log.domain.recommendations import Choice, Grounds, faults_of_choice, faults_of_id
from ap_log.store import audit, decisions, residents
from ap_log.store.models import Decision, Recommendation, Resident
from ap_log.store.transaction import transaction

EVENT = "decision.made"

DECIDED_AGAIN = "The facts changed and the episode was decided again."


async def decide(recommendation_id: str, choice: Choice, actor: Actor, now: datetime) -> Decision:
    """Store a decision and the notices it causes. The same choice sent again gets the same decision.

    Raises:
        Invalid: a field is wrong, each named. NotFound: no such recommendation for this actor.
        FactsHaveChanged: the recommendation was replaced since the page was opened.
        AlreadyDecided: somebody decided the episode first, or this form did with another choice.
        FormUsed: the form's id belongs to another decision.
    """
    return await transaction(partial(_decide, recommendation_id, choice, actor, now))


async def _decide(recommendation_id: str, choice: Choice, actor: Actor, now: datetime) -> Decision:
    read = await decisions.get_decidable_recommendation(actor, recommendation_id)
    resident = await residents.lock_decidable(actor, read.resident_id)
    _require_id(choice)
    made = await decisions.find_decision(choice.id)
    if made is not None:
        return _the_same(made, read, choice, actor)
    recommendation = await current(actor, recommendation_id)
    _check(choice, recommendation)
    return await _store(recommendation, choice, resident, actor, now)


async def current(actor: Actor, recommendation_id: str) -> Recommendation:
    """The recommendation as it is now that the resident is locked. Raises FactsHaveChanged, AlreadyDecided."""
    recommendation = await decisions.get_decidable_recommendation(actor, recommendation_id)
    standing: Recommendation | None = recommendation
    if recommendation.superseded_at is not None:
        standing = await decisions.find_current_like(recommendation)
    if standing is not None and standing.decision_id is not None and not standing.look_again:
        raise AlreadyDecided
    if standing is not recommendation:
        raise FactsHaveChanged
    return recommendation


def _the_same(made: Decision, read: Recommendation, choice: Choice, actor: Actor) -> Decision:
    """The decision this form made before, where it says the same now. Another choice is not saved, and is told so."""
    if (made.decided_by_id, made.resident_id, made.entry_id) != (actor.id, read.resident_id, read.deciding_entry):
        raise FormUsed
    if not decisions.is_same(made, choice):
        raise AlreadyDecided
    return made


def _require_id(choice: Choice) -> None:
    """Before the id is looked for: the database has no words for one that cannot be an id."""
    faults = faults_of_id(choice.id)
    if faults:
        raise Invalid(*faults)


def _check(choice: Choice, recommendation: Recommendation) -> None:
    if recommendation.step is None:
        raise Invalid(Fault("step", "The policy cannot judge these facts. Withdraw one of the decisions first"))
    faults = faults_of_choice(choice, recommendation.step)
    if faults:
        raise Invalid(*faults)


async def _store(
    recommendation: Recommendation, choice: Choice, resident: Resident, actor: Actor, now: datetime
) -> Decision:
    before = recommendation.decision_id
    if before is not None:
        await withdraw(before, Grounds(choice.id, DECIDED_AGAIN), resident, actor, now)
    decision = await decisions.add_decision(recommendation, choice, actor, now)
    await audit.add(
        EVENT,
        actor.id,
        now,
        subject_kind="decision",
        subject=decision.id,
        premises=resident.premises_id,
        details={
            "resident": resident.id,
            "recommendation": recommendation.id,
            "step": decision.step,
            "recommended": recommendation.step,
        },
    )
    await close_review_notices(recommendation, actor.id, now)
    await raise_decision_notices(decision, recommendation, now)
    if before is not None:
        await raise_withdrawal_notices(before, actor.id, now, instead=decision.id)
    await judge(resident, now)
    return decision
