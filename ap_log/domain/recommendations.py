"""What a person may do with a recommendation: which steps, when a reason is needed, and the heads of steps 4 and 5.

The policy recommends and a person decides. Nothing here decides, recalls, or proposes a type of recall.
"""

import re
from collections import Counter

import msgspec

from ap_log.domain.errors import Fault
from ap_log.domain.policy.episodes import Facts, group, places_of
from ap_log.domain.policy.language import PolicyBook
from ap_log.domain.policy.timeline import Timeline
from ap_log.domain.vocabulary import Term

REASON_LIMIT = 2000
"""Characters of one reason: a page is more than anybody reads."""

HEAD_LIMIT = 2500
"""Characters under one head: more than a page, and all heads together within the largest form that is taken."""

DETAILS_LIMIT = 300
"""Characters about one alternative that was tried: what it was and its dates."""

STEPS = (0, 1, 2, 3, 4, 5)
WARNING_STEPS = (1, 2, 3)
COMPLETED_STEPS = (4, 5)
"""The steps that go to a probation practitioner as a completed recommendation."""

ALTERNATIVES: tuple[Term, ...] = (
    Term("WARNINGS_LETTER", "Warnings or licence breach letters", "Say when each was given"),
    Term("INCREASED_FREQUENCY", "Reporting more often"),
    Term("EXTRA_LICENCE_CONDITIONS", "Extra licence conditions"),
    Term("REFERRAL_TO_OTHER_TEAMS", "Referral to another team"),
    Term("REFERRAL_TO_PARTNERSHIP_AGENCIES", "Referral to a partner agency"),
    Term("REFERRAL_TO_APPROVED_PREMISES", "Referral to an Approved Premises"),
    Term("DRUG_TESTING", "Drug testing"),
    Term("ALTERNATIVE_TO_RECALL_OTHER", "Something else"),
)

NO_ALTERNATIVE = Term("NONE", "Nothing else has been tried")

HEADS: tuple[Term, ...] = (
    Term("immediate_risk", "Immediate risk", "What could happen next, how soon, and how bad it would be"),
    Term(
        "who_is_vulnerable", "Who is vulnerable", "The resident, other residents, staff, family, children, anyone else"
    ),
    Term("current_circumstances", "Current circumstances", "Where they are now, how they are, and what has changed"),
    Term("alternatives", "Alternatives tried", "Tick what has been tried, and say when and how it went"),
    Term("protective_factors", "Protective factors", "What helps: people, treatment, work, their own efforts"),
)

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HEAD_WORDS = {head.code: head.words.lower() for head in HEADS}
_ALTERNATIVE_WORDS = {term.code: term.words for term in (*ALTERNATIVES, NO_ALTERNATIVE)}


