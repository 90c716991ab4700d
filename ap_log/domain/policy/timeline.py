"""What is known of one resident: events, decisions and voids; and reading them from JSON with every fault of form.

What facts mean together (episodes, contradictions) is in `episodes`.
"""

import json
import re
from datetime import UTC, datetime

import msgspec

from ap_log.domain.policy.faults import NAME, TRUTH, Faults, Given, Kind, Refused, Table, like, one_of, whole
from ap_log.domain.policy.language import LEGAL_STATUSES

# Stand in for what could not be read. Neither can be given: an id is not empty, a time is in the years 2000 to 2099.
UNREAD = ""
UNREAD_TIME = datetime(1, 1, 1, tzinfo=UTC)

_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]"
_TIME = re.compile(rf"20[0-9]{{2}}-[0-9]{{2}}-[0-9]{{2}}T{_CLOCK}:[0-5][0-9](Z|[+-]{_CLOCK})")
_LONGEST_WHOLE = 18  # digits; longer ones are no step, and Python refuses to read very long ones
_FACT_TYPES = ("event", "decision", "void")


class Resident(msgspec.Struct, frozen=True, gc=False):
    legal_status: str
    recalled_for_intoxicated_aggression: bool = False


class Event(msgspec.Struct, frozen=True, gc=False):
    """One thing that happened. `occurred_at` is aware."""

    id: str
    code: str
    occurred_at: datetime
    intoxicated: bool = False
    help_seeking: bool = False
    aggravators: tuple[str, ...] = ()
    mitigators: tuple[str, ...] = ()

    @property
    def stream(self) -> str:
        return self.code[:3]


class Decision(msgspec.Struct, frozen=True, gc=False):
    """What a person did with the episode of an event: the step they issued. `decided_at` is aware."""

    id: str
    event: str
    step: int
    decided_at: datetime
    reason: str


class Void(msgspec.Struct, frozen=True, gc=False):
    """Takes back the warning of a decision, or of the episode of an event: exactly one of the two is named."""

    id: str
    at: datetime
    reason: str
    decision: str | None = None
    event: str | None = None

    @property
    def names(self) -> str:
        return self.decision or self.event or UNREAD


Fact = Event | Decision | Void


class Timeline(msgspec.Struct, frozen=True, gc=False):
    """The facts of one resident, in any order. With `assume_issued`, what nobody decided counts as recommended."""

    case: str
    resident: Resident
    assume_issued: bool = False
    facts: tuple[Fact, ...] = ()


def parse_timeline(text: str) -> tuple[Timeline, tuple[str, ...]]:
    """The timeline a JSON text holds and its faults of form; with any, unreadable parts are stand-ins.

    Raises Refused when the text is no JSON object at all.
    """
    faults = Faults()
    with Table(_json_object(text), "", faults) as table:
        timeline = Timeline(
            case=table.value("case", NAME),
            resident=_resident(table),
            assume_issued=table.value("assume_issued", TRUTH, absent=False),
            facts=_facts(table),
        )
    return timeline, tuple(faults.noted)


def _json_object(text: str) -> Given:
    try:
        content = json.loads(text, object_pairs_hook=Given, parse_constant=_no_number, parse_int=_whole_number)
    except RecursionError:
        raise Refused(["not a timeline: nested too deeply"]) from None
    except ValueError as error:
        raise Refused([f"not JSON: {error}"]) from None
    if not isinstance(content, Given):
        raise Refused(["not a timeline: must be a JSON object"])
    return content


def _no_number(word: str) -> object:
    raise ValueError(f"{word} is no number")


def _whole_number(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_WHOLE else float(digits)


def _resident(timeline: Table) -> Resident:
    with timeline.table("resident") as table:
        return Resident(
            legal_status=table.value("legal_status", _LEGAL_STATUS),
            recalled_for_intoxicated_aggression=table.value("recalled_for_intoxicated_aggression", TRUTH, absent=False),
        )


def _facts(timeline: Table) -> tuple[Fact, ...]:
    read = (_fact(table) for table in timeline.tables("facts", optional=True))
    return tuple(fact for fact in read if fact is not None)


def _fact(table: Table) -> Fact | None:
    match table.value("type", _FACT_TYPE):
        case "event":
            return _event(table)
        case "decision":
            return _decision(table)
        case "void":
            return _void(table)
    return None


def _event(fact: Table) -> Event:
    with fact as table:
        return Event(
            id=table.value("id", NAME),
            code=table.value("code", _CODE),
            occurred_at=table.value("occurred_at", _AWARE),
            intoxicated=table.value("intoxicated", TRUTH, absent=False),
            help_seeking=table.value("help_seeking", TRUTH, absent=False),
            aggravators=table.items("aggravators", NAME, optional=True),
            mitigators=table.items("mitigators", NAME, optional=True),
        )


def _decision(fact: Table) -> Decision:
    with fact as table:
        return Decision(
            id=table.value("id", NAME),
            event=table.value("event", NAME),
            step=table.value("step", whole(0, 5)),
            decided_at=table.value("decided_at", _AWARE),
            reason=table.value("reason", _REASON),
        )


def _void(fact: Table) -> Void:
    with fact as table:
        return Void(
            id=table.value("id", NAME),
            at=table.value("at", _AWARE),
            reason=table.value("reason", _REASON),
            decision=table.value("decision", NAME) if table.has("decision") else None,
            event=table.value("event", NAME) if table.has("event") else None,
        )


def _time(value: object) -> datetime | None:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except ValueError:  # a day the month does not have
        return None


def _text(value: object) -> str | None:
    """Text that is there and can be written: half of a surrogate pair is no character."""
    if not isinstance(value, str) or not value:
        return None
    try:
        value.encode()
    except UnicodeEncodeError:
        return None
    return value


_CODE = like('a code such as "SUB-1"', re.compile(r"[A-Z]{3}-[0-9]{1,2}"))
_LEGAL_STATUS = one_of(f"one of {', '.join(LEGAL_STATUSES)}", LEGAL_STATUSES)
_FACT_TYPE = one_of('"event", "decision" or "void"', _FACT_TYPES)
_REASON = Kind("a text that is not empty", _text, UNREAD)
_AWARE = Kind("a time of the years 2000 to 2099 with its offset, such as 2026-03-10T20:00:00+00:00", _time, UNREAD_TIME)
