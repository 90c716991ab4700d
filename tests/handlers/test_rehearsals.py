"""The pages of a rehearsal: asking, watching, what would have differed, and who; kept from whoever may not know."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from httpx2 import AsyncClient

from ap_log.actions.change_draft import change_draft
from ap_log.domain.people import Role
from ap_log.store import policy_drafts
from ap_log.store.models import AuditRecord, Posting, Rehearsal, RehearsalDifference, Resident
from tests.cast import World
from tests.deciding import hidden
from tests.policies import text_of
from tests.rehearsing import asked, decided, drafted, happened, in_threads, run
from tests.visitors import Visit

pytestmark = [pytest.mark.usefixtures(in_threads.__name__)]


@pytest.fixture
async def farah(visit: Visit, world: World) -> AsyncClient:
    return await visit(world.farah)


async def finished(world: World) -> str:
    """A rehearsal in which three episodes would have had a higher step; its id."""
    await happened(world, 40)
    await happened(world, 20, "lewis")
    await happened(world, 10, "oak_resident")
    rehearsal = await asked(world, await drafted(world))
    await run(world.now)
    return rehearsal


def typed(page_id: str, **date: str) -> dict[str, str]:
    return (
        {"id": page_id}
        | {f"since-{part}": date.get(part, "1") for part in ("day", "month")}
        | {"since-year": date.get("year", "2026")}
    )


async def test_asking_leads_to_the_rehearsal_and_twice_to_the_same(farah: AsyncClient, world: World) -> None:
    address = f"/policy-drafts/{await drafted(world)}/rehearsals"
    form = typed(hidden(await farah.get(address), "id"), month="9")
    answers = [await farah.post(address, data=form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert {answer.headers["location"] for answer in answers} == {f"/rehearsals/{form['id']}"}
    assert "Waiting to begin" in (await farah.get(address)).text


async def test_a_day_that_cannot_be_is_named_beside_it_and_kept(farah: AsyncClient, world: World) -> None:
    address = f"/policy-drafts/{await drafted(world)}/rehearsals"
    for date, words in (
        ({"day": "31", "month": "2"}, "Enter a real date"),
        ({"day": "½"}, "Enter a real date"),
        ({"year": "2027"}, "The date must be today or in the past"),
        ({"year": "2025"}, "The date must be 1 January 2026 or later"),
    ):
        answer = await farah.post(address, data=typed(str(uuid4()), **date))
        assert answer.status_code == 422
        assert answer.text.count(words) == 2
        assert 'href="#since-day"' in answer.text
        assert all(f'value="{value}"' in answer.text for value in date.values())
    assert await Rehearsal.all().count() == 0


async def test_a_year_back_is_suggested_or_as_far_as_there_was_a_policy(farah: AsyncClient, world: World) -> None:
    page = (await farah.get(f"/policy-drafts/{await drafted(world)}/rehearsals")).text
    assert re.findall(r'name="since-(\w+)"[^>]*value="(\d+)"', page) == [("day", "1"), ("month", "1"), ("year", "2026")]


async def test_a_draft_with_faults_says_so_in_place_of_the_form(farah: AsyncClient, world: World) -> None:
    page = (await farah.get(f"/policy-drafts/{await drafted(world, fit_to_warn_hours='soon')}/rehearsals")).text
    assert "The draft has faults" in page
    assert 'name="since-day"' not in page


async def test_while_it_runs_the_page_says_how_far_it_is_with_and_without_scripts(
    farah: AsyncClient, world: World
) -> None:
    rehearsal = await asked(world, await drafted(world))
    page = (await farah.get(f"/rehearsals/{rehearsal}")).text
    assert "Waiting to begin." in page
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page

    await Rehearsal.filter(id=rehearsal).update(residents=2000, residents_done=1200, worked_at=world.now)
    page = (await farah.get(f"/rehearsals/{rehearsal}")).text
    assert 'value="1200" max="2000"' in page
    assert "1,200 of 2,000 residents done." in page


async def test_where_no_worker_runs_the_page_says_whom_to_ask(farah: AsyncClient, world: World) -> None:
    rehearsal = await asked(world, await drafted(world))
    await Rehearsal.filter(id=rehearsal).update(asked_at=world.now - timedelta(minutes=3))
    assert "whether its worker is running" in (await farah.get(f"/rehearsals/{rehearsal}")).text


async def test_what_would_have_differed_is_one_sentence_a_plot_and_tables_that_lead_on(
    farah: AsyncClient, world: World
) -> None:
    rehearsal = await finished(world)
    page = (await farah.get(f"/rehearsals/{rehearsal}")).text

    assert "3 of 3 episodes would have differed: 3 a higher step</h1>" in page
    assert "http-equiv" not in page
    assert "app-bars" in page
    for query in ("then=1&amp;draft=2", f"premises={world.elm.id}", f"premises={world.oak.id}"):
        assert f'href="/rehearsals/{rehearsal}/differences?{query}"' in page


async def test_the_list_leads_to_the_resident_and_the_entry_and_is_on_the_audit_trail(
    farah: AsyncClient, world: World
) -> None:
    rehearsal = await finished(world)
    page = (await farah.get(f"/rehearsals/{rehearsal}/differences")).text

    [one] = await RehearsalDifference.filter(resident_id=world.residents["gwilym"].id)
    link = f"/residents/{one.resident_id}#entry-{one.entries[0]}"
    assert f'href="{link}"' in page
    assert f'id="entry-{one.entries[0]}"' in (await farah.get(link)).text
    record = await AuditRecord.get(event="rehearsal-differences.viewed")
    assert record.details["residents"] == sorted(each.id for each in world.residents.values())


async def test_the_list_can_be_narrowed_by_step_and_premises(farah: AsyncClient, world: World) -> None:
    rehearsal = await finished(world)
    for query, names in (
        ("then=1&draft=2", {"Gwilym Tudor", "Lewis Marsh", "Aled Wynne-Hughes"}),
        ("then=2", set()),
        (f"premises={world.elm.id}", {"Gwilym Tudor", "Lewis Marsh"}),
        (f"then=1&premises={world.oak.id}", {"Aled Wynne-Hughes"}),
    ):
        page = (await farah.get(f"/rehearsals/{rehearsal}/differences?{query}")).text
        assert set(re.findall(r'<bdi class="app-name">([^<]+)</bdi></span></a></h2>', page)) == names


async def test_a_choice_or_page_that_there_is_not_is_not_found(farah: AsyncClient, world: World) -> None:
    rehearsal = await finished(world)
    for query, status in (("then=9", 404), ("premises=x", 404), ("page=2", 404), ("page=0", 422)):
        assert (await farah.get(f"/rehearsals/{rehearsal}/differences?{query}")).status_code == status


async def test_a_long_list_comes_in_pages(farah: AsyncClient, world: World) -> None:
    rehearsal = await finished(world)
    one = (await RehearsalDifference.filter(premises_id=world.elm.id).values())[0]
    await RehearsalDifference.bulk_create([RehearsalDifference(**one | {"id": str(uuid4())}) for _ in range(20)])
    address = f"/rehearsals/{rehearsal}/differences?premises={world.elm.id}"

    first = (await farah.get(address)).text
    assert f'href="{address}&page=2"'.replace("&", "&amp;") in first
    second = (await farah.get(f"{address}&page=2")).text
    assert (first + second).count("app-rehearsal__sides") == 22


async def test_what_cannot_be_judged_says_why(farah: AsyncClient, world: World) -> None:
    await happened(world, 20)
    await decided(world, 1)
    await happened(world, 19)
    await decided(world, 2)
    rehearsal = await asked(world, await drafted(world, episode_window_hours=72))
    await run(world.now)

    shown = (await farah.get(f"/rehearsals/{rehearsal}")).text
    assert "Nothing would have differed</h1>" in shown
    assert "The draft could not judge 1 episode." in shown
    assert "app-bars" not in shown
    assert "Draft:</span> Not judged</th>" in shown
    assert '&amp;draft=cannot-judge"' in shown
    assert "The draft would have said what the policy said" not in shown
    page = (await farah.get(f"/rehearsals/{rehearsal}/differences?draft=cannot-judge")).text
    assert "1 episode could not be judged</h1>" in page
    assert "two decisions fall into one episode" in page
    assert "Entry 2" in page


async def test_a_result_opens_with_what_was_rehearsed_from_when_and_for_whom(farah: AsyncClient, world: World) -> None:
    rehearsal = await finished(world)
    text = text_of((await farah.get(f"/rehearsals/{rehearsal}")).text)

    order = (
        "Rehearsal of the draft of version 2",
        "3 of 3 episodes would have differed",
        "From 22 August on, asked for by Farah Aziz",
        "What the draft changed",
        "SUB-2",
        "This looked at",
        "The same as a table",
    )
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert "Then Draft: Step 2 Step 1 3" in text


async def test_what_was_rehearsed_is_said_as_it_was_then(farah: AsyncClient, world: World) -> None:
    rehearsal = await finished(world)
    draft = await policy_drafts.get_draft((await Rehearsal.get(id=rehearsal)).draft_id)
    await change_draft(draft.id, draft.revision, {"fit_to_warn_hours": 9}, world.farah, world.now)
    text = text_of((await farah.get(f"/rehearsals/{rehearsal}")).text)
    assert "9 hours" not in text
    assert "The draft has changed since." in text


async def test_nothing_that_would_have_differed_says_what_that_means(farah: AsyncClient, world: World) -> None:
    await happened(world, 20)
    rehearsal = await asked(world, await drafted(world, fit_to_warn_hours=9))
    await run(world.now)
    page = (await farah.get(f"/rehearsals/{rehearsal}")).text
    assert "Nothing would have differed</h1>" in page
    assert "This looked at 1 episode of 3 residents." in page
    assert "who is told" in page


async def test_a_failure_says_what_to_do(farah: AsyncClient, world: World) -> None:
    rehearsal = await asked(world, await drafted(world))
    await Rehearsal.filter(id=rehearsal).update(finished_at=world.now, faults=["It went wrong."])
    page = (await farah.get(f"/rehearsals/{rehearsal}")).text
    assert "This rehearsal could not be finished" in page
    assert "It went wrong." in page
    assert "Ask for it again" in page


async def test_an_area_manager_of_fewer_premises_does_not_see_it(
    farah: AsyncClient, visit: Visit, world: World
) -> None:
    rehearsal = await finished(world)
    await Posting.filter(person_id=world.owen.id).update(role=Role.AREA_MANAGER)
    owen = await visit(world.owen)
    for address in (f"/rehearsals/{rehearsal}", f"/rehearsals/{rehearsal}/differences", f"/rehearsals/{uuid4()}"):
        assert (await owen.get(address)).status_code == 404
    draft = (await Rehearsal.get(id=rehearsal)).draft_id
    assert f"/rehearsals/{rehearsal}" not in (await owen.get(f"/policy-drafts/{draft}/rehearsals")).text


async def test_a_resident_who_has_moved_out_of_sight_is_not_named(farah: AsyncClient, world: World) -> None:
    rehearsal = await finished(world)
    await Posting.filter(person_id=world.farah.id, premises_id=world.oak.id).delete()
    await Resident.filter(id=world.residents["gwilym"].id).update(premises_id=world.oak.id)
    await Rehearsal.filter(id=rehearsal).update(premises=[world.elm.id])
    page = (await farah.get(f"/rehearsals/{rehearsal}/differences")).text
    assert "Lewis Marsh" in page
    assert "Gwilym" not in page
    assert "Aled" not in page
