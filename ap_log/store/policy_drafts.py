"""The drafts of the next policy: their rows, and what pages read of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from ap_log.domain.errors import DraftClosed, NotFound
from ap_log.domain.policies import PublishedVersion, standing
from ap_log.domain.policy.drafting import Document, document_of
from ap_log.domain.policy.examples import Example, examples_json, read_examples
from ap_log.domain.policy_drafts import Draft
from ap_log.store import policies
from ap_log.store.models import PolicyDraft

_IS_OPEN = Q(discarded_at=None, published_as_id=None)


async def get_draft(draft_id: str) -> Draft:
    """One draft, open or not. Raises NotFound."""
    row = await _rows().get_or_none(id=draft_id)
    if row is None:
        raise NotFound
    return _draft(row, await policies.list_versions())


async def find_draft(draft_id: str) -> Draft | None:
    """A draft that may not have been started yet."""
    row = await _rows().get_or_none(id=draft_id)
    return _draft(row, await policies.list_versions()) if row else None


async def list_open_drafts() -> tuple[Draft, ...]:
    """The drafts that can still be changed, the one changed last first."""
    rows = await _rows().filter(_IS_OPEN).order_by("-changed_at", "id")
    versions = await policies.list_versions()
    return tuple(_draft(row, versions) for row in rows)


async def is_own(draft_id: str, person: str) -> bool:
    """Whether this person started the draft."""
    return await PolicyDraft.filter(id=draft_id, started_by_id=person).exists()


async def add_draft(
    draft_id: str, based_on: PublishedVersion, examples: Sequence[Example], actor: str, now: datetime
) -> None:
    """Start a draft from a published version; `actor` is the id of a person."""
    await PolicyDraft.create(
        id=draft_id,
        based_on_id=based_on.id,
        document=document_of(based_on.policy),
        examples=examples_json(examples),
        started_by_id=actor,
        started_at=now,
        changed_by_id=actor,
        changed_at=now,
    )


async def lock_draft(draft_id: str) -> Draft:
    """A draft, locked until the transaction ends. Raises NotFound."""
    if await PolicyDraft.filter(id=draft_id).select_for_update().get_or_none() is None:
        raise NotFound
    return await get_draft(draft_id)


async def lock_open_draft(draft_id: str) -> Draft:
    """A draft that can still be changed, locked until the transaction ends. Raises NotFound, DraftClosed."""
    draft = await lock_draft(draft_id)
    if not draft.is_open:
        raise DraftClosed
    return draft


async def replace_document(draft: Draft, document: Document, actor: str, now: datetime) -> None:
    """Give a locked draft another document, as its next revision."""
    await _change(draft, {"document": dict(document)}, actor, now)


async def replace_examples(draft: Draft, examples: Sequence[Example], actor: str, now: datetime) -> None:
    """Give a locked draft other examples, as its next revision."""
    await _change(draft, {"examples": examples_json(examples)}, actor, now)


async def close_discarded(draft: Draft, now: datetime) -> None:
    """A locked draft was discarded. It stays, and can no longer be changed."""
    await PolicyDraft.filter(id=draft.id).update(discarded_at=now)


async def close_published(draft: Draft, version_id: str) -> None:
    """A locked draft became the version with this id."""
    await PolicyDraft.filter(id=draft.id).update(published_as_id=version_id)


async def _change(draft: Draft, content: Mapping[str, object], actor: str, now: datetime) -> None:
    await PolicyDraft.filter(id=draft.id).update(
        **content, revision=draft.revision + 1, changed_by_id=actor, changed_at=now
    )


def _rows() -> QuerySet[PolicyDraft]:
    return PolicyDraft.all().select_related("based_on", "started_by", "changed_by")


def _draft(row: PolicyDraft, versions: Sequence[PublishedVersion]) -> Draft:
    numbers = {each.id: each.version for each in versions}
    newest = standing(versions)[-1]
    return Draft(
        id=row.id,
        based_on=row.based_on.label,
        name=newest.policy.name,
        version=numbers[row.published_as_id] if row.published_as_id else max(numbers.values()) + 1,
        follows=newest.version,
        document=row.document,
        examples=read_examples(row.examples),
        revision=row.revision,
        started_by=row.started_by.name,
        started_at=row.started_at,
        changed_by=row.changed_by.name,
        changed_at=row.changed_at,
        discarded_at=row.discarded_at,
        published_as=row.published_as_id,
    )
