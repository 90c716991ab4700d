"""What happened at Elm House in the last ninety days to those whose record is worth opening."""

from datetime import timedelta

from ap_log.demo.moments import MANAGE, START, Logged, Reply, Review, Voided, on, seen
from ap_log.domain.answers import CASE_CONFERENCE

_USE = "under-influence"

GWILYM = (
    Logged(
        "Gwilym Tudor",
        on(76, "22:50"),
        _USE,
        "esther",
        "Swaying on the stairs, laughing at nothing. Ate, then slept.",
        Review(reason="First time since he came. Told staff on day 1; agreed to see the drug worker."),
        content=seen("E2", reported="SC00"),
    ),
    Logged(
        "Gwilym Tudor",
        on(40, "19:15"),
        _USE,
        "asha",
        "Came to the office, said he had used again and wants help.",
        content=seen("E3", help_seeking=True, reported="SC00", suspected=None),
    ),
    Logged(
        "Gwilym Tudor",
        on(17, "21:05"),
        "possession",
        "asha",
        "Two wraps in a sock at the room search. Handed them over.",
        Review(reason="Accepted it was his. Drug worker on Thursday; room search weekly for a month."),
        content={"suspected": "SC02", "done": ["searched"]},
    ),
)

LEWIS = (
    Logged(
        "Lewis Marsh",
        on(82, "23:20"),
        _USE,
        "joseph",
        "Slurred, holding the wall in the corridor.",
        Review(reason="Says it was one vape. Spoken to next morning, understands the ladder."),
        content=seen("E2"),
    ),
    Logged(
        "Lewis Marsh",
        on(63, "00:35"),
        _USE,
        "esther",
        "Slumped in the smoking shelter, hard to wake.",
        Review(reason="Second time in three weeks. Letter read through with him; referred to the drug service."),
        content=seen("E2", done=["stayed", "called-999", "checks"]),
    ),
    Logged(
        "Lewis Marsh",
        on(44, "11:10"),
        _USE,
        "asha",
        "Steady again after last night. Says he bought Spice at the station, and gave me the pipe.",
        Review(reason="His own words. Dev joined by telephone; curfew to 21:00 for four weeks."),
        content=seen("E3", signs=["admitted", "kit"], reported="SC00", confirmed="SC00"),
    ),
    Logged(
        "Lewis Marsh",
        on(3, "15:30"),
        _USE,
        "asha",
        "Found on the bench outside, not making sense. Checks every 15 minutes.",
        Review(
            reason="Fourth episode, with a final warning in force. Sent to Dev with the whole record.",
            reply=Reply(START, "Three warnings and no change. I am seeing my senior officer about breach today."),
        ),
        content=seen("E2"),
    ),
)

BRANDON = (
    Logged(
        "Brandon Tate",
        on(84, "21:40"),
        _USE,
        "asha",
        "Glassy-eyed at the evening meal, unsteady.",
        Review(reason="Denies it. Told what was seen and why it counts."),
        content=seen("E2"),
    ),
    Logged(
        "Brandon Tate",
        on(62, "23:05"),
        _USE,
        "joseph",
        "Staggering at sign-in. Says it is his back tablets.",
        Review(reason="GP says the tablets would not do this. Denies use; test offered."),
        content=seen("E2"),
    ),
    Logged(
        "Brandon Tate",
        on(41, "01:15"),
        _USE,
        "esther",
        "Confused on the landing, tried three doors that are not his.",
        Review(reason="Still denies. Drug worker in the room, Dev on the telephone; he sat and listened."),
        content=seen("E2"),
    ),
    Logged(
        "Brandon Tate",
        on(12, "22:20"),
        _USE,
        "asha",
        "Red eyes, swaying, repeating himself. No smell, no kit.",
        Review(
            reason="Everything we have is suspicion: nothing confirmed, found or admitted in four episodes.",
            reply=Reply(CASE_CONFERENCE.code, "Agreed. GP and drug service to be there: this could be his medicines."),
        ),
        content=seen("E2"),
    ),
)

DARREN = (
    Logged(
        "Darren Pugh",
        on(33, "23:40"),
        "threat",
        "joseph",
        "Smelt of drink. Squared up to another resident over the television.",
        Review(
            reason="He was recalled before for this very thing. Sent to Dev for his decision.",
            reply=Reply(MANAGE, "Not recalling. Alcohol tag asked for, no contact with Room 6, review in two weeks."),
        ),
        content={"intoxicated": True, "done": ["stayed", "manager-called"]},
    ),
)

