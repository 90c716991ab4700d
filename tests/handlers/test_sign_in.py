"""The sign-in page: one button, and the way on to where the person was going."""

import pytest

from tests.cast import World
from tests.visitors import Visit


async def test_there_is_a_button_and_no_field_to_type_in(visit: Visit, world: World) -> None:
    text = (await (await visit(None)).get("/sign-in")).text

    assert 'data-ceremony="sign-in"' in text
    assert "<input" not in text


@pytest.mark.parametrize(
    ("to", "goes"),
    [
        ("/notices/K7QD-3M2X", "/notices/K7QD-3M2X"),
        ("/residents", "/residents"),
        ("", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/a/../../evil", "/"),
        ("javascript:alert(1)", "/"),
        ("/residents?x=1", "/"),
        ('/"onload="x', "/"),
    ],
)
async def test_the_way_on_is_a_page_of_ours(visit: Visit, world: World, to: str, goes: str) -> None:
    stranger, asha = await visit(None), await visit(world.asha)

    assert f'data-to="{goes}"' in (await stranger.get("/sign-in", params={"to": to})).text
    assert (await asha.get("/sign-in", params={"to": to})).headers["location"] == goes


async def test_a_locked_phone_asks_for_a_passkey_whoever_is_signed_in(visit: Visit, world: World) -> None:
    answer = await (await visit(world.asha)).get("/sign-in", params={"to": "/app/log", "again": "1"})

    assert answer.status_code == 200
    assert 'data-ceremony="sign-in" data-to="/app/log"' in answer.text


async def test_after_signing_out_the_page_says_so_and_tells_the_phone(visit: Visit, world: World) -> None:
    stranger = await visit(None)

    assert "data-signed-out" in (await stranger.get("/sign-in?signed-out=1")).text
    assert "data-signed-out" not in (await stranger.get("/sign-in")).text
