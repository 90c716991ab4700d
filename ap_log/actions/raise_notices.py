"""Raises and closes notices inside the running transaction of whatever caused them; the resident is locked by then.

* A recommendation waits for a person: one notice for each episode, to whoever decides.
* A decision was made: a notice to each person whom the policy wants told of the issued step.
* A decision was withdrawn, or its warning is void: a notice to each person who knows of it.
* An officer needs more: a notice to whoever made the decision.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from ap_log.bank_holidays import BankHolidays
from ap_log.domain import notices as rules
from ap_log.domain.notices import Next, Telling, Wanted
from ap_log.domain.people import Role
from ap_log.domain.policy.language import Policy
from ap_log.domain.recommendations import needs_area_manager
from ap_log.domain.working_days import WorkingCalendar
from ap_log.store import audit, decisions, duties, notices, policies
from ap_log.store.models import Decision, Notice, Recommendation

RAISED = "notice.raised"
RAISED_AGAIN = "notice.raised-again"
CLOSED = "notice.closed"
DUTY_UNHELD = "notice.duty-unheld"


async def raise_review_notice(recommendation: Recommendation, now: datetime) -> None:
    """Ask whoever decides to decide an episode. Where somebody is asked already, that notice stands for it from now."""
    policy = await policy_of(recommendation)
    answer_by = rules.review_by(policy, recommendation.step, calendar_of(policy), now)
    holders = await duties.holders_of(recommendation.resident_id, now)
    asked = await notices.list_open_reviews(recommendation.resident_id, recommendation.episode)
    to = rules.next_in_line(rules.reviewers(recommendation.step), holders)
    if asked:
        await _ask_again(asked, recommendation, to, answer_by, now)
    elif to is not None:
        telling = _ask(to, Wanted.REVIEW, answer_by)
        await _add(f"review:{recommendation.id}", telling, recommendation, now, step=recommendation.step)
    else:
        await _record_unheld(recommendation, rules.reviewers(recommendation.step), now)


async def close_review_notices(recommendation: Recommendation, by: str | None, now: datetime) -> None:
    """Close the notices that stand for this recommendation: `by` decided, or, None, nothing is left to decide."""
    await close(await notices.list_open_of_recommendation(recommendation.id), by, now)


async def raise_decision_notices(decision: Decision, recommendation: Recommendation, now: datetime) -> None:
    """Tell everybody whom the policy wants told of the issued step, and an area manager of a large departure."""
    policy = await policy_of(recommendation)
    calendar = calendar_of(policy)
    holders = await duties.holders_of(decision.resident_id, now)
    notified = policy.notify_at(decision.step)
    told = rules.tellings(notified, holders, calendar, now, decision.decided_by_id)
    unheld = rules.unheld(notified, holders)
    departs = needs_area_manager(decision.recommended, decision.step, policy.needs_area_manager_at)
    if departs and holders.get(Role.AREA_MANAGER) != decision.decided_by_id:
        told, unheld = _with_area_manager(told, unheld, holders, calendar.due(rules.SEE_WITHIN, now))
    for telling in told:
        key = f"decision:{decision.id}:{telling.duty}"
        await _add(key, telling, recommendation, now, step=decision.step, decision=decision)
    if unheld:
        await decisions.record_unheld(decision, unheld)
        await _record_unheld(recommendation, unheld, now)


async def close_decision_notices(decision_id: str, by: str, now: datetime) -> None:
    """The decision was withdrawn, or its warning is void: nobody is asked about it any longer."""
    await close(await notices.list_open_of_decision(decision_id), by, now)


async def raise_withdrawal_notices(decision_id: str, by: str, now: datetime, instead: str | None = None) -> None:
    """The decision was withdrawn: whoever may have acted on it has to know.

    Those who are told of the decision made `instead` of it, where there is one, know by that.
    """
    told = {each.recipient_id for each in await notices.list_for_decision(instead)} if instead else set()
    await _tell_those_who_know("withdrawn", decision_id, {by, *told}, now)


async def raise_void_notices(decision_id: str, by: str, now: datetime) -> None:
    """The warning that a decision made is void: whoever may have acted on it has to know."""
    await _tell_those_who_know("void", decision_id, {by}, now)


async def raise_question(notice: Notice, question_id: str, now: datetime) -> None:
    """An officer needs more before deciding: tell whoever made the decision, or the manager if they have left."""
    about, decision = notice.recommendation, notice.decision
    holders = await duties.holders_of(notice.resident_id, now)
    to = rules.next_in_line(rules.REVIEWERS, holders)
    if decision.decided_by_id in await duties.deciders_at(notice.premises_id, now):
        to = Next(rules.duty_of(decision.decided_by_id, holders), decision.decided_by_id, ())
    if to is None:
        await _record_unheld(about, rules.REVIEWERS, now)
        return
    see_by = calendar_of(await policy_of(about)).due(rules.SEE_WITHIN, now)
    telling = _ask(Next(to.duty, to.person, ()), Wanted.SEEN, see_by)
    await _add(f"question:{question_id}", telling, about, now, step=notice.step, decision=decision)


async def take_over(notice: Notice, to: Next, answer_by: datetime, now: datetime) -> Notice:
    """A notice that wants of the next person what `notice` wanted; the database lets a notice be taken over once."""
    return await _add(
        f"passed-on:{notice.id}",
        _ask(to, Wanted(notice.wanted), answer_by),
        notice.recommendation,
        now,
        step=notice.step,
        decision=notice.decision if notice.decision_id else None,
        passes_on=notice,
    )


async def close(found: Sequence[Notice], actor: str | None, now: datetime) -> None:
    """Close those of the notices that are open, and write down who closed them."""
    await notices.close(found, now)
    for notice in [each for each in found if each.closed_at is None]:
        await notices.record(CLOSED, notice, actor, now)


async def policy_of(recommendation: Recommendation) -> Policy:
    """The policy under which an episode is judged; the newest where none could judge it."""
    book = await policies.get_book()
    return book.in_force_at(recommendation.started_at) or book.policies[-1]


def calendar_of(policy: Policy) -> WorkingCalendar:
    return WorkingCalendar(policy.zone, _bank_holidays())


@cache
def _bank_holidays() -> BankHolidays:
    return BankHolidays()


async def _ask_again(
    asked: list[Notice], recommendation: Recommendation, to: Next | None, answer_by: datetime, now: datetime
) -> None:
    """Let open notices stand for a newer recommendation: never a second one for the same episode and person.

    A higher step is wanted sooner and told again. If it is for somebody who was not asked (a step 5, for whoever is on
    duty), they take over as though it had been passed on; if they were asked before, they are told again themselves.
    """
    taken_over = {notice.passes_on_id for notice in asked}
    last = next(notice for notice in asked if notice.id not in taken_over)
    is_higher = _weight(recommendation.step) > _weight(last.step)
    for notice in asked:
        await notices.stand_for(notice, recommendation, min(notice.answer_by, answer_by))
    if is_higher and to is not None and to.person not in {notice.recipient_id for notice in asked}:
        await take_over(last, to, answer_by, now)
    elif is_higher:
        again = next((each for each in asked if to is not None and each.recipient_id == to.person), last)
        await notices.tell_again(again, recommendation, answer_by, now)
        await notices.record(RAISED_AGAIN, again, None, now)


async def _tell_those_who_know(what: str, decision_id: str, besides: set[str], now: datetime) -> None:
    """Tell everybody who may know of a decision, once each, as far as they can still read what they are told."""
    know = {each.recipient_id: each for each in await notices.list_known(decision_id)}
    for notice in [each for person, each in know.items() if person not in besides]:
        if not await _is_reachable(notice, now):
            continue
        see_by = calendar_of(await policy_of(notice.recommendation)).due(rules.SEE_WITHIN, now)
        telling = _ask(Next(notice.duty, notice.recipient_id, ()), Wanted.SEEN, see_by)
        key = f"{what}:{decision_id}:{notice.recipient_id}"
        await _add(key, telling, notice.recommendation, now, step=notice.step, decision=notice.decision)


async def _is_reachable(notice: Notice, now: datetime) -> bool:
    """Not who has left, nor who was told in a duty at premises where they no longer work."""
    if notice.duty in rules.BY_NAME:
        return await duties.is_here(notice.recipient_id, now)
    return notice.recipient_id in await duties.posted_at(notice.premises_id, now)


def _weight(step: int | None) -> int:
    """What the policy cannot judge weighs as much as the gravest step: it may be one."""
    return rules.URGENT_STEP if step is None else step


def _ask(to: Next, wanted: Wanted, by: datetime) -> Telling:
    return Telling(duty=to.duty, person=to.person, wanted=wanted, tell_by=by, answer_by=by, remaining=to.remaining)


def _with_area_manager(
    told: tuple[Telling, ...], unheld: tuple[str, ...], holders: dict[str, str], see_by: datetime
) -> tuple[tuple[Telling, ...], tuple[str, ...]]:
    """A large departure is seen by an area manager, who may be told of the step already."""
    person = holders.get(Role.AREA_MANAGER)
    if person is None:
        return told, tuple(dict.fromkeys((*unheld, Role.AREA_MANAGER)))
    if person in {telling.person for telling in told}:
        return told, unheld
    return (*told, _ask(Next(Role.AREA_MANAGER, person, ()), Wanted.SEEN, see_by)), unheld


async def _add(
    key: str,
    telling: Telling,
    about: Recommendation,
    now: datetime,
    *,
    step: int | None,
    decision: Decision | None = None,
    passes_on: Notice | None = None,
) -> Notice:
    notice = await notices.add_notice(key, telling, about, now, step=step, decision=decision, passes_on=passes_on)
    await notices.record(RAISED, notice, None, now)
    return notice


async def _record_unheld(about: Recommendation, unheld: Sequence[str], now: datetime) -> None:
    await audit.add(
        DUTY_UNHELD,
        None,
        now,
        subject_kind="recommendation",
        subject=about.id,
        premises=about.premises_id,
        details={"duties": " ".join(unheld)},
    )
