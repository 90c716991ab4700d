"""Times as people type them, read as they are kept: "9.30pm" is 21:30, and "2 working days" is `2 working-days`."""

import re

_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))? ?(am|pm)?")
_COUNTED = re.compile(r"(?:within )?([0-9]+) ?(min|minute|hr|hour|working[ -]day)(s?)")
_SAME_DAY = re.compile(r"(?:on )?(?:the )?same[ -]day")
_NEXT_DAY = re.compile(
    r"(?:on )?(?:the )?next[ -]working[ -]day(?: (?:at|by))? (?P<after>.+)|"
    r"(?:at |by )?(?P<before>.+?) (?:on )?(?:the )?next[ -]working[ -]day"
)
_UNITS = {"min": "minute", "hr": "hour", "working day": "working-day"}
_READING = re.compile(r"[0-9]{2}:[0-9]{2}")
_HALF_DAY = 12  # hours


def clock(text: str) -> str:
    """A reading of the clock as "21:30", typed as "9.30pm", "9:30" or "21.30"; anything else as it was typed."""
    found = _CLOCK.fullmatch(text.lower().strip())
    if not found or not (found[2] or found[3]):
        return text
    hour = int(found[1])
    if found[3]:
        if not 1 <= hour <= _HALF_DAY:
            return text
        hour = hour % _HALF_DAY + (_HALF_DAY if found[3] == "pm" else 0)
    return f"{hour:02}:{found[2] or '00'}"


def span(text: str) -> str:
    """A time of a rule as the policy language spells it; anything else as it was typed."""
    plain = " ".join(text.lower().split()).rstrip(".")
    if found := _COUNTED.fullmatch(plain):
        return f"{found[1]} {_UNITS.get(found[2], found[2])}{found[3]}"
    if _SAME_DAY.fullmatch(plain):
        return "same-day"
    if found := _NEXT_DAY.fullmatch(plain):
        at = clock(found["after"] or found["before"])
        return f"next-working-day {at}" if _READING.fullmatch(at) else text
    return text
