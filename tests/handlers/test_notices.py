"""The inbox and a notice's page: what the officer sees, sends and is told, and who sees nothing of it."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from starlette.applications import Starlette

from ap_log.actions.answer_notice import answer_notice
from ap_log.actions.pass_on_notices import pass_on_notices
from ap_log.actions.void_warning import void_warning
from ap_log.actions.withdraw_decision import withdraw_decision
from ap_log.domain.errors import Unavailable
from ap_log.domain.recommendations import Grounds
from ap_log.store.models import AuditRecord, Notice, NoticeAnswer
from tests.cast import World
from tests.notices import an_answer, an_answer_form, asked, decided, logged, sent_to, text_of
from tests.visitors import Visit


async def test_an_empty_inbox_says_what_comes_here(visit: Visit, world: World) -> None:
    page = await (await visit(world.dev)).get("/notices")
    assert page.status_code == 200
    assert "Nothing waits for you" in page.text


async def test_the_inbox_puts_first_what_is_wanted_first(visit: Visit, world: World, now: datetime) -> None:
    await decided(world, 1, now, resident="lewis")
    await decided(world, 4, now, happening="supply")
    page = text_of((await (await visit(world.dev)).get("/notices")).text)
    assert "2 notices wait for you" in page
    assert page.index("Your decision is wanted") < page.index("For you to read")
    assert "Decide by 01:40 on Saturday 21 November" in page
    assert page.index("Gwilym Tudor") < page.index("Lewis Marsh")


async def test_what_is_dealt_with_stands_below(visit: Visit, world: World, now: datetime) -> None:
    notice = await asked(world)
    await answer_notice(notice.reference, an_answer(), world.dev, now)
    page = text_of((await (await visit(world.dev)).get("/notices")).text)
    assert page.index("Nothing waits for you") < page.index("Dealt with") < page.index("Answered")


async def test_what_is_dealt_with_says_when_it_was_closed(visit: Visit, world: World, now: datetime) -> None:
    notice = await asked(world)
    await answer_notice(notice.reference, an_answer(), world.dev, now)
    assert f"Closed today at 01:40 · {notice.reference}" in text_of(
        (await (await visit(world.dev)).get("/notices")).text
    )


async def test_what_waits_in_the_queue_is_one_line_of_the_inbox(visit: Visit, world: World) -> None:
    recommendation = await logged(world)
    await logged(world, resident="lewis")
    ben = await visit(world.ben)
    page = await ben.get("/notices")
    assert "2 decisions wait in the queue" in text_of(page.text)
    assert "No other notice waits for you" in page.text
    assert "Gwilym" not in page.text
    assert "2 wait for a decision" in (await ben.get("/queue")).text
    notice = await sent_to(world, "ben", recommendation_id=recommendation.id)
    assert (await ben.get(f"/notices/{notice.reference}")).status_code == 200


async def test_what_was_decided_from_the_queue_does_not_fill_the_inbox(
    visit: Visit, world: World, now: datetime
) -> None:
    await decided(world, 1, now)
    page = text_of((await (await visit(world.ben)).get("/notices")).text)
    assert "in the queue" not in page
    assert "Dealt with" not in page


async def test_whoever_has_no_queue_is_not_led_to_one(visit: Visit, world: World) -> None:
    await asked(world)
    await logged(world, resident="lewis")
    assert "in the queue" not in (await (await visit(world.dev)).get("/notices")).text


async def test_having_it_in_hand_is_told_from_answering(visit: Visit, world: World) -> None:
    notice = await asked(world)
    page = text_of((await (await visit(world.dev)).get(f"/notices/{notice.reference}")).text)
    said = "This tells the manager you are on it. Your decision is still due by 01:40 on Saturday 21 November."
    assert page.index("Answer now") < page.index("Send my decision") < page.index(said)


async def test_a_late_notice_says_by_how_much_and_to_whom_it_went(
    visit: Visit, world: World, app: Starlette, now: datetime
) -> None:
    notice = await asked(world)
    app.state.now = now + timedelta(hours=26)
    await pass_on_notices(app.state.now)
    browser = await visit(world.dev)
    for address in ("/notices", f"/notices/{notice.reference}"):
        assert "Overdue by 2 hours, passed to Tom Reilly" in text_of((await browser.get(address)).text)


async def test_a_notice_shows_all_that_a_decision_needs(visit: Visit, world: World) -> None:
    notice = await asked(world)
    page = text_of((await (await visit(world.dev)).get(f"/notices/{notice.reference}")).text)
    for words in (
        "Your decision is wanted",
        "Please decide by 01:40 on Saturday 21 November",
        "Gwilym Tudor",
        "X100001",
        "Ben Carter",
        "As agreed.",
        "Immediate risk",
        "He was found slumped twice.",
        "He says it was one pipe.",
        "Supplying, a quantity, or dealing items",
        "Where they stand",
        "Record",
        "Start recall consideration with my senior officer",
        "Decision not to recall: manage in the community",
        "I need more before deciding",
    ):
        assert words in page, words


async def test_opening_it_is_seeing_it_and_is_on_the_record(visit: Visit, world: World, now: datetime) -> None:
    notice = await asked(world)
    browser = await visit(world.dev)
    for _ in range(2):
        await browser.get(f"/notices/{notice.reference}")
    assert (await sent_to(world, "dev")).seen_at == now
    assert await AuditRecord.filter(event="notice.seen", actor_id=world.dev.id).count() == 1
    assert await AuditRecord.filter(event="notice.viewed", actor_id=world.dev.id).count() == 2


async def test_a_browser_that_fetches_ahead_has_seen_nothing(visit: Visit, world: World) -> None:
    notice = await asked(world)
    browser = await visit(world.dev)
    await browser.get(f"/notices/{notice.reference}", headers={"sec-purpose": "prefetch;prerender"})
    await browser.head(f"/notices/{notice.reference}")
    assert (await sent_to(world, "dev")).seen_at is None


async def test_a_database_that_takes_no_writes_still_lets_it_be_read(
    visit: Visit, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = await asked(world)
    browser = await visit(world.dev)

    async def refuses(*_: object) -> None:
        raise Unavailable

    monkeypatch.setattr("ap_log.handlers.notices.see_notice", refuses)
    assert "Send my decision" in (await browser.get(f"/notices/{notice.reference}")).text


async def test_the_manager_reads_it_without_seeing_it_for_the_officer(visit: Visit, world: World) -> None:
    notice = await asked(world)
    page = await (await visit(world.ben)).get(f"/notices/{notice.reference}")
    assert page.status_code == 200
    assert "Sent to Dev Patel, probation practitioner" in text_of(page.text)
    assert "Send my decision" not in page.text
    assert (await sent_to(world, "dev")).seen_at is None


async def test_a_notice_that_only_has_to_be_read_is_done_when_it_is_opened(visit: Visit, world: World) -> None:
    notice = await asked(world)
    sian = await sent_to(world, "sian")
    assert notice.decision_id == sian.decision_id
    page = text_of((await (await visit(world.sian)).get(f"/notices/{sian.reference}")).text)
    assert "Nothing more is needed from you" in page
    assert "Send" not in page


async def test_the_managers_own_notice_leads_to_the_recommendation(visit: Visit, world: World) -> None:
    recommendation = await logged(world)
    notice = await sent_to(world, "ben")
    page = await (await visit(world.ben)).get(f"/notices/{notice.reference}")
    assert f'href="/recommendations/{recommendation.id}"' in page.text


async def test_a_withdrawn_decision_says_so_and_asks_nothing(visit: Visit, world: World, now: datetime) -> None:
    notice = await asked(world)
    assert notice.decision_id is not None
    await withdraw_decision(notice.decision_id, Grounds(str(uuid4()), "It was the wrong man."), world.ben, now)
    page = text_of((await (await visit(world.dev)).get(f"/notices/{notice.reference}")).text)
    assert "Ben Carter took this decision back today at 01:40: It was the wrong man." in page
    assert "Send my decision" not in page


@pytest.mark.parametrize("who", ["chika", "owen", "tom", "asha"])
async def test_a_notice_of_somebody_else_does_not_exist(visit: Visit, world: World, who: str) -> None:
    notice = await asked(world)
    browser = await visit(world.actors[who])
    address = f"/notices/{notice.reference}"
    answers = [
        await browser.get(address),
        await browser.post(f"{address}/acknowledgement", data={}),
        await browser.post(f"{address}/answer", data=an_answer_form()),
        await browser.get("/notices/NNNN-NNNN"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert "Gwilym" not in (await browser.get("/notices")).text


async def test_the_manager_cannot_answer_for_the_officer(visit: Visit, world: World) -> None:
    notice = await asked(world)
    browser = await visit(world.ben)
    assert (await browser.post(f"/notices/{notice.reference}/answer", data=an_answer_form())).status_code == 404
    assert await NoticeAnswer.all().count() == 0


async def test_whoever_has_left_or_never_signed_in_gets_nothing(visit: Visit, world: World) -> None:
    notice = await asked(world)
    for actor in (world.esther, None):
        browser = await visit(actor)
        assert (await browser.get("/notices")).status_code == 303
        assert (await browser.post(f"/notices/{notice.reference}/answer", data=an_answer_form())).status_code == 401


async def test_a_post_from_another_site_is_refused(visit: Visit, world: World) -> None:
    notice = await asked(world)
    browser = await visit(world.dev)
    answer = await browser.post(
        f"/notices/{notice.reference}/answer", data=an_answer_form(), headers={"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403
    assert await NoticeAnswer.all().count() == 0


async def test_a_notice_of_a_void_warning_says_that_it_is_void(visit: Visit, world: World, now: datetime) -> None:
    decision = await decided(world, 1, now)
    await Notice.filter(recipient_id=world.dev.id).update(told_at=now)
    await void_warning(decision.id, Grounds(str(uuid4()), "The laboratory found nothing."), world.ben, now)
    for notice in await Notice.filter(recipient_id=world.dev.id):
        page = text_of((await (await visit(world.dev)).get(f"/notices/{notice.reference}")).text)
        assert "This warning is void. Ben Carter declared it void today at 01:40: The laboratory found nothing." in page
