"""What is wrong in a chapter of a draft: it is kept as it was typed, and named beside its field and in the summary."""

import re
from html import unescape

import pytest
from httpx2 import Response

from ap_log.domain.policy_drafts import CHAPTERS
from ap_log.store import policy_drafts
from tests.cast import World
from tests.drafting import a_draft
from tests.form_pages import ADDING, address_of, changed, fields_of, fill_in, send
from tests.visitors import Visit

WHOLE_DAYS = "must be a whole number from 1 to 3650"


def beside(answer: Response, field: str) -> str | None:
    """The message beside a field; None where there is none, or where it is not tied to the field."""
    found = re.search(
        rf'id="{re.escape(field)}-error"[^>]*>\s*<span[^>]*>Error:</span>\s*(.*?)\s*</p>', answer.text, re.DOTALL
    )
    return unescape(found[1]) if found and f'href="#{field}"' in answer.text else None


WRONG = [
    ("times", "warning_days.1", "abc", f"How long a verbal warning stays active {WHOLE_DAYS}, not “abc”"),
    ("times", "warning_days.3", "0", f"How long a final written warning stays active {WHOLE_DAYS}, not “0”"),
    ("times", "warning_days.3", "3651", f"How long a final written warning stays active {WHOLE_DAYS}, not “3651”"),
    ("times", "warning_days.2", "½", f"How long a first written warning stays active {WHOLE_DAYS}, not “½”"),
    ("times", "warning_days.2", "-5", f"How long a first written warning stays active {WHOLE_DAYS}, not “-5”"),
    (
        "times",
        "warning_days.2",
        "9" * 40,
        f"How long a first written warning stays active {WHOLE_DAYS}, not “{'9' * 40}”",
    ),
    (
        "times",
        "episode_window_hours",
        "",
        "Enter how long an episode takes in more: a whole number from 1 to 1000",
    ),
    (
        "times",
        "time_zone",
        "<b>Mars</b>",
        "The time zone must be a time zone such as “Europe/London”, not “<b>Mars</b>”",
    ),
    ("base", "base.SUB-2", "9", "The step of SUB-2 must be a whole number from 0 to 5, not “9”"),
    (
        "base",
        "own-1.code",
        "sub 10",
        "A code of your own must be three capitals, a dash and one or two digits, such as SUB-10, not “sub 10”",
    ),
    (
        "repeat",
        "repeat-2.days",
        "two weeks",
        f"Within how long it must have happened for repeat rule 2 {WHOLE_DAYS}, not “two weeks”",
    ),
    (
        "repeat",
        "repeat-1.code",
        "XYZ-1",
        "What repeat rule 1 is about must be a code that this policy has, not “XYZ-1”",
    ),
    ("repeat", "repeat-3.count", "3", None),
    ("climb", "climb.low_cap.max", "6", "Highest step by climbing must be a whole number from 0 to 5, not “6”"),
    (
        "climb",
        "climb.final_crosses",
        "XYZ",
        "Where final warnings count for each other: untick “XYZ”, which this policy does not have",
    ),
    ("raising", "aggravator.add", "lots", "How many steps it adds must be a whole number from 0 to 5, not “lots”"),
    (
        "guard",
        "departure.needs_area_manager_at",
        "0",
        "From how many steps of difference the area manager is told must be a whole number from 1 to 5, not “0”",
    ),
    ("routes", "routes.licence", "", "Choose what steps 4 and 5 lead to for licence"),
    (
        "notify",
        "notify-3.tell_within",
        "soon",
        "How soon they must be told (rule 3) must be a time such as “15 minutes”, “2 working days”, “same day” or "
        "“12:00 on the next working day”, not “soon”",
    ),
    ("notify", "notify-1.answer", "", "Choose what is wanted (rule 1)"),
    ("notify", "notify-5.then-2", "a b", "Who is asked next (rule 5): choose somebody else than “a b”"),
]


