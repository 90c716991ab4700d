"""Failure cases of sync that the server has to bear: whatever comes twice, late, changed or out of order."""

import asyncio
from datetime import datetime, timedelta
from itertools import permutations
from uuid import uuid4

import pytest

from ap_log.actions.decide import decide
from ap_log.actions.log_entries import log_entry
from ap_log.actions.void_warning import void_warning
from ap_log.domain.recommendations import Choice, Grounds
from ap_log.store import models, recommendations
from tests.cast import an_entry, changed, settle
from tests.photos import entry_with, shot
from tests.visitors import ON_SQLITE

GWILYM = "gwilym"


async def test_f11_the_same_entry_twenty_times_at_once_is_one_of_everything(database: str, now: datetime) -> None:
    world = await settle(now)
    entry = an_entry(world)
    couriers = (world.asha, world.rob, world.chika)
    pushes = (log_entry(entry, couriers[n % 3], now + timedelta(seconds=n)) for n in range(20))
    assert len(set(await asyncio.gather(*pushes))) == 1
    counted = (models.Entry, models.Recommendation, models.Notice, models.OutboxMessage)
    assert [await table.all().count() for table in counted] == [1, 1, 1, 1]


async def test_f10_after_a_lost_answer_the_retry_gets_the_same_receipt_and_the_photos_are_awaited_once(
    database: str, now: datetime
) -> None:
    world = await settle(now)
    entry = entry_with(world, shot(), shot())
    receipt = await log_entry(entry, world.asha, now)
    assert await log_entry(entry, world.asha, now + timedelta(hours=1)) == receipt
    assert await models.Photo.filter(entry_id=entry.id, state="declared").count() == 2


async def test_f14_what_was_edited_after_it_was_sent_in_part_is_another_version_and_never_stuck(
    database: str, now: datetime
) -> None:
    world = await settle(now)
    first = entry_with(world, shot(), shot())
    await log_entry(first, world.asha, now)
    second = changed(first, words="He was awake again at three")
    receipts = [await log_entry(one, world.asha, now + timedelta(minutes=1)) for one in (second, first, second)]
    assert receipts[0] == receipts[2]
    versions = await models.Entry.filter(entry_id=first.id).order_by("version")
    assert [(row.sha256, row.superseded_at is None) for row in versions] == [
        (first.sha256, False),
        (second.sha256, True),
    ]
    assert await models.Photo.filter(entry_id=first.id).count() == 2


async def test_f15_an_edit_that_is_undone_counts_as_it_was_last_saved(database: str, now: datetime) -> None:
    """High, low, high: the phone saves the last under another `blind`, so its bytes are not those of the first."""
    world = await settle(now)
    high = an_entry(world, signs=["admitted"], blind="one")
    low, again = changed(high, signs=["smell"], blind="two"), changed(high, blind="three")
    for version in (high, low, again, high, low):  # The first two come once more, late.
        await log_entry(version, world.asha, now)
    [newest] = await models.Entry.filter(entry_id=high.id, superseded_at=None)
    assert (newest.version, newest.sha256) == (3, again.sha256)
    [recommended] = await recommendations.list_current(world.residents[GWILYM].id)
    assert recommended.step == 2


@ON_SQLITE
@pytest.mark.parametrize("arrival", list(permutations(range(4))))
async def test_f16_in_whatever_order_four_nights_arrive_the_policy_says_the_same(
    database: str, now: datetime, arrival: tuple[int, ...]
) -> None:
    world = await settle(now)
    nights = (("smell", 12), ("smell", 8), ("admitted", 4), ("smell", 0))
    entries = [
        an_entry(world, signs=[sign], occurred_at=(now - timedelta(days=days)).isoformat()) for sign, days in nights
    ]
    for index in arrival:
        await log_entry(entries[index], world.asha, now)
    current = await recommendations.list_current(world.residents[GWILYM].id)
    assert [(one.step, one.outcome, one.deciding_entry) for one in current] == [
        (0, "support", entries[0].id),
        (1, "warn", entries[1].id),
        (2, "warn", entries[2].id),
        (1, "warn", entries[3].id),
    ]


