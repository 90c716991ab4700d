"""What holds for every history, whatever happened: order, expiry, help-seeking, caps, evidence, and removal."""

import random
from datetime import timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from ap_log.domain.policy.evaluate import answer_json, evaluate, warnings_of
from ap_log.domain.policy.timeline import Decision, Event, Fact, Timeline
from tests.domain.policy.build import BOOK, decided, event, local, timeline, void

POLICY = BOOK.policies[0]
START = local("03-20 12:00")  # nine days before the clocks go forward
CODES = st.sampled_from(sorted(POLICY.base))
FLAGS = st.booleans()


@st.composite
def events(draw: st.DrawFn, name: str, hours: int, codes: st.SearchStrategy[str] = CODES) -> Event:
    return event(
        name,
        draw(codes),
        START + timedelta(hours=hours),
        intoxicated=draw(FLAGS),
        help_seeking=draw(st.integers(0, 9)) == 0,
        aggravators=tuple(draw(st.lists(st.sampled_from(POLICY.aggravator.any_of[1:]), max_size=2))),
        mitigators=tuple(draw(st.lists(st.sampled_from(POLICY.mitigator.any_of), max_size=1))),
    )


@st.composite
def histories(draw: st.DrawFn, codes: st.SearchStrategy[str] = CODES, *, assumed: bool | None = None) -> Timeline:
    """Up to 12 events in 60 days, dense enough to share episodes, some decided by their first event and some void."""
    hours = sorted(draw(st.lists(st.integers(0, 1440), min_size=1, max_size=12)))
    happened = [draw(events(f"e{number}", hour, codes)) for number, hour in enumerate(hours)]
    told = timeline(*happened, assumed=draw(FLAGS) if assumed is None else assumed, recalled=draw(FLAGS))
    facts: list[Fact] = list(happened)
    for number, episode in enumerate(evaluate(BOOK, told).episodes):
        at = episode.started_at + timedelta(hours=draw(st.integers(0, 400)))
        if draw(FLAGS):
            facts.append(decided(f"d{number}", episode.events[0], draw(st.integers(0, 5)), at))
        if draw(st.integers(0, 3)) == 0:
            facts.append(void(f"v{number}", at, event=episode.events[0]))
    return msgspec.structs.replace(told, facts=tuple(facts))


@st.composite
def days_apart(draw: st.DrawFn) -> tuple[Event, ...]:
    """Events that are an episode each, without a call for help."""
    days = sorted(draw(st.sets(st.integers(0, 60), min_size=2, max_size=12)))
    return tuple(msgspec.structs.replace(draw(events(f"e{day}", day * 24)), help_seeking=False) for day in days)


@given(histories(), st.integers())
@settings(deadline=None)
def test_the_order_in_which_facts_arrive_never_changes_the_answer(told: Timeline, seed: int) -> None:
    shuffled = list(told.facts)
    random.Random(seed).shuffle(shuffled)
    arrived = msgspec.structs.replace(told, facts=tuple(shuffled))
    assert answer_json(evaluate(BOOK, arrived)) == answer_json(evaluate(BOOK, told))


@given(histories(assumed=False))
@settings(deadline=None)
def test_a_decision_whose_warning_is_expired_or_void_or_not_yet_issued_changes_no_step(told: Timeline) -> None:
    latest = evaluate(BOOK, told).episodes[-1]
    first, last = latest.started_at, max(fact.occurred_at for fact in told.facts if isinstance(fact, Event))
    inactive = {
        warning.id for warning in warnings_of(BOOK, told) if warning.issued_at > last or warning.ends_at <= first
    }
    without = tuple(fact for fact in told.facts if fact.id not in inactive)
    found = evaluate(BOOK, msgspec.structs.replace(told, facts=without)).episodes[-1]
    assert (found.base, found.climb, found.step, found.outcome) == (
        latest.base,
        latest.climb,
        latest.step,
        latest.outcome,
    )


@given(days_apart(), st.data())
@settings(deadline=None)
def test_a_void_never_raises_a_step(happened: tuple[Event, ...], data: st.DataObject) -> None:
    decisions = tuple(
        decided(f"d{each.id}", each.id, data.draw(st.integers(0, 5)), each.occurred_at) for each in happened
    )
    named = data.draw(st.sampled_from(happened))
    at = named.occurred_at + timedelta(days=data.draw(st.integers(0, 60)))
    before = evaluate(BOOK, timeline(*happened, *decisions, assumed=False)).episodes
    after = evaluate(BOOK, timeline(*happened, *decisions, void("v1", at, event=named.id), assumed=False)).episodes
    assert all(new.step <= old.step for old, new in zip(before, after, strict=True))


@given(histories(), st.data())
@settings(deadline=None)
def test_asking_for_help_never_raises_the_step_of_its_episode(told: Timeline, data: st.DataObject) -> None:
    asking = data.draw(st.sampled_from([fact for fact in told.facts if isinstance(fact, Event)]))
    facts = tuple(msgspec.structs.replace(fact, help_seeking=True) if fact is asking else fact for fact in told.facts)
    before = evaluate(BOOK, told).episodes
    after = evaluate(BOOK, msgspec.structs.replace(told, facts=facts)).episodes
    (place,) = [place for place, episode in enumerate(before) if asking.id in episode.events]
    assert after[place].step <= before[place].step


@given(histories())
@settings(deadline=None)
def test_a_capped_stream_never_goes_above_its_cap_and_step_5_is_only_a_base_of_5(told: Timeline) -> None:
    for episode in evaluate(BOOK, told).episodes:
        assert episode.step <= POLICY.cap.get(episode.stream, 5)
        assert episode.step < 5 or episode.base == 5


@given(histories(st.sampled_from(["SUB-1", "SUB-2", "SUB-4", "SUB-6", "SUB-7", "SUB-9", "RES-3"])))
@settings(deadline=None)
def test_suspicion_alone_never_leads_to_consideration(told: Timeline) -> None:
    for episode in evaluate(BOOK, told).episodes:
        assert (episode.outcome == "case-conference") == (episode.step == 4)
        assert episode.route is None


@given(days_apart(), st.data())
@settings(deadline=None)
def test_removing_an_event_never_raises_the_base_of_another_episode(
    happened: tuple[Event, ...], data: st.DataObject
) -> None:
    removed = data.draw(st.sampled_from(happened))
    bases = {episode.deciding_event: episode.base for episode in evaluate(BOOK, timeline(*happened)).episodes}
    fewer = timeline(*(each for each in happened if each is not removed))
    for episode in evaluate(BOOK, fewer).episodes:
        assert episode.base <= bases[episode.deciding_event]


@given(histories())
@settings(deadline=None)
def test_a_decision_is_never_more_than_listed_among_counted_warnings_of_later_episodes(told: Timeline) -> None:
    own = {fact.id: fact.event for fact in told.facts if isinstance(fact, Decision)}
    for episode in evaluate(BOOK, told).episodes:
        for warning in episode.counted_warnings:
            assert own.get(warning, warning) not in episode.events
