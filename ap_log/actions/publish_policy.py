"""An area manager publishes a draft as the next version of the policy, which takes effect at once or later.

Phones get it with their next reference; who must read it is found by who they are. Nothing that was judged is judged
again: an episode stays with the version in force at its first event.
"""

from datetime import datetime
from functools import partial

from ap_log.domain.errors import (
    DraftChanged,
    DraftClosed,
    Invalid,
    NewerPublished,
    NewestWithdrawn,
    NotReadyToPublish,
)
from ap_log.domain.people import Actor
from ap_log.domain.policies import PublishedVersion, standing
from ap_log.domain.policy.drafting import policy_text
from ap_log.domain.policy_drafts import Draft
from ap_log.domain.policy_publication import Publication, faults_before_publication, faults_of_publication
from ap_log.store import audit, kept_rehearsals, policies, policy_drafts
from ap_log.store.transaction import transaction

EVENT = "policy.published"


async def publish_policy(draft_id: str, publication: Publication, actor: Actor, now: datetime) -> str:
    """Publish a draft and answer the version's id. The same form sent again gets the same version.

    Raises:
        NotFound: no such draft. DraftClosed: it was discarded, or published otherwise.
        DraftChanged, NewerPublished, NewestWithdrawn: the draft is no longer what the form's page showed, its number is
            taken, or the version it was compared with was withdrawn.
        NotReadyToPublish: the draft has faults, fails an example, changes nothing, or could not judge what is logged.
        Invalid: only the time or the reason is wrong. Either names every fault at once.
    """
    return await transaction(partial(_publish_policy, draft_id, publication, actor, now))


async def _publish_policy(draft_id: str, publication: Publication, actor: Actor, now: datetime) -> str:
    versions = await policies.lock_versions()  # Of two who publish at once, the second sees what the first published.
    draft = await policy_drafts.lock_draft(draft_id)
    if not draft.is_open:
        return await _the_same(draft, publication, actor)
    if publication.revision != draft.revision:
        raise DraftChanged
    if publication.version != draft.version:
        raise NewerPublished
    if publication.follows != draft.follows:
        raise NewestWithdrawn
    _check(draft, publication, versions, now)
    return await _store(draft, publication, actor, now)


async def _the_same(draft: Draft, publication: Publication, actor: Actor) -> str:
    """The version this form made before, where it says the same now."""
    if draft.published_as is None:
        raise DraftClosed
    version = await policies.get_version(draft.published_as)
    said = (version.reason, version.policy.effective_from)
    if said != (publication.reason.strip(), publication.begins(version.published_at)):
        raise DraftClosed
    if not await policies.is_published_by(version.id, actor.id):
        raise DraftClosed
    return version.id


def _check(draft: Draft, publication: Publication, versions: tuple[PublishedVersion, ...], now: datetime) -> None:
    newest = standing(versions)[-1]
    unready = faults_before_publication(draft, newest)
    faults = [*unready, *faults_of_publication(publication, versions, newest.policy.zone, now)]
    if unready:
        raise NotReadyToPublish(*faults)
    if faults:
        raise Invalid(*faults)


async def _store(draft: Draft, publication: Publication, actor: Actor, now: datetime) -> str:
    version_id = await policies.add_policy(
        policy_text(draft.policy(publication.begins(now))),
        now,
        examples=draft.examples,
        published_by=actor.id,
        reason=publication.reason.strip(),
    )
    await policy_drafts.close_published(draft, version_id)
    await kept_rehearsals.keep_last(draft.id)
    await audit.add(
        EVENT,
        actor.id,
        now,
        subject_kind="policy",
        subject=version_id,
        details={"draft": draft.id, "version": draft.version, "revision": draft.revision},
    )
    return version_id
