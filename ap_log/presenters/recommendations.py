"""A recommendation as people read it: the step, what happened, why, and what the person who decides should know."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from ap_log.domain.policy.language import Policy
from ap_log.domain.policy.words import mid_sentence
from ap_log.domain.recommendations import STEPS, needs_area_manager, needs_completion
from ap_log.domain.records import DecisionRecord, EntryRecord, Reason, RecommendationRecord, Record
from ap_log.presenters import words
from ap_log.presenters.times import Moment, moment, when
from ap_log.presenters.words import Step

ROUTE_CLAUSES = {
    "recall-consideration": "recall is considered",
    "breach-consideration": "breach proceedings are considered",
    "bail-breach-report": "a report to the police or the court is considered",
    "placement-review": "the placement is reviewed",
}
"""What is recommended at the end of the ladder, by the policy's route; each ends "You are recommending that …"."""

_OTHER_ROUTE = "what happens next is considered"
_CASE_CONFERENCE = "case-conference"
_SHOWN_AS_CAUTION = "fitness"


class Link(msgspec.Struct, frozen=True):
    href: str
    words: str


class ReasonLine(msgspec.Struct, frozen=True):
    """A reason in words, and links to the entries and decisions that it rests on."""

    words: str
    links: tuple[Link, ...]


class Panel(msgspec.Struct, frozen=True):
    """One episode's recommendation. `step` is None where the policy could not judge; then `faults` says why.

    `caution` is what must be heeded first; `question` is set where a decision is to be looked at again, and then
    `turn` says it in one line, `changes` what has come since and `effect` what a new decision does to the earlier one.
    """

    id: str
    step: Step | None
    happened: str
    started: Moment
    reasons: tuple[ReasonLine, ...]
    caution: str | None
    policy: str
    waited: str
    question: str | None
    turn: str | None
    changes: tuple[str, ...]
    effect: str | None
    faults: tuple[str, ...]


class Option(msgspec.Struct, frozen=True):
    """A step that may be issued in place of the recommended one."""

    step: Step
    hint: str | None


def panel(recommendation: RecommendationRecord, record: Record, now: datetime, *, page: str = "") -> Panel:
    """A recommendation with its reasons; `page` is the address of the resident's page where it is not this one."""
    labels = fact_labels(record, now, page)
    return Panel(
        id=recommendation.id,
        step=step_of(recommendation),
        happened=happened(recommendation.episode, record.entries),
        started=moment(recommendation.started_at, now),
        reasons=tuple(_reason(each, labels) for each in recommendation.reasons if each.rule != _SHOWN_AS_CAUTION),
        caution=caution(recommendation, now),
        policy=policy_words(recommendation.policy),
        waited=waited(now - recommendation.waiting_since),
        question=question(recommendation, record, now),
        turn=turn(recommendation, record),
        changes=changes(recommendation, record, now),
        effect=_effect(recommendation, record),
        faults=tuple(readable(fault, labels) for fault in recommendation.faults),
    )


def step_of(recommendation: RecommendationRecord) -> Step | None:
    """The recommended step, named by its outcome and route; None where the policy could not judge."""
    if recommendation.step is None:
        return None
    return words.step(recommendation.step, recommendation.outcome, recommendation.route)


def happened(episode: tuple[str, ...], entries: tuple[EntryRecord, ...]) -> str:
    """What happened in an episode, each thing once, in the order it happened."""
    held = [entry for entry in reversed(entries) if entry.entry.id in episode]
    return happening_list(entry.entry.happening for entry in sorted(held, key=lambda entry: entry.occurred_at))


def happening_list(keys: Iterable[str]) -> str:
    """Happenings in plain words, each once, joined as in a sentence."""
    said = list(dict.fromkeys(words.happening_words(key) for key in keys))
    return "; ".join(said) or "Nothing that is still on the record"


