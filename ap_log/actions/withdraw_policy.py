"""An area manager takes back a version of the policy that is still to come, with a reason. It stays on the record.

Nothing has been judged by it, and phones lose it with their next reference. The version before it goes on.
"""

from datetime import datetime
from functools import partial

from ap_log.domain.errors import Invalid, NotFound, VersionInForce, VersionWithdrawn
from ap_log.domain.people import Actor
from ap_log.domain.policies import can_be_withdrawn
from ap_log.domain.recommendations import faults_of_reason
from ap_log.store import audit, policies
from ap_log.store.transaction import transaction

EVENT = "policy.withdrawn"


async def withdraw_policy(version_id: str, reason: str, actor: Actor, now: datetime) -> None:
    """Withdraw a version. The same person sending the same reason again changes nothing.

    Raises:
        NotFound: no such version. VersionWithdrawn: somebody else withdrew it, or for another reason.
        VersionInForce: it is in force, or takes effect within the shortest notice. Invalid: no reason is given.
    """
    await transaction(partial(_withdraw_policy, version_id, reason.strip(), actor, now))


async def _withdraw_policy(version_id: str, reason: str, actor: Actor, now: datetime) -> None:
    versions = await policies.lock_versions()  # So that nobody publishes meanwhile what was compared with it.
    version = next((each for each in versions if each.id == version_id), None)
    if version is None:
        raise NotFound
    if version.withdrawal is not None:
        if version.withdrawal.reason != reason or not await policies.is_withdrawn_by(version_id, actor.id):
            raise VersionWithdrawn
        return
    if not can_be_withdrawn(version, versions, now):
        raise VersionInForce
    faults = faults_of_reason(reason)
    if faults:
        raise Invalid(*faults)
    await policies.withdraw_version(version_id, reason, actor.id, now)
    details = {"version": version.version}
    await audit.add(EVENT, actor.id, now, subject_kind="policy", subject=version_id, details=details)
