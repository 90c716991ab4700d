"""A person declares a warning void from now on, with a reason; what counted it is judged afresh."""

from datetime import datetime
from functools import partial

from ap_log.actions.judge import judge
from ap_log.actions.raise_notices import close_decision_notices, raise_void_notices
from ap_log.domain.errors import AlreadyVoid, AlreadyWithdrawn, Fault, Invalid
from ap_log.domain.people import Actor
from ap_log.domain.recommendations import WARNING_STEPS, Grounds, faults_of_grounds
from ap_log.store import audit, decisions, residents
from ap_log.store.models import Decision, Void
from ap_log.store.transaction import transaction

EVENT = "warning.voided"


async def void_warning(decision_id: str, grounds: Grounds, actor: Actor, now: datetime) -> Void:
    """Void the warning that a decision made. The same grounds sent again get the same void.

    Raises:
        Invalid: no reason is given, or the decision made no warning. NotFound: no such decision for this actor.
        AlreadyVoid: somebody voided it first, or this form did with another reason.
        AlreadyWithdrawn: there is no warning left to void. FormUsed: the form's id belongs to another void.
    """
    return await transaction(partial(_void_warning, decision_id, grounds, actor, now))


async def _void_warning(decision_id: str, grounds: Grounds, actor: Actor, now: datetime) -> Void:
    decision = await decisions.get_decidable_decision(actor, decision_id)
    resident = await residents.lock_decidable(actor, decision.resident_id)
    known = await decisions.find_void(decision_id)
    if known is not None:
        if (known.id, known.reason, known.voided_by_id) == (grounds.id, grounds.reason.strip(), actor.id):
            return known
        raise AlreadyVoid
    if await decisions.find_withdrawal(decision_id) is not None:
        raise AlreadyWithdrawn
    _check(decision, grounds)
    void = await decisions.add_void(decision_id, grounds, actor, now)
    await audit.add(
        EVENT,
        actor.id,
        now,
        subject_kind="decision",
        subject=decision_id,
        premises=resident.premises_id,
        details={"resident": resident.id, "void": void.id},
    )
    await close_decision_notices(decision_id, actor.id, now)
    await raise_void_notices(decision_id, actor.id, now)
    await judge(resident, now)
    return void


def _check(decision: Decision, grounds: Grounds) -> None:
    faults = faults_of_grounds(grounds)
    if decision.step not in WARNING_STEPS:
        faults.append(Fault("reason", "This decision made no warning. Withdraw the decision instead"))
    if faults:
        raise Invalid(*faults)
