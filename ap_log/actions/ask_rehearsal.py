"""An area manager asks for a rehearsal of a draft over the real history of their premises; a worker runs it."""

from datetime import datetime
from functools import partial

import msgspec

from ap_log.domain.errors import Fault, FormUsed, Invalid, RehearsalUnderWay
from ap_log.domain.people import Actor
from ap_log.domain.permissions import Permission, premises_where
from ap_log.domain.policy.drafting import policy_text
from ap_log.domain.policy_coverage import faults_in_use
from ap_log.domain.policy_drafts import Draft
from ap_log.domain.recommendations import faults_of_id
from ap_log.domain.rehearsals import begun_with, faults_of_since
from ap_log.store import audit, kept_rehearsals, policies, policy_drafts, rehearsals
from ap_log.store.transaction import Duplicate, transaction

EVENT = "rehearsal.asked"
REPLACED = "rehearsal.replaced"

_REPLACED = (
    "The draft was changed before this rehearsal began.",
    "A rehearsal of the draft as it is now took its place.",
)


class Asked(msgspec.Struct, frozen=True):
    """What was asked for: the form's own id, and the day to begin with (None: what was typed is no day)."""

    id: str
    since: datetime | None


async def ask_rehearsal(draft_id: str, asked: Asked, actor: Actor, now: datetime) -> str:
    """Ask for a rehearsal and answer its id. The same form sent again gets the same rehearsal.

    Raises:
        Invalid: the day cannot be, or the draft has faults. NotFound: no such draft.
        DraftClosed: it was published or discarded. FormUsed: the form's id belongs to another rehearsal.
        RehearsalUnderWay: one of this draft waits or runs.
    """
    work = partial(_ask_rehearsal, draft_id, asked, actor, now)
    try:
        return await transaction(work)
    except Duplicate:  # The same form at the same time was first; now it is found.
        return await transaction(work)


async def _ask_rehearsal(draft_id: str, asked: Asked, actor: Actor, now: datetime) -> str:
    faults = faults_of_id(asked.id)
    if faults:
        raise Invalid(*faults)
    earliest = (await policies.get_book()).policies[0].effective_from
    asked = Asked(asked.id, asked.since and begun_with(asked.since, earliest))
    if not await _is_the_same(draft_id, asked, actor):
        draft = await policy_drafts.lock_open_draft(draft_id)
        if not await _is_the_same(draft_id, asked, actor):  # It may have come while this one waited for the draft.
            await _store(draft, asked, earliest, actor, now)
    return asked.id


async def _is_the_same(draft_id: str, asked: Asked, actor: Actor) -> bool:
    """Whether this form made a rehearsal before. Raises FormUsed where that was another one."""
    known = await rehearsals.find_asked(asked.id)
    if known is not None and (known.draft_id, known.asked_by_id, known.since) != (draft_id, actor.id, asked.since):
        raise FormUsed
    return known is not None


async def _store(draft: Draft, asked: Asked, earliest: datetime, actor: Actor, now: datetime) -> None:
    premises = premises_where(actor, Permission.EDIT_POLICY)
    faults = faults_of_since(asked.since, earliest, now)
    if faults_in_use(draft):
        faults.append(Fault("draft", "The draft has faults. Put them right before you rehearse it"))
    if not premises:
        faults.append(Fault("draft", "There is no premises whose policy is yours to change"))
    if faults or asked.since is None:
        raise Invalid(*faults)
    await _make_room(draft, asked, actor, now)
    text = policy_text(draft.policy(asked.since))
    await rehearsals.add_rehearsal(asked.id, draft, text, premises, asked.since, actor, now)
    await audit.add(
        EVENT,
        actor.id,
        now,
        subject_kind="rehearsal",
        subject=asked.id,
        details={"draft": draft.id, "revision": draft.revision, "since": asked.since.isoformat()},
    )


async def _make_room(draft: Draft, asked: Asked, actor: Actor, now: datetime) -> None:
    """A draft is rehearsed once at a time. One that nobody has begun gives way to the draft as it is now."""
    other = await kept_rehearsals.find_unfinished(draft.id)
    if other is None:
        return
    is_theirs = set(other.premises) <= premises_where(actor, Permission.EDIT_POLICY)
    if other.draft_revision == draft.revision or not is_theirs:
        raise RehearsalUnderWay
    if not await kept_rehearsals.end_waiting(other.id, _REPLACED, now):
        raise RehearsalUnderWay
    details = {"draft": draft.id, "by": asked.id}
    await audit.add(REPLACED, actor.id, now, subject_kind="rehearsal", subject=other.id, details=details)
