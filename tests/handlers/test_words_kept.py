"""Nothing typed is lost: whatever is refused once a form was read, its page comes back with every field in it.

And a form that is sent again with other content is never passed over as done.
"""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from httpx2 import AsyncClient, Response
from tortoise.exceptions import OperationalError

from ap_log.domain.errors import Unavailable
from ap_log.store import models
from ap_log.store.models import Decision, KeptDecision, NoticeAnswer, Void, Withdrawal, new_id
from tests.cast import World
from tests.deciding import hidden, recommend
from tests.notices import decided, sent_to
from tests.visitors import Visit

HEADS = {
    "immediate_risk": "He may use again tonight",
    "who_is_vulnerable": "The man he shares a landing with",
    "current_circumstances": "In his room, checked every 15 minutes",
    "alternatives": ["WARNINGS_LETTER"],
    "details-WARNINGS_LETTER": "12 September and 4 October",
    "details-DRUG_TESTING": "Written without the tick",
    "protective_factors": "His sister visits",
    "resident_says": "He is sorry",
    "reason": "Third house this year",
}


def assert_kept(answer: Response, sent: dict[str, Any]) -> None:
    """Every word that was sent is on the page, and every choice is still made."""
    page = unescape(answer.text)
    for name, value in sent.items():
        if name in ("step", "choice", "alternatives"):
            for chosen in value if isinstance(value, list) else [value]:
                made = rf'value="{chosen}"\s+checked|name="{name}" value="{chosen}"'
                assert re.search(made, page), (name, chosen)
        else:
            assert value in page, name


async def a_decision_in_question(world: World) -> tuple[Decision, models.Recommendation]:
    """A verbal warning of Ben's, and the recommendation that puts it in question."""
    decision = await decided(world, 1, world.now)
    return decision, await recommend(world, happening="threat")


async def prepared(world: World, kind: str) -> tuple[str, dict[str, Any]]:
    """Where a form of this kind is sent, and everything on it."""
    if kind in ("decision", "completion"):
        one = await recommend(world, happening="supply" if kind == "completion" else "under-influence")
        step = {"step": "4"} | HEADS if kind == "completion" else {"step": "2", "reason": "He lied about it"}
        return f"/recommendations/{one.id}/{kind}", step
    if kind == "answer":
        await decided(world, 4, world.now, happening="supply")
        notice = await sent_to(world, "dev")
        return f"/notices/{notice.reference}/answer", {"choice": "no-recall", "reason": "Managed with weekly tests"}
    decision, again = await a_decision_in_question(world)
    if kind == "keeping":
        return f"/recommendations/{again.id}/keeping", {"keeping": "It was the same quarrel"}
    return f"/decisions/{decision.id}/{kind}", {"reason": "The laboratory found nothing"}


ACTIONS = {
    "decision": "decide",
    "completion": "decide",
    "keeping": "keep_decision",
    "void": "void_warning",
    "withdrawal": "withdraw_decision",
    "answer": "answer_notice",
}


async def browser_of(visit: Visit, world: World, kind: str) -> AsyncClient:
    return await visit(world.dev if kind == "answer" else world.ben)