FARHAN = (
    Logged(
        "Farhan Qureshi",
        on(50, "20:30"),
        _USE,
        "esther",
        "On-site test not negative, eyes glassy. Sample sent off.",
        Review(reason="Disputes the test. Warning stands until the laboratory answers."),
        content={"signs": ["eyes-glassy", "on-site-positive"], "alternatives_considered": True, "suspected": "OP00"},
    ),
    Logged(
        "Farhan Qureshi",
        on(38, "22:45"),
        _USE,
        "asha",
        "Slurring on the telephone, pale. Fine by breakfast.",
        Review(reason="Second warning in two weeks. Angry about the first one, calm about this one."),
        content=seen("E2"),
    ),
    Voided(
        "Farhan Qureshi",
        on(35, "11:20"),
        "ben",
        "Laboratory negative for everything it was tested for. Told him so.",
        Review(step=1, reason="The warning before it is void, so this was his first: a verbal warning."),
    ),
    Logged(
        "Farhan Qureshi",
        on(20, "19:50"),
        "test-refused",
        "joseph",
        "Would not give a sample, said last time was a lie.",
        Review(reason="Explained that the negative result cleared him. Still refused twice, an hour apart."),
    ),
    Logged(
        "Farhan Qureshi",
        on(11, "10:20"),
        _USE,
        "asha",
        "Told me at breakfast that he had smoked with a friend in town last night.",
        Review(reason="Honest about it. Final warning with Dev on the telephone; new plan signed."),
        content=seen("E3", signs=["admitted", "smell"], reported="CN00", confirmed="CN00"),
    ),
)

KELVIN = (
    Logged(
        "Kelvin Osei-Mensah",
        on(27, "18:40"),
        _USE,
        "asha",
        "Came to tell me before anybody saw it. Frightened of going back.",
        content=seen("E3", help_seeking=True, done=["stayed"]),
    ),
    Logged(
        "Kelvin Osei-Mensah",
        on(9, "22:15"),
        _USE,
        "joseph",
        "Wide pupils, shaking hands, talking fast.",
        Review(step=0, by="rob", reason="He is in treatment and going every week. Warning him now would undo that."),
        content=seen("E2", suspected="ST00", mitigators=["attended-treatment-7-days"]),
    ),
)

AIDAN = (
    Logged("Aidan Foley", on(34, "23:10"), "late-30", "joseph", "Ten minutes late. Bus."),
    Logged("Aidan Foley", on(30, "23:20"), "late-30", "asha", "Twenty minutes late. Bus again, no ticket."),
    Logged(
        "Aidan Foley",
        on(26, "23:12"),
        "late-30",
        "joseph",
        "Twelve minutes late, would not say why.",
        Review(reason="Third time in eight days. Agreed to be back by half past ten for a fortnight."),
    ),
    Logged(
        "Aidan Foley",
        on(15, "00:10"),
        "late-2h",
        "esther",
        "Over an hour late. Rang at 23:30 to say so.",
        Review(step=1, reason="He rang before the curfew and came straight back. A second verbal warning is enough."),
        content={"mitigators": ["told-staff-first"]},
    ),
)

OTHERS = (
    Logged(
        "Liam Garrity",
        on(46, "17:25"),
        "assault",
        "esther",
        "Punched another resident in the kitchen. Separated them; police here.",
        Review(
            reason="Police took a statement. He stays in his room with staff until the officer decides.",
            reply=Reply(MANAGE, "Seen him with police. First time, regrets it; mediation and a curfew change."),
        ),
        content={"done": ["police", "manager-called"]},
    ),
    Logged(
        "Nathan Hargreave",
        on(36, "13:10"),
        "threat",
        "asha",
        "Shouted in my face that he would find out where I live.",
        Review(
            reason="A threat to staff. Asha is all right; she wrote it down at once and does not work alone this week.",
            reply=Reply(MANAGE, "Written apology, anger management starts Monday. Any repeat and I will recall."),
        ),
        content={"aggravators": ["victim-staff"], "done": ["manager-called"]},
    ),
    Logged(
        "Paul Thistlethwaite",
        on(57, "10:15"),
        "charges-2",
        "asha",
        "",
        Review(reason="Benefit was stopped by mistake. Plan to pay it off from next week."),
    ),
    Logged(
        "Paul Thistlethwaite",
        on(39, "10:40"),
        "charges-4",
        "asha",
        "No payment since the plan was made.",
        Review(reason="Money is there now, he had not asked for it. First letter given."),
    ),
    Logged(
        "Emrys Vaughan-Lloyd",
        on(24, "11:30"),
        "appointments",
        "asha",
        "Missed both because of court dates, he says.",
    ),
    Logged(
        "Delroy Whittaker",
        on(52, "02:05"),
        "medical",
        "esther",
        "Blue lips, slow breathing. 999 called 02:06, naloxone 02:08, came round 02:12. Ambulance 02:19.",
        content={"signs": ["drowsy", "colour-pale"], "reported": "SD00", "done": ["stayed", "called-999", "naloxone"]},
    ),
    Logged(
        "Hassan Warsame",
        on(31, "16:20"),
        "safeguarding",
        "asha",
        "Says another resident asks him for money every week.",
    ),
    Logged(
        "Callum Reith",
        on(21, "08:30"),
        "sign-ins-2",
        "asha",
        "",
        Review(reason="Slept through both. Alarm clock lent."),
        after=timedelta(hours=26),
    ),
)

STORIES: tuple[Logged | Voided, ...] = (*GWILYM, *LEWIS, *BRANDON, *DARREN, *FARHAN, *KELVIN, *AIDAN, *OTHERS)
