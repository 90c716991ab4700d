"""Answering a notice: what the officer sends, what is kept of it, and what the others then see."""

from datetime import datetime, timedelta
from html import unescape

import pytest
from starlette.applications import Starlette

from ap_log.actions.answer_notice import answer_notice
from ap_log.actions.pass_on_notices import pass_on_notices
from ap_log.domain.recommendations import REASON_LIMIT
from ap_log.store.models import NoticeAnswer
from tests.cast import World
from tests.notices import WORDS, an_answer, an_answer_form, asked, sent_to, text_of
from tests.visitors import Visit


async def test_an_acknowledged_notice_says_so_and_stays_open(visit: Visit, world: World) -> None:
    notice = await asked(world)
    browser = await visit(world.dev)
    answer = await browser.post(f"/notices/{notice.reference}/acknowledgement", data={})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/notices/{notice.reference}")
    page = text_of((await browser.get(f"/notices/{notice.reference}")).text)
    assert "You said today at 01:40 that you have this in hand." in page
    assert "Send my decision" in page


async def test_a_decision_is_kept_as_it_was_typed_and_everybody_sees_it(visit: Visit, world: World) -> None:
    notice = await asked(world)
    browser = await visit(world.dev)
    answer = await browser.post(f"/notices/{notice.reference}/answer", data=an_answer_form())
    assert (answer.status_code, answer.headers["location"]) == (303, f"/notices/{notice.reference}")
    assert (await NoticeAnswer.get()).reason == WORDS
    for reader in (world.dev, world.ben):
        page = text_of((await (await visit(reader)).get(f"/notices/{notice.reference}")).text)
        assert "Decision not to recall: manage in the community" in page
        assert WORDS in page


async def test_the_same_form_posted_twice_is_one_answer(visit: Visit, world: World) -> None:
    notice = await asked(world)
    browser = await visit(world.dev)
    sent = an_answer_form()
    answers = [await browser.post(f"/notices/{notice.reference}/answer", data=sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert await NoticeAnswer.all().count() == 1


@pytest.mark.parametrize(
    ("changes", "message", "field"),
    [
        ({"choice": ""}, "Choose what you have decided", "choice"),
        ({"choice": "fixed-term-recall"}, "Choose what you have decided", "choice"),
        ({"reason": " "}, "Say why, in your own words", "reason"),
        ({"reason": "x" * (REASON_LIMIT + 1)}, "Your reason must be 2,000 characters or fewer", "reason"),
    ],
)
async def test_what_cannot_be_taken_stays_on_the_page_with_its_field_named(
    visit: Visit, world: World, changes: dict[str, str], message: str, field: str
) -> None:
    notice = await asked(world)
    answer = await (await visit(world.dev)).post(f"/notices/{notice.reference}/answer", data=an_answer_form(**changes))
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert f'<a href="#{field}">{message}</a>' in answer.text
    assert f'id="{field}"' in answer.text
    typed = changes.get("reason", WORDS).strip()
    assert typed in unescape(answer.text)
    assert await NoticeAnswer.all().count() == 0


async def test_a_form_with_fields_missing_names_them_and_is_no_failure(visit: Visit, world: World) -> None:
    notice = await asked(world)
    answer = await (await visit(world.dev)).post(f"/notices/{notice.reference}/answer", data={"nonsense": "1"})
    assert answer.status_code == 422
    for message in ("Open the page again", "Choose what you have decided", "Say why"):
        assert message in answer.text


async def test_the_longest_reason_fits_whatever_its_letters(visit: Visit, world: World) -> None:
    notice = await asked(world)
    sent = an_answer_form(reason="🙂" * REASON_LIMIT)
    assert (await (await visit(world.dev)).post(f"/notices/{notice.reference}/answer", data=sent)).status_code == 303


async def test_whoever_comes_second_keeps_their_words_and_sees_the_answer(
    visit: Visit, world: World, app: Starlette, now: datetime
) -> None:
    await asked(world)
    app.state.now = now + timedelta(hours=25)
    await pass_on_notices(app.state.now)
    tom, dev = await sent_to(world, "tom"), await sent_to(world, "dev")
    await answer_notice(tom.reference, an_answer(reason="Tom was first."), world.tom, app.state.now)
    answer = await (await visit(world.dev)).post(f"/notices/{dev.reference}/answer", data=an_answer_form())
    page = text_of(answer.text)
    assert answer.status_code == 409
    for words in ("This notice has already been answered", "What you wrote", WORDS, "Tom was first."):
        assert words in page, words


async def test_a_question_reaches_the_manager_and_the_notice_stays_open(visit: Visit, world: World) -> None:
    notice = await asked(world)
    browser = await visit(world.dev)
    sent = an_answer_form(choice="needs-more", reason="Which test was it?")
    await browser.post(f"/notices/{notice.reference}/answer", data=sent)
    assert "Send my decision" in (await browser.get(f"/notices/{notice.reference}")).text
    question = await sent_to(world, "ben", wanted="seen")
    page = text_of((await (await visit(world.ben)).get(f"/notices/{question.reference}")).text)
    assert "I need more before deciding" in page
    assert "Which test was it?" in page


async def test_a_comment_is_words_alone(visit: Visit, world: World) -> None:
    notice = await asked(world, step=2)
    browser = await visit(world.dev)
    page = (await browser.get(f"/notices/{notice.reference}")).text
    assert "Your plan or comment" in page
    assert 'type="radio"' not in page
    assert (await browser.post(f"/notices/{notice.reference}/answer", data=an_answer_form())).status_code == 303
