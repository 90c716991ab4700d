"""What people in the demo write where no story gives their words: short, as one does at the end of a shift."""

from random import Random

from ap_log.demo.moments import MANAGE, START
from ap_log.domain.recommendations import AlternativeTried, Heads

REASONS: dict[int, tuple[str, ...]] = {
    0: ("Talked it through with him. No warning needed.", "Support plan changed; nothing else."),
    1: (
        "Told staff on day 1; agreed to see the drug worker.",
        "First time this month. He knows what comes next.",
        "Spoken to in the office, took it well.",
        "Does not agree, but understands why.",
        "Apologised before I could start.",
        "Warned at breakfast. Will tell us if he is struggling.",
        "",
    ),
    2: (
        "Letter read through with him and signed.",
        "Second time. Room search weekly for a month.",
        "Key worker to see him twice a week from now on.",
        "Letter given; he wants to answer it in writing.",
        "",
    ),
    3: ("His officer joined by telephone. New plan signed.", "He knows this is the last one. Meeting booked."),
    4: ("All earlier steps have been used.", "Sent with the whole record; he has been told."),
    5: ("Cannot wait for the morning.", "Sent at once, police informed."),
}

WITHDRAWN = "It counted a warning that is void."
DECIDED_AGAIN = ("Looked again with the new facts in hand.",)

COMMENTS = (
    "Seen, thank you. I will raise it in supervision this week.",
    "Agreed. I have rung him.",
    "Thank you. Please tell me at once if there is another.",
    "Noted. Drug service told as well.",
    "He told me himself yesterday, which I take as a good sign.",
    "Will come to the next key-work session.",
)

DECISIONS = (
    (MANAGE, "Risk can be held here with the changes we agreed today."),
    (MANAGE, "Spoken to him and to his key worker. Extra reporting for four weeks instead."),
    (START, "Risk has gone up and nothing we tried has held. Seeing my senior officer today."),
)

_RISKS = (
    "Another episode within days is likely. Last time he was hard to wake, and he was alone.",
    "Could hurt somebody without meaning to, tonight or any evening when this happens again.",
)
_VULNERABLE = (
    "He himself first. The man in the next room is nineteen and looks up to him. Night staff work in twos.",
    "Residents on his landing, two of whom are in recovery. No children visit. Staff have been briefed.",
)
_NOW = (
    "In his room, seen every half hour. Talking, eating, sorry. Benefits and GP in place.",
    "Calm since the morning. Staying in the house until his officer has decided.",
)
_HELPS = (
    "His sister rings every Sunday. Was doing well at the garden project until last month.",
    "Goes to every drug-service appointment. Wants to keep his place here, and says so.",
)
_SAYS = (
    "“I know where this is going and I do not want it. I will go to the drug worker every day if you let me.”",
    "“It was one time. I was going to tell you. I need help and not prison.”",
)


def heads(step: int, random: Random) -> Heads:
    """A completed recommendation. At step 5 there was no time to ask the resident."""
    tried = (
        AlternativeTried("WARNINGS_LETTER", "Verbal, first and final written warnings; each read through with him."),
        AlternativeTried("REFERRAL_TO_PARTNERSHIP_AGENCIES", "Drug service, since the first warning. Went to most."),
    )
    return Heads(
        immediate_risk=random.choice(_RISKS),
        who_is_vulnerable=random.choice(_VULNERABLE),
        current_circumstances=random.choice(_NOW),
        alternatives=tried if step == 4 else (AlternativeTried("NONE"),),
        protective_factors=random.choice(_HELPS),
        resident_says=random.choice(_SAYS) if step == 4 else "",
        not_asked_because="" if step == 4 else "Not here, or not safe to ask, when this was sent.",
    )
