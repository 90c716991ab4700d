"""Where the demo begins: what has just happened, what waits for Ben and Owen, and what waits for Dev."""

from datetime import timedelta

from ap_log.demo.moments import NO_REPLY, WAITS, Logged, Review, ago, last, on, seen

_USE = "under-influence"

WAITS_FOR_BEN = (
    Logged(
        "Jamal Edmondson",
        last("02:20", at_least=timedelta(minutes=40)),
        "assault",
        "joseph",
        "Hit the man in the next bed with a kettle. Cut above the eye, ambulance and police here within ten minutes.",
        WAITS,
        content={"aggravators": ["victim-roommate"], "done": ["called-999", "police", "manager-called"]},
    ),
    Logged(
        "Iestyn Beddoe",
        on(70, "22:00"),
        _USE,
        "asha",
        "Giggling, then asleep in his chair.",
        Review(reason="Admits nothing, took it quietly."),
        content=seen("E2"),
    ),
    Logged(
        "Iestyn Beddoe",
        on(48, "20:25"),
        "possession",
        "joseph",
        "Sheet of paper in a magazine, cut into squares.",
        Review(reason="Says he was keeping it for somebody. Would not say whom."),
        content={"suspected": "SC02", "done": ["searched"]},
    ),
    Logged(
        "Iestyn Beddoe",
        on(25, "14:30"),
        _USE,
        "esther",
        "Laboratory confirmed the sample of last week.",
        Review(reason="Read the result with him, Dev on the telephone. Drug service twice a week from now on."),
        content={"signs": ["laboratory-positive"], "confirmed": "SC00"},
    ),
    Logged(
        "Iestyn Beddoe",
        ago(minutes=75),
        _USE,
        "asha",
        "Swaying at the office door, pupils wide. Sitting with him now.",
        WAITS,
        content=seen("E2"),
    ),
    Logged(
        "Marek Wiśniewski",
        ago(hours=3, minutes=10),
        "threat",
        "asha",
        "Held a chair over his head at another resident. Put it down when I said his name.",
        WAITS,
        content={"done": ["stayed", "manager-called"]},
    ),
    Logged(
        "Bartholomew Featherstonehaugh-Okonkwo",
        ago(hours=9),
        "possession",
        "joseph",
        "Small bag of green in his jacket.",
        WAITS,
        content={"suspected": "CN00", "done": ["searched"]},
        photos=("bag", "label"),
    ),
    Logged(
        "Arturas Kazlauskas",
        ago(hours=5, minutes=30),
        "alcohol",
        "asha",
        "Half a bottle in the cistern. He laughed about it.",
        WAITS,
    ),
    Logged("Adeyemi Bankole", on(6, "21:10"), "paraphernalia", "joseph", "Burnt spoon behind the basin.", WAITS),
    Logged(
        "Gethin Prosser",
        on(7, "22:40"),
        "alcohol",
        "asha",
        "Smelt of beer, steady, went to bed when asked.",
        Review(reason="One can at his cousin's. Knows about his medicine; nurse told."),
    ),
    Logged(
        "Gethin Prosser",
        on(7, "23:05"),
        "possession",
        "joseph",
        "A wrap on the floor of his room at the 23:00 check. Written in the paper book; logged when I was next on.",
        WAITS,
        after=timedelta(days=5, hours=13),
        content={"suspected": "SC00", "done": ["searched"]},
    ),
)

WAITS_FOR_DEV = (
    Logged(
        "Delroy Whittaker",
        ago(hours=5),
        "threat",
        "joseph",
        "Told the night worker he would burn the place down. No lighter on him.",
        Review(
            when=ago(hours=2),
            reason="Not well: hears voices again. Final warning, and the crisis team has been rung.",
            reply=NO_REPLY,
        ),
        content={"done": ["searched", "manager-called"]},
    ),
    Logged(
        "Farhan Qureshi",
        ago(hours=5, minutes=20),
        _USE,
        "joseph",
        "Staggering, slurred, vomited in the hall. Checks every 15 minutes.",
        Review(
            when=ago(hours=4),
            reason="Fourth time on the ladder, eleven days after the last. To Dev to decide.",
            reply=NO_REPLY,
        ),
        content=seen("E2", signs=["slurred", "swaying", "vomiting", "eyes-glassy"]),
    ),
)

WAITS_FOR_OWEN = (
    Logged(
        "Femi Adebayo-Sinclair",
        ago(hours=4),
        "guest",
        "chika",
        "His brother was in the room at the afternoon check.",
        WAITS,
    ),
    Logged("Llŷr Gwynfor", ago(hours=7), "possession", "bethan", "Wrap in the lining of his cap.", WAITS),
    Logged(
        "Owain Tregaron",
        ago(hours=2),
        "disruptive",
        "chika",
        "Threw his plate at the wall. Nobody hurt.",
        WAITS,
        content={"intoxicated": True},
    ),
)

PRESENT: tuple[Logged, ...] = (*WAITS_FOR_BEN, *WAITS_FOR_DEV, *WAITS_FOR_OWEN)
