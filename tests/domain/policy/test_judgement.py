"""What a judgement keeps beside its answer, which its explanation points at: the warnings, episodes and evidence."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from ap_log.domain.policy.calendar import days_after
from ap_log.domain.policy.language import PolicyBook
from ap_log.domain.policy.replay import replay
from ap_log.domain.policy.rules import Judgement
from ap_log.domain.policy.timeline import Fact
from tests.domain.policy.build import BOOK, LONDON, changed, decided, event, last, local, timeline, void


def judged(*facts: Fact, book: PolicyBook = BOOK) -> Judgement:
    """The judgement of the last episode, where every episode counts as issued as recommended."""
    return replay(book, timeline(*facts)).judgements[-1]


FIRST = event("e1", "SUB-2", "03-10 12:00"), decided("d1", "e1", 2, "03-10 13:00")
SECOND = event("e2", "SUB-2", "03-12 12:00"), decided("d2", "e2", 2, "03-12 13:00")
LAST = event("e9", "SUB-2", "03-20 12:00")


@pytest.mark.parametrize(("voided", "standing"), [("d1", "d2"), ("d2", "d1")])
def test_of_two_equally_high_warnings_it_points_at_the_one_that_was_never_voided(voided: str, standing: str) -> None:
    found = judged(*FIRST, *SECOND, LAST, void("v1", "06-01 12:00", decision=voided))
    assert found.deciding.highest is not None
    assert found.deciding.highest.id == standing
    assert found.rests_on == (("d1", "d2").index(standing),)


def test_a_higher_warning_comes_before_one_that_was_never_voided() -> None:
    higher = event("e2", "SUB-2", "03-12 12:00"), decided("d2", "e2", 3, "03-12 13:00")
    found = judged(*FIRST, *higher, LAST, void("v1", "06-01 12:00", decision="d2"))
    assert found.deciding.highest is not None
    assert found.deciding.highest.id == "d2"


def test_of_two_equally_firm_warnings_it_points_at_the_first() -> None:
    found = judged(*FIRST, *SECOND, LAST)
    assert found.deciding.highest is not None
    assert found.deciding.highest.id == "d1"


def test_when_the_firmest_warning_ends_it_points_at_the_firmest_of_the_others() -> None:
    lower = event("e1", "SUB-2", "03-10 12:00"), decided("d1", "e1", 1, "03-10 13:00")
    final = event("e3", "SUB-2", "03-14 12:00"), decided("d3", "e3", 3, "03-14 13:00")
    found = judged(*lower, *SECOND, *final, LAST, void("v1", "03-15 12:00", decision="d3"))
    assert found.deciding.highest is not None
    assert found.deciding.highest.id == "d2"


def test_of_two_final_warnings_that_cross_it_points_at_the_one_that_was_never_voided() -> None:
    found = judged(
        event("e1", "CON-2", "03-10 12:00"), decided("d1", "e1", 3, "03-10 13:00"),
        event("e2", "RES-2", "03-12 12:00"), decided("d2", "e2", 3, "03-12 13:00"), LAST,
        void("v1", "06-01 12:00", decision="d1"),
    )  # fmt: skip
    assert [warning.id for warning in found.deciding.crossing] == ["d1", "d2"]
    assert found.deciding.final is not None
    assert found.deciding.final.id == "d2"


def test_a_final_warning_crosses_on_after_another_warning_ended() -> None:
    ended = event("e1", "SUB-2", "03-01 12:00"), decided("d1", "e1", 1, "03-01 13:00")
    final = event("e2", "CON-2", "03-10 12:00"), decided("d2", "e2", 3, "03-10 13:00")
    assert last(*ended, *final, event("e3", "RES-3", "04-20 12:00")).climb == 4


def test_a_final_warning_that_ended_crosses_no_more() -> None:
    final = event("e1", "CON-2", "01-10 12:00"), decided("d1", "e1", 3, "01-10 13:00")
    assert last(*final, event("e2", "SUB-3", "04-20 12:00")).climb == 0


def test_a_third_time_is_enough_too_and_only_the_latest_that_are_needed_are_kept() -> None:
    twice = event("e1", "SUB-1", "03-10 12:00"), event("e2", "SUB-1", "03-12 12:00")
    found = judged(*twice, event("e3", "SUB-1", "03-14 12:00"))
    assert found.deciding.repeat is not None
    assert (found.deciding.base, found.deciding.repeat.earlier) == (1, (1,))
    assert found.deciding.repeat.rule in BOOK.policies[0].repeat


def test_a_repeat_rule_that_gives_no_more_than_the_table_is_not_kept() -> None:
    book = PolicyBook.of(changed(lambda policy: policy["base"].update({"SUB-1": 1})))
    found = judged(event("e1", "SUB-1", "03-10 12:00"), event("e2", "SUB-1", "03-12 12:00"), book=book)
    assert (found.deciding.base, found.deciding.repeat) == (1, None)


def test_evidence_is_kept_only_where_the_guard_asks_for_it() -> None:
    assert judged(event("e1", "SUB-3", "03-10 12:00")).evidence is None
    assert judged(event("e1", "SUB-8", "03-10 12:00")).evidence is not None


def test_the_evidence_is_the_event_that_has_a_code_of_the_guard() -> None:
    own = judged(event("e1", "CON-1", "03-10 12:00"), event("e2", "SUB-8", "03-10 13:00"))
    assert own.evidence is not None
    assert (own.evidence.event.id, own.evidence.warning) == ("e2", None)
    first = event("e1", "CON-1", "03-10 12:00"), event("e2", "SUB-3", "03-10 13:00")
    earlier = judged(*first, decided("d1", "e2", 3, "03-10 14:00"), LAST)
    assert earlier.evidence is not None
    assert earlier.evidence.warning is not None
    assert (earlier.evidence.event.id, earlier.evidence.warning.id) == ("e2", "d1")


def test_evidence_behind_a_warning_that_was_never_voided_comes_first() -> None:
    firm = event("e1", "SUB-3", "03-10 12:00"), decided("d1", "e1", 3, "03-10 13:00")
    firm_too = event("e2", "SUB-3", "03-12 12:00"), decided("d2", "e2", 3, "03-12 13:00")
    found = judged(*firm, *firm_too, LAST, void("v1", "06-01 12:00", decision="d1"))
    assert found.evidence is not None
    assert found.evidence.warning is not None
    assert found.evidence.warning.id == "d2"


@pytest.mark.parametrize("zone", [LONDON, ZoneInfo("Asia/Kathmandu")])
def test_every_time_of_an_answer_is_in_utc_whatever_zone_its_facts_came_in(zone: ZoneInfo) -> None:
    found = last(event("e1", "SUB-2", local("06-01 12:00").astimezone(zone), intoxicated=True))
    assert found.started_at == local("06-01 12:00")
    assert found.started_at.tzinfo is UTC
    assert found.warn_not_before == local("06-01 18:00")
    assert found.warn_not_before.tzinfo is UTC
    assert days_after(local("06-01 12:00").astimezone(zone), 28, zone).tzinfo is UTC


def test_the_earliest_of_several_voids_counts_in_whichever_order_they_come() -> None:
    early, late = void("v1", "03-15 12:00", decision="d1"), void("v2", "03-25 12:00", decision="d1")
    for voids in ((early, late), (late, early)):
        assert last(*FIRST, LAST, *voids).step == 1
