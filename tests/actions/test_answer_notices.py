"""Seeing, acknowledging and answering a notice: by whom, once, and what it closes."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from ap_log.actions.acknowledge_notice import acknowledge_notice
from ap_log.actions.answer_notice import answer_notice
from ap_log.actions.pass_on_notices import pass_on_notices
from ap_log.actions.see_notice import see_notice
from ap_log.domain.answers import Answer
from ap_log.domain.errors import AlreadyAnswered, IdTaken, Invalid, NotFound
from ap_log.store.models import Notice, NoticeAnswer
from tests.cast import World
from tests.notices import an_answer, decided, events, sent_to


async def asked(world: World, now: datetime, **changes: Any) -> Notice:
    """Dev, asked for a decision on a step 4."""
    await decided(world, 4, now, happening="supply", **changes)
    return await sent_to(world, "dev")


async def test_the_recipient_who_opens_a_notice_has_seen_it(world: World, now: datetime) -> None:
    notice = await asked(world, now)
    await see_notice(notice, world.dev, now + timedelta(minutes=5))
    seen = await sent_to(world, "dev")
    assert (seen.seen_at, seen.closed_at) == (now + timedelta(minutes=5), None)


async def test_opening_it_again_keeps_the_first_time(world: World, now: datetime) -> None:
    notice = await asked(world, now)
    for minutes in (5, 6):
        await see_notice(notice, world.dev, now + timedelta(minutes=minutes))
    assert (await sent_to(world, "dev")).seen_at == now + timedelta(minutes=5)
    assert await events(notice) == ["notice.raised", "notice.seen"]


async def test_opened_ten_times_at_once_it_is_seen_once(world: World, now: datetime) -> None:
    notice = await asked(world, now)
    await asyncio.gather(*[see_notice(notice, world.dev, now) for _ in range(10)])
    assert await events(notice) == ["notice.raised", "notice.seen"]


async def test_anybody_else_who_opens_it_changes_nothing(world: World, now: datetime) -> None:
    notice = await asked(world, now)
    await see_notice(notice, world.ben, now)
    assert (await sent_to(world, "dev")).seen_at is None


async def test_where_only_seeing_is_wanted_opening_it_is_all(world: World, now: datetime) -> None:
    await asked(world, now)
    await see_notice(await sent_to(world, "sian"), world.sian, now)
    assert (await sent_to(world, "sian")).closed_at == now


async def test_acknowledging_is_recorded_once_and_leaves_it_open(world: World, now: datetime) -> None:
    notice = await asked(world, now)
    await acknowledge_notice(notice.reference, world.dev, now)
    await asyncio.gather(*[acknowledge_notice(notice.reference, world.dev, now) for _ in range(5)])
    assert await NoticeAnswer.filter(notice_id=notice.id, kind="acknowledged").count() == 1
    assert await events(notice) == ["notice.raised", "notice.acknowledged"]
    assert (await sent_to(world, "dev")).closed_at is None


async def test_a_decision_is_kept_with_its_reason_and_closes_the_notice(world: World, now: datetime) -> None:
    notice = await asked(world, now)
    await answer_notice(notice.reference, an_answer(reason="  Managed with a new plan.\n"), world.dev, now)
    answer = await NoticeAnswer.get(notice_id=notice.id)
    assert (answer.kind, answer.choice, answer.reason) == ("decision", "no-recall", "Managed with a new plan.")
    assert (answer.person_id, answer.at) == (world.dev.id, now)
    assert (await sent_to(world, "dev")).closed_at == now
    assert await events(notice) == ["notice.raised", "notice.answered", "notice.closed"]


async def test_the_same_answer_ten_times_in_parallel_is_one_answer(world: World, now: datetime) -> None:
    notice = await asked(world, now)
    answer = an_answer()
    await asyncio.gather(*[answer_notice(notice.reference, answer, world.dev, now) for _ in range(10)])
    await answer_notice(notice.reference, answer, world.dev, now + timedelta(hours=1))
    assert await NoticeAnswer.all().count() == 1
    assert await events(notice) == ["notice.raised", "notice.answered", "notice.closed"]


async def test_of_two_different_answers_at_once_one_is_taken_and_one_is_told(world: World, now: datetime) -> None:
    notice = await asked(world, now)
    answers = [answer_notice(notice.reference, an_answer(choice), world.dev, now) for choice in ("no-recall",) * 2]
    results = await asyncio.gather(*answers, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["AlreadyAnswered", "NoneType"]
    assert await NoticeAnswer.all().count() == 1


async def test_an_answer_by_anybody_of_the_chain_closes_the_whole_chain(world: World, now: datetime) -> None:
    await asked(world, now)
    later = now + timedelta(hours=25)
    await pass_on_notices(later)
    tom = await sent_to(world, "tom")
    await answer_notice((await sent_to(world, "dev")).reference, an_answer(), world.dev, later)
    assert (await sent_to(world, "tom")).closed_at == later
    with pytest.raises(AlreadyAnswered):
        await answer_notice(tom.reference, an_answer(), world.tom, later)


async def test_the_one_it_was_passed_to_closes_it_for_the_one_before(world: World, now: datetime) -> None:
    await asked(world, now)
    later = now + timedelta(hours=25)
    await pass_on_notices(later)
    await answer_notice((await sent_to(world, "tom")).reference, an_answer(), world.tom, later)
    assert (await sent_to(world, "dev")).closed_at == later


async def test_needing_more_keeps_it_open_and_tells_whoever_decided(world: World, now: datetime) -> None:
    notice = await asked(world, now)
    await answer_notice(notice.reference, an_answer("needs-more", "Which test was it?"), world.dev, now)
    assert (await sent_to(world, "dev")).closed_at is None
    question = await sent_to(world, "ben", wanted="seen")
    assert (question.decision_id, question.duty) == (notice.decision_id, "manager")
    await answer_notice(notice.reference, an_answer(), world.dev, now)
    assert (await sent_to(world, "dev")).closed_at == now


async def test_a_question_for_somebody_who_has_left_goes_to_whoever_is_next(world: World, now: datetime) -> None:
    notice = await asked(world, now)
    await type(world.people["ben"]).filter(id=world.ben.id).update(left_at=now)
    await answer_notice(notice.reference, an_answer("needs-more", "Which test was it?"), world.dev, now)
    question = await sent_to(world, "rob", wanted="seen")
    assert question.duty == "deputy"


async def test_a_question_sent_ten_times_is_one_question(world: World, now: datetime) -> None:
    notice = await asked(world, now)
    question = an_answer("needs-more", "Which test was it?")
    await asyncio.gather(*[answer_notice(notice.reference, question, world.dev, now) for _ in range(10)])
    assert await Notice.filter(recipient_id=world.ben.id, wanted="seen").count() == 1


@pytest.mark.parametrize("who", ["ben", "chika", "owen", "tom", "sian", "farah", "grace", "esther"])
async def test_nobody_answers_or_acknowledges_for_the_recipient(world: World, now: datetime, who: str) -> None:
    notice = await asked(world, now)
    with pytest.raises(NotFound):
        await answer_notice(notice.reference, an_answer(), world.actors[who], now)
    with pytest.raises(NotFound):
        await acknowledge_notice(notice.reference, world.actors[who], now)
    assert await NoticeAnswer.all().count() == 0


async def test_what_only_has_to_be_seen_or_decided_cannot_be_answered(world: World, now: datetime) -> None:
    await asked(world, now)
    review = await sent_to(world, "ben", wanted="review")
    for notice, actor in ((await sent_to(world, "sian"), world.sian), (review, world.ben)):
        with pytest.raises(NotFound):
            await answer_notice(notice.reference, an_answer(), actor, now)


async def test_a_comment_needs_words_and_no_choice(world: World, now: datetime) -> None:
    await decided(world, 2, now, happening="possession")
    notice = await sent_to(world, "dev")
    with pytest.raises(Invalid) as refusal:
        await answer_notice(notice.reference, Answer(str(uuid4()), None, " "), world.dev, now)
    assert [fault.field for fault in refusal.value.faults] == ["reason"]
    await answer_notice(notice.reference, Answer(str(uuid4()), None, "I will see him on Monday."), world.dev, now)
    assert (await NoticeAnswer.get(notice_id=notice.id)).kind == "comment"


@pytest.mark.parametrize(
    ("resident", "choice", "fields"),
    [
        ("gwilym", "no-recall", []),
        ("gwilym", "no-breach", ["choice"]),
        ("lewis", "no-breach", []),
        ("lewis", "no-recall", ["choice"]),
        ("lewis", "", ["choice"]),
    ],
)
async def test_the_choices_are_those_of_the_residents_legal_route(
    world: World, now: datetime, resident: str, choice: str, fields: list[str]
) -> None:
    notice = await asked(world, now, resident=resident)
    found: list[str] = []
    try:
        await answer_notice(notice.reference, an_answer(choice), world.dev, now)
    except Invalid as refusal:
        found = [fault.field for fault in refusal.faults]
    assert found == fields


async def test_an_id_that_belongs_to_another_answer_is_refused(world: World, now: datetime) -> None:
    for resident in ("gwilym", "lewis"):
        await decided(world, 2, now, happening="possession", resident=resident)
    first, second = await Notice.filter(recipient_id=world.dev.id)
    answer = an_answer(None)
    await answer_notice(first.reference, answer, world.dev, now)
    with pytest.raises(IdTaken):
        await answer_notice(second.reference, answer, world.dev, now)
