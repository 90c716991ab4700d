"""What Farah has done with the policy: a version to come, which not everybody has read, and a draft being rehearsed."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from ap_log.actions.ask_rehearsal import Asked, ask_rehearsal
from ap_log.actions.change_draft import change_draft
from ap_log.actions.confirm_reading import confirm_reading
from ap_log.actions.publish_policy import publish_policy
from ap_log.actions.start_draft import start_draft
from ap_log.demo.agenda import Agenda
from ap_log.demo.cast import Company
from ap_log.domain.people import Actor
from ap_log.domain.policy_publication import Publication
from ap_log.presenters.times import ZONE
from ap_log.store.policy_drafts import get_draft

PUBLISHED_AGO = timedelta(days=3)
Change = Callable[[Mapping[str, Any]], dict[str, Any]]
"""From the document of a draft to what is changed in it."""

NOTICE_GIVEN = timedelta(days=7)
"""How long before it takes effect a version is published: everybody has a shift in a week."""

DRAFTED_AGO = timedelta(hours=5)
LOOKED_BACK = timedelta(days=85)

BETWEEN_READERS = timedelta(hours=7)

HAVE_READ = ("asha", "ben", "rob", "nia", "owen")
"""The others have had days off, as some always have."""

REASON = (
    "Eight weeks was longer than most residents stay. Both houses asked for six, and for the key worker to be told of"
    " a first written warning, not only of a verbal one."
)


def plan_policy_work(agenda: Agenda, company: Company) -> None:
    """Version 2 is published and read by some; a draft of version 3 is left with a rehearsal for the worker to run."""
    farah = company.actors["farah"]

    async def publish(at: datetime) -> None:
        draft_id = await _draft(agenda, farah, _shorter_written_warning, at)
        draft = await get_draft(draft_id)
        begins = _first_of_a_month(at + NOTICE_GIVEN)
        publication = Publication(draft.revision, draft.version, draft.follows, begins, REASON)
        version = await publish_policy(draft_id, publication, farah, at)
        for number, name in enumerate(HAVE_READ, start=1):
            agenda.plan(at + number * BETWEEN_READERS, partial(confirm_reading, version, company.actors[name]))

    async def draft(at: datetime) -> None:
        draft_id = await _draft(agenda, farah, _other_starts, at)
        await ask_rehearsal(draft_id, Asked(agenda.new_id(), at - LOOKED_BACK), farah, at)

    agenda.plan(agenda.now - PUBLISHED_AGO, publish)
    agenda.plan(agenda.now - DRAFTED_AGO, draft)


async def _draft(agenda: Agenda, farah: Actor, change: Change, at: datetime) -> str:
    draft_id = await start_draft(agenda.new_id(), farah, at)
    draft = await get_draft(draft_id)
    await change_draft(draft_id, draft.revision, change(draft.document), farah, at)
    return draft_id


def _shorter_written_warning(document: Mapping[str, Any]) -> dict[str, Any]:
    told = [rule | {"who": ["key-worker", *rule["who"]]} if rule["step"] == 2 else rule for rule in document["notify"]]
    return {"warning_days": document["warning_days"] | {"2": 42}, "notify": told}


def _other_starts(document: Mapping[str, Any]) -> dict[str, Any]:
    """Gentler where a drug was found, firmer about drink and missed appointments: some steps rise and some fall."""
    return {
        "base": document["base"] | {"SUB-4": 1, "SUB-7": 2, "ENG-1": 1},
        "warning_days": document["warning_days"] | {"1": 35},
    }


def _first_of_a_month(at: datetime) -> datetime:
    """The next midnight in the houses with which a month begins."""
    local = at.astimezone(ZONE)
    return (local.replace(day=1) + timedelta(days=32)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
