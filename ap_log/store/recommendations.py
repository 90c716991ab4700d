"""Recommendations: what the policy said of each episode, the current and the superseded."""

from datetime import datetime

from .models import Recommendation


async def list_current(resident_id: str) -> list[Recommendation]:
    """The current recommendation of each of a resident's episodes, oldest episode first."""
    return await Recommendation.filter(resident_id=resident_id, superseded_at=None).order_by("started_at", "id")


async def find_decided_on(decision_id: str) -> Recommendation | None:
    """The recommendation that the person had before them when they made, or last confirmed, a decision."""
    rows = await Recommendation.filter(decision_id=decision_id, look_again=False)
    # Two may be of the same moment: then the one that still stands is the later.
    return max(rows, key=lambda row: (row.made_at, row.superseded_at is None), default=None)


async def supersede(recommendation: Recommendation, now: datetime) -> None:
    recommendation.superseded_at = now
    await recommendation.save(update_fields=["superseded_at"])
