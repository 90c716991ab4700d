"""The times of rules in plain words, as they stand in a field: `2 working-days` is "2 working days"."""

import re

SPAN_EXAMPLES = "“15 minutes”, “2 working days”, “same day” or “12:00 on the next working day”"

_COUNTED = re.compile(r"([0-9]+) (minutes?|hours?|working-days?)")
_NEXT = re.compile(r"next-working-day ([0-9]{2}:[0-9]{2})")


def span_words(span: str) -> str:
    """Such as "12:00 on the next working day"; what the language does not know stays as it is."""
    if found := _COUNTED.fullmatch(span):
        return f"{found[1]} {found[2].replace('-', ' ')}"
    if found := _NEXT.fullmatch(span):
        return f"{found[1]} on the next working day"
    return "same day" if span == "same-day" else span
