"""Policies drawn by Hypothesis: every key may hold anything the language allows, lists in any order."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from ap_log.domain.policy.language import (
    LEGAL_STATUSES,
    WARNING_STEPS,
    Aggravator,
    Climb,
    EvidenceGuard,
    HelpSeeking,
    Mitigator,
    Notify,
    Policy,
    RepeatRule,
)

STEPS = st.integers(0, 5)
DAYS = st.integers(1, 3650)
CODES = ("SUB-1", "SUB-2", "CON-1", "RES-12", "DOG-0")
NAMES = st.sampled_from(("victim-staff", "told-staff-first", "deputy", "a.b_c:D-9", "x" * 64))
SPANS = st.sampled_from(("15 minutes", "1 hour", "2 working-days", "same-day", "next-working-day 12:00"))
ANSWERS = st.sampled_from(("seen", "comment", "decision"))
ZONES = st.sampled_from(("Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu"))


def some(names: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(names, max_size=3).map(tuple)


NOTICES = st.builds(Notify, STEPS, some(NAMES), SPANS, ANSWERS, SPANS, some(NAMES))


def policies() -> st.SearchStrategy[Policy]:
    """Any policy that holds one or two of the codes, or all of them."""
    return st.sampled_from((CODES[:1], CODES[3:], CODES)).flatmap(_policies)


def _policies(held: tuple[str, ...]) -> st.SearchStrategy[Policy]:
    codes, streams = st.sampled_from(held), st.sampled_from([code[:3] for code in held])
    return st.builds(
        Policy,
        name=NAMES,
        version=st.integers(1, 1_000_000),
        effective_from=st.datetimes(datetime(1, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
        zone=ZONES.map(ZoneInfo),
        episode_window_hours=st.integers(1, 1000),
        fit_to_warn_hours=st.integers(0, 1000),
        warning_days=st.fixed_dictionaries(dict.fromkeys(WARNING_STEPS, DAYS)),
        base=st.fixed_dictionaries(dict.fromkeys(held, STEPS)),
        repeat=st.lists(st.builds(RepeatRule, codes, st.integers(1, 1000), DAYS, STEPS), max_size=3).map(tuple),
        climb=st.builds(Climb, some(streams), some(codes), STEPS),
        cap=st.dictionaries(streams, STEPS),
        aggravator=st.builds(Aggravator, STEPS, STEPS, STEPS, some(NAMES)),
        mitigator=st.builds(Mitigator, STEPS, STEPS, some(NAMES)),
        help_seeking=st.builds(HelpSeeking, some(streams), some(codes)),
        evidence_guard=st.builds(EvidenceGuard, st.just(4), some(codes)),
        needs_area_manager_at=st.integers(1, 5),
        routes=st.fixed_dictionaries(dict.fromkeys(LEGAL_STATUSES, NAMES)),
        notify=st.lists(NOTICES, max_size=3).map(tuple),
    )
