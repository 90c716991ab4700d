"""A second engine, written from the specification alone: slow, plain, on raw JSON, sharing no code with the first.

It replays everything from the start for every question, so that nothing clever can be wrong in both.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def printed(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S+00:00")


def wall(at: datetime, days: int, zone_name: str) -> datetime:
    """Tries every offset the zone has around the reading, instead of asking the library which one it is."""
    zone = ZoneInfo(zone_name)
    reading = at.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)
    around = [reading.replace(tzinfo=UTC) + timedelta(hours=hours) for hours in range(-40, 41)]
    offsets = [each.astimezone(zone).utcoffset() or timedelta() for each in around]
    instants = sorted((reading - offset).replace(tzinfo=UTC) for offset in set(offsets))
    fitting = [each for each in instants if each.astimezone(zone).replace(tzinfo=None, fold=0) == reading]
    return fitting[0] if fitting else (reading - offsets[0]).replace(tzinfo=UTC)


class Oracle:
    def __init__(self, policies: list[Json], timeline: Json) -> None:
        self.policies = sorted(policies, key=lambda policy: policy["effective_from"])
        self.timeline = timeline
        self.facts = timeline.get("facts", [])
        self.events = sorted(
            (fact for fact in self.facts if fact["type"] == "event"),
            key=lambda event: (moment(event["occurred_at"]), event["id"]),
        )
        self.episodes = self.grouped()

    def grouped(self) -> list[Json]:
        episodes: list[Json] = []
        for event in self.events:
            at = moment(event["occurred_at"])
            window = timedelta(hours=episodes[-1]["policy"]["episode_window_hours"]) if episodes else timedelta()
            if episodes and at < episodes[-1]["start"] + window:
                episodes[-1]["events"].append(event)
            else:
                policy = [each for each in self.policies if each["effective_from"] <= at][-1]
                episodes.append({"start": at, "policy": policy, "events": [event]})
        return episodes

    def decision(self, episode: Json) -> Json | None:
        ids = [event["id"] for event in episode["events"]]
        return next((fact for fact in self.facts if fact["type"] == "decision" and fact["event"] in ids), None)

    def void_at(self, episode: Json) -> datetime | None:
        ids = [event["id"] for event in episode["events"]]
        decision = self.decision(episode)
        times = [
            moment(fact["at"])
            for fact in self.facts
            if fact["type"] == "void"
            and (fact.get("event") in ids or (decision and fact.get("decision") == decision["id"]))
        ]
        return min(times, default=None)

    @staticmethod
    def made_nothing(episode: Json, event: Json) -> bool:
        rule = episode["policy"]["help_seeking"]
        called = any(
            each.get("help_seeking") for each in episode["events"] if moment(each["occurred_at"]) == episode["start"]
        )
        return called and event["code"][:3] in rule["streams"] and event["code"] not in rule["except"]

    def base(self, index: int, event: Json, away: set[int]) -> int:
        episode = self.episodes[index]
        policy, at = episode["policy"], moment(event["occurred_at"])
        if self.made_nothing(episode, event):
            return 0
        bases = [policy["base"][event["code"]]]
        for rule in policy.get("repeat", []):
            since = wall(episode["start"], -rule["days"], policy["time_zone"])
            count = 1
            for earlier, each in enumerate(self.episodes[:index]):
                void_at = self.void_at(each)
                counts = any(one["code"] == rule["code"] and not self.made_nothing(each, one) for one in each["events"])
                void = void_at is not None and void_at <= at
                count += counts and since < each["start"] <= episode["start"] and not void and earlier not in away
            if rule["code"] == event["code"] and count >= rule["count"]:
                bases.append(rule["base"])
        highest: int = max(bases)
        return highest

    def weigh(self, index: int, event: Json, warnings: list[Json], away: set[int]) -> Json:
        policy, at = self.episodes[index]["policy"], moment(event["occurred_at"])
        stream, crosses = event["code"][:3], policy["climb"]["final_crosses"]
        active = [
            each
            for each in warnings
            if each["issued"] <= at < each["expires"] and not (each["void"] is not None and each["void"] <= at)
        ]
        base = self.base(index, event, away)
        own = [each for each in active if each["stream"] == stream]
        final = [
            each for each in active if each["step"] == 3 and each["stream"] in crosses and stream in crosses and base
        ]
        climb = 0
        if base and (own or final):
            climb = max((each["step"] for each in own), default=-1) + 1
            if final and climb < 4:
                climb = 4
            low = policy["climb"]["low_cap"]
            if event["code"] in low["codes"] and climb > low["max"]:
                climb = low["max"]
            climb = min(climb, 4)
        step = max(base, climb)
        rule = policy["aggravator"]
        automatic = "repeat-intoxicated-aggression"
        listed = set(event.get("aggravators", []))
        if self.timeline["resident"].get("recalled_for_intoxicated_aggression") and stream == "CON":
            listed |= {automatic} if event.get("intoxicated") else set()
        listed &= set(rule["any_of"])
        aggravated: list[str] = []
        if listed and base >= rule["min_base"] and min(step + rule["add"], rule["max"]) > step:
            step = min(step + rule["add"], rule["max"])
            aggravated = sorted(listed)
        if stream in policy["cap"]:
            step = min(step, policy["cap"][stream])
        counted = sorted({each["id"] for each in own + final})
        return {
            "event": event, "base": base, "climb": climb, "step": step, "aggravated": aggravated, "counted": counted,
            "active": active, "at": at,
        }  # fmt: skip

    def replay(self, away: set[int]) -> tuple[list[Json], list[Json]]:
        warnings: list[Json] = []
        judged: list[Json] = []
        for index, episode in enumerate(self.episodes):
            policy = episode["policy"]
            weighed = [self.weigh(index, event, warnings, away) for event in episode["events"]]
            weighed.sort(key=lambda each: (-each["step"], -each["base"], each["at"], each["event"]["id"]))
            deciding = weighed[0]
            judged.append({**deciding, "outcome": self.outcome(index, deciding)})
            decision = self.decision(episode)
            step = decision["step"] if decision else deciding["step"]
            made = bool(decision) or self.timeline.get("assume_issued", False)
            if made and step in (1, 2, 3) and index not in away:
                issued = moment(decision["decided_at"]) if decision else deciding["at"]
                warnings.append({
                    "id": decision["id"] if decision else deciding["event"]["id"],
                    "index": index,
                    "stream": deciding["event"]["code"][:3],
                    "step": step,
                    "issued": issued,
                    "expires": wall(issued, policy["warning_days"][str(step)], policy["time_zone"]),
                    "void": self.void_at(episode),
                })  # fmt: skip
        return judged, warnings

    def outcome(self, index: int, deciding: Json) -> str:
        guard = self.episodes[index]["policy"]["evidence_guard"]
        if deciding["step"] != guard["step"]:
            return ["support", "warn", "warn", "warn", "consider", "act-now"][deciding["step"]]
        looked = [self.episodes[index]] + [self.episodes[each["index"]] for each in deciding["active"]]
        met = any(
            event["code"] in guard["any_of"] and not self.made_nothing(episode, event)
            for episode in looked
            for event in episode["events"]
        )
        return "consider" if met else "case-conference"

    def reopened(self) -> list[set[str]]:
        names: list[set[str]] = [set() for _ in self.episodes]
        judged, warnings = self.replay(set())
        voided = sorted((each for each in warnings if each["void"] is not None), key=lambda w: (w["issued"], w["id"]))
        away: set[int] = set()
        for warning in voided:
            away.add(warning["index"])
            again, _ = self.replay(away)
            for index in range(warning["index"] + 1, len(self.episodes)):
                if (judged[index]["step"], judged[index]["outcome"]) != (again[index]["step"], again[index]["outcome"]):
                    names[index].add(warning["id"])
            judged = again
        return names

    def answer(self) -> Json:
        judged, _ = self.replay(set())
        reopened = self.reopened()
        return {
            "case": self.timeline["case"],
            "policy": ",".join(f"{policy['name']}/{policy['version']}" for policy in self.policies),
            "episodes": [self.episode_answer(index, each, reopened[index]) for index, each in enumerate(judged)],
        }

    def episode_answer(self, index: int, judged: Json, reopened: set[str]) -> Json:
        episode = self.episodes[index]
        policy, step, event = episode["policy"], judged["step"], judged["event"]
        drunk = [moment(each["occurred_at"]) for each in episode["events"] if each.get("intoxicated")]
        rule = policy["mitigator"]
        reducible = event.get("mitigators") and not judged["aggravated"] and 1 <= step <= rule["max_step"]
        fit_at = max(drunk) + timedelta(hours=policy["fit_to_warn_hours"]) if drunk and step in (1, 2, 3) else None
        routed = judged["outcome"] in ("consider", "act-now")
        carries = self.timeline.get("assume_issued") or self.decision(episode)
        return {
            "events": [each["id"] for each in episode["events"]],
            "started_at": printed(episode["start"]),
            "deciding_event": event["id"],
            "stream": event["code"][:3],
            "base": judged["base"],
            "climb": judged["climb"],
            "step": step,
            "outcome": judged["outcome"],
            "route": policy["routes"][self.timeline["resident"]["legal_status"]] if routed else None,
            "may_reduce_to": max(step - rule["subtract"], 0) if reducible else None,
            "warn_not_before": printed(fit_at) if fit_at else None,
            "aggravated_by": judged["aggravated"],
            "counted_warnings": judged["counted"],
            "reopened_by": sorted(reopened) if carries else [],
        }
