"""Deciding in a browser without scripts: one tap, another step, the five heads, and every way that it can go wrong."""

import asyncio
import re
from datetime import timedelta

import pytest

from ap_log.actions.decide import decide
from ap_log.domain.recommendations import Choice
from ap_log.store.models import Decision, Notice, new_id
from tests.cast import World
from tests.deciding import hidden, recommend
from tests.visitors import Visit

HEADS = {
    "immediate_risk": "He may use again tonight",
    "who_is_vulnerable": "The man he shares a landing with",
    "current_circumstances": "In his room, checked every 15 minutes",
    "alternatives": ["WARNINGS_LETTER", "DRUG_TESTING"],
    "details-WARNINGS_LETTER": "12 September and 4 October",
    "details-DRUG_TESTING": "Weekly since 2 March",
    "protective_factors": "His sister visits",
    "resident_says": "He is sorry",
}


async def test_following_the_recommendation_is_one_press_without_a_reason(visit: Visit, world: World) -> None:
    one = await recommend(world)
    ben = await visit(world.ben)
    page = await ben.get(f"/recommendations/{one.id}")
    assert "Issue step 1, verbal warning" in page.text

    answer = await ben.post(
        f"/recommendations/{one.id}/decision", data={"id": hidden(page, "id"), "step": "1", "reason": ""}
    )

    assert answer.status_code == 303
    decision = await Decision.get(id=hidden(page, "id"))
    assert answer.headers["location"] == f"/residents/{one.resident_id}?decided={decision.id}"
    shown = await ben.get(answer.headers["location"])
    assert "Issued: step 1, verbal warning" in shown.text


async def test_pressing_twice_makes_one_decision_and_both_answers_lead_to_it(visit: Visit, world: World) -> None:
    one = await recommend(world)
    ben = await visit(world.ben)
    page = await ben.get(f"/recommendations/{one.id}")
    sent = {"id": hidden(page, "id"), "step": "1"}

    answers = await asyncio.gather(*(ben.post(f"/recommendations/{one.id}/decision", data=sent) for _ in range(5)))

    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert (await Decision.all().count(), await Notice.filter(decision_id=sent["id"]).count()) == (1, 2)


async def test_another_step_without_a_reason_comes_back_with_the_choice_and_names_the_field(
    visit: Visit, world: World
) -> None:
    one = await recommend(world)
    ben = await visit(world.ben)
    answer = await ben.post(f"/recommendations/{one.id}/decision", data={"id": new_id(), "step": "2", "reason": " "})
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert 'href="#reason"' in answer.text
    assert re.search(r'value="2"\s+checked', answer.text)
    assert await Decision.all().count() == 0


@pytest.mark.parametrize("step", ["", "6", "-1", "1.0", "x", "٣"])
async def test_a_step_that_does_not_exist_is_refused_and_the_words_are_kept(
    visit: Visit, world: World, step: str
) -> None:
    one = await recommend(world)
    ben = await visit(world.ben)
    answer = await ben.post(
        f"/recommendations/{one.id}/decision", data={"id": new_id(), "step": step, "reason": "Because of <b>this</b>"}
    )
    assert answer.status_code == 422
    assert 'href="#step"' in answer.text
    assert "Because of &lt;b&gt;this&lt;/b&gt;" in answer.text


async def test_a_form_that_lost_its_id_gets_a_new_one_and_can_be_sent_again(visit: Visit, world: World) -> None:
    one = await recommend(world)
    ben = await visit(world.ben)
    answer = await ben.post(f"/recommendations/{one.id}/decision", data={"id": "nonsense", "step": "1"})
    assert answer.status_code == 422
    again = await ben.post(f"/recommendations/{one.id}/decision", data={"id": hidden(answer, "id"), "step": "1"})
    assert again.status_code == 303


async def test_facts_that_change_meanwhile_show_the_new_recommendation_with_the_words_kept(
    visit: Visit, world: World
) -> None:
    one = await recommend(world)
    ben = await visit(world.ben)
    page = await ben.get(f"/recommendations/{one.id}")
    newer = await recommend(world, happening="threat")
    sent = {"id": hidden(page, "id"), "step": "0", "reason": "He told us himself"}

    answer = await ben.post(f"/recommendations/{one.id}/decision", data=sent)

    assert answer.status_code == 409
    assert "The facts have changed since you opened this page" in answer.text
    assert "He told us himself" in answer.text
    assert "Issue step 3" in answer.text
    assert f"/recommendations/{newer.id}/decision" in answer.text
    assert await Decision.all().count() == 0


async def test_whoever_comes_second_reads_who_decided_and_keeps_their_words(visit: Visit, world: World) -> None:
    one = await recommend(world)
    await decide(one.id, Choice(new_id(), 1, "Second time this month"), world.rob, world.now)
    ben = await visit(world.ben)
    answer = await ben.post(
        f"/recommendations/{one.id}/decision", data={"id": new_id(), "step": "2", "reason": "He lied about it"}
    )
    assert answer.status_code == 409
    for words in ("This has already been decided", "Rob Ellis", "Second time this month", "He lied about it"):
        assert words in answer.text


