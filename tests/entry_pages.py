"""The log form as a page, in tests: one filled in, and what is in the page that comes back."""

import re
from typing import Any

from tests.cast import World

ENTRY_ID = "0b6f2d0e-7c1e-4b83-9a53-55e2f0a4c111"


def filled(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "id": ENTRY_ID,
        "opened_at": world.now.isoformat(),
        "resident": world.residents["gwilym"].id,
        "happening": "under-influence",
        "signs": ["eyes-glassy", "swaying"],
        "alternatives_considered": "yes",
        "done": ["stayed"],
        "when": "15",
        "words": "Found in the corridor by room 7.",
    } | changes


def checked(html: str) -> set[tuple[str, str]]:
    boxes = [box for box in re.findall(r"<input[^>]*>", html) if re.search(r"\schecked[\s>]", box)]
    return {(_attribute(box, "name"), _attribute(box, "value")) for box in boxes}


def hidden(html: str, name: str) -> str:
    return _attribute(next(box for box in re.findall(r"<input[^>]*>", html) if f'name="{name}"' in box), "value")


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    assert found
    return found[1]
