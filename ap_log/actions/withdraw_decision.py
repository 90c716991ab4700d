"""A person takes a decision back, with a reason: it counts as never made, and it stays on the record."""

from datetime import datetime
from functools import partial

from ap_log.actions.judge import judge
from ap_log.actions.raise_notices import close_decision_notices, raise_withdrawal_notices
from ap_log.domain.errors import AlreadyWithdrawn, Invalid
from ap_log.domain.people import Actor
from ap_log.domain.recommendations import Grounds, faults_of_grounds
from ap_log.store import audit, decisions, residents
from ap_log.store.models import Resident, Withdrawal
from ap_log.store.transaction import transaction

EVENT = "decision.withdrawn"


async def withdraw_decision(decision_id: str, grounds: Grounds, actor: Actor, now: datetime) -> Withdrawal:
    """Withdraw a decision and judge its resident afresh. The same grounds sent again get the same withdrawal.

    Raises:
        Invalid: no reason is given. NotFound: no such decision for this actor.
        AlreadyWithdrawn: somebody withdrew it first, or this form did with another reason.
        FormUsed: the form's id belongs to another withdrawal.
    """
    return await transaction(partial(_withdraw_decision, decision_id, grounds, actor, now))


async def _withdraw_decision(decision_id: str, grounds: Grounds, actor: Actor, now: datetime) -> Withdrawal:
    decision = await decisions.get_decidable_decision(actor, decision_id)
    resident = await residents.lock_decidable(actor, decision.resident_id)
    known = await decisions.find_withdrawal(decision_id)
    if known is not None:
        if (known.id, known.reason, known.withdrawn_by_id) == (grounds.id, grounds.reason.strip(), actor.id):
            return known
        raise AlreadyWithdrawn
    faults = faults_of_grounds(grounds)
    if faults:
        raise Invalid(*faults)
    withdrawal = await withdraw(decision_id, grounds, resident, actor, now)
    await raise_withdrawal_notices(decision_id, actor.id, now)
    await judge(resident, now)
    return withdrawal


async def withdraw(decision_id: str, grounds: Grounds, resident: Resident, actor: Actor, now: datetime) -> Withdrawal:
    """Store a withdrawal inside the running transaction; the caller judges the resident afterwards."""
    withdrawal = await decisions.add_withdrawal(decision_id, grounds, actor, now)
    await close_decision_notices(decision_id, actor.id, now)
    await audit.add(
        EVENT,
        actor.id,
        now,
        subject_kind="decision",
        subject=decision_id,
        premises=resident.premises_id,
        details={"resident": resident.id, "withdrawal": withdrawal.id},
    )
    return withdrawal