def caution(recommendation: RecommendationRecord, now: datetime) -> str | None:
    """What must be heeded before anything is issued: that the resident is not fit to be warned yet."""
    not_before = recommendation.warn_not_before
    if not_before is None or not_before <= now:
        return None
    fit = when(not_before, now)
    return f"Do not give the warning before {fit}. They were under the influence, and may not take it in."


def question(recommendation: RecommendationRecord, record: Record, now: datetime) -> str | None:
    """Which decision has to be looked at again, in a sentence; None where none has."""
    if not recommendation.look_again:
        return None
    decided = _decided(recommendation, record)
    step = words.step(decided.step)
    return f"{decided.by} decided step {step.number}, {step.name.lower()}, {when(decided.at, now)}."


def changes(recommendation: RecommendationRecord, record: Record, now: datetime) -> tuple[str, ...]:
    """What has come since a person last looked at the decision in question, a sentence each; none where none is."""
    if not recommendation.look_again:
        return ()
    decided = _decided(recommendation, record)
    entries = _entries_since(decided, recommendation, record)
    return (*(_came(each, now) for each in entries), *_taken_back(_others(decided, record), _looked_at(decided), now))


def turn(recommendation: RecommendationRecord, record: Record) -> str | None:
    """From which step to which, and what came in between, in one line; None where no decision is in question."""
    if not recommendation.look_again:
        return None
    decided = _decided(recommendation, record)
    causes = "; ".join(_causes(decided, recommendation, record))
    line = f"Step {decided.step} → {_turned_to(recommendation.step, decided.step)}"
    return f"{line}: {causes} after {decided.by} decided" if causes else line


def _turned_to(step: int | None, decided: int) -> str:
    if step is None:
        return "the policy cannot judge"
    return f"still step {step}" if step == decided else f"step {step}"


def _causes(decided: DecisionRecord, recommendation: RecommendationRecord, record: Record) -> Iterable[str]:
    """What has come since a person last looked, in a few words each."""
    came: dict[str, list[str]] = {}
    for entry in _entries_since(decided, recommendation, record):
        became = "logged" if entry.version == 1 else "changed"
        came.setdefault(became, []).append(mid_sentence(words.happening_words(entry.entry.happening)))
    for became, happenings in came.items():
        yield f"{'; '.join(dict.fromkeys(happenings))}, {became}"
    looked = _looked_at(decided)
    for each in _others(decided, record):
        if each.void is not None and each.void.at > looked:
            yield f"a {words.step(each.step).name.lower()} was declared void"
        if each.withdrawal is not None and each.at <= looked < each.withdrawal.at:
            yield "an earlier decision was withdrawn"


def _looked_at(decided: DecisionRecord) -> datetime:
    """When a person last looked at a decision: when it was made, or kept."""
    return max([decided.at, *(act.at for act in decided.kept)])


def _entries_since(
    decided: DecisionRecord, recommendation: RecommendationRecord, record: Record
) -> tuple[EntryRecord, ...]:
    """The entries a recommendation rests on that came since a person last looked, the oldest first."""
    rests_on = {fact for reason in recommendation.reasons for fact in reason.facts} | set(recommendation.episode)
    looked = _looked_at(decided)
    return tuple(each for each in reversed(record.entries) if each.entry.id in rests_on and each.received_at > looked)


def _others(decided: DecisionRecord, record: Record) -> tuple[DecisionRecord, ...]:
    """The other decisions of a record, the oldest first."""
    return tuple(each for each in reversed(record.decisions) if each.id != decided.id)


def _decided(recommendation: RecommendationRecord, record: Record) -> DecisionRecord:
    return next(each for each in record.decisions if each.id == recommendation.decision_id)


def _came(entry: EntryRecord, now: datetime) -> str:
    became = "was logged" if entry.version == 1 else "came again, changed"
    return f"Since then: {words.happening_words(entry.entry.happening)} ({when(entry.occurred_at, now)}) {became}."


