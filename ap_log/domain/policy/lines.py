"""Where the keys of a TOML text stand. Only as much of TOML is understood as a policy file uses: a hint for people."""

import re
from collections import Counter
from collections.abc import Callable

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"""\s*["']?([A-Za-z0-9_.:-]+)["']?\s*=""")


def line_finder(text: str) -> Callable[[str], int | None]:
    """Answers on which line a place such as `climb.low_cap.max` or `repeat 2.days` stands, or what it belongs to."""
    lines = _key_lines(text)

    def line_of(place: str) -> int | None:
        while place and place not in lines:
            place = place[: max(place.rfind("."), place.rfind(" "), 0)]
        return lines.get(place)

    return line_of


def _key_lines(text: str) -> dict[str, int]:
    lines: dict[str, int] = {}
    tables: Counter[str] = Counter()
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            brackets, name = header.groups()
            tables[name] += 1
            table = f"{name} {tables[name]}" if brackets == "[[" else name
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault(f"{table}.{key[1]}" if table else key[1], number)
    return lines