async def test_a_replaced_recommendation_leads_to_the_one_that_stands(visit: Visit, world: World) -> None:
    one = await recommend(world)
    newer = await recommend(world, happening="threat")
    ben = await visit(world.ben)
    answer = await ben.get(f"/recommendations/{one.id}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/recommendations/{newer.id}")


async def test_step_4_asks_for_the_five_heads_and_says_whose_decision_it_is(visit: Visit, world: World) -> None:
    one = await recommend(world, happening="supply")
    ben = await visit(world.ben)
    page = await ben.get(f"/recommendations/{one.id}/completion")
    assert "You are recommending that recall is considered. The decision is theirs." in page.text
    assert "It goes to <bdi" in page.text
    assert "Dev Patel" in page.text

    answer = await ben.post(
        f"/recommendations/{one.id}/completion", data=HEADS | {"id": hidden(page, "id"), "step": "4"}
    )

    assert answer.status_code == 303
    decision = await Decision.get(id=hidden(page, "id"))
    assert decision.heads["alternatives"][1] == {"code": "DRUG_TESTING", "details": "Weekly since 2 March"}
    shown = await ben.get(f"/residents/{one.resident_id}")
    assert "In his room, checked every 15 minutes" in shown.text


async def test_missing_heads_are_named_and_what_was_written_is_kept(visit: Visit, world: World) -> None:
    one = await recommend(world, happening="supply")
    ben = await visit(world.ben)
    sent = {"id": new_id(), "step": "4", "immediate_risk": "He may use tonight", "alternatives": ["DRUG_TESTING"]}
    answer = await ben.post(f"/recommendations/{one.id}/completion", data=sent)
    assert answer.status_code == 422
    for field in ("who_is_vulnerable", "current_circumstances", "details-DRUG_TESTING", "resident_says"):
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}"' in answer.text
    assert "He may use tonight" in answer.text
    assert re.search(r'value="DRUG_TESTING"\s+checked', answer.text)
    assert await Decision.all().count() == 0


async def test_the_warnings_that_were_given_are_filled_in_already(visit: Visit, world: World) -> None:
    earlier = (world.now - timedelta(days=3)).isoformat()
    first = await recommend(world, occurred_at=earlier)
    await decide(first.id, Choice(new_id(), 1), world.ben, world.now - timedelta(days=2))
    one = await recommend(world, happening="supply")
    ben = await visit(world.ben)
    page = await ben.get(f"/recommendations/{one.id}/completion")
    assert "Verbal warning 18 November" in page.text


async def test_going_up_to_step_4_asks_for_the_heads_with_the_reason_kept(visit: Visit, world: World) -> None:
    one = await recommend(world)
    ben = await visit(world.ben)
    sent = {"id": new_id(), "step": "4", "reason": "Third house this year"}
    page = await ben.post(f"/recommendations/{one.id}/decision", data=sent)
    assert page.status_code == 200
    assert "Third house this year" in page.text
    assert "The area manager will be told too" in page.text
    assert hidden(page, "id") == sent["id"]

    answer = await ben.post(f"/recommendations/{one.id}/completion", data=HEADS | sent)

    assert answer.status_code == 303
    assert await Notice.filter(decision_id=sent["id"], recipient_id=world.farah.id).exists()


@pytest.mark.parametrize(("happening", "is_danger"), [("assault", True), ("supply", False)])
async def test_only_step_5_says_call_999_first_above_its_button(
    visit: Visit, world: World, happening: str, is_danger: bool
) -> None:
    one = await recommend(world, happening=happening)
    page = (await (await visit(world.ben)).get(f"/recommendations/{one.id}")).text
    above, _, _ = page.partition("Complete and send step")
    assert ("If anyone is in danger now, call 999 first." in above) == is_danger


async def test_a_fitness_time_stands_above_the_button(visit: Visit, world: World) -> None:
    one = await recommend(world)
    ben = await visit(world.ben)
    page = (await ben.get(f"/recommendations/{one.id}")).text
    assert page.index("Do not give the warning before today at 07:40") < page.index("Issue step 1")


async def test_a_completion_with_the_longest_words_is_taken(visit: Visit, world: World) -> None:
    one = await recommend(world, happening="supply")
    ben = await visit(world.ben)
    longest = dict.fromkeys(("immediate_risk", "who_is_vulnerable", "current_circumstances"), "ŵ" * 2500)
    answer = await ben.post(
        f"/recommendations/{one.id}/completion", data=HEADS | longest | {"id": new_id(), "step": "4"}
    )
    assert answer.status_code == 303
