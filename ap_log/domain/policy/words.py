"""The policy's own words for people in English: steps, streams, codes, keys.

Words of the log itself live in `domain/vocabulary`; the same words in Welsh in `welsh_words`.
"""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from ap_log.domain.vocabulary import AGGRAVATORS, CODE_WORDS, MITIGATORS

STEP_NAMES: tuple[str, ...] = (
    "support",
    "verbal warning",
    "first written warning",
    "final written warning",
    "for the officer to consider",
    "immediate danger or whereabouts unknown",
)

STREAM_NAMES = {
    "SUB": "substances",
    "CON": "conduct",
    "RES": "residence",
    "CHG": "charges",
    "ENG": "engagement",
    "MED": "medical",
    "SAF": "safeguarding",
}

# As they follow "a resident on".
STATUS_WORDS = {
    "licence": "licence",
    "community-order": "a community order",
    "suspended-sentence-order": "a suspended sentence order",
    "bail": "bail",
    "post-sentence-supervision": "post-sentence supervision",
}

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# In the list of happenings this one leans on the one above it; alone it is said in full.
_IN_FULL = {"ENG-2": "Missed 2 support appointments in 21 days, required by licence or order"}

_KEYS = (
    (r"base\..+", "The step it starts at"),
    (r"repeat (\d+)\.base", r"Repeat rule \1: the step it starts at"),
    (r"repeat (\d+)\.count", r"Repeat rule \1: how many times"),
    (r"repeat (\d+)\.days", r"Repeat rule \1: within how many days"),
    (r"warning_days\.1", "Days a verbal warning stays active"),
    (r"warning_days\.2", "Days a first written warning stays active"),
    (r"warning_days\.3", "Days a final written warning stays active"),
    (r"climb\.final_crosses", "Streams whose final warnings count for each other"),
    (r"climb\.low_cap\.max", "The highest step it climbs to"),
    (r"cap\..+", "The highest step of the stream"),
    (r"aggravator\.add", "Steps that what makes it worse adds"),
    (r"aggravator\.max", "The highest step that adding leads to"),
    (r"mitigator\.subtract", "Steps that what speaks for them may take off"),
    (r"help_seeking\.streams", "Streams in which asking for help keeps it at step 0"),
    (r"evidence_guard\.step", "The step that needs firm evidence"),
    (r"evidence_guard\.any_of", "What counts as firm evidence"),
    (r"episode_window_hours", "Hours within which entries are one episode"),
    (r"fit_to_warn_hours", "Hours that must pass before a warning is given"),
    (r"routes\..+", "The way for the legal status"),
)
_TERMS = {term.code: term.words for term in (*AGGRAVATORS, *MITIGATORS)}


def step_words(step: int) -> str:
    """Such as "step 1, verbal warning"."""
    return f"step {step}, {STEP_NAMES[step]}"


def stream_words(stream: str) -> str:
    """Such as "substances"; an area's own stream has no other name than its letters."""
    return STREAM_NAMES.get(stream, stream)


def code_words(code: str) -> str:
    """Such as "Strongly suspected use", in quotation marks where commas would tear a sentence apart.

    An area's own code has no other name than itself.
    """
    return quoted(_IN_FULL.get(code) or CODE_WORDS.get(code, code))


def term_words(term: str) -> str:
    """The words of an aggravator, mitigator or route; an area's own is said as it is spelt."""
    return _TERMS.get(term, term.replace("-", " ").capitalize())


def mid_sentence(words: str) -> str:
    """Words as they stand inside a sentence: no capital, unless they begin with an abbreviation."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def key_words(key: str) -> str:
    """What a key of the policy is for, such as "Days a verbal warning stays active"."""
    return said_key(key, _KEYS)


def said_key(key: str, table: tuple[tuple[str, str], ...]) -> str:
    """The words of the first pattern of a table that a key matches; without any, the key itself."""
    found = ((re.fullmatch(pattern, key), words) for pattern, words in table)
    return next((match.expand(words) for match, words in found if match), key)


def quoted(words: str) -> str:
    """Words within a sentence: in quotation marks where their commas would tear it apart."""
    return f"“{words}”" if "," in words else words


def day_words(at: datetime, zone: ZoneInfo, year: int) -> str:
    """Such as "3 March", with its year if that is not `year`."""
    local = at.astimezone(zone)
    day = f"{local.day} {MONTHS[local.month - 1]}"
    return day if local.year == year else f"{day} {local.year}"


def time_words(at: datetime, zone: ZoneInfo, year: int) -> str:
    """Such as "02:00 on 11 March"."""
    return f"{at.astimezone(zone):%H:%M} on {day_words(at, zone, year)}"


def count_words(number: int, noun: str) -> str:
    """Such as "1 hour" or "6 hours"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(words: list[str]) -> str:
    """Such as "substances, conduct and residence"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
