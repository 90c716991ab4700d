"""The words people choose from, and the codes behind them. Data, not rules: the phone gets the same lists.

A code is never renamed or reused: entries keep the code they were made with.
"""

import msgspec


class Term(msgspec.Struct, frozen=True):
    """One choice: its code, the plain words, and a hint where the words need one."""

    code: str
    words: str
    hint: str | None = None


class Happening(msgspec.Struct, frozen=True):
    """What a worker says happened. `by_evidence` picks the code from the evidence level; otherwise `code` is it.

    `asks_intoxicated`: the form asks whether the person was under the influence at the time.
    """

    key: str
    words: str
    group: str
    code: str | None = None
    by_evidence: dict[str, str | None] | None = None
    hint: str | None = None
    asks_intoxicated: bool = False


class SignGroup(msgspec.Struct, frozen=True):
    """Signs that count together towards the evidence level."""

    letter: str
    words: str
    signs: tuple[Term, ...]


SUSPECTED_USE: dict[str, str | None] = {"E0": None, "E1": "SUB-1", "E2": "SUB-2", "E3": "SUB-3"}

HAPPENING_GROUPS: tuple[Term, ...] = (
    Term("substances", "Drugs, alcohol and medicines"),
    Term("behaviour", "Behaviour and safety"),
    Term("house", "Curfew and house rules"),
    Term("support", "Charges, support and health"),
)

HAPPENINGS: tuple[Happening, ...] = (
    Happening("under-influence", "Seems under the influence", "substances", by_evidence=SUSPECTED_USE),
    Happening("possession", "Had a drug on them or in their room", "substances", "SUB-4", hint="A personal amount"),
    Happening("test-refused", "Refused or tampered with a test", "substances", "SUB-5"),
    Happening("paraphernalia", "Pipe, foil, needle or other kit found", "substances", "SUB-6", hint="No drug found"),
    Happening("alcohol", "Alcohol brought in, or drunk", "substances", "SUB-7"),
    Happening("medicine", "Medicine misused, hidden or passed on", "substances", "SUB-9"),
    Happening("supply", "Supplying, a quantity, or dealing items", "substances", "SUB-8"),
    Happening("disruptive", "Disruptive or abusive", "behaviour", "CON-1", asks_intoxicated=True),
    Happening("threat", "Threat or aggression, no contact", "behaviour", "CON-2", asks_intoxicated=True),
    Happening("assault", "Assault, weapon, arson or sexual incident", "behaviour", "CON-3", asks_intoxicated=True),
    Happening("bullying", "Bullying, debt or pressure on a resident", "behaviour", "CON-4", asks_intoxicated=True),
    Happening("search-refused", "Refused or obstructed a search", "behaviour", "CON-5", asks_intoxicated=True),
    Happening("late-30", "Late, up to 30 minutes", "house", "RES-1", asks_intoxicated=True),
    Happening("late-2h", "Late, over 30 minutes, back within 2 hours", "house", "RES-2", asks_intoxicated=True),
    Happening("late-back", "Late, 2 hours or more, came back", "house", "RES-3", asks_intoxicated=True),
    Happening("not-back", "Not back at 06:00, or whereabouts unknown", "house", "RES-4"),
    Happening("sign-ins-2", "Missed 2 sign-ins in 7 days", "house", "RES-5"),
    Happening("sign-ins-4", "Missed 4 sign-ins in 14 days", "house", "RES-6"),
    Happening("guest", "Guest or room not allowed", "house", "RES-7"),
    Happening("alarm", "Alarm, CCTV or door tampered with", "house", "RES-8"),
    Happening("charges-2", "Charges 2 weeks behind, no plan", "support", "CHG-1"),
    Happening("charges-4", "Charges 4 weeks behind, no plan", "support", "CHG-2"),
    Happening("appointments", "Missed 2 support appointments in 21 days", "support", "ENG-1"),
    Happening("appointments-required", "The same, required by licence or order", "support", "ENG-2"),
    Happening("medical", "Medical emergency", "support", "MED-1"),
    Happening("safeguarding", "Safeguarding concern", "support", "SAF-1"),
)

CODE_WORDS: dict[str, str] = {
    "SUB-1": "Suspected use",
    "SUB-2": "Strongly suspected use",
    "SUB-3": "Confirmed use",
    **{happening.code: happening.words for happening in HAPPENINGS if happening.code is not None},
}

