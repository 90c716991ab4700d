"""The only door to other people's records: whose records an actor may see.

Staff see their premises; officers the residents they supervise, or whose officer they are senior to; and whoever was
asked as an officer, or as an officer's deputy, sees the resident while that is recent. What is not visible does not
exist, as far as the asker can tell.
"""

from datetime import datetime, timedelta

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from ap_log.domain.notices import BY_NAME
from ap_log.domain.people import Actor, Role
from ap_log.domain.permissions import Permission, premises_where, roles_that_may

from .models import Device, Notice, Posting, Resident

READ_BACK = timedelta(days=30)
"""How long a closed notice still shows its resident to an officer who stood in for another: a recall or a review that
follows from their answer asks them about it within weeks. After that the resident's own officer answers for it."""


def visible_residents(actor: Actor, now: datetime) -> QuerySet[Resident]:
    """The residents whose record this actor may read."""
    return Resident.filter(_residents(actor, now))


def loggable_residents(actor: Actor) -> QuerySet[Resident]:
    """The residents about whom this actor may log: those of the premises where they work, departed ones too."""
    return Resident.filter(premises_id__in=premises_where(actor, Permission.LOG_ENTRIES))


def once_loggable_residents(actor: Actor, at: datetime) -> QuerySet[Resident]:
    """The residents about whom this actor could log at a time, wherever they work by now."""
    worked_here = Q(person__left_at=None) | Q(person__left_at__gt=at)
    held = Posting.filter(worked_here, Q(ended_at=None) | Q(ended_at__gt=at), person_id=actor.id, started_at__lte=at)
    granting = held.filter(role__in=roles_that_may(Permission.LOG_ENTRIES), premises_id__isnull=False)
    return Resident.filter(premises_id__in=Subquery(granting.values("premises_id")))


def decidable_residents(actor: Actor) -> QuerySet[Resident]:
    """The residents about whose episodes this actor may decide."""
    return Resident.filter(premises_id__in=premises_where(actor, Permission.DECIDE))


def visible_notices(actor: Actor, now: datetime) -> QuerySet[Notice]:
    """The notices sent to this actor about residents they see, and those of premises whose queue is theirs."""
    sent = Q(recipient_id=actor.id, resident_id__in=Subquery(visible_residents(actor, now).values("id")))
    return Notice.filter(sent | Q(premises_id__in=premises_where(actor, Permission.REVIEW_QUEUE)))


def visible_devices(actor: Actor) -> QuerySet[Device]:
    """The phones of the premises where this actor manages them; an administrator's are all."""
    if actor.has(Role.ADMINISTRATOR):
        return Device.all()
    return Device.filter(premises_id__in=premises_where(actor, Permission.MANAGE_PHONES))


def _residents(actor: Actor, now: datetime) -> Q:
    asked = Subquery(_asked_as_officer(actor, now).values("resident_id"))
    seen = Q(premises_id__in=premises_where(actor, Permission.VIEW_RESIDENTS)) | Q(id__in=asked)
    if actor.has(Role.PROBATION_PRACTITIONER):
        seen |= Q(officer_id=actor.id)
    if actor.has(Role.SENIOR_PROBATION_OFFICER):
        seen |= Q(officer__senior_id=actor.id)
    return seen


def _asked_as_officer(actor: Actor, now: datetime) -> QuerySet[Notice]:
    """The recent notices by which a duty that is held by name, and by no posting, came to this actor.

    Duties at a premises end with the posting there, whatever was sent meanwhile.
    """
    recent = Q(closed_at=None) | Q(closed_at__gt=now - READ_BACK)
    return Notice.filter(recent, recipient_id=actor.id, duty__in=BY_NAME)
