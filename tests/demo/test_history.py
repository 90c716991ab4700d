"""Ninety days of history hold everything a visitor may want to find, made by the product's own actions."""

import shutil
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from ap_log.actions.judge import judge
from ap_log.demo import elm_stories, oak_stories, present
from ap_log.demo.cast import email_of
from ap_log.demo.everyday import everyday
from ap_log.domain.answers import AnswerKind
from ap_log.domain.entries import read_entry
from ap_log.domain.notices import Wanted
from ap_log.domain.policy.evaluate import warnings_of
from ap_log.presenters.times import ZONE
from ap_log.store import engine, policies, timelines
from ap_log.store.models import (
    AuditRecord,
    Decision,
    Entry,
    KeptDecision,
    Notice,
    NoticeAnswer,
    OutboxMessage,
    Person,
    Posting,
    Recommendation,
    Resident,
    Void,
    Withdrawal,
)
from tests.demo.conftest import NOW, Made, live

Count = Callable[[], Awaitable[int]]


async def test_two_houses_hold_twenty_four_and_eighteen_people(demo: Made) -> None:
    residents = await Resident.all().select_related("premises")

    assert Counter(resident.premises.name for resident in residents) == {"Elm House": 24, "Oak House": 18}
    assert len({resident.name for resident in residents}) == len({resident.crn for resident in residents}) == 42
    assert len({(resident.premises.name, resident.room) for resident in residents}) == 42


async def test_everybody_of_the_cast_is_there_and_esther_has_left(demo: Made) -> None:
    people = {person.email: person for person in await Person.all()}
    keys = ("asha", "ben", "rob", "nia", "chika", "owen", "sian", "tom", "dev", "farah", "grace")

    assert all(people[email_of(key)].left_at is None for key in keys)
    esther = people[email_of("esther")]
    assert esther.left_at is not None
    assert esther.left_at < demo.now
    assert not await Posting.filter(person_id=esther.id, ended_at=None).exists()


@pytest.mark.parametrize("step", range(6))
async def test_every_rung_of_the_ladder_was_recommended_and_every_rung_was_issued(demo: Made, step: int) -> None:
    assert await Recommendation.filter(step=step).exists()
    assert await Decision.filter(step=step).exists()


async def _expired_warnings() -> int:
    book = await policies.get_book()
    timeline = await timelines.timeline_of(await Resident.get(name="Gwilym Tudor"), book.policies[0].effective_from)
    return len([warning for warning in warnings_of(book, timeline) if warning.ends_at < NOW])


async def _said(field: str) -> int:
    return len([entry for entry in await Entry.all() if getattr(read_entry(entry.body), field)])


async def _late() -> int:
    return len([entry for entry in await Entry.all() if entry.received_at - entry.occurred_at > timedelta(days=1)])


async def _departures() -> int:
    decisions = await Decision.filter(recommended__isnull=False).exclude(reason="")
    return len([decision for decision in decisions if decision.step != decision.recommended])


async def _told_of_a_large_departure() -> int:
    notices = await Notice.filter(wanted=Wanted.SEEN, duty="area-manager", step=1)
    return len(notices)


def _route(route: str) -> Count:
    async def count() -> int:
        return len([one for one in await Recommendation.all() if one.answer.get("route") == route])

    return count


async def _recall_answered_by_dev() -> int:
    answers = NoticeAnswer.filter(kind=AnswerKind.DECISION, person__email=email_of("dev"))
    return await answers.filter(choice__in=("start-recall-consideration", "no-recall")).count()


@pytest.mark.parametrize(
    "count",
    [
        pytest.param(_expired_warnings, id="an expired warning"),
        pytest.param(lambda: Void.filter(reason__startswith="Laboratory negative").count(), id="a void"),
        pytest.param(lambda: Withdrawal.all().count(), id="a withdrawn decision"),
        pytest.param(lambda: KeptDecision.all().count(), id="a decision kept"),
        pytest.param(lambda: Entry.filter(code="SUB-8").count(), id="supply"),
        pytest.param(lambda: Entry.filter(code="RES-4").count(), id="somebody who did not come back"),
        pytest.param(lambda: _said("help_seeking"), id="help-seeking"),
        pytest.param(lambda: _said("mitigators"), id="a mitigator"),
        pytest.param(lambda: _said("aggravators"), id="an aggravator"),
        pytest.param(_late, id="a late entry"),
        pytest.param(_departures, id="a departure with its reason"),
        pytest.param(_told_of_a_large_departure, id="an area manager told of a large departure"),
        pytest.param(_route("recall-consideration"), id="recall to be considered"),
        pytest.param(_route("breach-consideration"), id="breach to be considered"),
        pytest.param(_recall_answered_by_dev, id="a recall consideration answered by Dev"),
        pytest.param(lambda: Recommendation.filter(outcome="case-conference").count(), id="a case conference"),
        pytest.param(lambda: NoticeAnswer.filter(choice="case-conference").count(), id="a case conference agreed"),
        pytest.param(
            lambda: Notice.filter(passes_on_id__isnull=False, wanted=Wanted.DECISION).count(), id="a notice passed on"
        ),
    ],
)
async def test_the_history_holds(demo: Made, count: Count) -> None:
    assert await count() > 0


