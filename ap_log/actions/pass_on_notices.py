"""Passes unanswered notices on to the next person of their chain, once each, and marks them overdue.

Every attempt to reach somebody stays on the record: the notice that was not answered stays open beside the one that
took over from it, and an answer to any of them closes them all.
"""

import logging
from datetime import datetime
from functools import partial

from ap_log.actions.raise_notices import calendar_of, policy_of, take_over
from ap_log.domain import notices as rules
from ap_log.domain.notices import Next, Wanted
from ap_log.store import duties, notices, residents
from ap_log.store.models import Notice
from ap_log.store.transaction import transaction

OVERDUE = "notice.overdue"
PASSED_ON = "notice.passed-on"
NOBODY_LEFT = "notice.nobody-left"

AT_ONCE = 100
"""Notices looked at in one round; the next round is a second away."""

_log = logging.getLogger(__name__)


async def pass_on_notices(now: datetime) -> int:
    """Deal with every notice whose time is up, each in a transaction of its own; returns how many.

    One that cannot be dealt with is logged, does not hold up the others, and is tried again in the next round.
    """
    done = 0
    for notice_id in await notices.list_overdue(now, AT_ONCE):
        try:
            done += await transaction(partial(_become_overdue, notice_id, now))
        except Exception:
            _log.exception("A notice could not be passed on")
    return done


async def _become_overdue(notice_id: str, now: datetime) -> bool:
    """1. Lock the resident: answers, decisions and other workers take their turn.
    2. Read the notice again: since it was listed, it may have been answered or dealt with.
    3. Mark it, then pass it on, unless that has been done already.
    """
    await residents.lock_resident(await notices.resident_of(notice_id))
    notice = await notices.find_overdue(notice_id, now)
    if notice is None:
        return False
    await notices.mark_overdue(notice, now)
    await notices.record(OVERDUE, notice, None, now)
    await pass_on(notice, now)
    return True


async def pass_on(notice: Notice, now: datetime) -> Notice | None:
    """Ask the next person, inside the running transaction; None when it was passed on before or nobody is left."""
    chain = await notices.chain_of(notice)
    if chain[-1].id != notice.id:
        return None
    to = await _next(notice, chain, now)
    if to is None:
        await notices.record(NOBODY_LEFT, notice, None, now)
        return None
    policy = await policy_of(notice.recommendation)
    answer_by = rules.answer_again_by(policy, notice.wanted, notice.step, calendar_of(policy), now)
    await notices.record(PASSED_ON, notice, None, now)
    return await take_over(notice, to, answer_by, now)


async def _next(notice: Notice, chain: list[Notice], now: datetime) -> Next | None:
    """The next of the chain: of those who may decide for a review, and never whoever made the decision it is about."""
    holders = await duties.holders_of(notice.resident_id, now)
    deputy = await duties.find_deputy(notice.recipient_id, now)
    if notice.wanted == Wanted.REVIEW and deputy not in await duties.deciders_at(notice.premises_id, now):
        deputy = None
    asked = {each.recipient_id for each in chain}
    if notice.decision_id is not None:
        asked.add(notice.decision.decided_by_id)
    is_officers = any(each.duty in rules.BY_NAME for each in chain)
    return rules.take_over_from(notice.remaining, holders, deputy, asked, is_officers=is_officers)