@pytest.mark.parametrize(("chapter", "field", "typed", "message"), WRONG)
async def test_what_is_wrong_is_saved_as_typed_and_named_beside_its_field(
    visit: Visit, world: World, chapter: str, field: str, typed: str, message: str | None
) -> None:
    draft = await a_draft(world)
    farah = await visit(world.farah)

    answer = await fill_in(farah, address_of(draft, chapter), {field: typed}, query=ADDING)

    assert answer.status_code == 422
    assert "Saved, but this cannot be published until it is put right" in answer.text
    assert beside(answer, field) == message
    after = await policy_drafts.get_draft(draft.id)
    assert after.faults()
    for page in (answer, await farah.get(address_of(draft, chapter))):
        fields = fields_of(page.text, address_of(draft, chapter))
        assert any(typed in value for name, value in fields if name == field), field
    untouched = set(draft.document) - set(CHAPTERS[chapter])
    assert {key: after.document[key] for key in untouched} == {key: draft.document[key] for key in untouched}


async def test_every_gap_of_a_half_filled_rule_is_named(visit: Visit, world: World) -> None:
    draft = await a_draft(world)

    answer = await fill_in(await visit(world.farah), address_of(draft, "repeat"), {"repeat-3.count": "3"}, query=ADDING)

    assert beside(answer, "repeat-3.code") == "Choose what repeat rule 3 is about"
    assert beside(answer, "repeat-3.base") == "Choose the step of repeat rule 3"
    assert beside(answer, "repeat-3.days") is not None
    assert beside(answer, "repeat-3.count") is None


async def test_putting_it_right_leads_on(visit: Visit, world: World) -> None:
    draft = await a_draft(world)
    farah = await visit(world.farah)
    wrong = await fill_in(farah, address_of(draft, "times"), {"warning_days.1": "abc"})

    fields = fields_of(wrong.text, address_of(draft, "times"))
    answer = await send(farah, address_of(draft, "times"), changed(fields, {"warning_days.1": "21"}))

    assert answer.status_code == 303
    assert not (await policy_drafts.get_draft(draft.id)).faults()


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"own-1.code": "SUB-2", "own-1.step": "3"}, "own-1.code", "“SUB-2” is in this policy twice"),
        ({"own-1.code": "SUB-10", "own-2.code": "SUB-10"}, "own-2.code", "“SUB-10” is in this policy twice"),
        ({"own-1.step": "1", "own-2.step": "2"}, "own-2.code", "Enter the code: three capitals"),
    ],
)
async def test_a_code_that_is_there_twice_is_not_saved_and_stays_on_the_page(
    visit: Visit, world: World, typed: dict[str, str], field: str, message: str
) -> None:
    draft = await a_draft(world)
    farah, address = await visit(world.farah), address_of(draft, "base")
    form = fields_of((await farah.get(address)).text, address)
    sent = changed(form, {"rules": "2", "base.SUB-3": "5"} | typed)

    answer = await send(farah, address, sent)

    assert answer.status_code == 422
    assert "Not saved: a code is in this policy twice" in answer.text
    assert (beside(answer, field) or "").startswith(message)
    shown = fields_of(answer.text, address)
    for each in ({"base.SUB-3": "5"} | typed).items():
        assert each in shown
    after = await policy_drafts.get_draft(draft.id)
    assert (after.document, after.revision) == (draft.document, draft.revision)
    right = changed(
        shown, {"rules": "2", "own-1.code": "SUB-11", "own-1.step": "1", "own-2.code": "SUB-12", "own-2.step": "2"}
    )
    assert (await send(farah, address, right)).status_code == 303
    base = (await policy_drafts.get_draft(draft.id)).document["base"]
    assert isinstance(base, dict)
    assert (base["SUB-3"], base["SUB-11"], base["SUB-12"]) == (5, 1, 2)


async def test_a_code_that_is_there_twice_does_not_hide_what_somebody_else_saved(visit: Visit, world: World) -> None:
    draft = await a_draft(world)
    farah, address = await visit(world.farah), address_of(draft, "base")
    form = fields_of((await farah.get(address)).text, address)
    await fill_in(farah, address, {"base.SUB-3": "5"})

    twice = await send(farah, address, changed(form, {"rules": "1", "own-1.code": "SUB-2", "own-1.step": "3"}))
    put_right = changed(fields_of(twice.text, address), {"own-1.code": "SUB-20"})
    answer = await send(farah, address, put_right)

    assert (twice.status_code, answer.status_code) == (422, 409)
    assert "This draft has changed since you opened this page" in answer.text
