"""For any draft, right or wrong: what its forms show and send back unchanged is what it says."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from hypothesis import given, settings
from hypothesis import strategies as st

from ap_log.domain.policy.drafting import document_of
from ap_log.domain.policy.language import LEGAL_STATUSES
from ap_log.domain.policy.loading import load_policy
from ap_log.domain.policy_drafts import CHAPTERS, Draft
from ap_log.domain.vocabulary import CODE_WORDS
from ap_log.handlers.forms import Form
from ap_log.handlers.policy_form import read_chapter
from ap_log.presenters.policy_form import Followed, faults_beside, section_page
from ap_log.presenters.policy_rules import DUTIES, closed
from ap_log.templating import render
from tests.cast import DEFAULT_POLICY
from tests.form_pages import fields_of

NOW = datetime(2026, 11, 22, tzinfo=UTC)
IN_FORCE = load_policy(DEFAULT_POLICY)

CODES = (*CODE_WORDS, "SUB-10", "XYZ-1")
WRONG_CODES = ("sub 10", "x", "SUB-1 (again)")
AGGRAVATORS = ["victim-staff", "victim-roommate", "our-own", "repeat-intoxicated-aggression"]
MITIGATORS = ["told-staff-first", "attended-treatment-7-days", "our-own"]
numbers = st.one_of(st.integers(0, 4000), st.sampled_from(["", "abc", "½", "-1", "1.5", "<b>&", "9" * 20]))
steps = st.one_of(st.integers(0, 9), st.just(""))
codes = st.lists(st.sampled_from(CODES), unique=True, max_size=6)
streams = st.lists(st.sampled_from(["SUB", "CON", "RES", "CHG", "XYZ"]), unique=True)
duties = st.lists(st.sampled_from([*(str(term.code) for term in DUTIES), "night-porter"]), max_size=4, unique=True)
spans = st.sampled_from(["15 minutes", "2 working-days", "same-day", "next-working-day 12:00", "soon", ""])


def rows(**columns: Any) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Rules of which at least something is filled in."""
    row = st.fixed_dictionaries(columns).filter(lambda row: any(value not in ("", []) for value in row.values()))
    return st.lists(row, max_size=4)


documents = st.fixed_dictionaries(
    {
        "time_zone": st.sampled_from(["Europe/London", "Mars", ""]),
        "episode_window_hours": numbers,
        "fit_to_warn_hours": numbers,
        "warning_days": st.fixed_dictionaries({"1": numbers, "2": numbers, "3": numbers}),
        "base": st.dictionaries(st.sampled_from([*CODES, *WRONG_CODES]), st.integers(0, 9), min_size=1),
        "repeat": rows(code=st.sampled_from([*CODES, ""]), count=numbers, days=numbers, base=steps),
        "climb": st.fixed_dictionaries(
            {"final_crosses": streams, "low_cap": st.fixed_dictionaries({"codes": codes, "max": steps})}
        ),
        "cap": st.dictionaries(st.sampled_from(["SUB", "CHG", "XYZ"]), st.integers(0, 9)),
        "aggravator": st.fixed_dictionaries(
            {
                "min_base": steps,
                "add": numbers,
                "max": steps,
                "any_of": st.permutations(AGGRAVATORS),
            }
        ),
        "mitigator": st.fixed_dictionaries(
            {
                "subtract": numbers,
                "max_step": steps,
                "any_of": st.lists(st.sampled_from(MITIGATORS), unique=True),
            }
        ),
        "help_seeking": st.fixed_dictionaries({"streams": streams, "except": codes}),
        "evidence_guard": st.fixed_dictionaries({"step": steps, "any_of": codes}),
        "departure": st.fixed_dictionaries({"needs_area_manager_at": numbers}),
        "routes": st.fixed_dictionaries(
            {status: st.sampled_from(["recall-consideration", "our-route", ""]) for status in LEGAL_STATUSES}
        ),
        "notify": rows(
            step=steps,
            who=duties,
            tell_within=spans,
            answer=st.sampled_from(["seen", "comment", "decision", ""]),
            answer_within=spans,
            then=duties,
        ),
    }
)


def a_draft(document: dict[str, Any]) -> Draft:
    return Draft("d", "ap-default/1", "ap-default", 2, 1, document, (), 1, "Farah Aziz", NOW, "Farah Aziz", NOW)


def page_of(chapter: str, draft: Draft) -> str:
    found = faults_beside(chapter, draft)
    page = section_page(chapter, draft, draft.document, Followed(IN_FORCE, is_in_force=True), found, is_unsaved=True)
    frame = {"actor": None, "navigation": (), "is_demo": False, "errors": (), "refusal": None}
    return render("pages/policy_drafts/section.html", page=page, found=found, **frame)


def sent(page: str, address: str) -> Form:
    fields: dict[str, list[str]] = {}
    for name, value in parse_qsl(urlencode(fields_of(page, address)), keep_blank_values=True):
        fields.setdefault(name, []).append(value)
    return Form(fields)


@settings(deadline=None, max_examples=60)  # a page takes long where its templates are read first
@given(chapter=st.sampled_from(list(CHAPTERS)), document=documents)
def test_a_form_sent_back_as_it_was_shown_says_the_same(chapter: str, document: dict[str, Any]) -> None:
    form = sent(page_of(chapter, a_draft(document)), f"/policy-drafts/d/sections/{chapter}")

    assert closed(chapter, read_chapter(chapter, form, document)) == {key: document[key] for key in CHAPTERS[chapter]}


@settings(deadline=None, max_examples=60)  # a page takes long where its templates are read first
@given(chapter=st.sampled_from(list(CHAPTERS)), document=documents)
def test_every_fault_of_a_chapter_leads_to_a_field_of_its_page(chapter: str, document: dict[str, Any]) -> None:
    draft = a_draft(document)
    page = page_of(chapter, draft)

    for fault in faults_beside(chapter, draft):
        assert fault.field != "section", fault
        assert page.count(f'id="{fault.field}"') == 1, fault
        assert f'id="{fault.field}-error"' in page, fault


def test_the_order_of_a_list_that_the_form_shows_otherwise_is_kept() -> None:
    document = json.loads(json.dumps(document_of(IN_FORCE)))
    document["evidence_guard"]["any_of"] = ["CON-4", "SUB-3", "CON-4"]

    form = sent(page_of("guard", a_draft(document)), "/policy-drafts/d/sections/guard")

    assert read_chapter("guard", form, document)["evidence_guard"] == document["evidence_guard"]
