"""What the task list of a draft says of its rehearsals and of a chapter that cannot judge what is logged."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from ap_log.domain.policies import PublishedVersion, Withdrawal
from ap_log.domain.policy.drafting import document_of
from ap_log.domain.policy.loading import load_policy
from ap_log.domain.policy_drafts import Draft
from ap_log.domain.rehearsals import Pair, Rehearsal, Summary
from ap_log.presenters.policy_draft import draft_page
from tests.cast import DEFAULT_POLICY

NOW = datetime(2026, 11, 20, 1, 40, tzinfo=UTC)
POLICY = load_policy(DEFAULT_POLICY)
SHIPPED = PublishedVersion("v1", POLICY.label, 1, POLICY, (), None, None, NOW)
DRAFT = Draft(
    id="d1",
    based_on=POLICY.label,
    name=POLICY.name,
    version=2,
    follows=1,
    document=document_of(POLICY),
    examples=(),
    revision=3,
    started_by="Farah Aziz",
    started_at=NOW,
    changed_by="Farah Aziz",
    changed_at=NOW,
)
RUNNING = Rehearsal(
    id="r1",
    draft_id="d1",
    draft_revision=3,
    premises=(),
    since=NOW,
    asked_by="Farah Aziz",
    asked_at=NOW,
    residents=None,
    residents_done=0,
    summary=None,
    faults=(),
    finished_at=None,
)
DONE = Summary(residents=9, episodes=40, contradictory=0, kinds={}, pairs=(Pair("1", "2", 7),), premises=())


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "Running"),
        ({"summary": DONE, "finished_at": NOW}, "7 episodes would differ"),
        ({"faults": ("It could not be read",), "finished_at": NOW}, "Failed"),
        ({"summary": DONE, "draft_revision": 2}, "Changed since"),
    ],
)
def test_the_newest_rehearsal_is_told_as_far_as_it_speaks_of_the_draft(changes: dict[str, Any], status: str) -> None:
    older = msgspec.structs.replace(RUNNING, summary=DONE, draft_revision=1)
    rehearsed = (msgspec.structs.replace(RUNNING, **changes), older)
    assert draft_page(DRAFT, (SHIPPED,), rehearsed, NOW).rehearsal.status == status


def test_a_draft_that_was_never_rehearsed_and_has_no_examples_says_so() -> None:
    page = draft_page(DRAFT, (SHIPPED,), (), NOW)
    assert (page.rehearsal.status, page.examples.status) == ("Not yet", "None yet")
    assert page.unmet == ("it has no worked example", "it changes nothing yet")


def test_a_chapter_that_cannot_judge_what_is_logged_has_a_fault() -> None:
    base = {code: step for code, step in POLICY.base.items() if code != "MED-1"}
    draft = msgspec.structs.replace(DRAFT, document={**document_of(POLICY), "base": base})
    page = draft_page(draft, (SHIPPED,), (), NOW)
    assert {task.words: task.status for task in page.chapters}["Where each event starts"] == "1 fault"
    assert page.unmet[0] == "it has 1 fault"


def test_a_draft_started_before_the_newest_version_names_that_version() -> None:
    later = msgspec.structs.replace(POLICY, version=2, effective_from=NOW)
    second = PublishedVersion("v2", later.label, 2, later, (), "Farah Aziz", "Why not", NOW)
    draft = msgspec.structs.replace(DRAFT, follows=2)
    assert draft_page(draft, (SHIPPED, second), (), NOW).head.newer == 2


def test_a_draft_started_from_a_withdrawn_version_names_the_one_before() -> None:
    later = msgspec.structs.replace(POLICY, version=2, effective_from=NOW)
    withdrawal = Withdrawal("Farah Aziz", NOW, "Too soon")
    second = PublishedVersion("v2", later.label, 2, later, (), "Farah Aziz", "Why not", NOW, withdrawal)
    draft = msgspec.structs.replace(DRAFT, based_on=second.label, version=3)
    head = draft_page(draft, (SHIPPED, second), (), NOW).head
    assert (head.newer, head.older, head.based_on) == (None, 1, "2")
    discarded = msgspec.structs.replace(DRAFT, discarded_at=NOW)
    assert draft_page(discarded, (SHIPPED, second), (), NOW).head.newer is None
