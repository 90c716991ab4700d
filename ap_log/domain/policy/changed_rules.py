"""What changed in the parts of a policy that are lists: their members, the repeat rules, and who is told of a step."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

import msgspec

from ap_log.domain.policy.describe import notice_words, repeat_words, times_words
from ap_log.domain.policy.language import Notify, RepeatRule
from ap_log.domain.policy.phrases import answer_asked, in_time, opening, people, people_in_turn, people_listed
from ap_log.domain.policy.words import step_words

T = TypeVar("T", RepeatRule, Notify)

_REWRITTEN = "Written in another way, which changes no step"


def members(
    old: Sequence[str],
    new: Sequence[str],
    *,
    joins: Callable[[str], str],
    leaves: Callable[[str], str],
    whole: Callable[[Sequence[str]], str],
) -> Iterator[str]:
    """A sentence for each name that joins or leaves a list; where none does, its order or repetitions may differ."""
    yield from (joins(name) for name in dict.fromkeys(new) if name not in old)
    yield from (leaves(name) for name in dict.fromkeys(old) if name not in new)
    if old != new and set(old) == set(new):
        yield f"{_REWRITTEN} – {whole(new)}."


def changed_repeats(old: Sequence[RepeatRule], new: Sequence[RepeatRule]) -> Iterator[str]:
    """What changed in the repeat rules; two different rules for one code are one that changed."""
    compared = _compared(old, new, lambda rule: rule.code)
    for before, now in compared.pairs:
        yield f"{repeat_words(now)}; before, {times_words(before)} started at {step_words(before.base)}."
    yield from (f"New: {repeat_words(rule)}." for rule in compared.come)
    yield from (f"No longer: {repeat_words(rule)}." for rule in compared.gone)
    if old != new and set(old) == set(new):
        yield f"{_REWRITTEN} – repeat rules: {'; '.join(repeat_words(rule) for rule in new)}."


def changed_notices(old: Sequence[Notify], new: Sequence[Notify]) -> Iterator[str]:
    """What changed in who is told; two different notices of one step are one that changed."""
    compared = _compared(old, new, lambda notify: notify.step)
    for before, now in compared.pairs:
        yield from _changed_notice(before, now)
    yield from (f"New: {notice_words(notify)}" for notify in compared.come)
    yield from (f"No longer: {notice_words(notify)}" for notify in compared.gone)
    if old != new and set(old) == set(new):
        yield f"{_REWRITTEN} – who is told: {' '.join(notice_words(notify) for notify in new)}"


class _Compared(msgspec.Struct, Generic[T], frozen=True):
    """Two lists of rules: those that changed, before and now, those only in the new list, and those only in the old."""

    pairs: list[tuple[T, T]]
    come: list[T]
    gone: list[T]


def _compared(old: Sequence[T], new: Sequence[T], about: Callable[[T], object]) -> _Compared[T]:
    """Rules in both lists are passed over. Of the others two are one changed rule if they alone are about a thing."""
    come = [rule for rule in dict.fromkeys(new) if rule not in old]
    gone = [rule for rule in dict.fromkeys(old) if rule not in new]
    alone = Counter(about(rule) for rule in new) | Counter(about(rule) for rule in old)
    pairs = [(before, now) for before in gone for now in come if about(before) == about(now) and alone[about(now)] == 1]
    changed = {rule for pair in pairs for rule in pair}
    return _Compared(
        pairs=pairs,
        come=[rule for rule in come if rule not in changed],
        gone=[rule for rule in gone if rule not in changed],
    )


def _changed_notice(old: Notify, new: Notify) -> Iterator[str]:
    step = step_words(new.step)
    yield from members(
        old.who,
        new.who,
        joins=lambda duty: f"{opening(people(duty))} are now told of {step}.",
        leaves=lambda duty: f"{opening(people(duty))} are no longer told of {step}.",
        whole=lambda duties: f"who is told of {step}: {people_listed(duties)}",
    )
    if old.tell_within != new.tell_within:
        yield f"People are now told of {step}, {in_time(new.tell_within)} instead of {in_time(old.tell_within)}."
    if old.answer != new.answer:
        yield f"People told of {step}, are now asked {answer_asked(new.answer)}; before, {answer_asked(old.answer)}."
    if old.answer_within != new.answer_within:
        yield (
            f"People told of {step}, are now to answer {in_time(new.answer_within)} "
            f"instead of {in_time(old.answer_within)}."
        )
    if old.then != new.then:
        yield (
            f"Where nobody answers in time of {step}, it now goes to {people_in_turn(new.then)}; "
            f"before, to {people_in_turn(old.then)}."
        )
