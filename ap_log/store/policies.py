"""The published policies: every version is kept as the text that was published."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from importlib.resources import files

from ap_log.domain.errors import NotFound
from ap_log.domain.people import Actor
from ap_log.domain.permissions import Permission, premises_where
from ap_log.domain.policies import PublishedVersion, Reach, Withdrawal
from ap_log.domain.policy.examples import Example, examples_json, read_examples
from ap_log.domain.policy.language import Policy, PolicyBook
from ap_log.domain.policy.loading import load_policy
from ap_log.store.models import PolicyVersion, Premises


async def get_book() -> PolicyBook:
    """The published versions that anything is judged by: all that were not withdrawn.

    Raises Refused when the database holds none, or one that cannot be loaded.
    """
    texts = await PolicyVersion.filter(withdrawn_at=None).order_by("effective_from").values_list("text", flat=True)
    return PolicyBook.of(*[_load(str(text)) for text in texts])


async def exist() -> bool:
    """Whether any policy has been published."""
    return await PolicyVersion.exists()


async def add_shipped_policy(now: datetime) -> str:
    """Publish the policy that AP Log comes with, and its worked examples."""
    shipped = files("ap_log.domain.policy")
    examples = json.loads((shipped / "default-examples.json").read_text("utf-8"))
    text = (shipped / "default.toml").read_text("utf-8")
    return await add_policy(text, now, examples=read_examples(examples))


async def list_versions() -> tuple[PublishedVersion, ...]:
    """Every published version, those that were withdrawn too: by when each takes effect, then by number."""
    rows = PolicyVersion.all().select_related("published_by", "withdrawn_by").order_by("effective_from", "version")
    return tuple(_version(row) for row in await rows)


async def lock_versions() -> tuple[PublishedVersion, ...]:
    """Every published version, oldest first; until the transaction ends, nobody else changes which there are.

    The first version's row stands for all: it is always there, and always the same.
    """
    await PolicyVersion.all().order_by("version").limit(1).select_for_update()
    return await list_versions()


async def is_published_by(version_id: str, person: str) -> bool:
    """Whether this person published the version."""
    return await PolicyVersion.filter(id=version_id, published_by_id=person).exists()


async def is_withdrawn_by(version_id: str, person: str) -> bool:
    """Whether this person withdrew the version."""
    return await PolicyVersion.filter(id=version_id, withdrawn_by_id=person).exists()


async def withdraw_version(version_id: str, reason: str, person: str, now: datetime) -> None:
    """A version that is still to come was taken back. Its row stays, and nothing is judged by it."""
    await PolicyVersion.filter(id=version_id).update(withdrawn_at=now, withdrawn_by_id=person, withdrawn_because=reason)


async def get_reach(actor: Actor) -> Reach:
    """At how many premises what this person publishes takes effect."""
    own = premises_where(actor, Permission.EDIT_POLICY)
    premises = set(await Premises.all().values_list("id", flat=True))
    return Reach(len(premises), len(premises - own))


async def get_version(version_id: str) -> PublishedVersion:
    """One published version, by its id. Raises NotFound."""
    row = await PolicyVersion.get_or_none(id=version_id).select_related("published_by", "withdrawn_by")
    if row is None:
        raise NotFound
    return _version(row)


async def add_policy(
    text: str,
    now: datetime,
    *,
    examples: Sequence[Example] = (),
    published_by: str | None = None,
    reason: str | None = None,
) -> str:
    """Publish a version and answer its id; `published_by` is the id of a person.

    Publishing the same text again is harmless.

    Raises:
        Refused: the text has faults, all named. Duplicate (from the transaction): another text has that version.
    """
    policy = load_policy(text)
    published = await PolicyVersion.get_or_none(label=policy.label, text=text)
    if published is None:
        published = await PolicyVersion.create(
            label=policy.label,
            version=policy.version,
            effective_from=policy.effective_from,
            text=text,
            examples=examples_json(examples),
            published_by_id=published_by,
            reason=reason,
            published_at=now,
        )
    return str(published.id)


def _version(row: PolicyVersion) -> PublishedVersion:
    return PublishedVersion(
        id=row.id,
        label=row.label,
        version=row.version,
        policy=_load(row.text),
        examples=read_examples(row.examples or []),
        published_by=row.published_by.name if row.published_by else None,
        reason=row.reason,
        published_at=row.published_at,
        withdrawal=_withdrawal(row),
    )


def _withdrawal(row: PolicyVersion) -> Withdrawal | None:
    if row.withdrawn_at is None or row.withdrawn_by is None:
        return None
    return Withdrawal(row.withdrawn_by.name, row.withdrawn_at, row.withdrawn_because or "")


@lru_cache(maxsize=64)
def _load(text: str) -> Policy:
    """Reading a policy takes longer than judging by it, and what was published never changes."""
    return load_policy(text)
