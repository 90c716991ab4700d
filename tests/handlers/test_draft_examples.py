"""The worked examples of a draft as forms: adding, trying, changing and taking them out, and what is said of each."""

import asyncio

import pytest

from ap_log.actions.change_draft import change_examples
from ap_log.actions.discard_draft import discard_draft
from ap_log.domain.policy.examples import Example, ExampleEvent
from ap_log.domain.policy_drafts import Draft
from ap_log.store import policy_drafts
from tests.cast import World
from tests.drafting import AGAIN, a_draft
from tests.form_pages import changed, fields_of, fill_in, send
from tests.visitors import Visit

FILLED: dict[str, str | list[str]] = {
    "title": "Confirmed use is a first written warning",
    "legal_status": "bail",
    "events-1.day": "3",
    "events-1.at": "9:30",
    "events-1.code": "SUB-3",
    "events-1.mitigators": ["told-staff-first"],
    "step": "2-warn",
}


async def with_example(world: World, **change: object) -> Draft:
    """A draft that has the example AGAIN and no other."""
    draft = await a_draft(world, **change)
    return await change_examples(draft.id, draft.revision, [AGAIN], world.farah, world.now)


def address_of(draft: Draft, example: str = "again") -> str:
    return f"/policy-drafts/{draft.id}/examples/{example}"


async def examples_in(draft: Draft) -> tuple[Example, ...]:
    return (await policy_drafts.get_draft(draft.id)).examples


async def test_a_passing_example_is_said_to_pass(visit: Visit, world: World) -> None:
    page = (await (await visit(world.farah)).get(address_of(await with_example(world), "").rstrip("/"))).text

    assert "Strong signs twice" in page
    assert "All 1 pass" in page
    assert "Day 1 at 22:15: SUB-2 Strongly suspected use; under the influence" in page
    assert "The draft says" not in page


async def test_a_failing_example_shows_what_was_expected_what_is_said_and_why(visit: Visit, world: World) -> None:
    draft = await with_example(world, warning_days={"1": 7, "2": 56, "3": 84})

    page = (await (await visit(world.farah)).get(address_of(draft, "").rstrip("/"))).text

    assert "1 of 1 fails" in page
    for words in ("First written warning", "The draft says", "Verbal warning", "Why the draft says so"):
        assert words in page
    assert "Strongly suspected use starts at step 1" in page


async def test_a_draft_with_faults_judges_nothing_and_says_so(visit: Visit, world: World) -> None:
    draft = await with_example(world, warning_days={"1": "abc", "2": 56, "3": 84})
    farah = await visit(world.farah)

    listed = await farah.get(address_of(draft, "").rstrip("/"))
    shown = await farah.get(address_of(draft))

    for page in (listed, shown):
        assert page.status_code == 200
        assert "nothing can be judged by it yet" in page.text
    assert (await fill_in(farah, address_of(draft), {"title": "Renamed"})).status_code == 303


async def test_an_example_is_added(visit: Visit, world: World) -> None:
    draft = await with_example(world)

    answer = await fill_in(await visit(world.farah), address_of(draft, "new"), FILLED)

    added = (await examples_in(draft))[1]
    assert (answer.status_code, answer.headers["location"].rpartition("/")[2]) == (303, "examples?saved=example")
    assert added.title == "Confirmed use is a first written warning"
    assert added.events == (ExampleEvent(3, "09:30", "SUB-3", mitigators=("told-staff-first",)),)
    assert (added.legal_status, added.step, added.outcome) == ("bail", 2, "warn")


async def test_an_example_saved_as_it_was_opened_stays_as_it_was(visit: Visit, world: World) -> None:
    draft = await with_example(world)

    answer = await fill_in(await visit(world.farah), address_of(draft), {})

    assert answer.status_code == 303
    assert (await policy_drafts.get_draft(draft.id)).revision == draft.revision
    assert await examples_in(draft) == (AGAIN,)


async def test_events_are_added_and_taken_out(visit: Visit, world: World) -> None:
    draft = await with_example(world)
    third = {
        "events-3.day": "30",
        "events-3.at": "10:00",
        "events-3.code": "CON-1",
        "events-1.remove": "yes",
        "rows": "3",
    }

    await fill_in(await visit(world.farah), address_of(draft), third)

    assert [event.code for event in (await examples_in(draft))[0].events] == ["SUB-2", "CON-1"]