@ON_SQLITE
@pytest.mark.parametrize("arrival", list(permutations(("create", "warn", "withdraw", "escalate"))))
async def test_f16_in_whatever_order_a_night_another_its_withdrawal_and_an_escalation_arrive_the_end_is_the_same(
    database: str, now: datetime, arrival: tuple[str, ...]
) -> None:
    world = await settle(now)
    made = {
        "create": an_entry(world, signs=["admitted"], occurred_at=(now - timedelta(days=12)).isoformat()),
        "warn": an_entry(world, signs=["admitted"], occurred_at=(now - timedelta(days=8)).isoformat()),
        "escalate": an_entry(world, happening="supply"),
    }
    made["withdraw"] = changed(made["warn"], signs=[], words="It was somebody else")
    for what in _as_a_phone_sends(arrival):
        await log_entry(made[what], world.asha, now)
    current = await recommendations.list_current(world.residents[GWILYM].id)
    assert [(one.step, one.deciding_entry) for one in current] == [(2, made["create"].id), (4, made["escalate"].id)]
    asked = await models.Notice.filter(closed_at=None).select_related("recommendation")
    assert {notice.recommendation.deciding_entry for notice in asked} == {made["create"].id, made["escalate"].id}


def _as_a_phone_sends(arrival: tuple[str, ...]) -> list[str]:
    """No version goes before the one it changes: the withdrawal waits for what it withdraws."""
    order = [what for what in arrival if what != "withdraw"]
    order.insert(max(arrival.index("withdraw"), order.index("warn") + 1), "withdraw")
    return order


@pytest.mark.parametrize("is_late_first", [True, False])
async def test_f16_a_decision_taken_before_an_older_entry_arrives_is_looked_at_again_in_either_order(
    database: str, now: datetime, is_late_first: bool
) -> None:
    world = await settle(now)
    older = an_entry(world, occurred_at=(now - timedelta(days=3)).isoformat())
    newer = an_entry(world)

    async def warn() -> None:
        await log_entry(newer, world.asha, now)
        found = await recommendations.list_current(world.residents[GWILYM].id)
        [about] = [one for one in found if one.deciding_entry == newer.id]
        choice = Choice(str(uuid4()), about.step or 0, "As the policy says.")
        decision = await decide(about.id, choice, world.ben, now)
        await void_warning(decision.id, Grounds(str(uuid4()), "It was somebody else"), world.ben, now)

    async def bring() -> None:
        await log_entry(older, world.asha, now)

    for act in (bring, warn) if is_late_first else (warn, bring):
        await act()
    current = await recommendations.list_current(world.residents[GWILYM].id)
    assert {one.deciding_entry for one in current} == {older.id, newer.id}
    [oldest] = [one for one in current if one.deciding_entry == older.id]
    assert (oldest.step, oldest.decision_id) == (1, None)


async def test_f17_what_two_officers_log_of_one_night_is_kept_twice_and_both_facts_count(
    database: str, now: datetime
) -> None:
    world = await settle(now)
    by_asha = an_entry(world, signs=["smell"])
    by_rob = an_entry(world, author="rob", happening="threat")
    await asyncio.gather(log_entry(by_asha, world.asha, now), log_entry(by_rob, world.rob, now))
    [recommended] = await recommendations.list_current(world.residents[GWILYM].id)
    assert sorted(recommended.episode) == sorted([by_asha.id, by_rob.id])
    assert await models.Entry.filter(superseded_at=None).count() == 2


async def test_f17_what_one_author_changed_on_two_phones_is_kept_as_both_versions(database: str, now: datetime) -> None:
    world = await settle(now)
    first = an_entry(world)
    await log_entry(first, world.asha, now)
    edits = [changed(first, words=words, device=str(uuid4())) for words in ("On one phone", "On the other")]
    await asyncio.gather(*(log_entry(one, world.asha, now) for one in edits))
    rows = await models.Entry.filter(entry_id=first.id).order_by("version")
    assert [row.version for row in rows] == [1, 2, 3]
    assert {row.sha256 for row in rows} == {first.sha256, *(one.sha256 for one in edits)}
    assert [row.superseded_at is None for row in rows] == [False, False, True]
