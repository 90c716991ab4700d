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
    VIEW_POLICY = "view-policy"
    EDIT_POLICY = "edit-policy"
    REVIEW_PRACTICE = "review-practice"
    MANAGE_PHONES = "manage-phones"


_READERS = frozenset({Permission.VIEW_RESIDENTS, Permission.ANSWER_NOTICES, Permission.VIEW_POLICY})
"""Staff and officers alike: everyone may know the rules and the ladder."""
_STAFF = _READERS | {Permission.LOG_ENTRIES}
_DECIDERS = _STAFF | {Permission.REVIEW_QUEUE, Permission.DECIDE, Permission.MANAGE_PHONES}
_MANAGERS = _DECIDERS | {Permission.REVIEW_PRACTICE}
"""Whoever runs a house sees how its decisions compare, and who has not read a new policy."""
_AREA = (_MANAGERS - {Permission.LOG_ENTRIES}) | {Permission.EDIT_POLICY}
"""An area manager decides what nobody in the house decided in time; they log nothing, as they see nothing happen."""

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.RESIDENTIAL_WORKER: _STAFF,
    Role.KEY_WORKER: _STAFF,
    Role.MANAGER: _MANAGERS,
    Role.DEPUTY: _MANAGERS,
    Role.ON_DUTY_MANAGER: _DECIDERS,
    Role.AREA_MANAGER: _AREA,
    Role.PROBATION_PRACTITIONER: _READERS,
    Role.SENIOR_PROBATION_OFFICER: _READERS,
    Role.ADMINISTRATOR: frozenset({Permission.ADMINISTER_PEOPLE, Permission.MANAGE_PHONES}),
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