async def test_another_event_may_be_asked_for_without_losing_or_saving_anything(visit: Visit, world: World) -> None:
    draft = await with_example(world)
    farah = await visit(world.farah)

    answer = await fill_in(farah, address_of(draft), {"title": "Half written", "next": "event"})

    assert answer.status_code == 200
    fields = dict(fields_of(answer.text, address_of(draft)))
    assert "events-4.code" not in fields
    assert 'class="govuk-error-summary"' not in answer.text
    assert (fields["title"], fields["events-2.code"], fields["events-3.code"]) == ("Half written", "SUB-2", "")
    assert await examples_in(draft) == (AGAIN,)


async def test_messages_stay_when_another_event_is_asked_for(visit: Visit, world: World) -> None:
    draft = await with_example(world)
    farah = await visit(world.farah)
    refused = await fill_in(farah, address_of(draft), {"events-2.day": "abc"})

    fields = fields_of(refused.text, address_of(draft))
    answer = await send(farah, address_of(draft), changed(fields, {"next": "event"}))

    assert 'id="events-2.day-error"' in answer.text
    assert 'name="events-3.day"' in answer.text


async def test_a_new_example_begins_with_one_event(visit: Visit, world: World) -> None:
    draft = await with_example(world)

    page = (await (await visit(world.farah)).get(address_of(draft, "new"))).text

    assert 'name="events-1.day"' in page
    assert 'name="events-2.day"' not in page
    more = await fill_in(await visit(world.farah), address_of(draft, "new"), {"next": "event"})
    assert 'name="events-2.day"' in more.text


async def test_what_was_done_with_an_example_is_said(visit: Visit, world: World) -> None:
    draft = await with_example(world)
    farah = await visit(world.farah)

    saved = await fill_in(farah, address_of(draft), {"title": "Renamed"})
    assert "Example saved" in (await farah.get(saved.headers["location"])).text
    removed = await fill_in(farah, f"{address_of(draft)}/removal", {})
    assert "Example removed" in (await farah.get(removed.headers["location"])).text


async def test_what_the_draft_says_is_shown_without_saving(visit: Visit, world: World) -> None:
    draft = await with_example(world)

    answer = await fill_in(await visit(world.farah), address_of(draft), {"events-2.day": "60", "next": "try"})

    assert answer.status_code == 200
    assert "This example is not saved yet" in answer.text
    assert "Fails" in answer.text
    assert "Strongly suspected use starts at step 1" in answer.text
    assert await examples_in(draft) == (AGAIN,)


@pytest.mark.parametrize(
    ("field", "typed", "faulty"),
    [
        ("title", "", "title"),
        ("legal_status", "", "legal_status"),
        ("step", "", "step"),
        ("step", "7-nothing", "step"),
        ("events-2.day", "abc", "events-2.day"),
        ("events-2.day", "0", "events-2.day"),
        ("events-2.day", "401", "events-2.day"),
        ("events-2.at", "25:99", "events-2.at"),
        ("events-2.at", "", "events-2.at"),
        ("events-2.at", "13pm", "events-2.at"),
        ("events-1.code", "XYZ-9", "events-1.code"),
        ("events-3.at", "10:00", "events-3.code"),
        ("events-1.aggravators", "repeat-intoxicated-aggression", "events-1.aggravators"),
    ],
)
async def test_a_wrong_answer_is_named_beside_its_field_and_everything_typed_is_kept(
    visit: Visit, world: World, field: str, typed: str, faulty: str
) -> None:
    draft = await with_example(world)

    answer = await fill_in(await visit(world.farah), address_of(draft), {"title": "Renamed", "rows": "3", field: typed})

    assert answer.status_code == 422
    assert f'href="#{faulty}"' in answer.text
    assert f'id="{faulty}-error"' in answer.text
    assert f'id="{faulty}"' in answer.text
    kept = fields_of(answer.text, address_of(draft))
    assert (field, typed) in kept or field == "step"
    assert await examples_in(draft) == (AGAIN,)


