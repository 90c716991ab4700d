"""The pages of the published policy: its versions, one in plain words, and what changed since a reader knew it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from ap_log.actions.confirm_reading import confirm_reading
from ap_log.actions.start_draft import start_draft
from ap_log.domain.policy.examples import Example, ExampleEvent, examples_json
from ap_log.store import models, policies
from tests.cast import World
from tests.policies import publish, text_of
from tests.rehearsing import drafted
from tests.visitors import Visit

FIRST_WARNING = "A first written warning now stays active for {new} days instead of {old}."


async def read(visit: Visit, world: World, who: str, address: str) -> str:
    answer = await (await visit(world.actors[who])).get(address)
    assert answer.status_code == 200, answer.text
    return text_of(answer.text)


async def test_the_versions_are_listed_by_what_they_are_now(visit: Visit, world: World) -> None:
    await publish(world, 2, starts=world.now - timedelta(days=1))
    await publish(world, 3, starts=world.now + timedelta(days=11))

    text = await read(visit, world, "asha", "/policies")

    order = ["Coming", "Version 3", "1 December", "In force now", "Version 2", "Earlier versions", "Version 1"]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert "Farah Aziz published it today at 01:40. Eight weeks were too long." in text
    assert "It came with AP Log." in text


async def test_a_version_takes_effect_to_the_second(visit: Visit, world: World) -> None:
    second = await publish(world, starts=world.now)
    third = await publish(world, 3, starts=world.now + timedelta(seconds=1))

    assert "In force since today at 01:40" in await read(visit, world, "asha", f"/policies/{second}")
    assert "Coming Takes effect today at 01:40" in await read(visit, world, "asha", f"/policies/{third}")


async def test_a_version_that_begins_or_ends_at_midnight_is_dated_by_its_day(visit: Visit, world: World) -> None:
    await publish(world, starts=datetime(2026, 12, 1, tzinfo=UTC))

    text = await read(visit, world, "asha", "/policies")

    assert "Takes effect on 1 December Farah" in text
    assert "In force since 1 January, until 1 December It came" in text
    assert "00:00" not in text


async def test_drafts_of_one_number_are_told_apart_by_what_they_change(visit: Visit, world: World) -> None:
    assert "There is already an open draft" not in await read(visit, world, "farah", "/policies")
    await drafted(world, fit_to_warn_hours=9, episode_window_hours=10)
    await drafted(world, fit_to_warn_hours="soon")
    await start_draft(str(uuid4()), world.farah, world.now)

    text = await read(visit, world, "farah", "/policies")

    assert "2 changes. An episode now takes in what happens within 10 hours of its first event, instead of 12" in text
    assert "It has 1 fault." in text
    assert "No change yet." in text
    assert text.index("There are already 3 open drafts") < text.index("Start a draft")


async def test_whoever_published_a_version_is_told_who_is_asked_to_read_it(visit: Visit, world: World) -> None:
    second = await publish(world, starts=datetime(2026, 12, 15, 9, tzinfo=UTC))

    text = await read(visit, world, "farah", f"/policies/{second}?published=1")

    assert "Success Version 2 is published. It takes effect on 15 December at 09:00." in text
    assert "6 people at 2 premises are asked to read it when they sign in." in text
    await confirm_reading(second, world.asha, world.now)
    assert "5 people at 2 premises" in await read(visit, world, "farah", f"/policies/{second}?published=1")
    for who, address in (("farah", ""), ("ben", "?published=1"), ("asha", "?published=1")):
        assert "Success" not in await read(visit, world, who, f"/policies/{second}{address}")
    [first, *_] = await policies.list_versions()
    assert "Success" not in await read(visit, world, "farah", f"/policies/{first.id}?published=1")


async def test_only_those_who_write_policies_see_drafts(visit: Visit, world: World) -> None:
    assert "Start a draft" in await read(visit, world, "farah", "/policies")
    for who in ("asha", "ben", "dev"):
        assert "draft" not in (await read(visit, world, who, "/policies")).lower()


async def test_those_who_review_practice_find_who_has_read_it_and_how_it_is_followed(
    visit: Visit, world: World
) -> None:
    await publish(world)

    for who, is_shown in (("ben", True), ("farah", True), ("asha", False), ("dev", False)):
        text = await read(visit, world, who, "/policies")
        assert ("Who has read it" in text) is is_shown, who
        assert ("departed" in text) is is_shown, who


async def test_a_version_is_read_in_plain_words_from_the_ladder_down(visit: Visit, world: World) -> None:
    second = await publish(world)

    text = await read(visit, world, "dev", f"/policies/{second}")

    assert "First written warning Active for 42 days." in text
    assert "Final written warning With a three-way meeting. Active for 84 days." in text
    assert text.index("The ladder") < text.index("Times") < text.index("Who is told")
    assert "An episode takes in what happens within 12 hours of its first event." in text


async def test_the_worked_examples_stand_with_the_version_they_belong_to(visit: Visit, world: World) -> None:
    event = ExampleEvent(15, "20:05", "SUB-2", intoxicated=True, mitigators=("told-staff-first",))
    example = Example("second", "Again <soon>", "bail", True, (event,), 4, "case-conference")
    [first] = await policies.list_versions()
    await models.PolicyVersion.filter(id=first.id).update(examples=examples_json([example]))

    text = await read(visit, world, "asha", f"/policies/{first.id}")

    assert "Again <soon> A resident on bail, recalled before for aggression while intoxicated" in text
    assert "Day 15 at 20:05: Strongly suspected use (under the influence; They told staff first)" in text
    assert "Step 4 Case conference" in text


async def test_what_changed_is_said_in_words_with_who_and_why(visit: Visit, world: World) -> None:
    second = await publish(world, starts=world.now + timedelta(days=11), reason="Eight weeks <were> too long.")

    text = await read(visit, world, "asha", f"/policies/{second}/changes")

    assert "The policy changes on 1 December" in text
    assert FIRST_WARNING.format(new=42, old=56) in text
    assert "Farah Aziz published it today at 01:40. Eight weeks <were> too long." in text


async def test_several_unread_versions_are_shown_as_one_comparison(visit: Visit, world: World) -> None:
    await publish(world, 2, starts=world.now - timedelta(days=2), reason="The first of two.")
    third = await publish(world, 3, starts=world.now - timedelta(days=1), reason="The second of two.")

    text = await read(visit, world, "asha", f"/policies/{third}/changes")

    assert "The policy changed yesterday" in text
    assert FIRST_WARNING.format(new=35, old=56) in text
    assert "42" not in text
    assert text.index("The first of two.") < text.index("The second of two.")


async def test_what_was_confirmed_before_is_not_shown_again(visit: Visit, world: World) -> None:
    second = await publish(world, reason="The first of two.")
    third = await publish(world, 3)
    await confirm_reading(second, world.asha, world.now)

    text = await read(visit, world, "asha", f"/policies/{third}/changes")

    assert FIRST_WARNING.format(new=35, old=42) in text
    assert "The first of two." not in text


async def test_the_first_version_changes_nothing_and_asks_for_nothing(visit: Visit, world: World) -> None:
    [first] = await policies.list_versions()

    text = await read(visit, world, "asha", f"/policies/{first.id}/changes")

    assert "The first version changes nothing" in text
    assert "I have read this" not in text


@pytest.mark.parametrize("page", ["", "/changes", "/readings"])
async def test_a_version_there_is_not_is_not_found(visit: Visit, world: World, page: str) -> None:
    ben = await visit(world.ben)

    for policy in (str(uuid4()), "x", "ap-default%2f1"):
        assert (await ben.get(f"/policies/{policy}{page}")).status_code == 404


@pytest.mark.parametrize("page", ["", "/{first}", "/{first}/changes", "/{first}/readings"])
async def test_who_administers_people_has_no_policy_and_who_left_must_sign_in(
    visit: Visit, world: World, page: str
) -> None:
    [first] = await policies.list_versions()
    address = "/policies" + page.format(first=first.id)
    grace, esther = await visit(world.grace), await visit(world.esther)

    assert (await grace.get(address)).status_code == 403
    assert (await esther.get(address)).headers["location"].startswith("/sign-in")
