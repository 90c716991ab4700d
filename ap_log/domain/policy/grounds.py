"""The grounds of a recommendation: what each rule of the policy met, before anybody says it in a language.

They are made once, from the judgement itself (`explain`), and said by a voice: `in_english`, `in_welsh`. A voice has
words for every ground, which its type and the `match` of `said` make sure of.
"""

from datetime import datetime
from typing import ClassVar, Protocol
from zoneinfo import ZoneInfo

import msgspec

from ap_log.domain.policy.rules import Outcome


class Figure(msgspec.Struct, frozen=True):
    """A number of the policy: its key, spelt as in the policy's file, and the label of the version that it stands in.

    `number` is None where the key holds a list or a word.
    """

    key: str
    number: int | None
    policy: str


class When(msgspec.Struct, frozen=True):
    """A time as it is said: on the policy's wall clock, its day with the year where that is not the episode's."""

    at: datetime
    zone: ZoneInfo
    year: int


class Said(msgspec.Struct, frozen=True):
    """A ground in words: its sentence, and as a clause what it was that decided, for the grounds that can decide."""

    sentence: str
    cause: str = ""


class Met(msgspec.Struct, frozen=True, kw_only=True):
    """One rule that was met: the figures behind it, and the ids of the events and decisions it rests on."""

    rule: ClassVar[str]

    figures: tuple[Figure, ...]
    facts: tuple[str, ...]


class Starts(Met, frozen=True):
    rule: ClassVar[str] = "base"

    code: str
    step: int


class Repeated(Met, frozen=True):
    """The code came so often within so many days that it starts higher."""

    rule: ClassVar[str] = "repeat"

    code: str
    count: int
    days: int
    step: int


class HelpSought(Met, frozen=True):
    rule: ClassVar[str] = "help-seeking"

    code: str


class Active(msgspec.Struct, frozen=True):
    """A warning that was active at the time."""

    step: int
    stream: str
    issued: When
    expires: When


class Climbs(Met, frozen=True):
    """A warning of the stream is active. `step` is what it climbs to, None where what starts at step 0 does not climb;
    `is_higher` where that is more than it starts at."""

    rule: ClassVar[str] = "climb"

    warning: Active
    step: int | None
    is_higher: bool


class FinalWarning(Met, frozen=True):
    """A final warning of another stream counts too."""

    rule: ClassVar[str] = "final-warning"

    warning: Active
    streams: tuple[str, ...]
    step: int
    is_higher: bool


class LowCapped(Met, frozen=True):
    rule: ClassVar[str] = "low-cap"

    code: str
    step: int


class Aggravated(Met, frozen=True):
    rule: ClassVar[str] = "aggravator"

    terms: tuple[str, ...]
    step: int


class Capped(Met, frozen=True):
    rule: ClassVar[str] = "cap"

    stream: str
    step: int


class Together(Met, frozen=True):
    """Several entries are one episode; `code` is the one that calls for the most."""

    rule: ClassVar[str] = "episode"

    entries: int
    hours: int
    code: str


class Mitigated(Met, frozen=True):
    rule: ClassVar[str] = "mitigator"

    terms: tuple[str, ...]
    step: int


class Firm(Met, frozen=True):
    """What is firm enough for the evidence guard, and its day."""

    rule: ClassVar[str] = "guard"

    code: str
    day: When


class NothingFirm(Met, frozen=True):
    rule: ClassVar[str] = "guard"


class Leads(Met, frozen=True):
    rule: ClassVar[str] = "route"

    legal_status: str
    route: str


class NotFit(Met, frozen=True):
    rule: ClassVar[str] = "fitness"

    fit_at: When
    seen_at: When
    hours: int


class Reopened(Met, frozen=True):
    rule: ClassVar[str] = "reopened"


class Headline(Met, frozen=True):
    """The step, and the one ground that decided it."""

    rule: ClassVar[str] = "headline"

    step: int
    outcome: Outcome
    decided_by: "Ground"


Ground = (
    Starts
    | Repeated
    | HelpSought
    | Climbs
    | FinalWarning
    | LowCapped
    | Aggravated
    | Capped
    | Together
    | Mitigated
    | Firm
    | NothingFirm
    | Leads
    | NotFit
    | Reopened
    | Headline
)


class Voice(Protocol):
    """Every ground in the words of one language."""

    def starts(self, ground: Starts) -> Said: ...
    def repeated(self, ground: Repeated) -> Said: ...
    def help_sought(self, ground: HelpSought) -> Said: ...
    def climbs(self, ground: Climbs) -> Said: ...
    def final_warning(self, ground: FinalWarning) -> Said: ...
    def low_capped(self, ground: LowCapped) -> Said: ...
    def aggravated(self, ground: Aggravated) -> Said: ...
    def capped(self, ground: Capped) -> Said: ...
    def together(self, ground: Together) -> Said: ...
    def mitigated(self, ground: Mitigated) -> Said: ...
    def firm(self, ground: Firm) -> Said: ...
    def nothing_firm(self, ground: NothingFirm) -> Said: ...
    def leads(self, ground: Leads) -> Said: ...
    def not_fit(self, ground: NotFit) -> Said: ...
    def reopened(self, ground: Reopened) -> Said: ...
    def headline(self, ground: Headline) -> Said: ...


def said(ground: Ground, voice: Voice) -> Said:  # noqa: C901, PLR0911, PLR0912 - a case for each ground
    """A ground as a voice says it."""
    match ground:
        case Starts():
            return voice.starts(ground)
        case Repeated():
            return voice.repeated(ground)
        case HelpSought():
            return voice.help_sought(ground)
        case Climbs():
            return voice.climbs(ground)
        case FinalWarning():
            return voice.final_warning(ground)
        case LowCapped():
            return voice.low_capped(ground)
        case Aggravated():
            return voice.aggravated(ground)
        case Capped():
            return voice.capped(ground)
        case Together():
            return voice.together(ground)
        case Mitigated():
            return voice.mitigated(ground)
        case Firm():
            return voice.firm(ground)
        case NothingFirm():
            return voice.nothing_firm(ground)
        case Leads():
            return voice.leads(ground)
        case NotFit():
            return voice.not_fit(ground)
        case Reopened():
            return voice.reopened(ground)
        case Headline():
            return voice.headline(ground)
