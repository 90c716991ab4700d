"""Whether a draft can judge whatever is logged, and tell those whom it names.

The language allows a policy that cannot; here it is a fault, because one entry could bar a resident's whole record.
"""

from collections.abc import Iterator, Mapping

from ap_log.domain import vocabulary
from ap_log.domain.notices import OFFICERS, REVIEWERS
from ap_log.domain.people import Role
from ap_log.domain.policy.drafting import Document
from ap_log.domain.policy.faults import PlacedFault
from ap_log.domain.policy_drafts import Draft
from ap_log.domain.recommendations import COMPLETED_STEPS

DUTIES = (*REVIEWERS, *OFFICERS, Role.KEY_WORKER)
"""The duties whose holders AP Log can find for a resident, and so tell."""

_LISTS = (
    ("aggravator", vocabulary.AGGRAVATORS, "the list of what raises a step"),
    ("mitigator", vocabulary.MITIGATORS, "the list of what speaks for them"),
)


def faults_in_use(draft: Draft) -> tuple[PlacedFault, ...]:
    """Everything that keeps a draft from being used: the faults of its document, and those beyond it."""
    return (*draft.faults(), *faults_beyond(draft))


def faults_beyond(draft: Draft) -> tuple[PlacedFault, ...]:
    """What it does not cover, but at places where the document itself is wrong."""
    wrong = {each.place for each in draft.faults()}
    return tuple(
        each
        for each in faults_of_coverage(draft.document)
        if not any(place == each.place or place.startswith(f"{each.place} ") for place in wrong)
    )


def faults_of_coverage(document: Document) -> Iterator[PlacedFault]:
    """What can be logged and not be judged, and what would be said to nobody; the words are whole sentences.

    The document may have other faults: what cannot be read in it says nothing here.
    """
    yield from _unjudged(document)
    yield from _unfound(document)
    yield from _untold(document)


def _unjudged(document: Document) -> Iterator[PlacedFault]:
    for code in sorted(_codes_of_the_log() - set(_table(document, "base"))):
        words = vocabulary.CODE_WORDS[code]
        yield PlacedFault(f"base.{code}", f"{code} is missing, and “{words}” can be logged. Give it a step to start at")
    for key, terms, called in _LISTS:
        held = _names(_table(document, key), "any_of")
        for term in terms:
            if term.code not in held:
                yield PlacedFault(f"{key}.any_of", f"“{term.words}” can be logged and has to stay in {called}")


def _unfound(document: Document) -> Iterator[PlacedFault]:
    for number, rule in _rules(document):
        who, then = _names(rule, "who"), _names(rule, "then")
        if not who:
            yield PlacedFault(f"notify {number}.who", f"Choose who is told, or remove this rule (rule {number})")
        yield from (_nobody(f"notify {number}.who", duty) for duty in who if duty not in DUTIES)
        for turn, duty in enumerate(then, start=1):
            if duty not in DUTIES:
                yield _nobody(f"notify {number}.then {turn}", duty)


def _untold(document: Document) -> Iterator[PlacedFault]:
    for step in COMPLETED_STEPS:
        about = [(number, _names(rule, "who")) for number, rule in _rules(document) if rule.get("step") == step]
        if not any(duty in OFFICERS for _, who in about for duty in who):
            place = f"notify {about[0][0]}.who" if about else "notify"
            words = f"Nobody in probation is told of step {step}, and the next move is theirs. Add one"
            yield PlacedFault(place, words)


def _nobody(place: str, duty: str) -> PlacedFault:
    return PlacedFault(place, f"AP Log finds nobody who is “{duty}”. Choose a duty from the list")


def _rules(document: Document) -> list[tuple[int, Mapping[str, object]]]:
    """The rules of who is told, each with its number from 1."""
    rows = document.get("notify")
    listed = rows if isinstance(rows, list) else []
    return [(number, row) for number, row in enumerate(listed, start=1) if isinstance(row, Mapping)]


def _table(document: Document, key: str) -> Mapping[str, object]:
    found = document.get(key)
    return found if isinstance(found, Mapping) else {}


def _names(table: Mapping[str, object], key: str) -> list[str]:
    found = table.get(key)
    return [str(name) for name in found] if isinstance(found, list) else []


def _codes_of_the_log() -> set[str]:
    by_evidence = [happening.by_evidence.values() for happening in vocabulary.HAPPENINGS if happening.by_evidence]
    found = {happening.code for happening in vocabulary.HAPPENINGS}.union(*by_evidence)
    return {code for code in found if code is not None}
