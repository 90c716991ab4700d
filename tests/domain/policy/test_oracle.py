"""The engine against a second one that was written from the specification alone and shares no code with it."""

import json
import random

import pytest

from ap_log.domain.policy.evaluate import answer_json, evaluate, read_timeline
from ap_log.domain.policy.language import PolicyBook
from ap_log.domain.policy.loading import load_policy
from tests.domain.policy.histories import a_timeline, some_policies, without_contradictions
from tests.domain.policy.oracle import Oracle
from tests.domain.policy.toml import toml_text


@pytest.mark.parametrize("seed", range(40))
def test_both_engines_give_the_same_bytes(seed: int) -> None:
    rng = random.Random(seed)
    for number in range(3):
        policies = some_policies(rng)
        timeline = without_contradictions(a_timeline(rng, f"{seed}.{number}", most=24), policies)
        book = PolicyBook.of(*(load_policy(toml_text(policy)) for policy in policies))
        expected = json.dumps(Oracle(policies, timeline).answer(), separators=(",", ":")) + "\n"
        found = answer_json(evaluate(book, read_timeline(json.dumps(timeline), book)))
        assert found.decode() == expected
