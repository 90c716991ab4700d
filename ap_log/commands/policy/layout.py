"""How the policy commands set words on a screen."""

import textwrap
from collections.abc import Iterable, Iterator

from ap_log.domain.policy.language import Policy

_WIDTH = 96  # characters


def heading(policy: Policy) -> str:
    """Such as "ap-default/1, in force from 00:00 on 1 January 2026"."""
    begins = policy.effective_from.astimezone(policy.zone)
    return f"{policy.label}, in force from {begins:%H:%M} on {begins.day} {begins:%B %Y}"


def chapter_lines(title: str, sentences: Iterable[str]) -> Iterator[str]:
    """A title below an empty line, and each sentence as an item of a list."""
    yield ""
    yield title
    for sentence in sentences:
        yield from textwrap.wrap(
            sentence, _WIDTH, initial_indent="  - ", subsequent_indent="    ", break_on_hyphens=False
        )