SIGN_GROUPS: tuple[SignGroup, ...] = (
    SignGroup(
        "P",
        "Body",
        (
            Term("eyes-glassy", "Glassy or bloodshot eyes"),
            Term("pupils-wide", "Wide pupils"),
            Term("pupils-pinpoint", "Pinpoint pupils"),
            Term("colour-pale", "Pale, grey or flushed"),
            Term("sweating", "Sweating or very hot"),
            Term("vomiting", "Vomiting"),
        ),
    ),
    SignGroup(
        "M",
        "Movement",
        (
            Term("swaying", "Swaying or staggering"),
            Term("frozen", "Frozen or slumped"),
            Term("tremor", "Shaking or twitching"),
            Term("slurred", "Slurred speech"),
            Term("drowsy", "Drowsy, hard to rouse"),
        ),
    ),
    SignGroup(
        "X",
        "Mind",
        (
            Term("confused", "Confused"),
            Term("paranoid", "Frightened or suspicious"),
            Term("hallucinating", "Seeing or hearing things"),
        ),
    ),
    SignGroup(
        "B",
        "Out of character",
        (
            Term("agitated", "Agitated or restless"),
            Term("aggressive", "Aggressive"),
            Term("withdrawn", "Withdrawn, not answering"),
        ),
    ),
    SignGroup(
        "O",
        "Smell or kit",
        (
            Term("smell", "Smell or smoke"),
            Term("kit", "Pipe, vape, foil or packet"),
        ),
    ),
    SignGroup(
        "W",
        "Seen by others",
        (
            Term("witness", "A credible witness"),
            Term("cctv", "CCTV"),
        ),
    ),
    SignGroup("A", "What they said", (Term("admitted", "Clearly said they used, when fit to talk"),)),
    SignGroup(
        "T",
        "Test",
        (
            Term("on-site-positive", "On-site test not negative"),
            Term("laboratory-positive", "Laboratory confirmed"),
        ),
    ),
)

EVIDENCE_LEVELS: tuple[Term, ...] = (
    Term("E0", "Concern only", "No sign is ticked. It is kept as a note and counts for nothing."),
    Term("E1", "Suspected", "Signs of one kind, or other causes not yet thought about."),
    Term("E2", "Strongly suspected", "Signs of two or more kinds, and other causes thought about."),
    Term("E3", "Confirmed", "A laboratory result, or their own clear words when fit to talk."),
)

SUBSTANCES: tuple[Term, ...] = (
    Term("UN00", "Not known"),
    Term("SC00", "Spice or other synthetic cannabinoid"),
    Term("SC02", "Spice on paper"),
    Term("SC03", "Vape liquid"),
    Term("ST00", "Stimulant", "Cocaine, crack, amphetamine, mephedrone"),
    Term("SD00", "Sedative or street tablets", "Sold as Valium, Xanax, pregabalin"),
    Term("OP00", "Opioid", "Heroin, methadone, nitazene, fentanyl"),
    Term("HA00", "Hallucinogen or ketamine"),
    Term("CN00", "Cannabis"),
    Term("SD20", "Alcohol"),
    Term("UN02", "Medicine not prescribed to them"),
    Term("UN03", "Solvent or gas"),
    Term("UN99", "Something else", "Say what in the words below"),
)

ACTIONS_TAKEN: tuple[Term, ...] = (
    Term("stayed", "Stayed with them"),
    Term("called-999", "Called 999"),
    Term("naloxone", "Gave naloxone"),
    Term("checks", "Started regular checks"),
    Term("searched", "Searched room or belongings"),
    Term("police", "Called the police"),
    Term("manager-called", "Called the on-duty manager"),
)

AGGRAVATORS: tuple[Term, ...] = (
    Term("victim-staff", "A member of staff was the victim"),
    Term("victim-roommate", "A roommate was the victim"),
    Term("debt-or-bullying-of-resident", "Debt or bullying of a resident came into it"),
)

MITIGATORS: tuple[Term, ...] = (
    Term("told-staff-first", "They told staff first"),
    Term("attended-treatment-7-days", "Went to treatment in the last 7 days"),
)

LEGAL_STATUSES: tuple[Term, ...] = (
    Term("licence", "Licence"),
    Term("community-order", "Community order"),
    Term("suspended-sentence-order", "Suspended sentence order"),
    Term("bail", "Bail"),
    Term("post-sentence-supervision", "Post-sentence supervision"),
)

STEPS: tuple[Term, ...] = (
    Term("0", "Support"),
    Term("1", "Verbal warning"),
    Term("2", "First written warning"),
    Term("3", "Final written warning", "With a three-way meeting"),
    Term("4", "For the officer to consider", "A manager puts it to the probation practitioner"),
    Term("5", "Immediate danger or whereabouts unknown", "The on-duty manager decides now"),
)

ROUTES: tuple[Term, ...] = (
    Term("recall-consideration", "Recall to be considered"),
    Term("breach-consideration", "Breach to be considered"),
    Term("bail-breach-report", "Bail breach report to be considered"),
    Term("placement-review", "Placement to be reviewed"),
)

CALL_999: tuple[str, ...] = (
    "They do not answer you, or answer only to pain",
    "They have a seizure",
    "Breathing is slow, shallow, noisy or has stopped, or fast and not settling in 15 minutes",
    "Lips or nails are blue or grey, or skin is cold and clammy",
    "Pinpoint pupils and drowsy: give naloxone too",
    "Chest pain or a severe headache",
    "Very hot, not settling after about 5 minutes' rest",
    "Agitated or aggressive, not settling within 15 minutes",
    "You are in any doubt",
)
