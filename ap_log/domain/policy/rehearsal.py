"""A draft run over one resident's history: which episodes it would have judged otherwise than the published policy did.

What people did stays as it was: a rehearsal asks what the policy would have said to them, never what they would have
done about it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from ap_log.domain.policy.episodes import Facts, Group, group, places_of
from ap_log.domain.policy.faults import Refused
from ap_log.domain.policy.language import Policy, PolicyBook
from ap_log.domain.policy.replay import replay
from ap_log.domain.policy.rules import Judgement
from ap_log.domain.policy.timeline import Decision, Event, Fact, Timeline


class Kind(StrEnum):
    """How an episode differs. One that is regrouped is compared by the highest of what it became."""

    STEP = "step"
    OUTCOME = "outcome"
    REGROUPED = "regrouped"
    CANNOT_JUDGE = "cannot-judge"


class Unjudged(StrEnum):
    """Why an episode cannot be judged; stands where its outcome would."""

    TWO_DECISIONS = "two-decisions"
    UNKNOWN_CODE = "unknown-code"
    UNKNOWN_WORD = "unknown-word"


class Verdict(msgspec.Struct, frozen=True):
    """What one side says of an episode. `step` is None where it cannot judge it, and `outcome` then says why."""

    code: str
    step: int | None
    outcome: str


class Difference(msgspec.Struct, frozen=True):
    """An episode, or some that the draft joins or splits, that the draft judges otherwise. `entries` are in order."""

    kind: Kind
    started_at: datetime
    entries: tuple[str, ...]
    code: str
    then: Verdict
    draft: Verdict


class Rehearsed(msgspec.Struct, frozen=True):
    """What the draft would have changed for one resident, of so many `episodes` as they were then.

    It is not `comparable` where the facts contradict each other whatever the policy.
    """

    case: str
    episodes: int = 0
    differences: tuple[Difference, ...] = ()
    comparable: bool = True


class Judged(msgspec.Struct, frozen=True):
    """One episode and its verdict, as one side has it."""

    events: tuple[Event, ...]
    verdict: Verdict


def book_with(book: PolicyBook, draft: Policy, since: datetime) -> PolicyBook:
    """The book with the draft in force from `since` on; later versions never came, earlier ones judge what they did."""
    version = max(policy.version for policy in book.policies) + 1
    standing = msgspec.structs.replace(draft, name=book.policies[0].name, version=version, effective_from=since)
    return PolicyBook((*(policy for policy in book.policies if policy.effective_from < since), standing))


def rehearse(book: PolicyBook, rehearsed: PolicyBook, since: datetime, timeline: Timeline) -> Rehearsed:
    """What differs between two books for the episodes that started at `since` or later. Both place the same events."""
    try:
        then, draft = _judged(book, timeline), _judged(rehearsed, timeline)
    except Refused:
        return Rehearsed(timeline.case, comparable=False)
    pairs = [pair for pair in _side_by_side(then, draft) if pair[0][0].events[0].occurred_at >= since]
    differences = (_difference(*pair) for pair in pairs)
    return Rehearsed(
        case=timeline.case,
        episodes=sum(len(pair[0]) for pair in pairs),
        differences=tuple(difference for difference in differences if difference is not None),
    )


def rehearse_all(
    book: PolicyBook, rehearsed: PolicyBook, since: datetime, timelines: Sequence[Timeline]
) -> tuple[Rehearsed, ...]:
    """Several residents, in the order given."""
    return tuple(rehearse(book, rehearsed, since, timeline) for timeline in timelines)


def _judged(book: PolicyBook, timeline: Timeline) -> tuple[Judged, ...]:
    """Every episode with its verdict. Raises Refused where the facts contradict each other whatever the policy."""
    try:
        return tuple(_of(judgement) for judgement in replay(book, timeline).judgements)
    except Refused:
        return _judged_around(book, timeline)


def _of(judgement: Judgement) -> Judged:
    verdict = Verdict(judgement.deciding.event.code, judgement.step, judgement.outcome.value)
    return Judged(judgement.episode.events, verdict)


def _judged_around(book: PolicyBook, timeline: Timeline) -> tuple[Judged, ...]:
    """Every episode, those that the book cannot judge among them, without what keeps it from judging the others.

    One decision of such an episode stays, the firmest: the others would have to be withdrawn before it could be judged.
    """
    facts = Facts.of(timeline, book)
    groups = group(facts.events, book)
    unjudged = _unjudged(groups, facts)
    judged = [
        _of(judgement) for judgement in replay(_lenient(book, facts), _mended(timeline, groups, facts)).judgements
    ]
    for place, why in unjudged.items():
        judged[place] = Judged(judged[place].events, Verdict(why.code, None, why.outcome))
    return tuple(judged)


def _unjudged(groups: tuple[Group, ...], facts: Facts) -> Mapping[int, Verdict]:
    """The places of the episodes that cannot be judged, and why."""
    places = places_of(groups)
    found: dict[int, Verdict] = {}
    for event in facts.events:
        policy = groups[places[event.id]].policy
        if event.code not in policy.base:
            found.setdefault(places[event.id], Verdict(event.code, None, Unjudged.UNKNOWN_CODE.value))
        elif _unknown_words(event, policy):
            found.setdefault(places[event.id], Verdict(event.code, None, Unjudged.UNKNOWN_WORD.value))
    for place, decided in _decisions_by_place(facts, places).items():
        if len(decided) > 1:
            code = groups[place].events[0].code
            found.setdefault(place, Verdict(code, None, Unjudged.TWO_DECISIONS.value))
    return found


def _unknown_words(event: Event, policy: Policy) -> set[str]:
    return {*event.aggravators} - {*policy.aggravator.any_of} | {*event.mitigators} - {*policy.mitigator.any_of}


def _decisions_by_place(facts: Facts, places: Mapping[str, int]) -> Mapping[int, list[Decision]]:
    by_place: dict[int, list[Decision]] = defaultdict(list)
    for decision in facts.decisions:
        if decision.event in places:
            by_place[places[decision.event]].append(decision)
    return by_place


def _lenient(book: PolicyBook, facts: Facts) -> PolicyBook:
    """The book with a base of 0 for every code it does not know, so that groups stay as they are."""
    none = dict.fromkeys((event.code for event in facts.events), 0)
    return PolicyBook(tuple(msgspec.structs.replace(policy, base={**none, **policy.base}) for policy in book.policies))


def _mended(timeline: Timeline, groups: tuple[Group, ...], facts: Facts) -> Timeline:
    """The timeline without unknown words, and with one decision for an episode."""
    places = places_of(groups)
    left_out: set[str] = set()
    for decided in _decisions_by_place(facts, places).values():
        firmest = max(decided, key=lambda decision: (decision.step, decision.decided_at, decision.id))
        left_out |= {decision.id for decision in decided if decision is not firmest}
    kept = (fact for fact in timeline.facts if not _belongs_to(fact, left_out))
    facts_left = tuple(_with_known_words(fact, groups, places) for fact in kept)
    return msgspec.structs.replace(timeline, facts=facts_left)


def _belongs_to(fact: Fact, decisions: set[str]) -> bool:
    return not isinstance(fact, Event) and bool(decisions & {fact.id, getattr(fact, "decision", None) or ""})


def _with_known_words(fact: Fact, groups: tuple[Group, ...], places: Mapping[str, int]) -> Fact:
    if not isinstance(fact, Event) or fact.id not in places:
        return fact
    policy = groups[places[fact.id]].policy
    return msgspec.structs.replace(
        fact,
        aggravators=tuple(word for word in fact.aggravators if word in policy.aggravator.any_of),
        mitigators=tuple(word for word in fact.mitigators if word in policy.mitigator.any_of),
    )


def _side_by_side(
    then: Sequence[Judged], draft: Sequence[Judged]
) -> Iterator[tuple[Sequence[Judged], Sequence[Judged]]]:
    """The fewest episodes of each side that hold the same events: one and one, unless the draft regroups them.

    Both sides hold all events in the same order, so two episodes end together where as many events lie behind them.
    """
    first_then = first_draft = 0
    ends_draft = {end: place + 1 for place, end in enumerate(_ends(draft))}
    for place, end in enumerate(_ends(then)):
        if end in ends_draft:
            yield then[first_then : place + 1], draft[first_draft : ends_draft[end]]
            first_then, first_draft = place + 1, ends_draft[end]


def _ends(side: Iterable[Judged]) -> Iterator[int]:
    count = 0
    for judged in side:
        count += len(judged.events)
        yield count


def _difference(then: Sequence[Judged], draft: Sequence[Judged]) -> Difference | None:
    before, after = _highest(then), _highest(draft)
    kind = _kind(before, after, is_regrouped=len(then) > 1 or len(draft) > 1)
    if kind is None:
        return None
    return Difference(
        kind=kind,
        started_at=then[0].events[0].occurred_at,
        entries=tuple(event.id for judged in then for event in judged.events),
        code=after.code if before.step is None else before.code,
        then=before,
        draft=after,
    )


def _kind(before: Verdict, after: Verdict, *, is_regrouped: bool) -> Kind | None:
    if before.step is None and after.step is None:
        return None
    if before.step is None or after.step is None:
        return Kind.CANNOT_JUDGE
    if is_regrouped:
        return Kind.REGROUPED
    if before.step != after.step:
        return Kind.STEP
    return Kind.OUTCOME if before.outcome != after.outcome else None


def _highest(side: Sequence[Judged]) -> Verdict:
    """The highest verdict, the earliest of equals; what cannot be judged hides all others."""
    return max((judged.verdict for judged in side), key=lambda verdict: 6 if verdict.step is None else verdict.step)
