"""The default policy's single values, and the policies that differ from it in one of them."""

import re
from collections.abc import Iterator
from typing import Any

from ap_log.domain.policy.drafting import document_of, policy_of
from ap_log.domain.policy.faults import Refused
from ap_log.domain.policy.language import Policy
from ap_log.domain.policy.loading import load_policy
from tests.domain.policy.edits import put
from tests.domain.policy.histories import DEFAULT_TOML

DEFAULT = load_policy(DEFAULT_TOML)
CHAPTER_OF = {
    "time_zone": "times",
    "episode_window_hours": "times",
    "fit_to_warn_hours": "times",
    "warning_days": "times",
    "cap": "climb",
    "aggravator": "raising",
    "mitigator": "raising",
    "help_seeking": "raising",
    "evidence_guard": "guard",
    "departure": "guard",
}
_TEXTS = ("Europe/Paris", "CHG", "SUB-6", "decision", "comment", "3 hours", "elsewhere")


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each value that is no table and no list, with its path, such as `repeat.0.days`."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if entries is None:
        yield path, value
    for key, entry in entries or ():
        yield from leaves(entry, f"{path}.{key}" if path else str(key))


# The guard's step can be 4 only, so that nothing can ever be said about another.
LEAVES = [(path, value) for path, value in leaves(document_of(DEFAULT)) if path != "evidence_guard.step"]


def chapter_of(path: str) -> str:
    key, _, _ = path.partition(".")
    return CHAPTER_OF.get(key, key)


def edited(path: str, value: object) -> Policy:
    """The default policy with one value put elsewhere in its document."""
    document = document_of(DEFAULT)
    put(path, value)(document)
    return policy_of(document, name=DEFAULT.name, version=2, effective_from=DEFAULT.effective_from)


def with_another(path: str, value: Any) -> tuple[Policy, object]:
    """The default policy with another value at a path, and that value."""
    for other in (value + 1, value - 1) if isinstance(value, int) else _TEXTS:
        if other != value:
            try:
                return edited(path, other), other
            except Refused:
                continue
    raise AssertionError(f"nothing else can stand at {path}")


def figures(words: str) -> set[int]:
    return {int(number) for number in re.findall(r"\d+", words)}
