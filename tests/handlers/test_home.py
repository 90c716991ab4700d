"""The first page sends everybody to where their duty begins."""

import pytest

from ap_log.store import models
from tests.cast import World
from tests.visitors import Visit


@pytest.mark.parametrize(
    ("who", "where"),
    [
        (None, "/sign-in"),
        ("asha", "/app"),
        ("ben", "/queue"),
        ("rob", "/queue"),
        ("nia", "/queue"),
        ("farah", "/queue"),
        ("dev", "/notices"),
        ("sian", "/notices"),
        ("grace", "/people"),
        ("esther", "/sign-in"),
    ],
)
async def test_the_first_page_sends_each_person_to_their_duty(
    visit: Visit, world: World, who: str | None, where: str
) -> None:
    browser = await visit(world.actors[who] if who else None)

    answer = await browser.get("/")

    assert answer.status_code == 303
    assert answer.headers["location"] == where


async def test_somebody_whose_duties_have_all_ended_is_told_whom_to_ask(visit: Visit, world: World) -> None:
    asha = await visit(world.asha)
    await models.Posting.filter(person_id=world.asha.id).update(ended_at=world.now)

    answer = await asha.get("/")

    assert answer.status_code == 403
    assert "ask your manager" in answer.text
