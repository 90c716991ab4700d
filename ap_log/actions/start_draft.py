"""An area manager starts a draft of the next policy from the newest version that was not withdrawn."""

from datetime import datetime
from functools import partial

from ap_log.domain.errors import FormUsed, Invalid
from ap_log.domain.people import Actor
from ap_log.domain.policies import standing
from ap_log.domain.recommendations import faults_of_id
from ap_log.store import audit, policies, policy_drafts
from ap_log.store.transaction import transaction

EVENT = "policy-draft.started"


async def start_draft(draft_id: str, actor: Actor, now: datetime) -> str:
    """Start a draft and answer its id, which is made with the form: sent again, it starts no second one.

    Raises:
        Invalid: that is no id. FormUsed: somebody else's draft has it.
    """
    faults = faults_of_id(draft_id)
    if faults:
        raise Invalid(*faults)
    return await transaction(partial(_start_draft, draft_id, actor, now))


async def _start_draft(draft_id: str, actor: Actor, now: datetime) -> str:
    newest = standing(await policies.lock_versions())[-1]
    if await policy_drafts.find_draft(draft_id) is not None:
        if await policy_drafts.is_own(draft_id, actor.id):
            return draft_id
        raise FormUsed
    await policy_drafts.add_draft(draft_id, newest, newest.examples, actor.id, now)
    await audit.add(
        EVENT,
        actor.id,
        now,
        subject_kind="policy-draft",
        subject=draft_id,
        details={"based_on": newest.id},
    )
    return draft_id
