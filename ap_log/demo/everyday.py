"""The everyday of both houses: small things at the hours they happen, which leave the stories as they are."""

from collections.abc import Iterator
from random import Random

from ap_log.demo.cast import ELM, OAK
from ap_log.demo.houses import TENANTS, Tenant
from ap_log.demo.moments import Logged, on, seen

QUIET_DAYS = 4
"""The everyday ends so many days ago, so that everything of it has been decided and answered by now."""

LONGEST_AGO = 88

_HOW_MANY = (0, 0, 1, 1, 2, 2, 2, 3, 3, 4, 4)
"""Entries about one resident in ninety days: most have few, many none."""

_HOW_MANY_NOTES = (0, 0, 1, 1, 2)
"""The same about those in a story, of which only such entries are made as climb no ladder."""

_HOURS = (7, 9, 11, 14, 16, 17, 18, 19, 19, 20, 20, 21, 21, 21, 22, 22, 22, 23, 23, 0, 0, 1, 1, 2, 3)
"""When things happen: most of them between the evening meal and two in the night."""

_CURFEW_HOURS = (23, 23, 23, 0)

_WORKERS = {ELM: ("asha", "joseph"), OAK: ("chika", "bethan")}

_HELP_SEEKING = 0.15
_MITIGATED = 0.2

_Kind = tuple[str, dict[str, object], tuple[str, ...]]

_CURFEW: tuple[_Kind, ...] = (
    ("late-30", {}, ("Missed the bus.", "Ten minutes late, out of breath.", "Said he lost track of the time.", "")),
    ("late-2h", {}, ("Rang to say so. Back before half past midnight.", "No call. Said his telephone was flat.")),
)

_NOTES: tuple[_Kind, ...] = (
    ("appointments", {}, ("Forgot one, was late for the other.", "Overslept both.", "")),
    ("safeguarding", {}, ("Not eating. Spoke to his key worker about it.",)),
    (
        "medical",
        {"done": ["stayed"]},
        ("Chest pain, seen by the ambulance crew, stayed here.", "Cut his hand on a tin."),
    ),
)

_ANY_TIME: tuple[_Kind, ...] = (
    ("under-influence", seen("E1"), ("Red eyes, otherwise himself.", "Wide pupils at sign-in. Says he is tired.", "")),
    ("under-influence", seen("E2"), ("Unsteady on the stairs.", "Slurred, sat with him till he was himself.", "")),
    ("under-influence", seen("E2", suspected="SD00"), ("Very sleepy after the meal, woke when called.",)),
    ("alcohol", {"suspected": "SD20"}, ("Two cans in his bag. Poured away.", "Smelt of drink at sign-in.")),
    ("paraphernalia", {"done": ["searched"]}, ("Burnt foil behind the radiator.", "Home-made pipe in the bin.")),
    ("possession", {"suspected": "CN00", "done": ["searched"]}, ("A pinch in a tobacco tin.",)),
    ("disruptive", {}, ("Shouting over the washing machine.", "Music at full volume, swore when asked.")),
    ("guest", {}, ("Found in another resident's room after ten.", "A friend in the garden. Left when asked.")),
    ("sign-ins-2", {}, ("",)),
    ("charges-2", {}, ("",)),
    *_NOTES,
)


def everyday(random: Random, in_stories: frozenset[str]) -> Iterator[Logged]:
    """What else happened, in no particular order. `in_stories` are the names of those who have a story."""
    for tenant in TENANTS:
        has_story = tenant.name in in_stories
        for _ in range(random.choice(_HOW_MANY_NOTES if has_story else _HOW_MANY)):
            is_curfew = not has_story and random.random() < 0.3
            kinds = _CURFEW if is_curfew else _NOTES if has_story else _ANY_TIME
            yield _something(tenant, random.choice(kinds), _CURFEW_HOURS if is_curfew else _HOURS, random)


def _something(tenant: Tenant, kind: _Kind, hours: tuple[int, ...], random: Random) -> Logged:
    happening, content, said = kind
    days = random.randint(QUIET_DAYS, min(LONGEST_AGO, tenant.days - 1))
    return Logged(
        tenant.name,
        on(days, f"{random.choice(hours):02}:{random.randrange(60):02}"),
        happening,
        random.choice(_WORKERS[tenant.house]),
        random.choice(said),
        content=content | _circumstances(happening, random),
    )


def _circumstances(happening: str, random: Random) -> dict[str, object]:
    if happening == "under-influence" and random.random() < _HELP_SEEKING:
        return {"help_seeking": True}
    if random.random() < _MITIGATED:
        return {"mitigators": [random.choice(("told-staff-first", "attended-treatment-7-days"))]}
    return {}
