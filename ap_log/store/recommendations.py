"""Recommendations: what the policy said of each episode, the current and the superseded."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from tortoise.expressions import Subquery

from ap_log.domain.errors import NotFound
from ap_log.domain.people import Actor

from .models import PolicyVersion, Recommendation
from .visibility import visible_residents


async def get_visible(actor: Actor, recommendation_id: str, now: datetime) -> Recommendation:
    """A recommendation, current or not, about a resident this actor may read about. Raises NotFound."""
    residents = Subquery(visible_residents(actor, now).values("id"))
    found = await Recommendation.filter(id=recommendation_id, resident_id__in=residents).get_or_none()
    if found is None:
        raise NotFound
    return found


async def list_current(resident_id: str) -> list[Recommendation]:
    """The current recommendation of each of a resident's episodes, oldest episode first."""
    return await Recommendation.filter(resident_id=resident_id, superseded_at=None).order_by("started_at", "id")


async def find_decided_on(decision_id: str) -> Recommendation | None:
    """The recommendation that the person had before them when they made, or last confirmed, a decision."""
    rows = await Recommendation.filter(decision_id=decision_id, look_again=False)
    # Two may be of the same moment: then the one that still stands is the later.
    return max(rows, key=lambda row: (row.made_at, row.superseded_at is None), default=None)


async def list_decided_on(decisions: Sequence[str]) -> dict[str, str]:
    """By the id of a decision, the recommendation that it was made on: the first to have been tied to it."""
    if not decisions:
        return {}
    columns = ("made_at", "superseded_at", "decision_id", "id")
    rows = await Recommendation.filter(decision_id__in=decisions).values_list(*columns)
    # Two may be of the same moment: then the one that was replaced is the earlier.
    latest_first = sorted(rows, key=lambda row: (row[0], row[1] is None), reverse=True)
    return {str(decision): str(recommendation) for _, _, decision, recommendation in latest_first}


async def find_successor(recommendation: Recommendation) -> Recommendation | None:
    """The recommendation that took this one's place when it was superseded, for the same deciding entry if it can."""
    if recommendation.superseded_at is None:
        return None
    made_then = Recommendation.filter(resident_id=recommendation.resident_id, made_at=recommendation.superseded_at)
    rows = await made_then.exclude(id=recommendation.id).order_by("started_at", "id")
    holding = [row for row in rows if set(row.episode) & set(recommendation.episode)]
    return next((row for row in holding if recommendation.deciding_entry in row.episode), next(iter(holding), None))


async def find_policy_versions(labels: Iterable[str]) -> dict[str, str]:
    """The ids of the published versions with these labels, by label; a label that lists several versions has none."""
    return dict(await PolicyVersion.filter(label__in=list(labels)).values_list("label", "id"))


async def supersede(recommendation: Recommendation, now: datetime) -> None:
    recommendation.superseded_at = now
    await recommendation.save(update_fields=["superseded_at"])
