"""The application as a whole: it starts only on a database that fits, and every row is behind the gate."""

from datetime import datetime

import pytest

from ap_log.app import create_app, refuse_wrong_database
from ap_log.routes import DEMO_ROWS
from ap_log.settings import BadSetting, Settings
from ap_log.store.installation import settle_installation
from tests.sealing import keys_file


@pytest.mark.parametrize(("database_is", "asked_for"), [(True, True), (False, False)])
async def test_a_demo_database_and_the_demos_door_belong_together(
    database: str, now: datetime, database_is: bool, asked_for: bool
) -> None:
    await settle_installation(database_is, now)

    await refuse_wrong_database(Settings(database_url=database, is_demo=asked_for))


@pytest.mark.parametrize(("database_is", "asked_for"), [(True, False), (False, True), (None, True)])
async def test_one_without_the_other_does_not_start(
    database: str, now: datetime, database_is: bool | None, asked_for: bool
) -> None:
    if database_is is not None:
        await settle_installation(database_is, now)

    with pytest.raises(BadSetting, match=r"^AP_LOG_DEMO"):
        await refuse_wrong_database(Settings(database_url=database, is_demo=asked_for))


async def test_what_a_database_is_cannot_be_changed(database: str, now: datetime) -> None:
    await settle_installation(False, now)
    await settle_installation(True, now)

    await refuse_wrong_database(Settings(database_url=database))


def test_the_demos_rows_are_there_only_in_the_demo() -> None:
    def paths(settings: Settings) -> set[str]:
        return {route.path for route in create_app(settings).routes if hasattr(route, "path")}

    demo = {row.path for row in DEMO_ROWS}
    assert demo <= paths(Settings(is_demo=True))
    assert not demo & paths(Settings())


async def test_the_application_opens_its_database_and_closes_it(database_url: str) -> None:
    app = create_app(Settings(database_url=database_url, sealing_keys=str(keys_file())))

    async with app.router.lifespan_context(app):
        await refuse_wrong_database(app.state.settings)
