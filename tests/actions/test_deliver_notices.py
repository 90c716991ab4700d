"""Messages leave by a real mail server, at least once, and say nothing about anybody."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest

from ap_log.actions.deliver_notices import deliver_notice
from ap_log.actions.pass_on_notices import pass_on_notices
from ap_log.domain import vocabulary
from ap_log.notify import Channel, Message
from ap_log.notify.email import Email
from ap_log.store import outbox
from ap_log.store.models import Notice, OutboxMessage, Resident
from ap_log.store.transaction import transaction
from tests.cast import PEOPLE, World
from tests.notices import decided, events, logged, sent_to
from tests.notify.mail_servers import MailServer, mail_server

ORIGIN = "https://log.example"


def by_email(server: MailServer) -> dict[str, Channel]:
    return {"email": Email(server.url(), "ap-log@example.invalid", "log.example")}


async def deliver_all(channels: dict[str, Channel], now: datetime) -> int:
    done = 0
    while await deliver_notice(channels, ORIGIN, now):
        done += 1
    return done


async def message_to(world: World, who: str) -> OutboxMessage:
    return await OutboxMessage.get(notice__recipient_id=world.people[who].id)


async def test_everybody_told_of_a_decision_gets_one_message_and_is_told(world: World, now: datetime) -> None:
    await decided(world, 4, now, happening="supply")
    async with mail_server() as server:
        assert await deliver_all(by_email(server), now) == 3
        assert await deliver_all(by_email(server), now + timedelta(hours=1)) == 0
    recipients = sorted(address for envelope in server.envelopes for address in envelope.rcpt_tos)
    assert recipients == ["dev@example.invalid", "farah@example.invalid", "sian@example.invalid"]
    notice = await sent_to(world, "dev")
    assert notice.told_at == now
    assert await events(notice) == ["notice.raised", "notice.sent"]


async def test_the_message_gives_a_reference_a_link_and_a_time(world: World, now: datetime) -> None:
    await decided(world, 2, now, happening="possession")
    async with mail_server() as server:
        await deliver_all(by_email(server), now)
    [message] = server.messages()
    reference = (await sent_to(world, "dev")).reference
    assert message["Subject"] == f"AP Log: something needs you ({reference})"
    lines = message.get_content().splitlines()
    assert lines[2:4] == [f"Reference: {reference}", f"https://log.example/notices/{reference}"]
    assert "Please answer by 01:40 on Monday 23 November." in lines


async def test_no_byte_on_the_wire_says_who_what_or_where(world: World, now: datetime) -> None:
    await logged(world, reported="SC00", suspected="OP00", confirmed="SD20", words="Canary words in the corridor")
    await decided(world, 4, now, happening="supply", reported="SC00", words="Canary words again")
    await decided(world, 5, now, happening="not-back", resident="lewis")
    await pass_on_notices(now + timedelta(hours=25))
    async with mail_server() as server:
        sent = await deliver_all(by_email(server), now + timedelta(hours=25))
    wire = server.wire.decode().lower()
    assert sent == 7  # three and two who were told, and two of them again by way of the chain
    assert wire.count("something needs you") == sent
    for canary in await _canaries(world):
        assert canary.lower() not in wire, canary


async def _canaries(world: World) -> list[str]:
    """Whatever may not leave: residents, what was taken and what happened, premises, and the names of staff."""
    residents = await Resident.all()
    names = [part for resident in residents for part in resident.name.split()]
    staff = [part for name, _ in PEOPLE.values() for part in name.split() if part.lower() not in PEOPLE]
    terms = [*vocabulary.SUBSTANCES, *vocabulary.STEPS, *vocabulary.ROUTES, *vocabulary.LEGAL_STATUSES]
    words = [term.words for term in terms] + [happening.words for happening in vocabulary.HAPPENINGS]
    own = ["canary", "step", "recall", "warning", "resident", "elm", "oak house", "spice", "licence"]
    return [*names, *(resident.crn for resident in residents), world.elm.name, world.oak.name, *staff, *words, *own]


async def test_a_refused_recipient_is_passed_on_at_once_and_not_tried_again(world: World, now: datetime) -> None:
    await decided(world, 4, now, happening="supply")
    await Notice.exclude(recipient_id=world.dev.id).update(closed_at=now)
    async with mail_server(rcpt_code=550) as server:
        await deliver_notice(by_email(server), ORIGIN, now)
    notice, tom = await sent_to(world, "dev"), await sent_to(world, "tom")
    message = await OutboxMessage.get(notice_id=notice.id)
    assert (message.failed_at, message.last_error) == (now, "550: the mail server refused the recipient")
    assert (notice.told_at, notice.overdue_at, notice.closed_at) == (None, None, None)
    assert notice.undeliverable_at == now
    assert (tom.passes_on_id, tom.wanted) == (notice.id, "decision")
    assert await events(notice) == ["notice.raised", "notice.undeliverable", "notice.passed-on"]
    await pass_on_notices(now + timedelta(hours=24))
    assert await Notice.filter(passes_on_id=notice.id).count() == 1


async def test_a_server_that_is_busy_is_tried_again_ever_later_and_never_given_up(world: World, now: datetime) -> None:
    await decided(world, 2, now, happening="possession")
    async with mail_server(data_code=451) as server:
        tries = [now]
        for _ in range(8):
            assert await deliver_notice(by_email(server), ORIGIN, tries[-1])
            tries.append((await message_to(world, "dev")).due_at)
    assert [(later - at).total_seconds() for at, later in pairwise(tries)] == [30, 60, 120, 240, 300, 300, 300, 300]
    put_off = await message_to(world, "dev")
    assert (put_off.failed_at, put_off.last_error) == (None, "451: the mail server refused the message")
    async with mail_server() as server:
        assert await deliver_all(by_email(server), tries[-1]) == 1
    assert (await message_to(world, "dev")).sent_at == tries[-1]


async def test_between_two_tries_the_message_waits(world: World, now: datetime) -> None:
    await decided(world, 2, now, happening="possession")
    async with mail_server(data_code=451) as server:
        await deliver_notice(by_email(server), ORIGIN, now)
        assert not await deliver_notice(by_email(server), ORIGIN, now + timedelta(seconds=29))
        assert await deliver_notice(by_email(server), ORIGIN, now + timedelta(seconds=30))


async def test_a_bad_message_does_not_hold_up_the_next(world: World, now: datetime) -> None:
    await decided(world, 4, now, happening="supply")
    world.people["dev"].email = "dev\r\nBcc: everybody@example.invalid"
    await world.people["dev"].save()
    async with mail_server() as server:
        await deliver_all(by_email(server), now)
    assert len(server.envelopes) == 2
    failed = await message_to(world, "dev")
    assert (failed.sent_at, failed.failed_at, failed.attempts) == (None, None, 1)


@pytest.mark.parametrize("workers", [2, 6])
async def test_many_workers_send_each_message_once(world: World, now: datetime, workers: int) -> None:
    for resident in ("gwilym", "lewis"):
        await decided(world, 4, now, happening="supply", resident=resident)
    async with mail_server() as server:
        done = await asyncio.gather(*[deliver_all(by_email(server), now) for _ in range(workers)])
    assert sum(done) == len(server.envelopes) == 6


async def test_what_a_worker_claimed_and_died_with_is_sent_again_under_the_same_key(
    world: World, now: datetime
) -> None:
    await decided(world, 2, now, happening="possession")
    claimed = await transaction(partial(outbox.claim_message, now))
    assert claimed is not None
    async with mail_server() as server:
        assert await deliver_all(by_email(server), now + outbox.LEASE - timedelta(seconds=1)) == 0
        assert await deliver_all(by_email(server), now + outbox.LEASE) == 1
        claimed.sent_at = None
        await claimed.save(update_fields=["sent_at"])
        await deliver_all(by_email(server), now + 2 * outbox.LEASE)
    ids = [message["Message-ID"] for message in server.messages()]
    assert len(ids) == 2
    assert len(set(ids)) == 1


async def test_a_clock_that_goes_back_a_month_does_not_keep_a_message_waiting_a_month(
    world: World, now: datetime
) -> None:
    await decided(world, 2, now, happening="possession")
    async with mail_server() as server:
        assert await deliver_all(by_email(server), now - timedelta(days=30)) == 1


async def test_what_is_settled_before_its_message_went_is_not_sent(world: World, now: datetime) -> None:
    await decided(world, 2, now, happening="possession")
    await Notice.all().update(closed_at=now)
    async with mail_server() as server:
        assert await deliver_all(by_email(server), now) == 0


async def test_a_channel_that_breaks_is_recorded_and_tried_again(world: World, now: datetime) -> None:
    class Broken:
        async def send(self, message: Message) -> None:
            raise RuntimeError(message.to)

    await decided(world, 2, now, happening="possession")
    assert await deliver_notice({"email": Broken()}, ORIGIN, now)
    message = await message_to(world, "dev")
    assert (message.last_error, message.failed_at) == ("AP Log failed (RuntimeError)", None)
    assert "dev@" not in (message.last_error or "")


async def test_only_the_newest_message_of_a_notice_makes_its_recipient_told(world: World, now: datetime) -> None:
    """The first message was on its way when a threat of the same night made the notice another."""
    await logged(world)
    first = await transaction(partial(outbox.claim_message, now))
    world.now = now + timedelta(minutes=1)
    await logged(world, happening="threat", occurred_at=now.isoformat())
    assert first is not None
    await transaction(partial(outbox.record_sent, first, world.now))
    assert (await sent_to(world, "ben")).told_at is None
    second = await transaction(partial(outbox.claim_message, world.now))
    assert second is not None
    await transaction(partial(outbox.record_sent, second, world.now))
    assert (await sent_to(world, "ben")).told_at == world.now
