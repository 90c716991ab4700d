"""When it happened, on the log form as a page: read on the clock of the premises, and asked again of an old page."""

from datetime import datetime, timedelta
from html import unescape

import pytest
from starlette.applications import Starlette

from ap_log.domain.entries import read_entry
from ap_log.store.models import Entry
from tests.cast import World
from tests.entry_pages import ENTRY_ID, checked, filled, hidden
from tests.visitors import Visit


@pytest.mark.parametrize(
    ("date", "time", "instant"),
    [
        pytest.param("2026-11-20", "01:41", "2026-11-20T01:41:00+00:00", id="a-minute-fast-watch"),
        pytest.param("2026-11-19", "23:50", "2026-11-19T23:50:00+00:00", id="yesterday"),
        pytest.param("2026-10-10", "01:40", "2026-10-10T00:40:00+00:00", id="in-summer-time"),
        pytest.param("2026-09-21", "00:00", "2026-09-20T23:00:00+00:00", id="the-day-they-came"),
    ],
)
async def test_another_time_is_read_on_the_clock_of_the_premises(
    visit: Visit, world: World, date: str, time: str, instant: str
) -> None:
    browser = await visit(world.asha)

    answer = await browser.post("/entries", data=filled(world, when="other", occurred_date=date, occurred_time=time))

    assert answer.status_code == 303
    said = read_entry((await Entry.get(entry_id=ENTRY_ID)).body).occurred_at
    assert said == datetime.fromisoformat(instant)


@pytest.mark.parametrize("when", ["now", "15", "60"])
async def test_a_page_left_open_asks_again_when_it_happened(
    visit: Visit, world: World, app: Starlette, now: datetime, when: str
) -> None:
    app.state.now = now + timedelta(minutes=30, seconds=1)
    browser = await visit(world.asha)

    answer = await browser.post("/entries", data=filled(world, when=when))

    assert answer.status_code == 422
    assert '<a href="#when">This page was opened more than 30 minutes ago' in answer.text
    assert "Now, 02:10" in answer.text
    assert "Found in the corridor by room 7." in answer.text
    assert not [value for name, value in checked(answer.text) if name == "when"]
    opened_at = unescape(hidden(answer.text, "opened_at"))
    unchosen = await browser.post("/entries", data=filled(world, when="", opened_at=opened_at))
    assert "Choose when it happened" in unchosen.text
    assert await Entry.all().count() == 0
    saved = await browser.post("/entries", data=filled(world, when="15", opened_at=opened_at))
    assert saved.status_code == 303
    said = read_entry((await Entry.get(entry_id=ENTRY_ID)).body).occurred_at
    assert said == now.replace(microsecond=0) + timedelta(minutes=15, seconds=1)


@pytest.mark.parametrize(
    ("opened", "typed"),
    [
        pytest.param(timedelta(minutes=-30), {"when": "now"}, id="thirty-minutes-ago"),
        pytest.param(
            timedelta(hours=-5), {"when": "other", "occurred_date": "2026-11-19", "occurred_time": "20:00"}, id="typed"
        ),
    ],
)
async def test_a_page_left_open_is_taken_where_its_time_is_still_plain(
    visit: Visit, world: World, opened: timedelta, typed: dict[str, str]
) -> None:
    form = filled(world, opened_at=(world.now + opened).isoformat(), **typed)

    assert (await (await visit(world.asha)).post("/entries", data=form)).status_code == 303


@pytest.mark.parametrize("opened_at", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-14:00", "x", "2026-11-20"])
async def test_no_opening_time_breaks_the_page(visit: Visit, world: World, opened_at: str) -> None:
    browser = await visit(world.asha)

    answer = await browser.post("/entries", data=filled(world, opened_at=opened_at, happening=""))

    assert answer.status_code == 422
    assert "Now, 01:40" in answer.text
