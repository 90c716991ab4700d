"""Looking again, keeping, voiding and withdrawing in a browser without scripts; and for whom none of it exists."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from ap_log.actions.decide import decide
from ap_log.actions.void_warning import void_warning
from ap_log.domain.recommendations import Choice, Grounds
from ap_log.store import recommendations
from ap_log.store.models import Decision, Recommendation, Void, Withdrawal, new_id
from tests.cast import World
from tests.deciding import current, hidden, recommend
from tests.visitors import Visit


async def test_looking_again_offers_deciding_again_and_keeping(visit: Visit, world: World) -> None:
    one = await recommend(world)
    decision = await decide(one.id, Choice(new_id(), 1), world.rob, world.now)
    again = await recommend(world, happening="threat")
    ben = await visit(world.ben)
    page = await ben.get(f"/recommendations/{again.id}")
    assert "Rob Ellis decided step 1, verbal warning" in page.text
    assert "Decide again: issue step 3" in page.text

    unsaid = await ben.post(f"/recommendations/{again.id}/keeping", data={"id": hidden(page, "id"), "keeping": ""})
    assert (unsaid.status_code, 'href="#keeping"' in unsaid.text) == (422, True)

    kept = await ben.post(
        f"/recommendations/{again.id}/keeping", data={"id": hidden(page, "id"), "keeping": "Same quarrel"}
    )
    assert kept.headers["location"] == f"/residents/{again.resident_id}#decision-{decision.id}"
    assert "Same quarrel" in (await ben.get(f"/residents/{again.resident_id}")).text


async def test_looking_again_says_what_came_since_and_what_a_new_decision_does(visit: Visit, world: World) -> None:
    one = await recommend(world)
    await decide(one.id, Choice(new_id(), 1), world.rob, world.now)
    later = replace(world, now=world.now + timedelta(hours=1))
    again = await recommend(later, happening="threat")
    page = (await (await visit(world.ben)).get(f"/recommendations/{again.id}")).text
    since = re.findall(r"Since then: (.*?)</p>", page)
    assert len(since) == 1
    assert since[0].startswith("Threat or aggression, no contact (")
    assert since[0].endswith(") was logged.")
    assert "A new decision takes the place of step 1: the earlier one is withdrawn." in page


async def test_looking_again_opens_with_one_line_and_folds_the_rest(visit: Visit, world: World) -> None:
    one = await recommend(world)
    await decide(one.id, Choice(new_id(), 1), world.rob, world.now)
    again = await recommend(replace(world, now=world.now + timedelta(hours=1)), happening="threat")
    page = (await (await visit(world.ben)).get(f"/recommendations/{again.id}")).text
    line = "Step 1 → step 3: threat or aggression, no contact, logged after Rob Ellis decided"
    table = page.index('<table class="govuk-table app-compared"')
    assert page.index(line) < page.rindex("<details", 0, table) < table < page.index("</details>", table)
    assert "<details open" not in page


async def test_a_void_says_in_one_line_what_was_taken_back(visit: Visit, world: World) -> None:
    first = await recommend(world, occurred_at=(world.now - timedelta(days=3)).isoformat())
    warning = await decide(first.id, Choice(new_id(), 1), world.ben, world.now - timedelta(days=2))
    second = await recommend(world)
    await decide(second.id, Choice(new_id(), 2), world.rob, world.now)
    await void_warning(warning.id, Grounds(new_id(), "Laboratory negative"), world.ben, world.now + timedelta(hours=1))
    page = (await (await visit(world.ben)).get(f"/recommendations/{(await current(world)).id}")).text
    assert "Step 2 → still step 2: a verbal warning was declared void after Rob Ellis decided" in page


async def test_looking_again_names_the_warning_that_was_declared_void(visit: Visit, world: World) -> None:
    first = await recommend(world, occurred_at=(world.now - timedelta(days=3)).isoformat())
    warning = await decide(first.id, Choice(new_id(), 1), world.rob, world.now - timedelta(days=2))
    second = await recommend(world)
    await decide(second.id, Choice(new_id(), second.step), world.rob, world.now)
    later = world.now + timedelta(hours=1)
    await void_warning(warning.id, Grounds(new_id(), "Laboratory negative"), world.ben, later)
    again = await current(world)
    page = (await (await visit(world.ben)).get(f"/recommendations/{again.id}")).text
    assert re.findall(r"Since then: (.*?)</p>", page) == [
        "the verbal warning of 18 November at 01:40 was declared void."
    ]


def sides(page: str) -> list[tuple[str, str]]:
    """The table of before and now, as rows of words: the step, what it calls for, the reasons that differ."""
    table = page[page.index("app-compared") : page.index("</table>")]
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in table.split("<tr")]
    said = [tuple(" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row) for row in cells]
    return [(row[0], row[1]) for row in said if len(row) == 2][:3]


async def _decided(world: World) -> Recommendation:
    one = await recommend(world)
    await decide(one.id, Choice(new_id(), 1), world.rob, world.now)
    return one


async def test_a_late_entry_puts_before_and_now_side_by_side(visit: Visit, world: World) -> None:
    before = await _decided(world)
    later = replace(world, now=world.now + timedelta(hours=1))
    now = await recommend(later, happening="threat", occurred_at=world.now.isoformat())
    page = (await (await visit(world.ben)).get(f"/recommendations/{now.id}")).text
    step, outcome, reasons = sides(page)
    assert step == ("Step 1 Verbal warning", "Step 3 Final written warning")
    assert outcome == ("A warning", "A warning")
    assert reasons[0] == "Strongly suspected use starts at step 1, verbal warning."
    assert reasons[1].startswith("“Threat or aggression, no contact” starts at step 3")
    for each in (before, now):
        assert f'href="/recommendations/{each.id}/explanation?from=/recommendations/{now.id}"' in page


async def test_a_corrected_entry_puts_before_and_now_side_by_side(visit: Visit, world: World) -> None:
    before = await _decided(world)
    later = replace(world, now=world.now + timedelta(hours=1))
    now = await recommend(
        later, id=before.deciding_entry, occurred_at=world.now.isoformat(), alternatives_considered=False
    )
    page = (await (await visit(world.ben)).get(f"/recommendations/{now.id}")).text
    step, outcome, reasons = sides(page)
    assert step == ("Step 1 Verbal warning", "Step 0 Support")
    assert outcome == ("A warning", "Support")
    assert reasons[1] == "Suspected use starts at step 0, support."


async def test_a_void_puts_before_and_now_side_by_side(visit: Visit, world: World) -> None:
    first = await recommend(world, occurred_at=(world.now - timedelta(days=3)).isoformat())
    warning = await decide(first.id, Choice(new_id(), 1), world.ben, world.now - timedelta(days=2))
    second = await recommend(world)
    await decide(second.id, Choice(new_id(), 2), world.rob, world.now)
    await void_warning(warning.id, Grounds(new_id(), "Laboratory negative"), world.ben, world.now + timedelta(hours=1))
    now = await current(world)
    assert now.answer["reopened_by"] == [warning.id]
    step, _, reasons = sides((await (await visit(world.ben)).get(f"/recommendations/{now.id}")).text)
    # A warning that was made void after the night stays behind it; what is new is that it is in question.
    assert step == ("Step 2 First written warning", "Step 2 First written warning")
    assert reasons == (
        "No other reason",
        "Look again: a warning this step was built on has been made void since.",
    )


async def test_what_is_not_in_question_is_not_compared(visit: Visit, world: World) -> None:
    one = await recommend(world)
    assert "app-compared" not in (await (await visit(world.ben)).get(f"/recommendations/{one.id}")).text


async def test_two_decided_nights_that_become_one_ask_for_a_withdrawal(visit: Visit, world: World) -> None:
    night = world.now - timedelta(hours=30)
    for hours, happening in ((0, "under-influence"), (11, "threat"), (13, "under-influence")):
        await recommend(world, occurred_at=(night + timedelta(hours=hours)).isoformat(), happening=happening)
    for one in await recommendations.list_current(world.residents["gwilym"].id):
        await decide(one.id, Choice(new_id(), one.step), world.ben, world.now)
    stuck = await recommend(world, occurred_at=(night - timedelta(hours=2)).isoformat())
    ben = await visit(world.ben)

    page = await ben.get(f"/recommendations/{stuck.id}")

    assert "The policy cannot judge this" in page.text
    links = re.findall(r"/decisions/([0-9a-f-]+)/withdrawal", page.text)
    assert sorted(links) == sorted(await Decision.all().values_list("id", flat=True))
    asked = await ben.get(f"/decisions/{links[0]}/withdrawal")
    answer = await ben.post(
        f"/decisions/{links[0]}/withdrawal", data={"id": hidden(asked, "id"), "reason": "One night, not two"}
    )
    assert answer.status_code == 303
    assert (await current(world)).step is not None


@pytest.mark.parametrize(("kind", "table"), [("void", Void), ("withdrawal", Withdrawal)])
async def test_taking_back_asks_why_and_keeps_the_words(
    visit: Visit, world: World, kind: str, table: type[Void] | type[Withdrawal]
) -> None:
    one = await recommend(world)
    decision = await decide(one.id, Choice(new_id(), 1), world.rob, world.now)
    ben = await visit(world.ben)
    address = f"/decisions/{decision.id}/{kind}"
    page = await ben.get(address)

    unsaid = await ben.post(address, data={"id": hidden(page, "id"), "reason": ""})
    assert (unsaid.status_code, 'href="#reason"' in unsaid.text) == (422, True)
    too_long = await ben.post(address, data={"id": hidden(page, "id"), "reason": "long " * 500})
    assert (too_long.status_code, "long long" in too_long.text) == (422, True)

    answer = await ben.post(address, data={"id": hidden(page, "id"), "reason": "Laboratory negative"})
    assert answer.status_code == 303
    assert await table.all().count() == 1

    late = await ben.post(address, data={"id": new_id(), "reason": "It was negative"})
    assert late.status_code == 409
    for words in ("already", "Laboratory negative", "It was negative"):
        assert words in late.text


PAGES = (
    "/recommendations/{recommendation}",
    "/recommendations/{recommendation}/completion",
    "/decisions/{decision}/void",
    "/decisions/{decision}/withdrawal",
)
SENT = (
    "/recommendations/{recommendation}/decision",
    "/recommendations/{recommendation}/completion",
    "/recommendations/{recommendation}/keeping",
    "/decisions/{decision}/void",
    "/decisions/{decision}/withdrawal",
)


@pytest.mark.parametrize(
    ("who", "status"),
    [("asha", 403), ("dev", 403), ("grace", 403), ("chika", 403), ("owen", 404), ("esther", 303)],
)
async def test_nobody_else_reads_or_sends_any_of_it(visit: Visit, world: World, who: str, status: int) -> None:
    one = await recommend(world)
    decision = await decide(one.id, Choice(new_id(), 1), world.ben, world.now)
    browser = await visit(world.actors[who])
    ids = {"recommendation": one.id, "decision": decision.id}
    for path in PAGES:
        assert (await browser.get(path.format(**ids))).status_code == status
    for path in SENT:
        answer = await browser.post(path.format(**ids), data={"id": new_id(), "step": "1", "reason": "x"})
        assert answer.status_code == (401 if who == "esther" else status)
    assert await Decision.all().count() == 1
    assert await Void.all().count() + await Withdrawal.all().count() == 0


@pytest.mark.parametrize("path", PAGES)
async def test_what_does_not_exist_is_not_found(visit: Visit, world: World, path: str) -> None:
    ben = await visit(world.ben)
    for unknown in (new_id(), "1", "a" * 64):
        answer = await ben.get(path.format(recommendation=unknown, decision=unknown))
        assert answer.status_code == 404