@pytest.mark.parametrize("kind", ACTIONS)
async def test_a_database_that_cannot_save_gives_the_form_back_with_every_field(
    visit: Visit, world: World, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    address, sent = await prepared(world, kind)
    form = {"id": new_id()} | sent
    browser = await browser_of(visit, world, kind)

    async def refuse(_: object) -> None:
        raise Unavailable

    with monkeypatch.context() as broken:
        broken.setattr(f"ap_log.actions.{ACTIONS[kind]}.transaction", refuse)
        answer = await browser.post(address, data=form)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert "AP Log cannot save just now" in answer.text
    assert_kept(answer, form)
    again = await browser.post(address, data=sent | {"id": hidden(answer, "id")})
    assert again.status_code == 303


@pytest.mark.parametrize("kind", ACTIONS)
async def test_where_even_the_page_cannot_be_read_the_words_stand_on_the_page_that_says_so(
    visit: Visit, world: World, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    address, sent = await prepared(world, kind)
    browser = await browser_of(visit, world, kind)

    async def lost(*_: object) -> None:
        raise OperationalError("the connection is gone")

    monkeypatch.setattr("ap_log.store.decisions.get_decidable_recommendation", lost)
    monkeypatch.setattr("ap_log.store.decisions.get_decidable_decision", lost)
    monkeypatch.setattr("ap_log.store.notices.get_notice", lost)
    answer = await browser.post(address, data={"id": new_id()} | sent)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    for name, value in sent.items():
        assert name in ("step", "choice", "alternatives") or value in answer.text, name


@pytest.mark.parametrize("kind", ["decision", "keeping", "void", "withdrawal", "answer"])
async def test_other_content_under_the_same_form_is_said_not_to_be_saved(visit: Visit, world: World, kind: str) -> None:
    address, sent = await prepared(world, kind)
    browser, form = await browser_of(visit, world, kind), {"id": new_id()} | sent
    assert [(await browser.post(address, data=form)).status_code for _ in range(2)] == [303, 303]

    field = "keeping" if kind == "keeping" else "reason"
    answer = await browser.post(address, data=form | {field: "Something else entirely"})

    assert answer.status_code == 409
    assert "Something else entirely" in answer.text
    assert "It was not s" in answer.text
    counts = [await table.all().count() for table in (KeptDecision, Void, Withdrawal, NoticeAnswer)]
    assert sum(counts) == (0 if kind == "decision" else 1)


async def test_another_step_under_the_same_form_is_shown_as_not_saved(visit: Visit, world: World) -> None:
    one = await recommend(world)
    ben = await visit(world.ben)
    form = {"id": new_id(), "step": "1", "reason": ""}
    assert (await ben.post(f"/recommendations/{one.id}/decision", data=form)).status_code == 303

    answer = await ben.post(f"/recommendations/{one.id}/decision", data=form | {"step": "3"})

    assert answer.status_code == 409
    for words in ("This has already been decided", "3, final written warning", "It was not saved"):
        assert words in answer.text
    assert (await Decision.get()).step == 1


async def test_other_heads_under_the_same_form_are_shown_as_not_saved(visit: Visit, world: World) -> None:
    address, sent = await prepared(world, "completion")
    ben, form = await visit(world.ben), {"id": new_id()} | sent
    assert [(await ben.post(address, data=form)).status_code for _ in range(2)] == [303, 303]

    answer = await ben.post(address, data=form | {"immediate_risk": "He has told us more"})

    assert answer.status_code == 409
    for words in ("He has told us more", "His sister visits", "Written without the tick", "It was not saved"):
        assert words in answer.text
    assert (await Decision.get()).heads["immediate_risk"] == HEADS["immediate_risk"]


async def test_another_choice_of_the_officer_under_the_same_form_is_shown_as_not_sent(
    visit: Visit, world: World
) -> None:
    address, sent = await prepared(world, "answer")
    dev, form = await visit(world.dev), {"id": new_id()} | sent
    await dev.post(address, data=form)

    answer = await dev.post(address, data=form | {"choice": "start-recall-consideration"})

    assert answer.status_code == 409
    for words in ("already been answered", "You chose: Start recall consideration", sent["reason"], "It was not sent"):
        assert words in answer.text
    assert (await NoticeAnswer.get()).choice == "no-recall"


async def test_a_decision_after_a_question_under_the_same_form_can_be_sent_again(visit: Visit, world: World) -> None:
    address, sent = await prepared(world, "answer")
    dev, form = await visit(world.dev), {"id": new_id()} | sent
    await dev.post(address, data=form | {"choice": "needs-more"})

    answer = await dev.post(address, data=form)

    assert answer.status_code == 409
    assert "This form was sent before, and what you wrote now is not saved" in answer.text
    assert_kept(answer, sent)
    assert (await dev.post(address, data=sent | {"id": hidden(answer, "id")})).status_code == 303
    assert await NoticeAnswer.filter(choice="no-recall").count() == 1


async def test_the_id_of_another_episodes_decision_is_not_taken_for_this_ones(visit: Visit, world: World) -> None:
    earlier = await recommend(world, occurred_at=(world.now - timedelta(days=3)).isoformat())
    later = await recommend(world)
    ben, form = await visit(world.ben), {"id": new_id(), "step": "1", "reason": "As agreed"}
    assert (await ben.post(f"/recommendations/{earlier.id}/decision", data=form)).status_code == 303

    answer = await ben.post(f"/recommendations/{later.id}/decision", data=form)

    assert answer.status_code == 409
    assert_kept(answer, {"reason": "As agreed"})
    assert hidden(answer, "id") != form["id"]
    assert await Decision.all().count() == 1
