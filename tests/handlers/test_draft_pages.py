"""What the pages of a chapter say beside its fields: what was saved, what is folded, and what could not be used."""

import pytest

from ap_log.actions.change_draft import change_draft
from ap_log.domain.policy_drafts import Draft
from tests.cast import World
from tests.drafting import a_draft
from tests.form_pages import ADDING, address_of, changed, fields_of, fill_in, send
from tests.visitors import Visit


async def test_a_code_that_is_none_stays_in_its_own_field(visit: Visit, world: World) -> None:
    farah = await visit(world.farah)
    draft = await a_draft(world)
    typed = {"own-1.code": "Bad Code!", "own-1.step": "1", "own-2.code": "ABC-1", "own-2.step": "1", "rules": "2"}

    await fill_in(farah, address_of(draft, "base"), typed)

    assert "Bad Code!" in (await farah.get(address_of(draft, "base"))).text
    for chapter in ("repeat", "climb", "raising", "guard"):
        page = (await farah.get(address_of(draft, chapter) + ADDING)).text
        assert "Bad" not in page
        assert "ABC" in page


async def test_rules_are_folded_under_their_words_until_something_is_wrong(visit: Visit, world: World) -> None:
    farah = await visit(world.farah)
    draft = await a_draft(world)
    page = (await farah.get(address_of(draft, "notify"))).text
    assert page.count("app-policy-folded") == 5
    assert 'app-policy-folded" open' not in page
    assert (
        "Step 5: on-duty managers and probation practitioners within 15 minutes; a decision with a reason within 1 hour"
        in page
    )

    wrong = await fill_in(farah, address_of(draft, "notify"), {"notify-2.answer_within": "soon"})

    assert wrong.text.count('app-policy-folded" open') == 1


async def test_what_was_saved_is_said_once_and_nothing_else_is(visit: Visit, world: World) -> None:
    farah = await visit(world.farah)
    draft = await a_draft(world)
    saved = await fill_in(farah, address_of(draft, "times"), {"warning_days.1": "14"})

    page = (await farah.get(saved.headers["location"])).text
    assert "“Times” saved" in page
    assert 'role="alert"' in page
    assert 'data-module="govuk-notification-banner"' in page
    for query in ("", "?saved=", "?saved=everything", "?saved=%3Cb%3E"):
        assert 'role="alert"' not in (await farah.get(f"/policy-drafts/{draft.id}{query}")).text


async def test_the_page_of_a_conflict_is_called_an_error_and_has_one_box(visit: Visit, world: World) -> None:
    draft = await a_draft(world)
    farah, address = await visit(world.farah), address_of(draft, "times")
    opened = fields_of((await farah.get(address)).text, address)
    await fill_in(farah, address, {"warning_days.3": "70"})

    page = (await send(farah, address, changed(opened, {"warning_days.1": "14"}))).text

    assert "<title>Error: Times" in page
    assert page.count('role="alert"') == 1


BEYOND = [
    ("base", {"base.ENG-2": ""}, "base.ENG-2", "can be logged. Give it a step to start at"),
    ("raising", {"aggravator.any_of": ["victim-staff"]}, "aggravator.any_of", "can be logged and has to stay in"),
    ("raising", {"mitigator.any_of": []}, "mitigator.any_of", "can be logged and has to stay in"),
    ("notify", {"notify-2.who": []}, "notify-2.who", "Choose who is told, or remove this rule"),
    ("notify", {"notify-1.who": ["governor"]}, "notify-1.who", "AP Log finds nobody who is “governor”"),
    ("notify", {"notify-4.then-1": "governor"}, "notify-4.then-1", "AP Log finds nobody who is “governor”"),
    ("notify", {"notify-5.who": ["manager"]}, "notify-5.who", "Nobody in probation is told of step 5"),
    ("notify", {"notify-5.remove": "yes"}, "notify", "Nobody in probation is told of step 5"),
]


@pytest.mark.parametrize(("chapter", "typed", "field", "words"), BEYOND)
async def test_what_could_not_be_judged_or_told_is_said_beside_its_field_saved_and_opened(
    visit: Visit, world: World, chapter: str, typed: dict[str, str | list[str]], field: str, words: str
) -> None:
    draft = await a_draft(world)
    farah = await visit(world.farah)

    saved = await fill_in(farah, address_of(draft, chapter), typed)
    opened = await farah.get(address_of(draft, chapter))

    assert (saved.status_code, opened.status_code) == (422, 200)
    for page in (saved.text, opened.text):
        assert f'href="#{field}"' in page
        assert page.count(f'id="{field}"') == 1
        assert words in page.partition(f'id="{field}-error"')[2][:300]
    task = (await farah.get(f"/policy-drafts/{draft.id}")).text
    assert "fault" in task


async def test_it_is_said_while_another_chapter_has_faults_of_its_own(visit: Visit, world: World) -> None:
    draft = await with_nobody_told(world, fit_to_warn_hours="soon")

    page = (await (await visit(world.farah)).get(address_of(draft, "notify"))).text

    assert "Choose who is told, or remove this rule" in page


async def test_such_a_draft_is_not_rehearsed_and_its_page_leads_to_the_field(visit: Visit, world: World) -> None:
    draft = await with_nobody_told(world)

    page = (await (await visit(world.farah)).get(f"/policy-drafts/{draft.id}/rehearsals")).text

    assert f"{address_of(draft, 'notify')}#notify-2.who" in page
    assert "Choose who is told, or remove this rule" in page
    assert ">Rehearse<" not in page.replace("\n", "").replace("  ", "")


async def with_nobody_told(world: World, **change: object) -> Draft:
    """A draft whose second rule tells nobody."""
    draft = await a_draft(world)
    rules = draft.document["notify"]
    assert isinstance(rules, list)
    told = [rule | {"who": []} if number == 1 else rule for number, rule in enumerate(rules)]
    return await change_draft(draft.id, draft.revision, {"notify": told} | change, world.farah, world.now)
