"""What an entry amounts to, as the server works it out. tests/web/entries.test.ts holds the phone to the same cases."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from ap_log.domain.entries import code_of, evidence_level, is_intoxicated, read_entry

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "entries.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_server_and_phone_agree_on_what_an_entry_amounts_to(case: dict[str, Any]) -> None:
    envelope = {name: str(uuid4()) for name in ("id", "author", "device", "resident")}
    times = {"occurred_at": "2026-11-20T01:40:00Z", "recorded_at": "2026-11-20T01:41:00Z"}
    entry = read_entry(msgspec.json.encode({**envelope, **times, **case["entry"]}).decode())

    found = (evidence_level(entry.signs, entry.alternatives_considered), code_of(entry), is_intoxicated(entry))

    assert found == (case["level"], case["code"], case["intoxicated"])
