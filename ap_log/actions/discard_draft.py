"""An area manager discards a draft of the policy. It stays in the database and can no longer be changed."""

from datetime import datetime
from functools import partial

from ap_log.domain.errors import DraftChanged, DraftClosed
from ap_log.domain.people import Actor
from ap_log.store import audit, kept_rehearsals, policy_drafts
from ap_log.store.transaction import transaction

EVENT = "policy-draft.discarded"


async def discard_draft(draft_id: str, revision: int, actor: Actor, now: datetime) -> None:
    """Discard a draft. Discarding it again changes nothing.

    Raises:
        NotFound: no such draft. DraftClosed: it was published.
        DraftChanged: somebody changed it since the page was opened, and their work is not to be lost unread.
    """
    await transaction(partial(_discard_draft, draft_id, revision, actor, now))


async def _discard_draft(draft_id: str, revision: int, actor: Actor, now: datetime) -> None:
    draft = await policy_drafts.lock_draft(draft_id)
    if draft.published_as is not None:
        raise DraftClosed
    if draft.discarded_at is not None:
        return
    if draft.revision != revision:
        raise DraftChanged
    await policy_drafts.close_discarded(draft, now)
    await kept_rehearsals.keep_last(draft.id)
    await audit.add(EVENT, actor.id, now, subject_kind="policy-draft", subject=draft_id, details={"revision": revision})
