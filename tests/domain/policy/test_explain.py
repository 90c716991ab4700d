"""Why: each rule as a sentence, with the ids it rests on and no figure but the policy's and the facts'."""

import re

import pytest

from ap_log.domain.policy.evaluate import evaluate
from ap_log.domain.policy.explain import Reason, explain, explain_all
from ap_log.domain.policy.grounds import Figure
from ap_log.domain.policy.language import PolicyBook
from ap_log.domain.policy.replay import replay
from ap_log.domain.policy.timeline import Fact
from tests.domain.policy.build import BOOK, changed, decided, event, local, timeline, void
from tests.domain.policy.histories import Json


def reasons(*facts: Fact, book: PolicyBook = BOOK, recalled: bool = False, **fields: object) -> dict[str, Reason]:
    told = timeline(*facts, recalled=recalled, **fields)  # type: ignore[arg-type]
    episode = evaluate(book, told).episodes[-1]
    return {reason.rule: reason for reason in explain(book, told, episode)}


VERBAL = event("e1", "SUB-2", "03-03 12:00"), decided("d1", "e1", 1, "03-03 13:00")
FINAL = event("e1", "SUB-2", "03-03 12:00"), decided("d1", "e1", 3, "03-03 13:00")
NOW = "03-20 12:00"


@pytest.mark.parametrize(
    ("rule", "text", "rests_on", "facts"),
    [
        ("base", "Strongly suspected use starts at step 1, verbal warning.", ("e1",), VERBAL[:1]),
        ("climb", "A verbal warning for substances from 3 March is active until 31 March, so this climbs to step 2, "
         "first written warning.", ("d1",), (*VERBAL, event("e2", "SUB-2", NOW))),
        ("climb", "A verbal warning for substances from 3 March is active until 31 March, so this climbs to step 2, "
         "first written warning, which is no higher than where it starts.", ("d1",),
         (*VERBAL, event("e2", "SUB-3", NOW))),
        ("climb", "A verbal warning for substances from 3 March is active until 31 March, but what starts at step 0, "
         "support does not climb.", ("d1",), (*VERBAL, event("e2", "SUB-1", NOW))),
        ("final-warning", "A final written warning for substances from 3 March is active until 26 May. Final warnings "
         "count across substances, conduct and residence, so this climbs to step 4, for the officer to consider.",
         ("d1",), (*FINAL, event("e2", "CON-1", NOW))),
        ("low-cap", "“Late, over 30 minutes, back within 2 hours” climbs to step 3, final written warning at most.",
         ("e2",), (*FINAL, event("e2", "RES-2", NOW))),
        ("repeat", "Suspected use 2 times within 14 days starts at step 1, verbal warning.", ("e1", "e2"),
         (event("e1", "SUB-1", "03-10 12:00"), event("e2", "SUB-1", NOW))),
        ("help-seeking", "Help was asked for, so confirmed use stays at step 0, support.", ("e1",),
         (event("e1", "SUB-3", NOW, help_seeking=True),)),
        ("aggravator", "A member of staff was the victim: that raises it to step 4, for the officer to consider.",
         ("e1",), (event("e1", "CON-2", NOW, aggravators=("victim-staff",)),)),
        ("cap", "Charges never goes above step 2, first written warning.", ("e1",),
         (event("e1", "CHG-2", NOW, aggravators=("victim-staff",)),)),
        ("episode", "2 entries within 12 hours are one episode; confirmed use calls for the most.", ("e1", "e2"),
         (event("e1", "SUB-2", NOW), event("e2", "SUB-3", NOW))),
        ("mitigator", "They told staff first: you may reduce this to step 1, verbal warning, with a reason.", ("e1",),
         (event("e1", "SUB-3", NOW, mitigators=("told-staff-first",)),)),
        ("guard", "Nothing here or behind an active warning is firm enough to put to the officer: "
         "hold a case conference.",
         ("e2", "d1"), (*FINAL, event("e2", "SUB-2", NOW))),
        ("guard", "Confirmed use on 20 March is firm enough to put to the officer.", ("e2",),
         (*FINAL, event("e2", "SUB-3", NOW))),
        ("guard", "Confirmed use on 3 March is firm enough to put to the officer.", ("e1",),
         (event("e1", "SUB-3", "03-03 12:00"), decided("d1", "e1", 3, "03-03 13:00"), event("e2", "SUB-2", NOW))),
        ("route", "For a resident on licence the way is recall consideration. A person decides.", ("e1",),
         (event("e1", "SUB-8", NOW),)),
        ("fitness", "Do not give a warning before 02:00 on 11 March: they were under the influence at 20:00 on 10 "
         "March, and 6 hours must pass.", ("e1",), (event("e1", "SUB-2", "03-10 20:00", intoxicated=True),)),
        ("reopened", "Look again: a warning this step was built on has been made void since.", ("d1",),
         (*VERBAL, event("e2", "SUB-2", NOW), void("v1", "03-25 12:00", decision="d1"))),
    ],
)  # fmt: skip
def test_each_rule_has_its_sentence(rule: str, text: str, rests_on: tuple[str, ...], facts: tuple[Fact, ...]) -> None:
    found = reasons(*facts)[rule]
    assert (found.text, found.facts) == (text, rests_on)


