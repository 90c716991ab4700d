"""How tests come by a draft of the policy, and by one that can be published."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from ap_log.actions.change_draft import change_draft
from ap_log.actions.start_draft import start_draft
from ap_log.domain.policy.examples import Example, ExampleEvent
from ap_log.domain.policy_drafts import Draft
from ap_log.domain.policy_publication import Publication
from ap_log.store import policy_drafts
from tests.cast import World

LONGER = {"warning_days": {"1": 28, "2": 56, "3": 90}}
"""A change that every shipped example passes: final warnings stay active for longer."""

AGAIN = Example(
    id="again",
    title="Strong signs twice",
    legal_status="licence",
    recalled_for_intoxicated_aggression=False,
    events=(ExampleEvent(1, "22:15", "SUB-2", intoxicated=True), ExampleEvent(15, "20:00", "SUB-2")),
    step=2,
    outcome="warn",
)
"""An example that passes under the shipped policy."""


async def a_draft(world: World, **change: Any) -> Draft:
    """A draft of Farah's, changed where a change is given."""
    draft = await policy_drafts.get_draft(await start_draft(str(uuid4()), world.farah, world.now))
    return await change_draft(draft.id, draft.revision, change, world.farah, world.now) if change else draft


def publication(draft: Draft, **changes: Any) -> Publication:
    """What the draft's page would send to publish it in a week after it was changed."""
    said: dict[str, Any] = {
        "revision": draft.revision,
        "version": draft.version,
        "follows": draft.follows,
        "effective_from": draft.changed_at + timedelta(days=7),
        "reason": "Final warnings ran out too soon.",
    }
    return Publication(**(said | changes))
