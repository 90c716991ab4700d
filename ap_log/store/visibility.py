"""The only door to other people's records: whose records an actor may see.

Staff see their premises; officers the residents they supervise, or whose officer they are senior to; and whoever was
sent a notice sees the resident it is about. What is not visible does not exist, as far as the asker can tell.
"""

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from ap_log.domain.people import Actor, Role
from ap_log.domain.permissions import Permission, premises_where

from .models import Notice, Resident


def visible_residents(actor: Actor) -> QuerySet[Resident]:
    """The residents whose record this actor may read."""
    return Resident.filter(_residents(actor)).distinct()


def loggable_residents(actor: Actor) -> QuerySet[Resident]:
    """The residents about whom this actor may log: those of the premises where they work, departed ones too."""
    return Resident.filter(premises_id__in=premises_where(actor, Permission.LOG_ENTRIES))


def decidable_residents(actor: Actor) -> QuerySet[Resident]:
    """The residents about whose episodes this actor may decide."""
    return Resident.filter(premises_id__in=premises_where(actor, Permission.DECIDE))


def visible_notices(actor: Actor) -> QuerySet[Notice]:
    """The notices sent to this actor, and those about residents of premises whose queue is theirs."""
    return Notice.filter(Q(recipient_id=actor.id) | Q(premises_id__in=premises_where(actor, Permission.REVIEW_QUEUE)))


def _residents(actor: Actor) -> Q:
    seen = Q(premises_id__in=premises_where(actor, Permission.VIEW_RESIDENTS)) | Q(notices__recipient_id=actor.id)
    if actor.has(Role.PROBATION_PRACTITIONER):
        seen |= Q(officer_id=actor.id)
    if actor.has(Role.SENIOR_PROBATION_OFFICER):
        seen |= Q(officer__senior_id=actor.id)
    return seen
