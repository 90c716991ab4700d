"""Invented histories and policies from a seed: dense enough that every rule, expiry, void and clock change occurs."""

import copy
import random
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import ap_log.domain.policy
from tests.domain.policy.oracle import Oracle

Json = dict[str, Any]

DEFAULT_TOML = (Path(ap_log.domain.policy.__file__).parent / "default.toml").read_text()
STATUSES = ("licence", "community-order", "suspended-sentence-order", "bail", "post-sentence-supervision")
STARTS = (datetime(2026, 2, 20, tzinfo=UTC), datetime(2026, 9, 20, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC))
ZONES = ("Europe/London", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")


def default_policy() -> Json:
    return tomllib.loads(DEFAULT_TOML)


def a_policy(rng: random.Random, version: int = 1) -> Json:
    """The default policy with some of its numbers and lists changed, `effective_from` as a datetime."""
    policy = copy.deepcopy(default_policy())
    policy["version"] = version
    policy["time_zone"] = rng.choice(ZONES)
    policy["episode_window_hours"] = rng.choice((1, 12, 12, 30))
    policy["fit_to_warn_hours"] = rng.choice((0, 6, 9))
    policy["warning_days"] = {step: rng.choice((1, 7, 28, 56)) for step in ("1", "2", "3")}
    for code in rng.sample(sorted(policy["base"]), 6):
        policy["base"][code] = rng.randint(0, 5)
    policy["repeat"] += [
        {"code": rng.choice(sorted(policy["base"])), "count": rng.randint(1, 4), "days": rng.choice((1, 7, 30)),
         "base": rng.randint(0, 3)}
        for _ in range(rng.randint(0, 4))
    ]  # fmt: skip
    policy["climb"]["final_crosses"] = rng.sample(["SUB", "CON", "RES", "CHG"], rng.randint(0, 4))
    policy["climb"]["low_cap"]["max"] = rng.randint(0, 5)
    policy["cap"] = {stream: rng.randint(0, 5) for stream in rng.sample(["CHG", "ENG", "RES", "SUB"], 2)}
    policy["aggravator"] |= {"min_base": rng.randint(0, 3), "add": rng.randint(0, 2), "max": rng.randint(2, 5)}
    policy["mitigator"] |= {"subtract": rng.randint(0, 3), "max_step": rng.randint(0, 5)}
    policy["help_seeking"] = {"streams": rng.sample(["SUB", "CON", "RES"], rng.randint(0, 2)), "except": ["SUB-8"]}
    policy["evidence_guard"]["any_of"] = rng.sample(sorted(policy["base"]), rng.randint(0, 6))
    return policy


def some_policies(rng: random.Random) -> list[Json]:
    policies = [default_policy() if rng.random() < 0.4 else a_policy(rng)]
    if rng.random() < 0.3:
        later = a_policy(rng, version=2)
        later["effective_from"] = rng.choice(STARTS) + timedelta(days=rng.randint(1, 60))
        policies.append(later)
    rng.shuffle(policies)
    return policies


def a_timeline(rng: random.Random, name: str, most: int = 30) -> Json:
    """Facts of one resident, with few or many decisions and voids. Two may contradict: `without_contradictions`."""
    start = rng.choice(STARTS)
    codes = rng.sample(sorted(default_policy()["base"]), rng.choice((2, 4, 28)))
    busy = rng.choice((0.2, 1.0, 3.0))
    events = [_an_event(rng, f"e{number}", codes, start, busy * 40) for number in range(rng.randint(0, most))]
    decisions = [
        _a_decision(rng, f"{rng.choice('adz')}{number}", event)
        for number, event in enumerate(events)
        if rng.random() < rng.choice((0.0, 0.3, 0.6))
    ]
    voids = [
        _a_void(rng, f"v{number}", rng.choice(events + decisions))
        for number in range(rng.choice((0, 0, 1, 2, 5)))
        if events
    ]
    facts = events + decisions + voids
    rng.shuffle(facts)
    return {
        "case": name,
        "resident": {
            "legal_status": rng.choice(STATUSES),
            "recalled_for_intoxicated_aggression": rng.random() < 0.3,
        },
        "assume_issued": rng.random() < 0.6,
        "facts": facts,
    }


def without_contradictions(timeline: Json, policies: list[Json]) -> Json:
    """The same timeline with one decision an episode at most, and no void of a decision that is gone."""
    kept: set[str] = set()
    for episode in Oracle(policies, timeline).episodes:
        ids = [event["id"] for event in episode["events"]]
        decisions = [fact for fact in timeline["facts"] if fact["type"] == "decision" and fact["event"] in ids]
        kept |= {decision["id"] for decision in decisions[:1]}
    facts = [
        fact
        for fact in timeline["facts"]
        if fact["type"] == "event"
        or (fact["type"] == "decision" and fact["id"] in kept)
        or (fact["type"] == "void" and ("event" in fact or fact["decision"] in kept))
    ]
    return {**timeline, "facts": facts}


def _an_event(rng: random.Random, name: str, codes: list[str], start: datetime, days: float) -> Json:
    at = start + timedelta(minutes=rng.randint(0, int(days * 24 * 2)) * 30)
    event: Json = {"id": name, "type": "event", "code": rng.choice(codes), "occurred_at": _time(rng, at)}
    if rng.random() < 0.3:
        event["intoxicated"] = True
    if rng.random() < 0.1:
        event["help_seeking"] = True
    if rng.random() < 0.15:
        event["aggravators"] = rng.choices(("victim-staff", "victim-roommate"), k=rng.randint(1, 2))
    if rng.random() < 0.2:
        event["mitigators"] = ["told-staff-first"]
    return event


def _a_decision(rng: random.Random, name: str, event: Json) -> Json:
    at = datetime.fromisoformat(event["occurred_at"]) + timedelta(minutes=rng.choice((0, 30, 600, 3000, 20000)))
    return {
        "id": name, "type": "decision", "event": event["id"], "step": rng.choice((0, 1, 1, 2, 2, 3, 3, 4, 5)),
        "decided_at": _time(rng, at), "reason": "as it seemed right",
    }  # fmt: skip


def _a_void(rng: random.Random, name: str, named: Json) -> Json:
    key = named["type"]
    at = datetime.fromisoformat(named["decided_at" if key == "decision" else "occurred_at"])
    at += timedelta(minutes=rng.choice((0, 30, 1440, 14400, 60000)))
    return {"id": name, "type": "void", key: named["id"], "at": _time(rng, at), "reason": "laboratory negative"}


def _time(rng: random.Random, at: datetime) -> str:
    offset = timedelta(hours=rng.choice((0, 0, 1, -5)))
    return (at.astimezone(UTC).replace(tzinfo=None) + offset).isoformat() + (
        f"{'-' if offset < timedelta() else '+'}{abs(offset) // timedelta(hours=1):02}:00" if offset else "Z"
    )
