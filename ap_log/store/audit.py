"""The audit trail: who did or saw what, and when. Written in the transaction of what it records; ids, never content."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from .models import AuditRecord


async def add(
    event: str,
    actor: str | None,
    now: datetime,
    *,
    subject_kind: str,
    subject: str | None = None,
    premises: str | None = None,
    details: Mapping[str, str | int | Sequence[str] | None] | None = None,
) -> None:
    """Record one event. `details` holds ids, codes and counts only: the trail must not be a second copy of the log."""
    await AuditRecord.create(
        at=now,
        event=event,
        actor_id=actor,
        subject_kind=subject_kind,
        subject=subject,
        premises_id=premises,
        details=dict(details or {}),
    )


async def is_recorded(event: str, actor: str, subject: str | None) -> bool:
    """Whether this person has this event on record about the subject; looks at their newest records first."""
    records = AuditRecord.filter(actor_id=actor, event=event, subject=subject).order_by("-sequence")
    return await records.first() is not None


async def list_events(subject: str) -> list[str]:
    """The events recorded about one subject, oldest first."""
    return [record.event for record in await AuditRecord.filter(subject=subject).order_by("sequence")]