def _taken_back(decisions: Iterable[DecisionRecord], looked: datetime, now: datetime) -> Iterable[str]:
    for each in decisions:
        name, made = words.step(each.step).name.lower(), when(each.at, now)
        if each.void is not None and each.void.at > looked:
            yield f"Since then: the {name} of {made} was declared void."
        if each.withdrawal is not None and each.at <= looked < each.withdrawal.at:
            yield f"Since then: the decision of {made} ({name}) was withdrawn."


def _effect(recommendation: RecommendationRecord, record: Record) -> str | None:
    if not recommendation.look_again:
        return None
    step = _decided(recommendation, record).step
    return f"A new decision takes the place of step {step}: the earlier one is withdrawn."


def options(recommendation: RecommendationRecord, policy: Policy) -> tuple[Option, ...]:
    """The other steps a person may issue, lowest first, with what each brings with it."""
    return tuple(
        Option(words.step(step), _hint(step, recommendation, policy)) for step in STEPS if step != recommendation.step
    )


def _hint(step: int, recommendation: RecommendationRecord, policy: Policy) -> str | None:
    said = []
    if step == recommendation.may_reduce_to:
        said.append("The policy lets you reduce to this.")
    if needs_completion(step):
        said.append("You complete the five heads next.")
    if needs_area_manager(recommendation.step, step, policy.needs_area_manager_at):
        said.append("The area manager will be told.")
    return " ".join(said) or None


def recommending(outcome: str, route: str | None) -> str:
    """What the five heads are sent with: that the decision is somebody else's."""
    if outcome == _CASE_CONFERENCE:
        return "You are recommending a case conference. What follows from it is for them to decide."
    return f"You are recommending that {route_clause(route)}. The decision is theirs."


def route_clause(route: str | None) -> str:
    """A route of the policy as the end of a sentence; one that an area has added is not named."""
    return ROUTE_CLAUSES.get(route or "", _OTHER_ROUTE)


def policy_words(label: str) -> str:
    """A policy's label in words: "ap-default/2" is "Policy version 2". Of several versions each number is named."""
    *others, last = version_numbers(label)
    return f"Policy versions {', '.join(others)} and {last}" if others else f"Policy version {last}"


def version_numbers(label: str) -> list[str]:
    """The numbers of the versions in a label, which may name several."""
    return [each.rpartition("/")[2] for each in label.split(",")]


def waited(length: timedelta) -> str:
    """How long something has waited, in its two largest units: "2 hours 10 minutes", "3 days 4 hours"."""
    minutes = max(int(length.total_seconds() // 60), 0)
    parts = [(minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute")]
    while parts and parts[0][0] == 0:
        parts.pop(0)
    said = [f"{number} {unit}" if number == 1 else f"{number} {unit}s" for number, unit in parts[:2] if number]
    return " ".join(said) or "less than a minute"


def fact_labels(record: Record, now: datetime, page: str = "") -> Mapping[str, Link]:
    """For every entry and decision of a record by id: where it stands and what to call it."""
    labels = {
        each.entry.id: Link(
            f"{page}#entry-{each.entry.id}",
            f"{words.happening_words(each.entry.happening)}, {when(each.occurred_at, now)}",
        )
        for each in record.entries
    }
    for decision in record.decisions:
        name = f"{words.step(decision.step).name}, {when(decision.at, now)}"
        labels[decision.id] = Link(f"{page}#decision-{decision.id}", name)
    return labels


def _reason(reason: Reason, labels: Mapping[str, Link]) -> ReasonLine:
    return ReasonLine(reason.text, tuple(labels[fact] for fact in reason.facts if fact in labels))


def readable(fault: str, labels: Mapping[str, Link]) -> str:
    """A fault of the facts with the names of entries and decisions in place of their ids."""
    for word in {token.strip(":,;.\"'()") for token in fault.split()}:
        if word in labels:
            fault = fault.replace(word, f"“{labels[word].words}”")
    return fault
