"""An area manager changes the draft of a policy: parts of its document, or its worked examples.

Wrong values are kept as they were typed: what is wrong with them is shown beside the fields, and nothing is lost.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from ap_log.domain.errors import DraftChanged
from ap_log.domain.people import Actor
from ap_log.domain.policy.examples import Example
from ap_log.domain.policy_drafts import Draft
from ap_log.store import audit, policy_drafts
from ap_log.store.transaction import transaction

CHANGED = "policy-draft.changed"
EXAMPLES_CHANGED = "policy-draft.examples-changed"


async def change_draft(
    draft_id: str, revision: int, change: Mapping[str, object], actor: Actor, now: datetime
) -> Draft:
    """Replace these top-level keys of the document. The same change sent again changes nothing more.

    Raises:
        NotFound: no such draft. DraftClosed: it was published or discarded.
        DraftChanged: `revision` is not the newest, and the draft says something else than `change`.
    """
    return await transaction(partial(_change_draft, draft_id, revision, change, actor, now))


async def change_examples(
    draft_id: str, revision: int, examples: Sequence[Example], actor: Actor, now: datetime
) -> Draft:
    """Replace the worked examples. The same examples sent again change nothing more. Raises as `change_draft`."""
    return await transaction(partial(_change_examples, draft_id, revision, tuple(examples), actor, now))


async def _change_draft(
    draft_id: str, revision: int, change: Mapping[str, object], actor: Actor, now: datetime
) -> Draft:
    draft = await policy_drafts.lock_open_draft(draft_id)
    document = {**draft.document, **change}
    if document == draft.document:
        return draft
    replace = partial(policy_drafts.replace_document, draft, document, actor.id, now)
    return await _replace(draft, revision, replace, CHANGED, sorted(change), actor, now)


async def _change_examples(
    draft_id: str, revision: int, examples: tuple[Example, ...], actor: Actor, now: datetime
) -> Draft:
    draft = await policy_drafts.lock_open_draft(draft_id)
    if examples == draft.examples:
        return draft
    replace = partial(policy_drafts.replace_examples, draft, examples, actor.id, now)
    return await _replace(draft, revision, replace, EXAMPLES_CHANGED, [each.id for each in examples], actor, now)


async def _replace(
    draft: Draft,
    revision: int,
    replace: Callable[[], Awaitable[None]],
    event: str,
    parts: list[str],
    actor: Actor,
    now: datetime,
) -> Draft:
    if revision != draft.revision:
        raise DraftChanged
    await replace()
    await audit.add(
        event,
        actor.id,
        now,
        subject_kind="policy-draft",
        subject=draft.id,
        details={"revision": draft.revision + 1, "parts": parts},
    )
    return await policy_drafts.get_draft(draft.id)
