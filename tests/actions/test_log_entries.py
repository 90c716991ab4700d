"""An entry pushed by a phone: stored once, receipted the same for ever, judged, and told to whoever decides."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
import pytest
from tortoise.exceptions import IntegrityError

from ap_log.actions import keep_version as keeping
from ap_log.actions.log_entries import EVENT, log_entries, log_entry
from ap_log.domain.errors import Failed, IdTaken, Invalid, NotFound, Refusal
from ap_log.domain.sync import Problem, Push
from ap_log.store import audit, models, recommendations
from tests.cast import World, an_entry, changed, settle


@dataclass
class Counts:
    entries: int
    audited: int
    recommendations: int
    notices: int
    messages: int


async def _counts() -> Counts:
    return Counts(
        entries=await models.Entry.all().count(),
        audited=await models.AuditRecord.filter(event=EVENT).count(),
        recommendations=await models.Recommendation.all().count(),
        notices=await models.Notice.all().count(),
        messages=await models.OutboxMessage.all().count(),
    )


def _problem(refusal: Refusal) -> Problem:
    return Problem(refusal.code, refusal.title, refusal.way_on, 422, "ref", refusal.faults)


async def test_one_transaction_stores_entry_audit_recommendation_notice_and_receipt(
    database: str, now: datetime
) -> None:
    world = await settle(now)
    entry = an_entry(world)
    receipt = await log_entry(entry, world.asha, now)
    assert (receipt.id, receipt.sha256, receipt.received_at) == (entry.id, entry.sha256, now)
    assert await _counts() == Counts(entries=1, audited=1, recommendations=1, notices=1, messages=1)
    [recommendation] = await recommendations.list_current(world.residents["gwilym"].id)
    assert (recommendation.step, recommendation.outcome, recommendation.policy) == (1, "warn", "ap-default/1")
    assert recommendation.reasons[0]["facts"] == [entry.id]
    assert await audit.list_events(entry.id) == [EVENT]


async def test_ten_pushes_at_once_make_one_entry_and_one_notice_and_get_the_same_receipt(
    database: str, now: datetime
) -> None:
    world = await settle(now)
    entry = an_entry(world)
    receipts = await asyncio.gather(*[log_entry(entry, world.asha, now + timedelta(seconds=i)) for i in range(10)])
    assert len(set(receipts)) == 1
    assert await _counts() == Counts(entries=1, audited=1, recommendations=1, notices=1, messages=1)


async def test_other_words_under_the_same_id_are_another_version_and_the_newest_is_judged(
    database: str, now: datetime
) -> None:
    world = await settle(now)
    first = an_entry(world)
    second = changed(first, signs=["admitted"])
    await log_entry(first, world.asha, now)
    await log_entry(second, world.asha, now + timedelta(minutes=1))
    await log_entry(first, world.asha, now + timedelta(minutes=2))  # The first comes again, late: it is known.
    versions = await models.Entry.filter(entry_id=first.id).order_by("version")
    assert [(one.version, one.sha256, one.superseded_at is None) for one in versions] == [
        (1, first.sha256, False),
        (2, second.sha256, True),
    ]
    [recommendation] = await recommendations.list_current(world.residents["gwilym"].id)
    assert recommendation.step == 2


async def test_a_note_without_signs_is_kept_and_counts_for_nothing(database: str, now: datetime) -> None:
    world = await settle(now)
    await log_entry(an_entry(world, signs=[]), world.asha, now)
    assert await _counts() == Counts(entries=1, audited=1, recommendations=0, notices=0, messages=0)


async def test_support_alone_asks_nobody_to_decide(database: str, now: datetime) -> None:
    world = await settle(now)
    await log_entry(an_entry(world, signs=["smell"]), world.asha, now)
    assert await _counts() == Counts(entries=1, audited=1, recommendations=1, notices=0, messages=0)


async def test_entries_of_one_night_are_one_episode_with_one_notice(database: str, now: datetime) -> None:
    world = await settle(now)
    await log_entry(an_entry(world), world.asha, now)
    await log_entry(an_entry(world, happening="threat"), world.asha, now)
    [recommendation] = await recommendations.list_current(world.residents["gwilym"].id)
    assert (recommendation.step, len(recommendation.episode)) == (3, 2)
    assert await models.Notice.filter(closed_at=None).count() == 1


@pytest.mark.parametrize("arrival", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
async def test_the_order_of_arrival_never_changes_what_is_recommended(
    database: str, now: datetime, arrival: tuple[int, ...]
) -> None:
    world = await settle(now)
    at = [(now - timedelta(days=days)).isoformat() for days in (10, 5, 0)]
    entries = [an_entry(world, signs=["smell"], occurred_at=occurred) for occurred in at]
    for index in arrival:
        await log_entry(entries[index], world.asha, now)
    current = await recommendations.list_current(world.residents["gwilym"].id)
    assert [one.step for one in current] == [0, 1, 1]


async def test_chika_cannot_log_about_a_resident_of_elm_and_learns_nothing(database: str, now: datetime) -> None:
    world = await settle(now)
    for resident in (world.residents["gwilym"].id, world.oak.id):
        with pytest.raises(NotFound):
            await log_entry(changed(an_entry(world, author="chika"), resident=resident), world.chika, now)
    assert (await _counts()).entries == 0


async def test_esther_who_left_cannot_log(database: str, now: datetime) -> None:
    world = await settle(now)
    with pytest.raises(NotFound):
        await log_entry(an_entry(world, author="esther"), world.esther, now)


async def test_another_persons_id_cannot_be_taken_over(database: str, now: datetime) -> None:
    world = await settle(now)
    entry = an_entry(world)
    await log_entry(entry, world.asha, now)
    with pytest.raises(IdTaken):
        await log_entry(changed(entry, author=world.rob.id), world.rob, now)
    with pytest.raises(IdTaken):
        await log_entry(changed(entry, resident=world.residents["lewis"].id), world.asha, now)
    assert (await _counts()).entries == 1


async def test_bytes_that_are_not_those_of_the_hash_are_refused(database: str, now: datetime) -> None:
    world = await settle(now)
    entry = an_entry(world)
    with pytest.raises(Invalid) as refusal:
        await log_entry(msgspec.structs.replace(entry, body=f"{entry.body} "), world.asha, now)
    assert [fault.field for fault in refusal.value.faults] == ["sha256"]
    with pytest.raises(Invalid) as refusal:
        await log_entry(msgspec.structs.replace(entry, id=an_entry(world).id), world.asha, now)
    assert [fault.field for fault in refusal.value.faults] == ["id"]


async def test_one_bad_entry_does_not_hold_up_the_good_ones_beside_it(database: str, now: datetime) -> None:
    world = await settle(now)
    good, bad, other = an_entry(world), an_entry(world, happening="flying"), an_entry(world, resident="lewis")
    results = await log_entries(Push((good, bad, other)), world.asha, now, _problem)
    assert [(one.id, one.result) for one in results] == [
        (good.id, "stored"),
        (bad.id, "refused"),
        (other.id, "stored"),
    ]
    assert results[1].problem is not None
    assert [fault.field for fault in results[1].problem.faults] == ["happening"]


@pytest.mark.parametrize("occurred", ["1970-01-01T00:00:00Z", "2199-01-01T00:00:00Z", "2026-11-20T09:00:00Z"])
async def test_a_wrong_clock_loses_nothing_and_no_entry_lies_in_the_future(
    database: str, now: datetime, occurred: str
) -> None:
    world = await settle(now)
    entry = an_entry(world, occurred_at=occurred, recorded_at=occurred)
    await log_entry(entry, world.asha, now)
    row = await models.Entry.get(entry_id=entry.id)
    assert (row.occurred_at, row.body) == (now, entry.body)


async def test_what_happened_before_the_first_policy_is_kept_and_not_judged(database: str, now: datetime) -> None:
    world = await settle(now)
    await log_entry(an_entry(world, occurred_at="2025-12-31T23:59:59Z"), world.asha, now)
    assert await _counts() == Counts(entries=1, audited=1, recommendations=0, notices=0, messages=0)


async def test_a_resident_who_has_left_can_still_be_logged_about(database: str, now: datetime) -> None:
    world: World = await settle(now)
    await models.Resident.filter(id=world.residents["gwilym"].id).update(departed_at=now - timedelta(hours=1))
    await log_entry(an_entry(world), world.asha, now)
    assert (await _counts()).entries == 1


async def test_an_entry_that_makes_us_fail_is_answered_as_failed_and_its_neighbours_are_stored(
    database: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await settle(now)
    first, bad, last = an_entry(world), an_entry(world, resident="lewis"), an_entry(world)

    async def judge(resident: models.Resident, at: datetime) -> None:
        if resident.name == "Lewis Marsh":
            raise ZeroDivisionError

    monkeypatch.setattr(keeping, "judge", judge)
    results = await log_entries(Push((first, bad, last)), world.asha, now, _problem)
    assert [one.result for one in results] == ["stored", "refused", "stored"]
    assert results[1].problem is not None
    assert results[1].problem.code == "failed"
    assert (await _counts()).entries == 2


async def test_only_the_entrys_own_id_is_ever_said_to_be_taken(
    database: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await settle(now)
    first = an_entry(world)
    await log_entry(first, world.asha, now)

    async def judge(resident: models.Resident, at: datetime) -> None:
        policy = await models.PolicyVersion.all().first()
        assert policy is not None
        policy.id = models.new_id()
        await policy.save(force_create=True)  # Its label has to be the only one.

    monkeypatch.setattr(keeping, "judge", judge)
    for entry in (an_entry(world), changed(first, words="more")):
        with pytest.raises(Failed) as failure:
            await log_entry(entry, world.asha, now)
        assert isinstance(failure.value.__cause__, Exception)
        assert isinstance(failure.value.__cause__.__cause__, IntegrityError)


async def test_one_id_for_two_residents_at_the_same_moment_is_stored_once(database: str, now: datetime) -> None:
    world = await settle(now)
    entry = an_entry(world)
    other = changed(entry, resident=world.residents["lewis"].id)
    outcomes = await asyncio.gather(
        *(log_entry(one, world.asha, now) for one in (entry, other)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in outcomes) == ["IdTaken", "Receipt"]
    assert (await _counts()).entries == 1