def test_the_legal_status_is_said_as_people_say_it() -> None:
    found = reasons(event("e1", "SUB-8", NOW), status="community-order")["route"]
    assert found.text == "For a resident on a community order the way is breach consideration. A person decides."


def test_a_repeat_rule_that_gives_no_more_than_the_table_is_no_reason() -> None:
    def same(policy: Json) -> None:
        policy["repeat"] = [{"code": "SUB-2", "count": 1, "days": 7, "base": 1}]

    assert list(reasons(VERBAL[0], book=PolicyBook.of(changed(same)))) == ["headline", "base"]


def test_nothing_is_said_of_rules_that_changed_nothing() -> None:
    assert list(reasons(VERBAL[0])) == ["headline", "base"]
    assert "low-cap" not in reasons(event("e1", "RES-2", NOW))
    assert "low-cap" not in reasons(*VERBAL, event("e1b", "RES-2", "03-04 12:00"), event("e2", "RES-2", NOW))


def test_the_worked_out_aggravator_has_words_too() -> None:
    found = reasons(event("e1", "CON-2", NOW, intoxicated=True), recalled=True)["aggravator"]
    assert found.text == "Repeat intoxicated aggression: that raises it to step 4, for the officer to consider."


def test_another_policys_figures_are_said_instead() -> None:
    later = changed(lambda policy: policy["warning_days"].update({"1": 20}), fit_to_warn_hours=1)
    found = reasons(*VERBAL, event("e2", "SUB-2", NOW, intoxicated=True), book=PolicyBook.of(later))
    assert "until 23 March" in found["climb"].text
    assert "before 13:00 on 20 March" in found["fitness"].text
    assert "1 hour must pass" in found["fitness"].text


def test_days_of_another_year_are_said_with_it_and_all_in_the_policys_zone() -> None:
    warned = event("e1", "SUB-3", local("12-30 23:30")), decided("d1", "e1", 2, local("12-30 23:30"))
    found = reasons(*warned, event("e2", "SUB-2", local("2027-01-10 12:00")))["climb"]
    assert "from 30 December 2026 is active until 24 February, so" in found.text
    summer = reasons(event("e1", "SUB-2", local("06-30 23:30"), intoxicated=True))["fitness"]
    assert "before 05:30 on 1 July: they were under the influence at 23:30 on 30 June" in summer.text


def test_several_episodes_are_explained_like_each_alone() -> None:
    told = timeline(*VERBAL, event("e2", "SUB-2", NOW))
    episodes = evaluate(BOOK, told).episodes
    assert explain_all(replay(BOOK, told), episodes) == tuple(explain(BOOK, told, episode) for episode in episodes)


def test_a_reason_points_at_facts_of_the_timeline_only() -> None:
    facts = (
        *FINAL,
        event("e2", "CON-2", NOW, aggravators=("victim-staff",)),
        event("e3", "SUB-2", NOW, intoxicated=True),
    )
    names = {fact.id for fact in facts}
    for reason in reasons(*facts).values():
        assert reason.facts
        assert set(reason.facts) <= names
        assert re.fullmatch(r"[A-Z0-9“].*\.", reason.text)


