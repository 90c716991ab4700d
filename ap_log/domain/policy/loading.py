"""Loading a policy, from TOML or from the document of a draft. Every fault is named at once: its key and what would
be right, and in a text its line.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from ap_log.domain.policy.faults import NAME, Faults, Kind, Refused, Table, like, one_of, whole
from ap_log.domain.policy.language import (
    CASE_CONFERENCE_STEP,
    LEGAL_STATUSES,
    WARNING_STEPS,
    Aggravator,
    Climb,
    EvidenceGuard,
    HelpSeeking,
    Mitigator,
    Notify,
    Policy,
    RepeatRule,
)
from ap_log.domain.policy.lines import line_finder

# What every version has of its own. All other keys are the document, which is what people edit.
HEADING = ("name", "version", "effective_from")

_STEP = whole(0, 5)
_DAYS = whole(1, 3650)
CODE_FORM = re.compile(r"[A-Z]{3}-[0-9]{1,2}")
_ANY_CODE = like('a code such as "SUB-1"', CODE_FORM)
_ANY_STREAM = like('a stream such as "SUB"', re.compile(r"[A-Z]{3}"))
_SPAN = r"[1-9][0-9]{0,3} (minutes?|hours?|working-days?)|same-day|next-working-day ([01][0-9]|2[0-3]):[0-5][0-9]"
_WITHIN = like(
    'a time such as "15 minutes", "2 working-days", "same-day" or "next-working-day 12:00"', re.compile(_SPAN)
)
_ANSWER = one_of('"seen", "comment" or "decision"', ("seen", "comment", "decision"))


def load_policy(text: str) -> Policy:
    """The policy a TOML text holds. Raises Refused with every fault of the text."""
    content = _toml(text)
    heading = {key: content.pop(key) for key in HEADING if key in content}
    return read_policy(heading, content, Faults(line_finder(text)))


def read_policy(heading: Mapping[str, object], document: Mapping[str, object], faults: Faults) -> Policy:
    """The policy of a heading and a document. Raises Refused with every fault of both."""
    policy = _Reading(Table(heading, "", faults), Table(document, "", faults)).policy()
    faults.refuse_if_any()
    return policy


def _toml(text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise Refused(["not a policy: nested too deeply"]) from None
    except ValueError as error:  # TOMLDecodeError is one, and so is a number of too many digits
        raise Refused([f"not TOML: {error}"]) from None


class _Reading:
    """One pass over the tables of a policy. `[base]` is read first: it says which codes and streams there are."""

    def __init__(self, heading: Table, table: Table) -> None:
        self._heading = heading
        self._table = table
        self._base = table.table("base")
        codes = self._base.names()
        # Where [base] itself is missing or no table, every code would be unknown: only its form is looked at.
        known = bool(codes) or self._base.heard
        self._code = _listed("a code that [base] holds", codes) if known else _ANY_CODE
        self._stream = _listed("a stream that [base] holds", [code[:3] for code in codes]) if known else _ANY_STREAM

    def policy(self) -> Policy:
        heading, table = self._heading, self._table
        policy = Policy(
            name=heading.value("name", NAME),
            version=heading.value("version", whole(1, 1_000_000)),
            effective_from=heading.value("effective_from", _AWARE),
            zone=table.value("time_zone", _ZONE),
            episode_window_hours=table.value("episode_window_hours", whole(1, 1000)),
            fit_to_warn_hours=table.value("fit_to_warn_hours", whole(0, 1000)),
            warning_days=self._warning_days(),
            base=self._steps_of_codes(),
            repeat=tuple(self._repeat(rule) for rule in table.tables("repeat", optional=True)),
            climb=self._climb(),
            cap=self._caps(),
            aggravator=self._aggravator(),
            mitigator=self._mitigator(),
            help_seeking=self._help_seeking(),
            evidence_guard=self._evidence_guard(),
            needs_area_manager_at=self._departure(),
            routes=self._routes(),
            notify=tuple(_notify(notify) for notify in table.tables("notify", optional=True)),
        )
        table.no_more()
        return policy

    def _warning_days(self) -> Mapping[int, int]:
        with self._table.table("warning_days") as table:
            return {step: table.value(str(step), _DAYS) for step in WARNING_STEPS}

    def _steps_of_codes(self) -> Mapping[str, int]:
        with self._base as table:
            for code in table.names():
                if not CODE_FORM.fullmatch(code):
                    table.note_key(code, "must be three capitals, a dash and one or two digits")
            return {code: table.value(code, _STEP) for code in table.names()}

    def _repeat(self, rule: Table) -> RepeatRule:
        with rule as table:
            return RepeatRule(
                code=table.value("code", self._code),
                count=table.value("count", whole(1, 1000)),
                days=table.value("days", _DAYS),
                base=table.value("base", _STEP),
            )

    def _climb(self) -> Climb:
        with self._table.table("climb") as table, table.table("low_cap") as low_cap:
            return Climb(
                final_crosses=table.items("final_crosses", self._stream),
                low_cap_codes=low_cap.items("codes", self._code),
                low_cap_max=low_cap.value("max", _STEP),
            )

    def _caps(self) -> Mapping[str, int]:
        with self._table.table("cap") as table:
            for stream in table.names():
                if self._stream.read(stream) is None:
                    table.note_key(stream, f"must be {self._stream.words}")
            return {stream: table.value(stream, _STEP) for stream in table.names()}

    def _aggravator(self) -> Aggravator:
        with self._table.table("aggravator") as table:
            return Aggravator(
                min_base=table.value("min_base", _STEP),
                add=table.value("add", _STEP),
                max=table.value("max", _STEP),
                any_of=table.items("any_of", NAME),
            )

    def _mitigator(self) -> Mitigator:
        with self._table.table("mitigator") as table:
            return Mitigator(
                subtract=table.value("subtract", _STEP),
                max_step=table.value("max_step", _STEP),
                any_of=table.items("any_of", NAME),
            )

    def _help_seeking(self) -> HelpSeeking:
        with self._table.table("help_seeking") as table:
            return HelpSeeking(streams=table.items("streams", self._stream), excepted=table.items("except", self._code))

    def _evidence_guard(self) -> EvidenceGuard:
        with self._table.table("evidence_guard") as table:
            return EvidenceGuard(
                step=table.value("step", _GUARD_STEP),
                any_of=table.items("any_of", self._code),
            )

    def _departure(self) -> int:
        with self._table.table("departure") as table:
            return table.value("needs_area_manager_at", whole(1, 5))

    def _routes(self) -> Mapping[str, str]:
        with self._table.table("routes") as table:
            return {status: table.value(status, NAME) for status in LEGAL_STATUSES}


def _notify(notify: Table) -> Notify:
    with notify as table:
        return Notify(
            step=table.value("step", _STEP),
            who=table.items("who", NAME),
            tell_within=table.value("tell_within", _WITHIN),
            answer=table.value("answer", _ANSWER),
            answer_within=table.value("answer_within", _WITHIN),
            then=table.items("then", NAME, optional=True),
        )


def _listed(words: str, names: list[str]) -> Kind[str]:
    return one_of(words, frozenset(names))


def _aware(value: object) -> datetime | None:
    if not isinstance(value, datetime) or value.tzinfo is None:
        return None
    try:
        return value.astimezone(UTC)
    except OverflowError:  # an offset that leads out of the years 1 to 9999
        return None


def _zone(value: object) -> ZoneInfo | None:
    return ZoneInfo(value) if isinstance(value, str) and value in zone_names() else None


@cache
def zone_names() -> frozenset[str]:
    """The names of every time zone that a policy may use."""
    # Every phone judges by these too. ZoneInfo itself also opens folders and zones with leap seconds, and some machines
    # list two names that are no places and that no phone knows.
    return frozenset(available_timezones() - {"localtime", "Factory"})


_AWARE = Kind("a date and time with its offset, such as 2026-01-01T00:00:00Z", _aware, datetime(2000, 1, 1, tzinfo=UTC))
_ZONE = Kind('a time zone such as "Europe/London"', _zone, ZoneInfo("UTC"))
_GUARD_STEP = Kind(
    "4, the step a case conference can stand in for",
    lambda value: CASE_CONFERENCE_STEP if type(value) is int and value == CASE_CONFERENCE_STEP else None,
    CASE_CONFERENCE_STEP,
)
