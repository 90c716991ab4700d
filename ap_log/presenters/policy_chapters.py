"""What the editor asks in each chapter of a policy: every figure, choice and list that there is one of."""

from ap_log.domain import vocabulary
from ap_log.domain.policy.drafting import Document
from ap_log.domain.policy.words import mid_sentence
from ap_log.domain.vocabulary import Term
from ap_log.presenters.policy_questions import (
    AGGRAVATORS,
    CODES,
    STEPS,
    STREAMS,
    Group,
    Kind,
    Question,
    codes_in,
    keys_at,
    known_or,
    names_at,
    number,
    step,
    steps_more,
    streams_in,
    ticks,
    value_at,
)


def groups(chapter: str, document: Document) -> tuple[Group, ...]:
    """The questions of a chapter that every policy answers; what `policy_rules` asks about is not among them."""
    return _GROUPS[chapter](document) if chapter in _GROUPS else ()


def _times(_: Document) -> tuple[Group, ...]:
    lasting = "Counted on the clock from when it was issued, over every clock change."
    return (
        Group(
            title="How long a warning stays active",
            hint=f"While it is active, the next episode of the same kind goes one step further. {lasting}",
            questions=tuple(
                number(("warning_days", str(step)), name, "days", said=f"How long a {mid_sentence(name)} stays active")
                for step, name in ((1, "Verbal warning"), (2, "First written warning"), (3, "Final written warning"))
            ),
        ),
        Group(
            title="Hours and the clock",
            questions=(
                number(
                    ("episode_window_hours",),
                    "How long an episode takes in more",
                    "hours",
                    "What happens within this time of its first event is judged as one episode.",
                ),
                number(
                    ("fit_to_warn_hours",),
                    "How long a warning waits after intoxication",
                    "hours",
                    "Nobody is warned before they can take it in. 0 means at once.",
                ),
                Question(
                    path=("time_zone",),
                    kind=Kind.TEXT,
                    label="Time zone",
                    said="The time zone",
                    hint="On whose clock days are counted, such as Europe/London.",
                ),
            ),
        ),
    )


def _base(_: Document) -> tuple[Group, ...]:
    return tuple(
        Group(
            title=stream.words,
            questions=tuple(_base_of(term.code) for term in CODES if term.code.startswith(stream.code)),
        )
        for stream in STREAMS
    )


def _base_of(code: str) -> Question:
    return Question(
        path=("base", code),
        kind=Kind.STEP,
        label=f"{code} {vocabulary.CODE_WORDS[code]}",
        said=f"The step of {code}",
        options=STEPS,
        blank="Not in this policy",
        may_be_absent=True,
    )


def _climb(document: Document) -> tuple[Group, ...]:
    capped = keys_at(document, ("cap",))
    return (
        Group(
            title="Final warnings",
            questions=(
                ticks(
                    ("climb", "final_crosses"),
                    "Where final warnings count for each other",
                    streams_in(document, names_at(document, ("climb", "final_crosses"))),
                    "A final warning in one of these leads to step 4 for the next event in any of them.",
                ),
            ),
        ),
        Group(
            title="What climbs less",
            questions=(
                step(("climb", "low_cap", "max"), "Highest step by climbing", "For what is ticked below."),
                ticks(
                    ("climb", "low_cap", "codes"),
                    "What climbs no further than that",
                    codes_in(document, chosen=names_at(document, ("climb", "low_cap", "codes"))),
                ),
            ),
        ),
        Group(
            title="The highest step of a whole subject",
            hint="Nothing goes above it, whatever came before.",
            questions=tuple(_cap(term) for term in streams_in(document, capped)),
        ),
    )


def _cap(stream: Term) -> Question:
    return Question(
        path=("cap", stream.code),
        kind=Kind.STEP,
        label=stream.words,
        said=f"The highest step of {mid_sentence(stream.words)}",
        options=STEPS,
        blank="No highest step",
        may_be_absent=True,
    )


def _raising(document: Document) -> tuple[Group, ...]:
    any_aggravator = known_or(AGGRAVATORS, names_at(document, ("aggravator", "any_of")))
    any_mitigator = known_or(vocabulary.MITIGATORS, names_at(document, ("mitigator", "any_of")))
    return (
        Group(
            title="What makes it worse",
            questions=(
                ticks(("aggravator", "any_of"), "Any of these makes an event worse", any_aggravator),
                step(("aggravator", "min_base"), "From which step it counts", "An event below it is not raised."),
                steps_more(("aggravator", "add"), "How many steps it adds", "Once, however many are ticked."),
                step(("aggravator", "max"), "Highest step it can lead to"),
            ),
        ),
        Group(
            title="What speaks for the resident",
            questions=(
                ticks(("mitigator", "any_of"), "Any of these lets a person go lower", any_mitigator),
                steps_more(("mitigator", "subtract"), "How many steps lower", "A person chooses, and says why."),
                step(("mitigator", "max_step"), "Up to which step it counts"),
            ),
        ),
        Group(
            title="Asking for help",
            hint="Where an episode begins with a call for help, what is ticked here starts at step 0.",
            questions=(
                ticks(
                    ("help_seeking", "streams"),
                    "What asking for help covers",
                    streams_in(document, names_at(document, ("help_seeking", "streams"))),
                ),
                ticks(
                    ("help_seeking", "except"),
                    "But never",
                    codes_in(document, chosen=names_at(document, ("help_seeking", "except"))),
                ),
            ),
        ),
    )


def _guard(document: Document) -> tuple[Group, ...]:
    only = Term("4", "4: For the officer to consider")
    return (
        Group(
            title="Evidence before step 4",
            hint="Where none of these was logged, in this episode or one whose warning is active, step 4 is a case "
            "conference and goes no further.",
            questions=(
                ticks(
                    ("evidence_guard", "any_of"),
                    "What is firm enough",
                    codes_in(document, chosen=names_at(document, ("evidence_guard", "any_of"))),
                ),
                Question(
                    path=("evidence_guard", "step"),
                    kind=Kind.STEP,
                    label="The step that needs it",
                    said="The step that needs firm evidence",
                    options=(only,),
                    hint="Only step 4 has a case conference to fall back on.",
                ),
            ),
        ),
        Group(
            title="When a manager decides otherwise",
            questions=(
                number(
                    ("departure", "needs_area_manager_at"),
                    "From how many steps of difference the area manager is told",
                    "steps",
                    "1 means every difference is shown to the area manager.",
                ),
            ),
        ),
    )


def _routes(document: Document) -> tuple[Group, ...]:
    in_use = [str(value_at(document, ("routes", term.code)) or "") for term in vocabulary.LEGAL_STATUSES]
    options = known_or(vocabulary.ROUTES, in_use)
    return (
        Group(
            questions=tuple(
                Question(
                    path=("routes", term.code),
                    kind=Kind.CHOICE,
                    label=term.words,
                    said=f"What steps 4 and 5 lead to for {mid_sentence(term.words)}",
                    options=options,
                )
                for term in vocabulary.LEGAL_STATUSES
            ),
        ),
    )


_GROUPS = {
    "times": _times,
    "base": _base,
    "climb": _climb,
    "raising": _raising,
    "guard": _guard,
    "routes": _routes,
}