@pytest.mark.parametrize(
    ("english", "welsh", "facts"),
    [
        ("Step 1, verbal warning: strongly suspected use.",
         "Cam 1, rhybudd llafar: amheuaeth gref o ddefnyddio.", VERBAL[:1]),
        ("Step 2, first written warning: a verbal warning for substances from 3 March is active until 31 March.",
         "Cam 2, rhybudd ysgrifenedig cyntaf: mae rhybudd llafar ym maes sylweddau, a roddwyd ar 3 Mawrth, mewn grym "
         "tan 31 Mawrth.", (*VERBAL, event("e2", "SUB-2", NOW))),
        ("Step 2, first written warning: confirmed use.",
         "Cam 2, rhybudd ysgrifenedig cyntaf: defnydd wedi’i gadarnhau.", (*VERBAL, event("e2", "SUB-3", NOW))),
        ("Step 0, support: suspected use.", "Cam 0, cymorth: amheuaeth o ddefnyddio.",
         (*VERBAL, event("e2", "SUB-1", NOW))),
        ("Step 0, support: help was asked for.", "Cam 0, cymorth: gofynnwyd am gymorth.",
         (event("e1", "SUB-3", NOW, help_seeking=True),)),
        ("Step 1, verbal warning: suspected use 2 times within 14 days.",
         "Cam 1, rhybudd llafar: amheuaeth o ddefnyddio, 2 waith o fewn 14 diwrnod.",
         (event("e1", "SUB-1", "03-10 12:00"), event("e2", "SUB-1", NOW))),
        ("Step 4, for the officer to consider: a final written warning for substances from 3 March is active until "
         "26 May.", "Cam 4, i’r swyddog prawf ei ystyried: mae rhybudd ysgrifenedig terfynol ym maes sylweddau, a "
         "roddwyd ar 3 Mawrth, mewn grym tan 26 Mai.", (*FINAL, event("e2", "CON-2", NOW))),
        ("Step 3, final written warning: “Late, over 30 minutes, back within 2 hours” climbs no higher.",
         "Cam 3, rhybudd ysgrifenedig terfynol: dyna’r cam uchaf posibl wrth ddringo ar gyfer “Hwyr, dros 30 munud, "
         "yn ôl o fewn 2 awr”.", (*FINAL, event("e2", "RES-2", NOW))),
        ("Step 4, for the officer to consider: a member of staff was the victim.",
         "Cam 4, i’r swyddog prawf ei ystyried: aelod o staff oedd y dioddefwr.",
         (event("e1", "CON-2", NOW, aggravators=("victim-staff",)),)),
        ("Step 2, first written warning: charges never goes above this.",
         "Cam 2, rhybudd ysgrifenedig cyntaf: dyna’r cam uchaf posibl ym maes taliadau.",
         (event("e1", "CHG-2", NOW, aggravators=("victim-staff",)),)),
        ("Step 4, case conference: nothing here or behind an active warning is firm enough to put to the officer.",
         "Cam 4, cynhadledd achos: nid oes dim yma, na thu ôl i rybudd sydd mewn grym, sy’n ddigon cadarn i’w roi "
         "gerbron y swyddog prawf.", (*FINAL, event("e2", "SUB-2", NOW))),
    ],
)  # fmt: skip
def test_it_begins_with_the_step_and_what_decided_it(english: str, welsh: str, facts: tuple[Fact, ...]) -> None:
    told = timeline(*facts)
    headline, *others = explain(BOOK, told, evaluate(BOOK, told).episodes[-1])
    assert (headline.rule, headline.text, headline.welsh) == ("headline", english, welsh)
    assert (headline.figures, headline.facts) in [(other.figures, other.facts) for other in others]


@pytest.mark.parametrize(
    ("rule", "key", "figure", "facts"),
    [
        ("base", "base.SUB-2", 1, VERBAL[:1]),
        ("repeat", "repeat 1.base", 1, (event("e1", "SUB-1", "03-10 12:00"), event("e2", "SUB-1", NOW))),
        ("help-seeking", "help_seeking.streams", None, (event("e1", "SUB-3", NOW, help_seeking=True),)),
        ("climb", "warning_days.1", 28, (*VERBAL, event("e2", "SUB-2", NOW))),
        ("final-warning", "climb.final_crosses", None, (*FINAL, event("e2", "CON-1", NOW))),
        ("low-cap", "climb.low_cap.max", 3, (*FINAL, event("e2", "RES-2", NOW))),
        ("aggravator", "aggravator.add", 1, (event("e1", "CON-2", NOW, aggravators=("victim-staff",)),)),
        ("cap", "cap.CHG", 2, (event("e1", "CHG-2", NOW, aggravators=("victim-staff",)),)),
        ("episode", "episode_window_hours", 12, (event("e1", "SUB-2", NOW), event("e2", "SUB-3", NOW))),
        ("mitigator", "mitigator.subtract", 1, (event("e1", "SUB-3", NOW, mitigators=("told-staff-first",)),)),
        ("guard", "evidence_guard.step", 4, (*FINAL, event("e2", "SUB-2", NOW))),
        ("route", "routes.licence", None, (event("e1", "SUB-8", NOW),)),
        ("fitness", "fit_to_warn_hours", 6, (event("e1", "SUB-2", "03-10 20:00", intoxicated=True),)),
        ("reopened", None, None, (*VERBAL, event("e2", "SUB-2", NOW), void("v1", "03-25 12:00", decision="d1"))),
    ],
)  # fmt: skip
def test_each_rule_names_the_key_behind_it_and_its_figure(
    rule: str, key: str | None, figure: int | None, facts: tuple[Fact, ...]
) -> None:
    found = reasons(*facts)[rule]
    assert (found.key, found.figure) == (key, figure)


def test_how_long_a_warning_is_active_is_a_figure_of_the_version_it_was_given_under() -> None:
    later = changed(
        lambda policy: policy["warning_days"].update({"1": 20}), version=2, effective_from=local("03-10 00:00")
    )
    found = reasons(*VERBAL, event("e2", "SUB-2", NOW), book=PolicyBook.of(BOOK.policies[0], later))
    assert found["climb"].figures == (Figure("warning_days.1", 28, "ap-default/1"),)
    assert found["base"].figures == (Figure("base.SUB-2", 1, "ap-default/2"),)
