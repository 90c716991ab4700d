"""The published policies: every version is kept as the text that was published."""

from datetime import datetime
from functools import lru_cache

from ap_log.domain.policy.language import Policy, PolicyBook
from ap_log.domain.policy.loading import load_policy

from .models import PolicyVersion


async def get_book() -> PolicyBook:
    """All published versions. Raises Refused when the database holds none, or one that cannot be loaded."""
    texts = await PolicyVersion.all().order_by("effective_from").values_list("text", flat=True)
    return PolicyBook.of(*[_load(str(text)) for text in texts])


async def exist() -> bool:
    """Whether any policy has been published."""
    return await PolicyVersion.exists()


async def add_policy(text: str, now: datetime) -> None:
    """Publish a policy version. Raises Refused with every fault of the text; publishing a version twice is harmless."""
    policy = load_policy(text)
    if await PolicyVersion.exists(label=policy.label):
        return
    await PolicyVersion.create(
        label=policy.label,
        version=policy.version,
        effective_from=policy.effective_from,
        text=text,
        published_at=now,
    )


@lru_cache(maxsize=64)
def _load(text: str) -> Policy:
    """Reading a policy takes longer than judging by it, and what was published never changes."""
    return load_policy(text)
