"""English and Welsh say the same: every ground, every word of the tables, every figure and every day."""

import re
from datetime import UTC, datetime
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ap_log.domain import vocabulary
from ap_log.domain.policy import grounds, welsh_words, words
from ap_log.domain.policy.grounds import Figure, Ground, Headline, Met, Voice, When, said
from ap_log.domain.policy.in_english import English
from ap_log.domain.policy.in_welsh import Welsh
from ap_log.domain.policy.language import LEGAL_STATUSES
from ap_log.domain.policy.rules import Outcome
from tests.domain.policy.build import BOOK

LONDON = ZoneInfo("Europe/London")
POLICY = BOOK.policies[0]
CODES = (*POLICY.base, "XYZ-1")
STREAMS = (*words.STREAM_NAMES, "XYZ")
TERMS = (*POLICY.aggravator.any_of, *POLICY.mitigator.any_of)
BEHIND: dict[str, Any] = {"figures": (Figure("base.SUB-1", 0, "p/1"),), "facts": ("e1",)}


def when(month: int, year: int = 2026) -> When:
    return When(datetime(2026, month, 3, 20, 5, tzinfo=UTC), LONDON, year)


def warning(step: int, stream: str) -> grounds.Active:
    return grounds.Active(step, stream, when(11), when(12, year=2025))


ALL: tuple[Ground, ...] = (
    *(grounds.Starts(code=code, step=step, **BEHIND) for code, step in product(CODES, range(6))),
    *(grounds.Repeated(code="SUB-1", count=n, days=n + 1, step=1, **BEHIND) for n in (1, 2, 3, 10, 11, 22, 1000)),
    *(grounds.HelpSought(code=code, **BEHIND) for code in CODES),
    *(
        grounds.Climbs(warning=warning(step, stream), step=to, is_higher=higher, **BEHIND)
        for step, stream, to, higher in product((1, 2, 3), STREAMS, (None, 4), (True, False))
    ),
    grounds.FinalWarning(warning=warning(3, "SUB"), streams=STREAMS, step=4, is_higher=True, **BEHIND),
    *(grounds.LowCapped(code=code, step=3, **BEHIND) for code in CODES),
    *(grounds.Aggravated(terms=(term, TERMS[0]), step=4, **BEHIND) for term in TERMS),
    *(grounds.Capped(stream=stream, step=2, **BEHIND) for stream in STREAMS),
    *(grounds.Together(entries=n, hours=h, code="SUB-1", **BEHIND) for n, h in ((2, 1), (3, 12), (11, 1000))),
    *(grounds.Mitigated(terms=(term,), step=1, **BEHIND) for term in TERMS),
    *(grounds.Firm(code=code, day=when(month), **BEHIND) for code, month in product(CODES, range(1, 13))),
    grounds.NothingFirm(**BEHIND),
    *(
        grounds.Leads(legal_status=status, route=way, **BEHIND)
        for status, way in product(LEGAL_STATUSES, (*POLICY.routes.values(), "an-areas-own-way"))
    ),
    grounds.NotFit(fit_at=when(1), seen_at=when(2), hours=6, **BEHIND),
    grounds.Reopened(**BEHIND),
)
DECIDING = tuple(ground for ground in ALL if said(ground, English()).cause)
HEADLINES = tuple(
    Headline(step=step, outcome=outcome, decided_by=ground, **BEHIND)
    for ground, (step, outcome) in product(DECIDING, ((2, Outcome.WARN), (4, Outcome.CASE_CONFERENCE)))
)


def of_kind(kind: type[Met]) -> list[Ground]:
    return [ground for ground in (*ALL, *HEADLINES) if isinstance(ground, kind)]


def figures(sentence: str) -> list[str]:
    return re.findall(r"\d+(?::\d\d)?", sentence)


def months(sentence: str, names: tuple[str, ...]) -> list[int]:
    return [names.index(name) for name in re.findall("|".join(names), sentence)]


def test_both_voices_say_every_ground() -> None:
    assert all(of_kind(kind) for kind in Met.__subclasses__())