async def test_a_case_conference_rests_on_suspicion_alone(demo: Made) -> None:
    conference = await Recommendation.get(outcome="case-conference", superseded_at=None)
    events = await Entry.filter(resident_id=conference.resident_id, code__startswith="SUB")

    assert {event.code for event in events} == {"SUB-2"}


async def test_most_residents_have_at_most_four_entries_and_a_few_the_whole_ladder(demo: Made) -> None:
    counts = Counter(await Entry.all().values_list("resident_id", flat=True))
    issued = [set(await Decision.filter(resident_id=resident).values_list("step", flat=True)) for resident in counts]

    assert len([count for count in counts.values() if count <= 4]) > 30
    assert len([steps for steps in issued if steps >= {1, 2, 3, 4}]) >= 3


async def test_things_happen_in_the_evening_and_at_night(demo: Made) -> None:
    hours = [entry.occurred_at.astimezone(ZONE).hour for entry in await Entry.all()]

    assert len([hour for hour in hours if hour >= 18 or hour < 4]) > len(hours) / 2


async def test_nothing_is_from_the_future_and_everything_was_recorded_in_the_order_of_time(demo: Made) -> None:
    times = [record.at for record in await AuditRecord.all().order_by("sequence")]

    assert times == sorted(times)
    assert times[-1] <= demo.now
    assert demo.now - times[0] < timedelta(days=91)
    assert not [entry for entry in await Entry.all() if entry.occurred_at > entry.received_at]


async def test_no_mail_of_the_past_waits_to_be_sent(demo: Made) -> None:
    assert await OutboxMessage.all().count() > 100
    assert await OutboxMessage.filter(sent_at=None).count() == 0


async def test_what_is_stored_is_what_the_policy_says_today(demo: Made) -> None:
    """Judging everybody afresh finds nothing to change. It writes nothing where it finds nothing."""
    for resident in await Resident.all():
        assert await judge(resident, demo.now) == [], resident.name


async def test_bens_queue_is_a_living_one(demo: Made) -> None:
    waiting = await _waiting("Elm House")

    assert 5 <= len(waiting) <= 8
    assert {one.step for one in waiting} == {1, 2, 3, 4, 5}
    assert [one.look_again for one in waiting].count(True) == 1
    assert len({one.made_at for one in waiting}) == len(waiting)
    assert await Notice.filter(wanted=Wanted.REVIEW, closed_at=None, overdue_at__isnull=False, step=1).exists()


async def test_two_notices_wait_for_dev_and_one_of_them_for_a_decision(demo: Made) -> None:
    waiting = await Notice.filter(recipient__email=email_of("dev"), closed_at=None)

    assert sorted(notice.wanted for notice in waiting) == [Wanted.COMMENT, Wanted.DECISION]
    assert all(notice.overdue_at is None for notice in waiting)
    assert await NoticeAnswer.filter(person__email=email_of("dev")).exists()


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(datetime(2026, 11, 22, 0, 3, tzinfo=UTC), id="just after midnight on a Sunday"),
        pytest.param(datetime(2026, 12, 28, 14, 0, tzinfo=UTC), id="a bank holiday after Christmas"),
        pytest.param(datetime(2027, 3, 28, 1, 30, tzinfo=UTC), id="the night the clocks go forward"),
    ],
)
async def test_the_demo_begins_with_the_same_work_whenever_it_is_made(sqlite: str, now: datetime) -> None:
    await live((*elm_stories.FARHAN, *present.PRESENT), now)

    waiting = await _waiting("Elm House")
    assert sorted(one.step or 0 for one in waiting) == [1, 1, 2, 2, 3, 4, 5]
    assert [one.look_again for one in waiting].count(True) == 1
    dev = await Notice.filter(recipient__email=email_of("dev"), closed_at=None, wanted__not=Wanted.SEEN)
    assert len(dev) == 2


async def test_the_same_seed_makes_the_same_history(migrated_sqlite: Path, tmp_path: Path) -> None:
    first, again, other = [
        await _a_while(shutil.copyfile(migrated_sqlite, tmp_path / name), seed)
        for name, seed in (("first", 7), ("again", 7), ("other", 8))
    ]

    assert first == again
    assert first != other


async def test_a_little_history_is_made_on_both_databases(database: str, now: datetime) -> None:
    await live((*oak_stories.BILAL, *oak_stories.HARRI), now)

    assert await Decision.filter(step=4).exists()
    assert await Notice.filter(passes_on_id__isnull=False).exists()
    assert await OutboxMessage.filter(sent_at=None).count() == 0


async def _waiting(house: str) -> list[Recommendation]:
    current = await Recommendation.filter(superseded_at=None, resident__premises__name=house)
    return [one for one in current if one.look_again or (one.decision_id is None and one.step != 0)]


async def _a_while(place: Path, seed: int) -> list[tuple[object, ...]]:
    """What a little everyday and one story become, without the ids that are new every time."""
    await engine.connect(f"sqlite://{place}")
    try:
        moments = list(everyday(Random(seed), frozenset()))[:12]
        await live((*moments, *oak_stories.BILAL), NOW, seed)
        happened = await Entry.all().order_by("sequence").values_list("happening", "occurred_at", "received_at")
        decisions = await Decision.all().order_by("decided_at").values_list("step", "decided_at", "reason")
        answers = await NoticeAnswer.all().order_by("at", "reason").values_list("kind", "choice", "reason", "at")
        return [*happened, *decisions, *answers]
    finally:
        await engine.disconnect()
