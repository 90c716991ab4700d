"""The policy language: what a policy says, its versions in one book, and the JSON the phone reads.

What each key means is in `docs/policy-guide.md`; `default.toml` beside this file is the shipped policy.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from ap_log.domain.policy.faults import Faults

LEGAL_STATUSES = ("licence", "community-order", "suspended-sentence-order", "bail", "post-sentence-supervision")
WARNING_STEPS = (1, 2, 3)
CASE_CONFERENCE_STEP = 4


class RepeatRule(msgspec.Struct, frozen=True):
    """From `count` episodes holding `code` within `days`, the code's base is `base`."""

    code: str
    count: int
    days: int
    base: int


class Climb(msgspec.Struct, frozen=True):
    """Streams whose final warnings count for each other, and codes that climb to `low_cap_max` at most."""

    final_crosses: tuple[str, ...]
    low_cap_codes: tuple[str, ...]
    low_cap_max: int


class Aggravator(msgspec.Struct, frozen=True):
    min_base: int
    add: int
    max: int
    any_of: tuple[str, ...]


class Mitigator(msgspec.Struct, frozen=True):
    subtract: int
    max_step: int
    any_of: tuple[str, ...]


class HelpSeeking(msgspec.Struct, frozen=True):
    streams: tuple[str, ...]
    excepted: tuple[str, ...]


class EvidenceGuard(msgspec.Struct, frozen=True):
    step: int
    any_of: tuple[str, ...]


class Notify(msgspec.Struct, frozen=True):
    """Who hears of a step, how soon they must be told, which answer is wanted and by when, and whom it goes to then."""

    step: int
    who: tuple[str, ...]
    tell_within: str
    answer: str
    answer_within: str
    then: tuple[str, ...]


class CodeRules(msgspec.Struct, frozen=True, gc=False):
    """All that a policy says of one code, in one place: every event of a resident asks for it.

    `crosses` are the streams whose final warnings count for it, its own among them; `is_relieved` by help-seeking.
    Its climb ends at `low_cap` and its step at `cap`, where the policy sets one.
    """

    stream: str
    base: int
    repeat: tuple[RepeatRule, ...]
    crosses: tuple[str, ...]
    low_cap: int | None
    cap: int | None
    is_relieved: bool


class Policy(msgspec.Struct, frozen=True, dict=True):
    """One version of a policy. `effective_from` is in UTC; days are counted on the wall clock of `zone`."""

    name: str
    version: int
    effective_from: datetime
    zone: ZoneInfo
    episode_window_hours: int
    fit_to_warn_hours: int
    warning_days: Mapping[int, int]
    base: Mapping[str, int]
    repeat: tuple[RepeatRule, ...]
    climb: Climb
    cap: Mapping[str, int]
    aggravator: Aggravator
    mitigator: Mitigator
    help_seeking: HelpSeeking
    evidence_guard: EvidenceGuard
    needs_area_manager_at: int
    routes: Mapping[str, str]
    notify: tuple[Notify, ...]

    @property
    def label(self) -> str:
        return f"{self.name}/{self.version}"

    @cached_property
    def by_code(self) -> Mapping[str, CodeRules]:
        """What it says of each code it knows."""
        return {code: self._rules_of(code) for code in self.base}

    def _rules_of(self, code: str) -> CodeRules:
        stream, relief = code[:3], self.help_seeking
        return CodeRules(
            stream=stream,
            base=self.base[code],
            repeat=tuple(rule for rule in self.repeat if rule.code == code),
            crosses=self.climb.final_crosses if stream in self.climb.final_crosses else (),
            low_cap=self.climb.low_cap_max if code in self.climb.low_cap_codes else None,
            cap=self.cap.get(stream),
            is_relieved=stream in relief.streams and code not in relief.excepted,
        )

    def notify_at(self, step: int) -> tuple[Notify, ...]:
        """Who is told of a step; nobody when the policy says nothing about it."""
        return tuple(notify for notify in self.notify if notify.step == step)


class PolicyBook(msgspec.Struct, frozen=True):
    """The versions of one policy, oldest first. Raises Refused when they are not versions of one policy."""

    policies: tuple[Policy, ...]

    def __post_init__(self) -> None:
        faults = Faults()
        if not self.policies:
            faults.note("", "there is no policy")
        for word, values in (
            ("version", [policy.version for policy in self.policies]),
            ("effective_from", [policy.effective_from for policy in self.policies]),
        ):
            if len(set(values)) < len(values):
                faults.note(word, "must differ between the versions of a policy")
        if len({policy.name for policy in self.policies}) > 1:
            faults.note("name", "must be the same in every version of a policy")
        faults.refuse_if_any()
        in_order = tuple(sorted(self.policies, key=lambda policy: policy.effective_from))
        msgspec.structs.force_setattr(self, "policies", in_order)

    @classmethod
    def of(cls, *policies: Policy) -> "PolicyBook":
        return cls(policies)

    @property
    def label(self) -> str:
        return ",".join(policy.label for policy in self.policies)

    def in_force_at(self, at: datetime) -> Policy | None:
        """The newest policy not later than `at`; None before the earliest."""
        return next((policy for policy in reversed(self.policies) if policy.effective_from <= at), None)


def policy_json(policy: Policy) -> dict[str, Any]:
    """A policy as the JSON of its TOML: the shape the phone reads."""
    return {
        "name": policy.name,
        "version": policy.version,
        "effective_from": policy.effective_from.isoformat(),
        "time_zone": policy.zone.key,
        "episode_window_hours": policy.episode_window_hours,
        "fit_to_warn_hours": policy.fit_to_warn_hours,
        "warning_days": {str(step): days for step, days in policy.warning_days.items()},
        "base": dict(policy.base),
        "repeat": [_table(rule) for rule in policy.repeat],
        "climb": {
            "final_crosses": list(policy.climb.final_crosses),
            "low_cap": {"codes": list(policy.climb.low_cap_codes), "max": policy.climb.low_cap_max},
        },
        "cap": dict(policy.cap),
        "aggravator": _table(policy.aggravator),
        "mitigator": _table(policy.mitigator),
        "help_seeking": {
            "streams": list(policy.help_seeking.streams),
            "except": list(policy.help_seeking.excepted),
        },
        "evidence_guard": _table(policy.evidence_guard),
        "departure": {"needs_area_manager_at": policy.needs_area_manager_at},
        "routes": dict(policy.routes),
        "notify": [_table(notify) for notify in policy.notify],
    }


def _table(rule: msgspec.Struct) -> dict[str, Any]:
    """A rule whose fields are named as its keys are; its lists are lists, as JSON has them."""
    fields = msgspec.structs.asdict(rule).items()
    return {key: list(value) if isinstance(value, tuple) else value for key, value in fields}
