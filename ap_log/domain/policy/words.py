"""The policy's own words for people: steps, streams, dates. Words of the log itself live in `domain/vocabulary`."""

from datetime import datetime
from zoneinfo import ZoneInfo

from ap_log.domain.vocabulary import AGGRAVATORS, CODE_WORDS, MITIGATORS

STEP_NAMES = (
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

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
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
    words = CODE_WORDS.get(code, code)
    return f"“{words}”" if "," in words else words


def term_words(term: str) -> str:
    """The words of an aggravator, mitigator or route; an area's own is said as it is spelt."""
    return _TERMS.get(term, term.replace("-", " ").capitalize())


def mid_sentence(words: str) -> str:
    """Words as they stand inside a sentence: no capital, unless they begin with an abbreviation."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def day_words(at: datetime, zone: ZoneInfo, year: int) -> str:
    """Such as "3 March", with its year if that is not `year`."""
    local = at.astimezone(zone)
    day = f"{local.day} {_MONTHS[local.month - 1]}"
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
