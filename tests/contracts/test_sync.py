"""The examples of the sync protocol, as the server reads them. tests/web/sync.test.ts holds the phone to the same."""

import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ap_log import contracts
from ap_log.domain import entries, sync
from ap_log.domain.entries import Entry, read_entry
from ap_log.handlers.errors import STATUS

FOLDER = Path(__file__).parent / "sync"
ENTRIES: list[dict[str, Any]] = json.loads((FOLDER / "entries.json").read_text("utf-8"))
ANSWERS: list[dict[str, Any]] = json.loads((FOLDER / "answers.json").read_text("utf-8"))["answers"]
OURS = [answer for answer in ANSWERS if answer["shape"] is not None]


@pytest.mark.parametrize("case", ENTRIES, ids=[case["name"] for case in ENTRIES])
def test_the_server_reads_the_entry_that_the_phone_meant_from_the_bytes_it_hashed(case: dict[str, Any]) -> None:
    assert hashlib.sha256(case["body"].encode()).hexdigest() == case["sha256"]
    assert read_entry(case["body"]) == msgspec.convert(case["entry"], Entry)


@pytest.mark.parametrize("answer", OURS, ids=[answer["name"] for answer in OURS])
def test_every_answer_of_ours_has_the_shape_that_the_server_sends(answer: dict[str, Any]) -> None:
    shape = getattr(sync, answer["shape"])
    made = msgspec.convert(answer["answer"], shape)
    assert json.loads(msgspec.json.encode(made)) == answer["answer"]
    if isinstance(made, sync.Problem):
        assert made.status == answer["status"]


def test_the_same_shapes_give_the_same_files(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        contracts.write(tmp_path / folder)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == ["schema.json", "shapes.ts", "vocabulary.ts"]
    assert [(tmp_path / "one" / name).read_bytes() for name in files] == [
        (tmp_path / "two" / name).read_bytes() for name in files
    ]


@pytest.mark.parametrize(
    ("schema", "written"),
    [
        ({"type": "string", "format": "date-time"}, "string"),
        ({"type": "array", "items": {"$ref": "Fault"}}, "readonly Fault[]"),
        ({"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "null"}]}}, "readonly (string | null)[]"),
        ({"enum": ["stored", "refused"]}, '"stored" | "refused"'),
        ({"type": "object"}, "Readonly<Record<string, unknown>>"),
        ({}, "unknown"),
    ],
)
def test_a_schema_becomes_its_typescript_type(schema: dict[str, Any], written: str) -> None:
    assert contracts.type_of(schema) == written


def test_a_field_with_a_default_may_be_left_out_and_one_without_may_not() -> None:
    module = contracts.shapes_module()
    assert "readonly happening: string;" in module
    assert "readonly signs?: readonly string[];" in module
    assert "readonly confirmed?: string | null;" in module
    assert f"export const ENTRIES_LIMIT = {sync.ENTRIES_LIMIT};" in module


OF_PAGES_ALONE = {
    "already-answered",
    "already-confirmed",
    "already-decided",
    "already-disowned",
    "already-void",
    "already-withdrawn",
    "code-twice",
    "draft-changed",
    "draft-closed",
    "entry-saved",
    "facts-have-changed",
    "form-used",
    "held-decided",
    "newer-published",
    "newest-withdrawn",
    "not-ready-to-publish",
    "rehearsal-under-way",
    "version-in-force",
    "version-withdrawn",
}
"""Refusals of forms that no phone sends."""


def test_the_written_protocol_names_every_limit_and_every_refusal_a_phone_can_get() -> None:
    written = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text("utf-8")
    limits = (sync.ENTRIES_LIMIT, sync.ENTRY_BYTES_LIMIT, sync.PUSH_BYTES_LIMIT, entries.WORDS_LIMIT)
    assert [limit for limit in limits if f" {limit} " not in written] == []
    codes = {refusal.code: STATUS[refusal] for refusal in STATUS if refusal.code not in OF_PAGES_ALONE}
    missing = [code for code, status in codes.items() if f"| `{code}` | {status} |" not in written]
    assert sorted(missing) == ["invitation-spent", "passkey-refused"]
    assert all(f"`{code}` ({codes[code]})" in written for code in missing)


def test_every_key_of_an_entry_is_in_the_written_protocol() -> None:
    written = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text("utf-8")
    assert [name for name in Entry.__struct_fields__ if f"`{name}`" not in written] == []
