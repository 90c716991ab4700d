"""How tests of deciding come by a recommendation, and by the fields that a page hides in its forms."""

import re
from typing import Any

from httpx2 import Response

from ap_log.actions.log_entries import log_entry
from ap_log.store import recommendations
from ap_log.store.models import Recommendation
from tests.cast import World, an_entry


def hidden(page: Response, name: str) -> str:
    """The value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, f"no hidden field {name}"
    return found[1]


async def current(world: World) -> Recommendation:
    """The recommendation for the latest of Gwilym's episodes."""
    return (await recommendations.list_current(world.residents["gwilym"].id))[-1]


async def recommend(world: World, **changes: Any) -> Recommendation:
    """What is recommended after an entry of Asha's about Gwilym."""
    await log_entry(an_entry(world, **changes), world.asha, world.now)
    return await current(world)
