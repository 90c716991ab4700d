"""What happened at Oak House in the last ninety days to those whose record is worth opening."""

from datetime import timedelta

from ap_log.demo.moments import MANAGE, NO_REPLY, Logged, Reply, Review, Voided, on, seen

_USE = "under-influence"

JAKE = (
    Logged(
        "Jake Mulholland",
        on(80, "18:30"),
        "disruptive",
        "chika",
        "Banging doors after a call from home.",
        Review(reason="Bad news about his mother. Apologised to the night staff himself."),
    ),
    Logged(
        "Jake Mulholland",
        on(58, "21:20"),
        "disruptive",
        "bethan",
        "Swearing at everybody in the lounge, turned the table over.",
        Review(reason="Warned in writing. Meets the chaplain on Wednesdays now."),
    ),
    Logged(
        "Jake Mulholland",
        on(37, "13:10"),
        "threat",
        "chika",
        "Told a resident he would break his arm. Walked away when asked.",
        Review(reason="Hannah joined by telephone. He says he hears himself and cannot stop."),
    ),
    Logged(
        "Jake Mulholland",
        on(16, "20:45"),
        "disruptive",
        "bethan",
        "Screamed at the cook about his dinner.",
        Review(
            reason="Everything below a recommendation has been used. To Hannah for her decision.",
            reply=Reply(MANAGE, "Mental health assessment first, on Tuesday. No recall while that is open."),
        ),
    ),
)

BILAL = (
    Logged(
        "Bilal Chaudhry",
        on(29, "14:15"),
        "supply",
        "chika",
        "Scales, bags and a list of room numbers in his wardrobe.",
        Review(
            reason="Police have the bags. Four residents named him. Sent to Hannah with the search record.",
            reply=NO_REPLY,
        ),
        content={"suspected": "SC02", "done": ["searched", "police", "manager-called"]},
    ),
)

HARRI = (
    Logged(
        "Harri Pennant",
        on(53, "06:00"),
        "not-back",
        "bethan",
        "Bed not slept in, telephone off. Police told, reference taken.",
        Review(
            reason="No word since 19:00 yesterday. Hospitals and his sister rung: not there.",
            reply=Reply(MANAGE, "Back at 09:40 on his own. Missed the last bus; phone record agrees. Not recalling."),
        ),
        content={"done": ["police", "manager-called"]},
    ),
    Logged(
        "Harri Pennant",
        on(26, "22:55"),
        "alcohol",
        "chika",
        "Four cans under the bed. Two empty.",
        Review(reason="Poured away together. Agreed to talk about the anniversary."),
    ),
)

KYLE = (
    Logged(
        "Kyle Brannigan",
        on(61, "09:20"),
        "medicine",
        "chika",
        "Kept his tablets under his tongue; six in a tissue.",
        Review(reason="Saving them for the nights, he says. Nurse watches from now on."),
    ),
    Logged(
        "Kyle Brannigan",
        on(32, "09:10"),
        "medicine",
        "bethan",
        "Gave one tablet to the man next door for a headache.",
        Review(
            step=1, reason="One paracetamol, and he told us. A final warning for that would be out of all proportion."
        ),
    ),
)

OTHERS = (
    Logged(
        "Edward Pilkington",
        on(22, "19:30"),
        "bullying",
        "chika",
        "Two residents say they owe him tobacco at double back.",
        Review(
            reason="Four men owe him. He sleeps on the other landing from tonight.",
            reply=Reply(MANAGE, "Debts cancelled in front of me. Any new one and I start recall the same day."),
        ),
        content={"aggravators": ["debt-or-bullying-of-resident"]},
    ),
    Logged(
        "Dafydd Elystan-Rowlands",
        on(30, "23:30"),
        _USE,
        "bethan",
        "Unsteady, sweating, polite. Checks until two.",
        Review(reason="Knows what his medicine does with this. Nurse spoke to him."),
        content=seen("E2"),
    ),
    Logged(
        "Dafydd Elystan-Rowlands",
        on(30, "23:50"),
        "possession",
        "bethan",
        "Found a pinch in foil when I put his coat away. Written in the paper book; the tablet was flat.",
        Review(keeps=True, reason="Same evening, same pinch. The verbal warning already says it."),
        after=timedelta(days=2, hours=9),
        content={"suspected": "SC00", "done": ["searched"]},
    ),
    Logged(
        "Aled Wynne-Hughes",
        on(68, "00:45"),
        _USE,
        "chika",
        "Could not find his key, could not find his door.",
        Review(reason="Birthday. Does not want it to happen again."),
        content=seen("E2", suspected="SD20"),
    ),
    Logged(
        "Aled Wynne-Hughes",
        on(43, "21:15"),
        "paraphernalia",
        "bethan",
        "Foil and half a pen on the sill.",
        Review(step=1, reason="His room was used by two others that evening: I cannot be sure it was his."),
    ),
    Logged(
        "Wei-Lun Tsai",
        on(47, "20:05"),
        _USE,
        "chika",
        "On-site test not negative. Says it is his cough mixture.",
        Review(reason="Sample sent off. Warned for now."),
        content={
            "signs": ["pupils-pinpoint", "on-site-positive"],
            "alternatives_considered": True,
            "suspected": "OP00",
        },
    ),
    Voided("Wei-Lun Tsai", on(42, "10:05"), "owen", "Laboratory: codeine as prescribed, nothing else."),
    Logged(
        "Christopher Nwachukwu",
        on(14, "19:00"),
        "search-refused",
        "chika",
        "Sat on the bag and would not move.",
        Review(reason="Opened it himself an hour later: letters from his daughter."),
    ),
    Logged(
        "Ibrahim Sesay",
        on(65, "22:30"),
        "alarm",
        "bethan",
        "Door sensor of the fire exit taped over.",
        Review(reason="CCTV shows him with the tape. He says it was for fresh air."),
    ),
)

STORIES: tuple[Logged | Voided, ...] = (*JAKE, *BILAL, *HARRI, *KYLE, *OTHERS)
