"""Further versions of the policy for tests, and what their pages say."""

import re
from datetime import datetime, timedelta
from functools import partial
from html import unescape

from ap_log.store import policies
from ap_log.store.transaction import transaction
from tests.cast import DEFAULT_POLICY, World

DAYS = {2: 42, 3: 35, 4: 30}
"""For how many days a first written warning is active in each version; 56 in the first."""


async def publish(
    world: World,
    version: int = 2,
    *,
    starts: datetime | None = None,
    by: str = "farah",
    reason: str = "Eight weeks were too long.",
) -> str:
    """The id of a new version, in force a few days from now unless told otherwise."""
    starts = starts or world.now + timedelta(days=9 + version)
    text = (
        DEFAULT_POLICY.replace("version = 1", f"version = {version}")
        .replace("2026-01-01T00:00:00Z", starts.isoformat())
        .replace("2 = 56", f"2 = {DAYS[version]}")
    )
    publisher = world.actors[by].id
    return await transaction(partial(policies.add_policy, text, world.now, published_by=publisher, reason=reason))


def text_of(html: str) -> str:
    """What a reader reads on the page itself: words only, one space between them."""
    main = html[html.index("<main") : html.index("</main>")]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))
