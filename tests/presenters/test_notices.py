"""How a notice stands, in the words and at the edges people read."""

from datetime import UTC, datetime, timedelta

import pytest

from ap_log.domain.records import AnswerRecord, NoticeRecord
from ap_log.presenters.notices import deadline, line, standing
from ap_log.presenters.timeline import answer_line, notice_state

NOW = datetime(2026, 11, 20, 1, 40, tzinfo=UTC)
DECIDED = AnswerRecord("decision", "no-recall", "A new plan.", "Dev Patel", NOW)
IN_HAND = AnswerRecord("acknowledged", None, "", "Dev Patel", NOW)


def a_notice(**changes: object) -> NoticeRecord:
    made = {
        "id": "1",
        "reference": "K7QD-4MXR",
        "recipient": "Dev Patel",
        "duty": "probation-practitioner",
        "wanted": "decision",
        "step": 4,
        "made_at": NOW,
        "tell_by": NOW + timedelta(hours=2),
        "answer_by": NOW + timedelta(hours=24),
        "told_at": None,
        "seen_at": None,
        "closed_at": None,
        "overdue_at": None,
        "passed_to": None,
        "decision_id": "2",
    }
    return NoticeRecord(**made | changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 24, 14, tzinfo=UTC), "14:00 on Tuesday 24 November"),
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "00:30 on Thursday 2 July"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "01:30 on Sunday 25 October"),
    ],
)
def test_a_deadline_is_said_in_full_and_on_the_wall_clock(at: datetime, words: str) -> None:
    assert deadline(at) == words


@pytest.mark.parametrize(
    ("changes", "words", "tone"),
    [
        ({}, "1 day left", "blue"),
        ({"answer_by": NOW + timedelta(hours=4)}, "4 hours left", "blue"),
        ({"answer_by": NOW + timedelta(hours=4, seconds=-1)}, "3 hours 59 minutes left", "orange"),
        ({"answer_by": NOW + timedelta(seconds=1)}, "less than a minute left", "orange"),
        ({"answer_by": NOW}, "Overdue by less than a minute", "red"),
        ({"answer_by": NOW - timedelta(hours=26), "passed_to": "Tom Reilly"}, None, "red"),
        ({"closed_at": NOW, "answers": (DECIDED,)}, "Answered by Dev Patel", "grey"),
        ({"closed_at": NOW, "answers": (IN_HAND,)}, "Not needed any more", "grey"),
        ({"closed_at": NOW, "wanted": "seen", "seen_at": NOW}, "Read", "grey"),
        ({"closed_at": NOW, "wanted": "seen"}, "Not needed any more", "grey"),
        ({"closed_at": NOW, "wanted": "review"}, "Decided", "grey"),
    ],
)
def test_how_a_notice_stands_with_its_recipient(changes: dict[str, object], words: str | None, tone: str) -> None:
    said, colour = standing(a_notice(**changes), NOW)
    assert (said, colour) == (words or "Overdue by 1 day 2 hours, passed to Tom Reilly", tone)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "being sent"),
        ({"told_at": NOW}, "told today at 01:40"),
        ({"told_at": NOW, "seen_at": NOW}, "seen today at 01:40"),
        ({"answers": (IN_HAND,), "seen_at": NOW}, "seen today at 01:40"),
        ({"answers": (DECIDED,), "passed_to": "Tom Reilly"}, "answered"),
        ({"answer_by": NOW}, "overdue since today at 01:40"),
        ({"passed_to": "Tom Reilly"}, "no answer in time, passed to Tom Reilly"),
        ({"passed_to": "Tom Reilly", "undeliverable_at": NOW}, "the e-mail was refused, passed to Tom Reilly"),
        ({"undeliverable_at": NOW}, "the e-mail was refused, tell them another way"),
        ({"undeliverable_at": NOW, "seen_at": NOW}, "seen today at 01:40"),
    ],
)
def test_how_far_a_notice_has_come_for_whoever_sent_it(changes: dict[str, object], words: str) -> None:
    assert notice_state(a_notice(**changes), NOW) == words


def test_an_answer_is_said_in_the_words_it_was_chosen_in() -> None:
    said = "Decision not to recall: manage in the community: A new plan."
    assert answer_line(DECIDED, NOW) == f"Dev Patel, today at 01:40, {said}"
    assert answer_line(IN_HAND, NOW) == "Dev Patel, today at 01:40, has it in hand"


def test_a_line_says_by_when_while_it_is_open_and_not_afterwards() -> None:
    waiting = line(a_notice(), "Gwilym Tudor", "7", "Elm House", NOW)
    closed = line(a_notice(closed_at=NOW), "Gwilym Tudor", "7", "Elm House", NOW)
    assert (waiting.title, waiting.deadline) == ("Your decision is wanted", "Decide by 01:40 on Saturday 21 November")
    assert (closed.title, closed.deadline) == ("Asked for a decision", None)
