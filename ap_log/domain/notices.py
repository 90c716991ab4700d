"""Notices: who is told of a step, what is wanted of them and by when, and who comes next if no answer comes.

Who holds a duty now is looked up by the store and given to these functions; what is answered is in `domain/answers`.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from ap_log.domain.people import Role
from ap_log.domain.policy.language import Notify, Policy
from ap_log.domain.working_days import WorkingCalendar

REFERENCE_LETTERS = "34679CDFGHJKMNPQRTVWXY"
"""No vowels, so that no word appears, and nothing that is read for another: 0 O, 1 I L, 2 Z, 5 S, 8 B."""

REVIEW_WITHIN = "24 hours"
"""How soon an episode is to be decided where the policy names no time, or could not judge it."""

SEE_WITHIN = "1 working-day"
"""How soon an area manager is to see a departure, and a manager an officer's question: the policy names no time."""

OFFICERS = (Role.PROBATION_PRACTITIONER, Role.SENIOR_PROBATION_OFFICER)

OFFICERS_DEPUTY = "officers-deputy"
"""The duty of an officer's own deputy, who is named and posted nowhere; a policy says "deputy" for either."""

BY_NAME = (*OFFICERS, OFFICERS_DEPUTY)
"""Duties that are held by name, not by a posting at the premises."""

REVIEWERS = (Role.MANAGER, Role.DEPUTY, Role.ON_DUTY_MANAGER, Role.AREA_MANAGER)
URGENT_REVIEWERS = (Role.ON_DUTY_MANAGER, Role.MANAGER, Role.DEPUTY, Role.AREA_MANAGER)
URGENT_STEP = 5


class Wanted(StrEnum):
    """What a notice asks of the person it went to. `REVIEW`: decide the episode; the others are the policy's words."""

    REVIEW = "review"
    SEEN = "seen"
    COMMENT = "comment"
    DECISION = "decision"


_STRENGTH: list[str] = [Wanted.SEEN, Wanted.COMMENT, Wanted.DECISION]


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """One person to be told, in which duty; what is wanted of them by when; and who comes next if no answer comes."""

    duty: str
    person: str
    wanted: Wanted
    tell_by: datetime
    answer_by: datetime
    remaining: tuple[str, ...] = ()


class Next(msgspec.Struct, frozen=True):
    """Who takes over, in which duty, and which duties are left after theirs."""

    duty: str
    person: str
    remaining: tuple[str, ...]


def next_in_line(duties: Sequence[str], holders: Mapping[str, str], asked: Collection[str] = ()) -> Next | None:
    """The first of the duties held by somebody not `asked` before; None when nobody is left.

    `holders` gives the id of the person for each duty that somebody holds.
    """
    for place, duty in enumerate(duties):
        person = holders.get(duty)
        if person is not None and person not in asked:
            return Next(duty, person, tuple(duties[place + 1 :]))
    return None


def take_over_from(
    remaining: Sequence[str],
    holders: Mapping[str, str],
    deputy: str | None,
    asked: Collection[str],
    *,
    is_officers: bool,
) -> Next | None:
    """Who is asked when a person did not answer; `deputy` is that person's own.

    What an officer was asked goes to the officer's own deputy and never to the premises' (`holders`), who works for
    those that sent it. Anything else goes to the premises' deputy where the person has none of their own.
    """
    able = {duty: person for duty, person in holders.items() if duty != Role.DEPUTY or not is_officers}
    to = next_in_line(remaining, able | ({Role.DEPUTY: deputy} if deputy is not None else {}), asked)
    if to is None or to.duty != Role.DEPUTY or not is_officers:
        return to
    return Next(OFFICERS_DEPUTY, to.person, to.remaining)


def duty_of(person: str, holders: Mapping[str, str]) -> str:
    """The duty in which a person decides; whoever decided and holds none of them now did so as a manager."""
    return next((duty for duty in REVIEWERS if holders.get(duty) == person), Role.MANAGER)


def reviewers(step: int | None) -> tuple[str, ...]:
    """The duties that decide an episode, in turn. A step 5 goes to whoever is on duty first."""
    return URGENT_REVIEWERS if step == URGENT_STEP else REVIEWERS


def review_by(policy: Policy, step: int | None, calendar: WorkingCalendar, at: datetime) -> datetime:
    """When an episode is to be decided: the first time by which the policy wants others told of its step."""
    notified = policy.notify_at(step) if step is not None else ()
    spans = [notify.tell_within for notify in notified] or [REVIEW_WITHIN]
    return min(calendar.due(span, at) for span in spans)


def answer_again_by(policy: Policy, wanted: str, step: int | None, calendar: WorkingCalendar, at: datetime) -> datetime:
    """When the next person is to do what the one before them did not: the same span again, from `at`."""
    if wanted == Wanted.REVIEW or step is None:
        return review_by(policy, step, calendar, at)
    spans = [notify.answer_within for notify in policy.notify_at(step) if notify.answer == wanted]
    return min(calendar.due(span, at) for span in spans or [REVIEW_WITHIN])


def tellings(
    notified: Sequence[Notify],
    holders: Mapping[str, str],
    calendar: WorkingCalendar,
    at: datetime,
    decided_by: str | None = None,
) -> tuple[Telling, ...]:
    """Whom the policy's rows for a step want told, each person once; duties that nobody holds are left out.

    Whoever decided is never the one who is to answer.
    """
    told: dict[str, Telling] = {}
    # Most wanted first: whoever is named in two rows is asked for the larger answer.
    for notify in sorted(notified, key=lambda notify: _STRENGTH.index(notify.answer), reverse=True):
        answering = _answering(notify, holders, {decided_by} if decided_by else ())
        if answering is not None:
            told.setdefault(answering.person, _telling(notify, answering, Wanted(notify.answer), calendar, at))
        for duty in notify.who:
            if duty in holders:
                seeing = Next(duty, holders[duty], ())
                told.setdefault(seeing.person, _telling(notify, seeing, Wanted.SEEN, calendar, at))
    return tuple(told.values())


def unheld(notified: Sequence[Notify], holders: Mapping[str, str]) -> tuple[str, ...]:
    """The duties that a step's rows want told and nobody holds, each once."""
    return tuple(dict.fromkeys(duty for notify in notified for duty in notify.who if duty not in holders))


def _answering(notify: Notify, holders: Mapping[str, str], asked: Collection[str]) -> Next | None:
    """The one person who is asked to answer, with the chain behind them.

    That is the first officer the row names; where it names none, the first person it names. Where those duties are
    not held, the first of the chain is asked at once: a wanted answer must not be wanted of nobody.
    """
    officers = [duty for duty in notify.who if duty in OFFICERS]
    first = next_in_line(officers or notify.who, holders, asked)
    if first is not None:
        return Next(first.duty, first.person, notify.then)
    then = take_over_from(notify.then, holders, None, asked, is_officers=bool(officers))
    return then or next_in_line(notify.who, holders, asked)


def _telling(notify: Notify, to: Next, wanted: Wanted, calendar: WorkingCalendar, at: datetime) -> Telling:
    return Telling(
        duty=to.duty,
        person=to.person,
        wanted=wanted,
        tell_by=calendar.due(notify.tell_within, at),
        answer_by=calendar.due(notify.answer_within, at),
        remaining=to.remaining,
    )
