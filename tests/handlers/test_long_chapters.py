"""Chapters with as many rules as they take: the form that a page makes can be sent, and one rule more is refused."""

from typing import Any
from urllib.parse import urlencode

import pytest

from ap_log.actions.change_draft import change_draft
from ap_log.domain.policy_drafts import Draft
from ap_log.presenters.policy_questions import LONGEST_LINE
from ap_log.presenters.policy_rules import DUTIES, MOST_RULES, RULES_OF
from ap_log.security.limits import FORM_FIELDS, LONG_FORM_BYTES
from ap_log.store import policy_drafts
from tests.cast import World
from tests.drafting import a_draft
from tests.form_pages import address_of, changed, fields_of, send
from tests.visitors import Visit

DUTY = [str(term.code) for term in DUTIES]
RULES: dict[str, dict[str, Any]] = {
    "repeat": {"code": "SUB-2", "count": 2, "days": 60, "base": 2},
    "notify": {
        "step": 4,
        "who": DUTY,
        "tell_within": "next-working-day 12:00",
        "answer": "decision",
        "answer_within": "next-working-day 12:00",
        "then": (DUTY * LONGEST_LINE)[:LONGEST_LINE],
    },
}


async def a_long_draft(world: World, chapter: str, rules: int) -> Draft:
    draft = await a_draft(world)
    if chapter == "base":
        base = {**draft.policy(world.now).base, **{f"OWN-{number}": 1 for number in range(rules)}}
        return await change_draft(draft.id, draft.revision, {"base": base}, world.farah, world.now)
    change = {chapter: [RULES[chapter]] * rules}
    return await change_draft(draft.id, draft.revision, change, world.farah, world.now)


async def stored(draft: Draft) -> dict[str, Any]:
    return dict((await policy_drafts.get_draft(draft.id)).document)


@pytest.mark.parametrize("chapter", ["base", "repeat", "notify"])
async def test_a_full_chapter_is_sent_back_and_changed_as_any_other(visit: Visit, world: World, chapter: str) -> None:
    draft = await a_long_draft(world, chapter, MOST_RULES)
    farah, address = await visit(world.farah), address_of(draft, chapter)
    page = (await farah.get(address)).text
    fields = fields_of(page, address)

    same = await send(farah, address, fields)

    assert same.status_code in (303, 422)
    assert await stored(draft) == draft.document
    await send(farah, address, changed(fields, {f"{RULES_OF[chapter]}-{MOST_RULES}.remove": "yes"}))
    assert (await stored(draft))[chapter] != draft.document[chapter]
    assert f"This chapter takes {MOST_RULES}" in page
    assert "add another" not in page


@pytest.mark.parametrize("chapter", ["base", "repeat", "notify"])
async def test_the_largest_form_a_page_makes_is_within_the_limits_of_a_form(
    visit: Visit, world: World, chapter: str
) -> None:
    draft = await a_long_draft(world, chapter, MOST_RULES)
    address = address_of(draft, chapter)
    fields = fields_of((await (await visit(world.farah)).get(address)).text, address)

    ticked = [(f"{chapter}-{number}.remove", "yes") for number in range(1, MOST_RULES + 1)]

    assert len(fields) + len(ticked) <= FORM_FIELDS
    assert len(urlencode([*fields, *ticked, ("next", "another")])) <= LONG_FORM_BYTES


@pytest.mark.parametrize("chapter", ["base", "repeat", "notify"])
async def test_the_last_rule_that_a_chapter_takes_is_filled_in_in_its_empty_row(
    visit: Visit, world: World, chapter: str
) -> None:
    draft = await a_long_draft(world, chapter, MOST_RULES - 1)
    farah, address = await visit(world.farah), address_of(draft, chapter)
    fields = fields_of((await farah.get(f"{address}?add=yes")).text, address)
    last = f"{RULES_OF[chapter]}-{MOST_RULES}"
    typed = {f"{last}.code": "SUB-20", f"{last}.step": "1"}

    await send(farah, address, changed(fields, typed))

    assert len((await stored(draft))[chapter]) == len(dict[str, Any](draft.document)[chapter]) + 1
    full = (await farah.get(f"{address}?add=yes")).text
    assert f"This chapter takes {MOST_RULES}" in full
    assert f'name="{last}.' in full
    assert f'name="{last.replace(str(MOST_RULES), str(MOST_RULES + 1))}.' not in full


async def test_one_rule_more_is_refused_in_words_and_nothing_that_was_saved_is_lost(visit: Visit, world: World) -> None:
    draft = await a_long_draft(world, "repeat", MOST_RULES)
    farah, address = await visit(world.farah), address_of(draft, "repeat")
    fields = fields_of((await farah.get(address)).text, address)
    more = {"rules": str(MOST_RULES + 1)} | {
        f"repeat-{MOST_RULES + 1}.{key}": str(value) for key, value in RULES["repeat"].items()
    }

    answer = await send(farah, address, changed(fields, more))

    assert answer.status_code == 422
    assert f"This chapter takes {MOST_RULES} at most, and {MOST_RULES + 1} were sent" in answer.text
    assert await stored(draft) == draft.document


async def test_a_draft_with_too_many_rules_can_be_saved_once_enough_are_taken_out(visit: Visit, world: World) -> None:
    draft = await a_long_draft(world, "repeat", MOST_RULES + 2)
    farah, address = await visit(world.farah), address_of(draft, "repeat")
    fields = fields_of((await farah.get(address)).text, address)

    answer = await send(farah, address, changed(fields, {"repeat-1.remove": "yes", "repeat-2.remove": "yes"}))

    assert answer.status_code == 303
    assert len((await stored(draft))["repeat"]) == MOST_RULES


async def test_a_line_that_is_full_has_no_empty_turn_that_would_be_lost(visit: Visit, world: World) -> None:
    draft = await a_long_draft(world, "notify", 1)

    page = (await (await visit(world.farah)).get(address_of(draft, "notify"))).text

    assert f'name="notify-1.then-{LONGEST_LINE}"' in page
    assert f'name="notify-1.then-{LONGEST_LINE + 1}"' not in page
