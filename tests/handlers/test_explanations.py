"""The page that explains a recommendation: from what was stored, for whoever may read, in English and in Welsh."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from ap_log.actions.decide import decide
from ap_log.actions.log_entries import log_entry
from ap_log.actions.void_warning import void_warning
from ap_log.domain.recommendations import Choice, Grounds
from ap_log.store import policies, recommendations
from ap_log.store.models import PolicyVersion, Recommendation, new_id
from ap_log.store.transaction import transaction
from tests.cast import DEFAULT_POLICY, World, an_entry, pushed
from tests.deciding import current, recommend
from tests.visitors import Visit

LATER_POLICY = (
    DEFAULT_POLICY.replace("version = 1", "version = 2")
    .replace("2026-01-01T00:00:00Z", "2026-11-21T00:00:00Z")
    .replace("1 = 28", "1 = 7")
)


def address(one: Recommendation, language: str = "") -> str:
    page = f"/recommendations/{one.id}/explanation"
    return f"{page}?language={language}" if language else page


def explained(page: str) -> str:
    """The part that is made from what was stored."""
    return page[page.index('<div id="explanation">') : page.index("</div>\n<h2")]


async def warned_before(world: World) -> Recommendation:
    """What is recommended for strongly suspected use, three days after a verbal warning for the same."""
    first = await recommend(world, occurred_at=(world.now - timedelta(days=3)).isoformat())
    await decide(first.id, Choice(new_id(), 1), world.ben, world.now - timedelta(days=2))
    return await recommend(world)


async def test_it_begins_with_the_step_and_what_decided_it_in_either_language(visit: Visit, world: World) -> None:
    one = await warned_before(world)
    asha = await visit(world.asha)
    english, welsh = (await asha.get(address(one))).text, (await asha.get(address(one, "cy"))).text
    said = "Step 2, first written warning: a verbal warning for substances from 18 November is active until 16 December"
    assert said in english
    assert "Days a verbal warning stays active: <strong>28</strong>" in english
    assert '<div lang="cy"' in welsh
    assert "Cam 2, rhybudd ysgrifenedig cyntaf: mae rhybudd llafar ym maes sylweddau, a roddwyd ar 18 Tachwedd" in welsh
    assert "Pam yr argymhellwyd cam 2" in welsh
    for reason in one.reasons:
        assert reason["text"] in english
        assert reason["welsh"] in welsh


async def test_the_same_page_explains_the_same_whatever_comes_after(visit: Visit, world: World) -> None:
    one = await warned_before(world)
    ben = await visit(world.ben)
    before = {language: explained((await ben.get(address(one, language))).text) for language in ("en", "cy")}
    [published] = await PolicyVersion.all().values_list("id", flat=True)

    await transaction(lambda: policies.add_policy(LATER_POLICY, world.now))
    first, _ = await recommendations.list_current(one.resident_id)
    later = world.now + timedelta(days=2)
    await decide(one.id, Choice(new_id(), 2), world.ben, world.now)
    await void_warning(str(first.decision_id), Grounds(new_id(), "Laboratory negative"), world.ben, later)
    corrected = await log_again(world, one.deciding_entry, happening="threat")
    assert corrected.id != one.id

    after = {language: explained((await ben.get(address(one, language))).text) for language in ("en", "cy")}
    assert after == before
    assert f'href="/policies/{published}"' in before["en"]
    assert ">Policy version 1</a>" in after["en"]
    assert ">Fersiwn 1 o’r polisi</a>" in after["cy"]


async def log_again(world: World, entry: str, **changes: Any) -> Recommendation:
    """What is recommended after an entry has come again, changed."""
    body = msgspec.json.decode(an_entry(world, id=entry).body or "") | changes
    await log_entry(pushed(body), world.asha, world.now + timedelta(days=2))
    return await current(world)


async def test_it_lists_the_facts_as_they_were_and_each_reason_leads_to_them(visit: Visit, world: World) -> None:
    one = await warned_before(world)
    page = explained((await (await visit(world.asha)).get(address(one))).text)
    rows = re.findall(r'id="fact-([^"]+)"', page)
    assert set(re.findall(r'href="#fact-([^"]+)"', page)) <= set(rows)
    assert {one.deciding_entry, *one.answer["counted_warnings"]} <= set(rows)
    for words in ("SUB-2", "Strongly suspected use", "Decision: step 1, verbal warning", "18 November 2026 at 01:40"):
        assert words in page
    assert "Legal status: licence." in page


async def test_it_says_what_a_person_decided_and_how_far_that_departs(visit: Visit, world: World) -> None:
    one = await recommend(world, happening="threat")
    asha = await visit(world.asha)
    assert "Nobody has decided on this yet." in (await asha.get(address(one))).text
    decision = await decide(one.id, Choice(new_id(), 1, "He was provoked"), world.ben, world.now)
    page = (await asha.get(address(one))).text
    for words in ("Ben Carter", "issued step 1, verbal warning on 20 November 2026 at 01:40", "He was provoked"):
        assert words in page
    assert "This departs from the recommendation: 2 steps lower." in page
    assert f"#decision-{decision.id}" in page
    assert "2 o gamau yn is" in (await asha.get(address(one, "cy"))).text


async def test_each_figure_leads_in_words_to_its_chapter_of_the_version_it_stands_in(
    visit: Visit, world: World
) -> None:
    one = await warned_before(world)
    [version] = await PolicyVersion.all().values_list("id", flat=True)
    asha = await visit(world.asha)
    english, welsh = [explained((await asha.get(address(one, tag))).text) for tag in ("en", "cy")]
    assert re.search(rf'href="/policies/{version}#base">Where each event starts, version 1</a>', english)
    assert re.search(rf'href="/policies/{version}#times">Times, version 1</a>', english)
    assert re.search(rf'href="/policies/{version}#base"[^>]*>Lle mae pob digwyddiad yn dechrau, fersiwn 1</a>', welsh)
    assert '<h2 class="govuk-heading-m" id="base"' in (await asha.get(f"/policies/{version}")).text


async def test_raw_keys_stand_folded_for_whoever_checks_them_and_nowhere_else(visit: Visit, world: World) -> None:
    one = await warned_before(world)
    page = explained((await (await visit(world.asha)).get(address(one))).text)
    folded = "".join(re.findall(r"<details.*?</details>", page, re.DOTALL))
    assert "<details open" not in page
    for key in ("base.SUB-2", "warning_days.1", "ap-default/1"):
        assert f">{key}</code>" in folded
        assert page.count(key) == folded.count(key)


async def test_in_welsh_the_window_is_titled_in_welsh_and_peoples_own_words_are_marked(
    visit: Visit, world: World
) -> None:
    one = await recommend(world, happening="threat")
    await decide(one.id, Choice(new_id(), 1, "He was provoked"), world.ben, world.now)
    page = (await (await visit(world.asha)).get(address(one, "cy"))).text
    assert '<title lang="cy">Pam yr argymhellwyd cam 3 – AP Log</title>' in page
    assert re.search(r'<p [^>]*lang="en-GB">He was provoked</p>', page)


@pytest.mark.parametrize(
    ("came_from", "goes", "words"),
    [
        ("/recommendations/{one}", "/recommendations/{one}", "The decision"),
        ("/notices/K7QD-3M2X", "/notices/K7QD-3M2X", "Notice K7QD-3M2X"),
        ("/residents/{resident}", "/residents/{resident}", "The whole record"),
        ("", "/residents/{resident}", "The whole record"),
        ("//evil.example", "/residents/{resident}", "The whole record"),
        ("https://evil.example/notices/x", "/residents/{resident}", "The whole record"),
        ("/sign-out", "/residents/{resident}", "The whole record"),
    ],
)
async def test_the_way_back_leads_where_one_came_from(
    visit: Visit, world: World, came_from: str, goes: str, words: str
) -> None:
    one = await recommend(world)
    ids = {"one": one.id, "resident": one.resident_id}
    answer = await (await visit(world.ben)).get(address(one), params={"from": came_from.format(**ids)})
    back = f'<a class="govuk-back-link" href="{goes.format(**ids)}">{words}</a>'
    assert back in answer.text
    assert "evil" not in answer.text


async def test_the_other_language_keeps_the_way_back(visit: Visit, world: World) -> None:
    one = await recommend(world)
    ben = await visit(world.ben)
    came_from = f"/recommendations/{one.id}"
    link = f"{address(one)}?from={came_from}"
    assert f'href="{link}"' in (await ben.get(came_from)).text
    assert f'href="{address(one, "cy")}&amp;from={came_from}"' in (await ben.get(link)).text


async def test_one_that_was_replaced_keeps_its_page_and_leads_to_the_next(visit: Visit, world: World) -> None:
    one = await recommend(world)
    await decide(one.id, Choice(new_id(), 1), world.ben, world.now)
    later = replace(world, now=world.now + timedelta(hours=1))
    again = await recommend(later, happening="threat")
    asha = await visit(world.asha)
    old, new = (await asha.get(address(one))).text, (await asha.get(address(again))).text
    assert f'href="{address(again)}"' in old
    assert "As the policy recommended." in old
    assert "puts an earlier decision in question" in new
    assert "This recommendation stands." in new
    assert f'href="{address(again)}?language=cy"' in (await asha.get(address(one, "cy"))).text


async def test_one_from_before_facts_and_welsh_were_kept_is_still_explained(visit: Visit, world: World) -> None:
    one = await recommend(world)
    old = [{key: reason[key] for key in ("rule", "text", "facts")} for reason in one.reasons[1:]]
    await Recommendation.filter(id=one.id).update(facts=None, reasons=old)
    asha = await visit(world.asha)
    page, welsh = (await asha.get(address(one))).text, (await asha.get(address(one, "cy"))).text
    assert "Strongly suspected use starts at step 1, verbal warning." in page
    assert "The facts were not kept" in page
    assert '<p class="app-grounds__words" lang="en">Strongly suspected use' in welsh
    assert "yn Saesneg yn unig" in welsh


async def test_where_the_policy_could_not_judge_it_says_why(visit: Visit, world: World) -> None:
    entry = an_entry(world)
    await log_entry(entry, world.asha, world.now)
    await decide((await current(world)).id, Choice(new_id(), 1), world.ben, world.now)
    await log_again(world, entry.id, signs=[])
    stuck = await current(world)
    page = (await (await visit(world.asha)).get(address(stuck))).text
    assert (stuck.step, "Why the policy could not judge this" in page) == (None, True)
    assert "“Decision: step 1, verbal warning, 20 November 2026 at 01:40”" in page


async def test_it_is_linked_from_the_record_and_from_where_it_is_decided(visit: Visit, world: World) -> None:
    one = await recommend(world)
    ben = await visit(world.ben)
    for page in (f"/recommendations/{one.id}", f"/residents/{one.resident_id}"):
        assert f'href="{address(one)}' in (await ben.get(page)).text
    await decide(one.id, Choice(new_id(), 1), world.ben, world.now)
    await recommend(replace(world, now=world.now + timedelta(hours=1)), happening="threat")
    assert f'href="{address(one)}"' in (await ben.get(f"/residents/{one.resident_id}")).text


@pytest.mark.parametrize(
    ("who", "status"),
    [("asha", 200), ("farah", 200), ("dev", 200), ("sian", 200), ("chika", 404), ("owen", 404), ("tom", 404)],
)
async def test_only_who_may_read_the_record_reads_it(visit: Visit, world: World, who: str, status: int) -> None:
    one = await recommend(world)
    browser = await visit(world.actors[who])
    assert (await browser.get(address(one))).status_code == status
