"""Which role may do what. Rows here, and `store/visibility.py` for whose records, are the whole of authorisation."""

from enum import StrEnum

from .people import Actor, Role


class Permission(StrEnum):
    """A thing a route asks for. `ANYONE` needs no session."""

    ANYONE = "anyone"
    LOG_ENTRIES = "log-entries"
    VIEW_RESIDENTS = "view-residents"
    REVIEW_QUEUE = "review-queue"
    DECIDE = "decide"
    ANSWER_NOTICES = "answer-notices"
    ADMINISTER_PEOPLE = "administer-people"


_STAFF = frozenset({Permission.LOG_ENTRIES, Permission.VIEW_RESIDENTS, Permission.ANSWER_NOTICES})
_AREA = frozenset({Permission.VIEW_RESIDENTS, Permission.REVIEW_QUEUE, Permission.DECIDE, Permission.ANSWER_NOTICES})
"""An area manager decides what nobody in the house decided in time; they log nothing, as they see nothing happen."""
_DECIDERS = _STAFF | {Permission.REVIEW_QUEUE, Permission.DECIDE}
_OFFICERS = frozenset({Permission.VIEW_RESIDENTS, Permission.ANSWER_NOTICES})

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.RESIDENTIAL_WORKER: _STAFF,
    Role.KEY_WORKER: _STAFF,
    Role.MANAGER: _DECIDERS,
    Role.DEPUTY: _DECIDERS,
    Role.ON_DUTY_MANAGER: _DECIDERS,
    Role.AREA_MANAGER: _AREA,
    Role.PROBATION_PRACTITIONER: _OFFICERS,
    Role.SENIOR_PROBATION_OFFICER: _OFFICERS,
    Role.ADMINISTRATOR: frozenset({Permission.ADMINISTER_PEOPLE}),
}


def roles_that_may(permission: Permission) -> frozenset[Role]:
    """The roles whose postings grant the permission."""
    return frozenset(role for role, granted in GRANTS.items() if permission in granted)


def may(actor: Actor, permission: Permission) -> bool:
    """Whether any of the actor's postings grants the permission, wherever it is held."""
    if permission is Permission.ANYONE:
        return True
    return any(permission in GRANTS[posting.role] for posting in actor.postings)


def premises_where(actor: Actor, permission: Permission) -> frozenset[str]:
    """Ids of the premises at which the actor's postings grant the permission."""
    return frozenset(
        posting.premises
        for posting in actor.postings
        if posting.premises is not None and permission in GRANTS[posting.role]
    )