async def test_the_summary_says_which_event_is_wrong(visit: Visit, world: World) -> None:
    draft = await with_example(world)

    answer = await fill_in(await visit(world.farah), address_of(draft), {"events-2.day": "abc"})

    assert "Event 2: give the day as a whole number from 1 to 400</a>" in answer.text


async def test_an_example_without_events_is_refused(visit: Visit, world: World) -> None:
    draft = await with_example(world)

    answer = await fill_in(
        await visit(world.farah), address_of(draft), {"events-1.remove": "yes", "events-2.remove": "yes"}
    )

    assert answer.status_code == 422
    assert 'href="#events"' in answer.text


async def test_an_example_is_taken_out_after_being_asked_and_once(visit: Visit, world: World) -> None:
    draft = await with_example(world)
    farah = await visit(world.farah)
    page = await farah.get(f"{address_of(draft)}/removal")
    assert "Strong signs twice" in page.text
    assert await examples_in(draft) == (AGAIN,)

    fields = fields_of(page.text, f"{address_of(draft)}/removal")
    answers = [await send(farah, f"{address_of(draft)}/removal", fields) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert await examples_in(draft) == ()


async def test_the_same_new_example_sent_twice_and_in_parallel_is_one(visit: Visit, world: World) -> None:
    draft = await with_example(world)
    farah, address = await visit(world.farah), address_of(draft, "new")
    fields = changed(fields_of((await farah.get(address)).text, address), FILLED)

    answers = [*await asyncio.gather(send(farah, address, fields), send(farah, address, fields))]
    answers.append(await send(farah, address, fields))

    assert [answer.status_code for answer in answers] == [303, 303, 303]
    assert len(await examples_in(draft)) == 2


async def test_an_example_of_somebody_elses_is_not_lost_when_two_add_at_once(visit: Visit, world: World) -> None:
    draft = await with_example(world)
    farah, address = await visit(world.farah), address_of(draft, "new")
    opened = fields_of((await farah.get(address)).text, address)
    assert (await fill_in(farah, address, FILLED)).status_code == 303

    answer = await send(farah, address, changed(opened, FILLED | {"title": "The second"}))

    assert answer.status_code == 409
    assert "This draft has changed since you opened this page" in answer.text
    again = await send(farah, address, fields_of(answer.text, address))
    assert again.status_code == 303
    titles = [example.title for example in await examples_in(draft)]
    assert titles == ["Strong signs twice", FILLED["title"], "The second"]


async def test_a_discarded_draft_keeps_its_examples(visit: Visit, world: World) -> None:
    draft = await with_example(world)
    farah = await visit(world.farah)
    opened = fields_of((await farah.get(address_of(draft))).text, address_of(draft))
    asked = fields_of((await farah.get(f"{address_of(draft)}/removal")).text, f"{address_of(draft)}/removal")
    await discard_draft(draft.id, draft.revision, world.farah, world.now)

    saved = await send(farah, address_of(draft), changed(opened, {"title": "Too late"}))
    removed = await send(farah, f"{address_of(draft)}/removal", asked)

    assert (saved.status_code, removed.status_code) == (409, 409)
    assert "Too late" in saved.text
    assert await examples_in(draft) == (AGAIN,)
    assert (await farah.get(address_of(draft, "new"))).status_code == 303


async def test_there_is_no_example_that_never_was(visit: Visit, world: World) -> None:
    draft = await with_example(world)
    farah = await visit(world.farah)

    for address in (address_of(draft, "never"), f"{address_of(draft, 'never')}/removal"):
        assert (await farah.get(address)).status_code == 404
    assert (await farah.get("/policy-drafts/no-such-draft/examples")).status_code == 404


@pytest.mark.parametrize("who", ["chika", "ben", "dev", "grace"])
async def test_only_area_managers_see_the_examples_of_a_draft(visit: Visit, world: World, who: str) -> None:
    draft = await with_example(world)
    browser = await visit(world.actors[who])

    assert (await browser.get(address_of(draft, "").rstrip("/"))).status_code == 403
    assert (await send(browser, f"{address_of(draft)}/removal", [("revision", "2")])).status_code == 403