@pytest.mark.parametrize("kind", Met.__subclasses__())
def test_every_figure_and_day_of_the_english_is_in_the_welsh(kind: type[Met]) -> None:
    for ground in of_kind(kind):
        english, welsh = said(ground, English()), said(ground, Welsh())
        days = months(english.sentence, words.MONTHS), months(welsh.sentence, welsh_words.MONTHS)
        assert days[0] == days[1]
        assert sorted(figures(english.sentence)) == sorted(figures(welsh.sentence))
        assert bool(english.cause) == bool(welsh.cause)
        assert sorted(figures(english.cause)) == sorted(figures(welsh.cause))


@pytest.mark.parametrize("kind", Met.__subclasses__())
@pytest.mark.parametrize("voice", [English(), Welsh()])
def test_what_is_said_begins_with_a_capital_and_ends_with_a_stop(kind: type[Met], voice: Voice) -> None:
    for ground in of_kind(kind):
        words_of_it = said(ground, voice)
        assert re.fullmatch(r"[A-Z0-9“][^{}_]*[^.,:;]\.", words_of_it.sentence)
        assert not words_of_it.cause.endswith(".")


def test_the_tables_hold_the_same_keys() -> None:
    assert len(welsh_words.STEP_NAMES) == len(words.STEP_NAMES) == 6
    assert len(welsh_words.MONTHS) == len(words.MONTHS) == 12
    assert welsh_words.STREAM_NAMES.keys() == words.STREAM_NAMES.keys()
    assert welsh_words.STATUS_WORDS.keys() == words.STATUS_WORDS.keys() == set(LEGAL_STATUSES)
    assert welsh_words.CODE_WORDS.keys() == vocabulary.CODE_WORDS.keys()
    assert set(POLICY.base) <= welsh_words.CODE_WORDS.keys()
    assert welsh_words.TERMS.keys() == {*TERMS, *POLICY.routes.values()}
    chosen = {term.code for term in (*vocabulary.AGGRAVATORS, *vocabulary.MITIGATORS, *vocabulary.ROUTES)}
    assert chosen <= welsh_words.TERMS.keys()


@pytest.mark.parametrize(
    ("english", "welsh"),
    [
        (words.STEP_NAMES, welsh_words.STEP_NAMES),
        (tuple(words.STREAM_NAMES.values()), tuple(welsh_words.STREAM_NAMES.values())),
        (tuple(words.STATUS_WORDS.values()), tuple(welsh_words.STATUS_WORDS.values())),
        (tuple(vocabulary.CODE_WORDS.values()), tuple(welsh_words.CODE_WORDS.values())),
        (words.MONTHS, welsh_words.MONTHS),
    ],
)
def test_no_welsh_word_was_left_in_english_or_said_of_two_things(
    english: tuple[str, ...], welsh: tuple[str, ...]
) -> None:
    assert not set(english) & set(welsh)
    assert len(set(welsh)) == len(welsh)


@pytest.mark.parametrize("code", vocabulary.CODE_WORDS)
def test_the_figures_in_the_name_of_a_code_are_the_same(code: str) -> None:
    assert figures(words.code_words(code)) == figures(welsh_words.code_words(code))


KEYS = (
    "base.SUB-1 repeat 1.base repeat 2.count repeat 12.days warning_days.1 warning_days.2 warning_days.3 "
    "climb.final_crosses climb.low_cap.max cap.CHG aggravator.add aggravator.max mitigator.subtract "
    "help_seeking.streams evidence_guard.step evidence_guard.any_of episode_window_hours fit_to_warn_hours "
    "routes.bail"
)


@pytest.mark.parametrize("key", re.findall(r"repeat \S+|\S+", KEYS))
def test_a_key_of_the_policy_has_words_in_both(key: str) -> None:
    said = words.key_words(key), welsh_words.key_words(key)
    assert key not in said
    assert said[0] != said[1]


@pytest.mark.parametrize(
    ("number", "times", "days"),
    [
        (1, "1 waith", "1 diwrnod"),
        (2, "2 waith", "2 ddiwrnod"),
        (3, "3 gwaith", "3 diwrnod"),
        (10, "10 gwaith", "10 diwrnod"),
        (11, "11 o weithiau", "11 diwrnod"),
        (28, "28 o weithiau", "28 diwrnod"),
    ],
)
def test_what_is_counted_in_welsh_mutates_where_it_has_to(number: int, times: str, days: str) -> None:
    assert (welsh_words.times_words(number), welsh_words.days_words(number)) == (times, days)
