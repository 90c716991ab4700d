"""Entries held back from the log until a manager decides: why each is held, and what became of it."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from .errors import Fault
from .recommendations import faults_of_reason


class Why(StrEnum):
    """Why an entry of a known author did not go into the log by itself."""

    NOT_THEIRS = "not-theirs"
    AUTHOR_LEFT = "author-left"
    UNKNOWN_RESIDENT = "unknown-resident"


class Outcome(StrEnum):
    """What a manager decided; empty until somebody has."""

    WAITING = ""
    TAKEN = "taken"
    SET_ASIDE = "set-aside"


WHY_WORDS = {
    Why.NOT_THEIRS: (
        "Its author did not work at the resident’s premises at the time that the phone gives, or it came more than 30"
        " days later."
    ),
    Why.AUTHOR_LEFT: (
        "Its author has left, and did not work at the resident’s premises at the time that the phone gives, or it came"
        " more than 30 days later."
    ),
    Why.UNKNOWN_RESIDENT: "Nobody in AP Log is the resident that the phone names, so it cannot go into the log.",
}

OUTCOME_WORDS = {Outcome.TAKEN: "Taken into the log", Outcome.SET_ASIDE: "Set aside"}


class Settlement(msgspec.Struct, frozen=True):
    """What a manager decides of a held entry, on a form. `reason` has to be given where it is set aside."""

    outcome: str
    reason: str


def why_held(*, is_resident_known: bool, has_author_left: bool) -> Why:
    """Why an entry is held whose author may not log about its resident."""
    if not is_resident_known:
        return Why.UNKNOWN_RESIDENT
    return Why.AUTHOR_LEFT if has_author_left else Why.NOT_THEIRS


def faults_of_settlement(settlement: Settlement, why: str) -> list[Fault]:
    """What keeps this from being decided, each fault naming its field."""
    if settlement.outcome not in OUTCOME_WORDS:
        return [Fault("outcome", "Choose whether it goes into the log")]
    if settlement.outcome == Outcome.TAKEN and why == Why.UNKNOWN_RESIDENT:
        return [Fault("outcome", "This cannot go into the log: its resident is not known. Set it aside")]
    return faults_of_reason(settlement.reason, required=settlement.outcome == Outcome.SET_ASIDE)


def first_premises(*premises: Sequence[str]) -> str | None:
    """The premises of the first list that has any: somebody there has to see what is held."""
    return next((one for those in premises for one in those), None)
