"""One evaluation of one resident, as their history grows."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

from ap_log.domain.policy.evaluate import evaluate
from ap_log.domain.policy.language import PolicyBook
from ap_log.domain.policy.loading import load_policy
from ap_log.domain.policy.timeline import Decision, Event, Fact, Resident, Timeline
from bench.rows import Row, timed
from tests.cast import DEFAULT_POLICY

CODES = ("SUB-1", "SUB-2", "CON-1", "RES-1", "RES-2", "ENG-1", "CHG-1")


def one_evaluation_against_a_plain_loop() -> Iterator[Row]:
    """The baseline sorts the facts by time and looks at each once: the least any answer needs."""
    book = PolicyBook.of(load_policy(DEFAULT_POLICY))
    for count in (10, 100, 500):
        timeline = a_busy_resident(count)
        took, worst = timed(partial(evaluate, book, timeline), 1000)
        plain, _ = timed(partial(_plain, timeline), 200)
        yield Row(f"one evaluation, {count} facts", took, worst, "a plain loop over them", plain)


def a_busy_resident(count: int) -> Timeline:
    """A year of one resident: two of three facts are events, the third decides the last of them."""
    return Timeline("bench", Resident("licence"), assume_issued=False, facts=tuple(_facts(count)))


def _facts(count: int) -> Iterator[Fact]:
    random, at = Random(7), datetime(2026, 1, 2, tzinfo=UTC)
    for number in range(count):
        at += timedelta(hours=17)
        if number % 3 == 2:
            yield Decision(f"d{number}", f"e{number - 1}", random.randint(0, 3), at, "as agreed")
        else:
            yield Event(f"e{number}", random.choice(CODES), at)


def _plain(timeline: Timeline) -> int:
    events = sorted((fact for fact in timeline.facts if isinstance(fact, Event)), key=lambda fact: fact.occurred_at)
    return sum(len(fact.code) for fact in events)
