"""Watching a rehearsal: a page that asks how far it is leaves one record, and a second rehearsal leads to the first."""

from datetime import timedelta
from uuid import uuid4

import pytest
from httpx2 import AsyncClient

from ap_log.domain.people import Role
from ap_log.store.models import AuditRecord, Posting, Rehearsal
from tests.cast import World
from tests.rehearsing import asked, drafted, happened, in_threads, run
from tests.visitors import ON_SQLITE, Visit

pytestmark = [pytest.mark.usefixtures(in_threads.__name__), ON_SQLITE]

WATCHED = "rehearsal.watched"


@pytest.fixture
async def farah(visit: Visit, world: World) -> AsyncClient:
    return await visit(world.farah)


async def test_how_far_it_is_is_answered_in_counts_alone(farah: AsyncClient, world: World) -> None:
    rehearsal = await asked(world, await drafted(world))
    address = f"/api/rehearsals/{rehearsal}/progress"
    waiting = {"done": 0, "total": None, "words": "Waiting to begin.", "ended": False}
    assert (await farah.get(address)).json() == waiting

    await Rehearsal.filter(id=rehearsal).update(residents=2000, residents_done=1200, worked_at=world.now)
    running = {"done": 1200, "total": 2000, "words": "1,200 of 2,000 residents done.", "ended": False}
    assert (await farah.get(address)).json() == running

    await Rehearsal.filter(id=rehearsal).update(faults=["It went wrong."], finished_at=world.now)
    assert (await farah.get(address)).json()["ended"]


async def test_a_page_that_asks_on_and_on_is_on_the_audit_trail_once_for_each_person_and_rehearsal(
    farah: AsyncClient, visit: Visit, world: World
) -> None:
    first, second = [await asked(world, await drafted(world)) for _ in range(2)]
    for _ in range(3):
        assert (await farah.get(f"/api/rehearsals/{first}/progress")).status_code == 200
    await farah.get(f"/rehearsals/{first}")
    assert [each.subject for each in await AuditRecord.filter(event=WATCHED)] == [first]

    await farah.get(f"/api/rehearsals/{second}/progress")
    await Posting.filter(person_id=world.owen.id).update(role=Role.AREA_MANAGER)
    await Rehearsal.filter(id=first).update(premises=[world.oak.id])
    owen = await visit(world.owen)
    for _ in range(2):
        assert (await owen.get(f"/api/rehearsals/{first}/progress")).status_code == 200
    watched = [(each.actor_id, each.subject) for each in await AuditRecord.filter(event=WATCHED)]
    assert watched == [(world.farah.id, first), (world.farah.id, second), (world.owen.id, first)]


async def test_every_refusal_to_watch_is_recorded(visit: Visit, world: World) -> None:
    rehearsal = await asked(world, await drafted(world))
    ben = await visit(world.ben)
    for _ in range(2):
        assert (await ben.get(f"/api/rehearsals/{rehearsal}/progress")).status_code == 403
    assert await AuditRecord.filter(event="request.refused").count() == 2


async def test_how_far_it_is_is_not_for_an_area_manager_of_fewer_premises(visit: Visit, world: World) -> None:
    rehearsal = await asked(world, await drafted(world))
    await Posting.filter(person_id=world.owen.id).update(role=Role.AREA_MANAGER)
    owen = await visit(world.owen)
    for name in (rehearsal, uuid4()):
        assert (await owen.get(f"/api/rehearsals/{name}/progress")).status_code == 404


async def test_asking_while_one_is_under_way_leads_to_that_one_in_words(farah: AsyncClient, world: World) -> None:
    draft = await drafted(world)
    rehearsal = await asked(world, draft)
    typed = {"id": str(uuid4()), "since-day": "3", "since-month": "9", "since-year": "2026"}
    answer = await farah.post(f"/policy-drafts/{draft}/rehearsals", data=typed)

    assert answer.status_code == 409
    assert "This draft is already being rehearsed" in answer.text
    assert f'href="/rehearsals/{rehearsal}"' in answer.text
    assert 'value="3"' in answer.text


async def test_an_older_one_keeps_its_counts_and_says_that_its_list_was_not_kept(
    farah: AsyncClient, world: World
) -> None:
    await happened(world, 40)
    draft = await drafted(world)
    older = await asked(world, draft)
    await run(world.now)
    assert f"/rehearsals/{older}/differences" in (await farah.get(f"/rehearsals/{older}")).text
    newer = await asked(world, draft)
    await run(world.now + timedelta(seconds=1))

    page = (await farah.get(f"/rehearsals/{older}")).text
    assert "would have differed: 1 a higher step</h1>" in page
    assert "The list of these episodes was not kept" in page
    assert "/differences" not in page
    listed = (await farah.get(f"/rehearsals/{older}/differences")).text
    assert "The list of these episodes was not kept" in listed
    assert "was not kept" not in (await farah.get(f"/rehearsals/{newer}")).text