class AlternativeTried(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One alternative, by its code, with what was done and when in words."""

    code: str
    details: str = ""


class Heads(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The completed recommendation of step 4 or 5: the five heads, and what the resident says of it.

    One of `resident_says` and `not_asked_because` is filled in.
    """

    immediate_risk: str = ""
    who_is_vulnerable: str = ""
    current_circumstances: str = ""
    alternatives: tuple[AlternativeTried, ...] = ()
    protective_factors: str = ""
    resident_says: str = ""
    not_asked_because: str = ""


class Choice(msgspec.Struct, frozen=True):
    """What a person chose. `id` is made with the form, so that sending it twice makes one decision."""

    id: str
    step: int | None
    reason: str = ""
    heads: Heads | None = None


class Grounds(msgspec.Struct, frozen=True):
    """Why a person voids a warning, withdraws a decision or lets one stand. `id` is made with the form."""

    id: str
    reason: str


def needs_completion(step: int) -> bool:
    """Whether a step is sent as a completed recommendation with the five heads."""
    return step in COMPLETED_STEPS


def is_departure(recommended: int | None, step: int) -> bool:
    """Whether a chosen step differs from the recommended one. Then a reason is always required."""
    return step != recommended


def needs_area_manager(recommended: int | None, step: int, limit: int) -> bool:
    """Whether a departure is so large that an area manager sees it; `limit` is the policy's, in steps."""
    return recommended is not None and abs(step - recommended) >= limit


def alternative_words(code: str) -> str:
    """The words for the code of an alternative."""
    return _ALTERNATIVE_WORDS[code]


def faults_of_choice(choice: Choice, recommended: int | None) -> list[Fault]:
    """Everything wrong with a choice, each fault naming its field."""
    if choice.step is None or choice.step not in STEPS:
        return [Fault("step", "Choose the step you are issuing")]
    faults = faults_of_id(choice.id)
    faults += faults_of_reason(choice.reason, required=is_departure(recommended, choice.step))
    if needs_completion(choice.step):
        faults += faults_of_heads(choice.heads or Heads())
    elif choice.heads is not None:
        faults.append(Fault("step", "Only steps 4 and 5 are sent with the five heads"))
    return faults


def faults_of_grounds(grounds: Grounds) -> list[Fault]:
    """What is wrong with the grounds of a void, a withdrawal or a decision kept: a reason is always required."""
    return faults_of_id(grounds.id) + faults_of_reason(grounds.reason)


def faults_of_id(made_with_form: str) -> list[Fault]:
    """What is wrong with the id a form carries; forms are given one when they are shown."""
    if _ID.fullmatch(made_with_form):
        return []
    return [Fault("id", "Open the page again before you send this: the number it was given has been lost")]


def faults_of_reason(reason: str, *, required: bool = True) -> list[Fault]:
    """What is wrong with a reason; with `required`, an empty one too."""
    if required and not reason.strip():
        return [Fault("reason", "Say why, in your own words")]
    return _too_long("reason", "Your reason", reason, REASON_LIMIT)


def faults_of_heads(heads: Heads) -> list[Fault]:
    """What is missing from the five heads or too long in them, in the order of the page."""
    faults = []
    for name in ("immediate_risk", "who_is_vulnerable", "current_circumstances"):
        faults += _faults_of_head(heads, name)
    faults += _faults_of_alternatives(heads.alternatives)
    faults += _faults_of_head(heads, "protective_factors")
    return faults + _faults_of_account(heads)


def _faults_of_head(heads: Heads, name: str) -> list[Fault]:
    text, words = getattr(heads, name), _HEAD_WORDS[name]
    if not text.strip():
        return [Fault(name, f"Write something under {words}, even if it is that nothing is known yet")]
    return _too_long(name, f"What you write under {words}", text, HEAD_LIMIT)


def _faults_of_alternatives(tried: tuple[AlternativeTried, ...]) -> list[Fault]:
    codes = [each.code for each in tried]
    if not codes:
        return [Fault("alternatives", "Tick what has been tried, or that nothing else has been tried")]
    if any(code not in _ALTERNATIVE_WORDS for code in codes) or len(set(codes)) < len(codes):
        return [Fault("alternatives", "Choose each alternative from the list once")]
    if NO_ALTERNATIVE.code in codes and len(codes) > 1:
        return [Fault("alternatives", "Tick what has been tried, or that nothing else has been tried, not both")]
    return [fault for each in tried if each.code != NO_ALTERNATIVE.code for fault in _faults_of_details(each)]


def _faults_of_details(tried: AlternativeTried) -> list[Fault]:
    field, words = details_field(tried.code), alternative_words(tried.code).lower()
    if not tried.details.strip():
        return [Fault(field, f"Say when and how it went: {words}")]
    return _too_long(field, f"What you write about {words}", tried.details, DETAILS_LIMIT)


def details_field(code: str) -> str:
    """The form field for the details of an alternative."""
    return f"details-{code}"


def _faults_of_account(heads: Heads) -> list[Fault]:
    says, not_asked = heads.resident_says.strip(), heads.not_asked_because.strip()
    if not says and not not_asked:
        return [Fault("resident_says", "Write what the resident says, or why they have not been asked")]
    if says and not_asked:
        return [Fault("not_asked_because", "Write what the resident says, or why they were not asked, not both")]
    return [
        *_too_long("resident_says", "What the resident says", heads.resident_says, HEAD_LIMIT),
        *_too_long("not_asked_because", "Why they were not asked", heads.not_asked_because, HEAD_LIMIT),
    ]


def _too_long(field: str, words: str, text: str, limit: int) -> list[Fault]:
    return [Fault(field, f"{words} must be {limit:,} characters or fewer")] if len(text) > limit else []


def clashing_decisions(timeline: Timeline, book: PolicyBook) -> frozenset[str]:
    """Ids of the decisions that share an episode with another. A person has to withdraw all but one of them."""
    facts = Facts.of(timeline, book)
    places = places_of(group(facts.events, book))
    episodes = Counter(places.get(decision.event) for decision in facts.decisions)
    return frozenset(decision.id for decision in facts.decisions if episodes[places.get(decision.event)] > 1)
