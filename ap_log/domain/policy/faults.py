"""Reading something a person or a program wrote, and noting every fault in it at once instead of stopping at the first.

A table is read key by key. Where a value is wrong the fault is noted and a stand-in answered, so that reading goes on;
whoever reads a whole document refuses it at the end if anything was noted. What a document means lives with its reader.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Generic, TypeVar

T = TypeVar("T")

_NAME = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_SHOWN_AT_MOST = 40  # characters of a wrong value: enough to find it, never a page of it


@dataclass(frozen=True, slots=True)
class PlacedFault:
    """One fault: where it stands, such as `warning_days.1` or `notify 3.who 1`, and what would be right there.

    `place` is empty when the fault is of the whole.
    """

    place: str
    words: str


class FactFault(str):
    """A fault of a timeline's facts: a sentence that knows which facts, by id, it is about or names."""

    facts: tuple[str, ...]

    def __new__(cls, sentence: str, *facts: str) -> "FactFault":
        fault = super().__new__(cls, sentence)
        fault.facts = facts
        return fault


class Refused(Exception):
    """A policy or a timeline that cannot be used. `faults` are sentences, each about one fault; `placed` the same ones.

    Faults given without their places are of the whole. `facts` are the ids of the facts that contradict each other.
    """

    def __init__(self, faults: Sequence[str], placed: Sequence[PlacedFault] | None = None) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(str(fault) for fault in faults)
        self.placed = tuple(PlacedFault("", fault) for fault in self.faults) if placed is None else tuple(placed)
        self.facts = frozenset(fact for fault in faults if isinstance(fault, FactFault) for fact in fault.facts)


class Faults:
    """The faults noted so far. `line_of` says where in the file a key stands, if that is known."""

    def __init__(self, line_of: Callable[[str], int | None] = lambda _: None) -> None:
        self.noted: list[str] = []
        self._placed: list[PlacedFault] = []
        self._line_of = line_of

    def note(self, where: str, fault: str) -> None:
        line = self._line_of(where)
        self.noted.append(("" if line is None else f"line {line}: ") + (f"{where}: {fault}" if where else fault))
        self._placed.append(PlacedFault(where, fault))

    def refuse_if_any(self) -> None:
        if self.noted:
            raise Refused(self.noted, self._placed)


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """A kind of value: what it is in words, how it is read (None when the value is not one), and its stand-in."""

    words: str
    read: Callable[[object], T | None]
    stand_in: T


class Given(dict[str, object]):
    """A JSON object that remembers which of its keys were given more than once."""

    def __init__(self, pairs: Sequence[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.twice: list[str] = []
        if len(self) < len(pairs):
            self.twice = sorted(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)


class Table:
    """A table or object being read. Every key that is asked for is a key it may have; `no_more` notes the others.

    Used as a context, it notes them at the end by itself. A table that is not there is not `heard`: it is empty, and
    nothing is noted about its keys, since its absence already was.
    """

    def __init__(self, content: Mapping[str, object], where: str, faults: Faults, *, heard: bool = True) -> None:
        self.heard = heard
        self._content = content
        self._asked: set[str] = set()
        self._faults = faults
        self.where = where
        for key in content.twice if isinstance(content, Given) else ():
            faults.note(where, f"the key {shown(key)} is given twice")

    def __enter__(self) -> "Table":
        return self

    def __exit__(self, *_: object) -> None:
        self.no_more()

    def place(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def names(self) -> list[str]:
        return list(self._content)

    def has(self, key: str) -> bool:
        return key in self._content

    def note_key(self, key: str, fault: str) -> None:
        self._faults.note(self.place(printable(key)), fault)

    def value(self, key: str, kind: Kind[T], absent: T | None = None) -> T:
        """The value of a key; `absent` stands for a key that is not there, else its absence is a fault."""
        if self._lacks(key, optional=absent is not None):
            return kind.stand_in if absent is None else absent
        return _read(kind, self._content[key], self.place(key), self._faults)

    def items(self, key: str, kind: Kind[T], *, optional: bool = False) -> tuple[T, ...]:
        """The entries of a list, each read as `kind`."""
        place = self.place(key)
        return tuple(
            _read(kind, entry, f"{place} {number}", self._faults)
            for number, entry in enumerate(self._entries(key, optional=optional), start=1)
        )

    def table(self, key: str) -> "Table":
        """The table under a key. Where there is none the fault is noted once, and an unheard table is answered."""
        if self._lacks(key, optional=False):
            return Table({}, self.place(key), Faults(), heard=False)
        return self._inner(self._content[key], self.place(key))

    def tables(self, key: str, *, optional: bool = False) -> list["Table"]:
        """The tables of a list of tables."""
        place = self.place(key)
        entries = self._entries(key, optional=optional)
        return [self._inner(entry, f"{place} {number}") for number, entry in enumerate(entries, start=1)]

    def no_more(self) -> None:
        for key in self._content:
            if key not in self._asked:
                self.note_key(key, "unknown key")

    def _lacks(self, key: str, *, optional: bool) -> bool:
        self._asked.add(key)
        if key in self._content:
            return False
        if not optional:
            self._faults.note(self.place(key), "is missing")
        return True

    def _entries(self, key: str, *, optional: bool) -> list[object]:
        if self._lacks(key, optional=optional):
            return []
        return _read(LISTING, self._content[key], self.place(key), self._faults)

    def _inner(self, content: object, place: str) -> "Table":
        if isinstance(content, dict):
            return Table(content, place, self._faults)
        self._faults.note(place, f"must be a table of keys and values, not {shown(content)}")
        return Table({}, place, Faults(), heard=False)


def _read(kind: Kind[T], value: object, place: str, faults: Faults) -> T:
    found = kind.read(value)
    if found is not None:
        return found
    faults.note(place, f"must be {kind.words}, not {shown(value)}")
    return kind.stand_in


def whole(low: int, high: int) -> Kind[int]:
    """A whole number. `True` and `1.0` equal one in Python and are none here."""

    def read(value: object) -> int | None:
        return value if type(value) is int and low <= value <= high else None

    return Kind(f"a whole number from {low} to {high}", read, low)


def one_of(words: str, allowed: Mapping[str, T] | Sequence[str] | frozenset[str]) -> Kind[str]:
    """One of some words; `words` says which in the fault."""
    return Kind(words, lambda value: value if isinstance(value, str) and value in allowed else None, "")


def like(words: str, pattern: re.Pattern[str]) -> Kind[str]:
    """A text of a given form."""
    return Kind(words, lambda value: value if isinstance(value, str) and pattern.fullmatch(value) else None, "")


NAME = like("1 to 64 of A-Z a-z 0-9 . _ : -", _NAME)
TRUTH: Kind[bool] = Kind("true or false", lambda value: value if isinstance(value, bool) else None, stand_in=False)
LISTING: Kind[list[object]] = Kind("a list", lambda value: value if isinstance(value, list) else None, [])


def shown(value: object) -> str:
    """A wrong value as a fault shows it: on one line, in ASCII, and short."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, date | time):
        return f"the date or time {value}"
    text = json.dumps(value)
    return text if len(text) <= _SHOWN_AT_MOST else f"{text[:_SHOWN_AT_MOST]}..."


def printable(key: str) -> str:
    """A key as a fault names it: itself where it is plain, else quoted."""
    return key if _NAME.fullmatch(key) else shown(key)
