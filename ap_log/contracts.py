"""Writes what the phone must know of our shapes: TypeScript types, the vocabulary as constants, and JSON Schema.

Run as `python -m ap_log.contracts FOLDER` by the front-end build. The same source gives the same bytes. Needs msgspec
and the domain alone, because it also runs where the app itself is not installed.
"""

import json
import sys
from inspect import cleandoc
from pathlib import Path
from typing import Any

import msgspec

from ap_log.domain import devices, entries, errors, photos, sync, vocabulary

SHAPES = (
    entries.PhoneClock,
    entries.PhotoClaim,
    entries.Entry,
    errors.Fault,
    sync.Problem,
    sync.PushedEntry,
    sync.Push,
    sync.Receipt,
    sync.PushResult,
    sync.PushAnswer,
    sync.Kept,
    sync.ReceiptsOffer,
    sync.ReceiptsAnswer,
    sync.SealingKey,
    photos.PhotoReceipt,
    photos.PhotoAnswer,
    devices.Holding,
    devices.PhoneReport,
    devices.Loss,
    devices.PhoneAnswer,
    sync.Me,
    sync.ResidentReference,
    sync.Reference,
)
TERMS = (vocabulary.Term, vocabulary.Happening, vocabulary.SignGroup)
LIMITS = {
    "WORDS_LIMIT": entries.WORDS_LIMIT,
    "PHOTOS_LIMIT": entries.PHOTOS_LIMIT,
    "PHOTO_BYTES_LIMIT": entries.PHOTO_BYTES_LIMIT,
    "PIECE_BYTES_LIMIT": photos.PIECE_BYTES_LIMIT,
    "HOLDS_LIMIT": devices.HOLDS_LIMIT,
    "ALONE_HOURS": devices.ALONE_HOURS,
    "RECEIPTS_LIMIT": sync.RECEIPTS_LIMIT,
    "ENTRIES_LIMIT": sync.ENTRIES_LIMIT,
    "ENTRY_BYTES_LIMIT": sync.ENTRY_BYTES_LIMIT,
    "PUSH_BYTES_LIMIT": sync.PUSH_BYTES_LIMIT,
}
VOCABULARY = {
    "HAPPENING_GROUPS": "readonly Term[]",
    "HAPPENINGS": "readonly Happening[]",
    "CODE_WORDS": "Readonly<Record<string, string>>",
    "SIGN_GROUPS": "readonly SignGroup[]",
    "EVIDENCE_LEVELS": "readonly Term[]",
    "SUBSTANCES": "readonly Term[]",
    "ACTIONS_TAKEN": "readonly Term[]",
    "AGGRAVATORS": "readonly Term[]",
    "MITIGATORS": "readonly Term[]",
    "LEGAL_STATUSES": "readonly Term[]",
    "STEPS": "readonly Term[]",
    "ROUTES": "readonly Term[]",
    "CALL_999": "readonly string[]",
}
_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
_HEAD = "// Written by `python -m ap_log.contracts` from {source}; changes here are lost.\n"

Schema = dict[str, Any]


def write(folder: Path) -> None:
    """Write shapes.ts, vocabulary.ts and schema.json into the folder, which is made when missing."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "shapes.ts").write_text(shapes_module(), encoding="utf-8")
    (folder / "vocabulary.ts").write_text(vocabulary_module(), encoding="utf-8")
    (folder / "schema.json").write_text(json_schema(), encoding="utf-8")


def shapes_module() -> str:
    """The text of shapes.ts: the limits, and an interface for every shape of the sync protocol."""
    limits = "".join(f"export const {name} = {value};\n" for name, value in LIMITS.items())
    return "\n".join([_HEAD.format(source="ap_log/domain"), limits, *_interfaces(SHAPES)])


def vocabulary_module() -> str:
    """The text of vocabulary.ts: the words people choose from, typed."""
    constants = (f"export const {name}: {kind} = {_literal(name)};\n" for name, kind in VOCABULARY.items())
    return "\n".join([_HEAD.format(source="ap_log/domain/vocabulary.py"), *_interfaces(TERMS), *constants])


def json_schema() -> str:
    """The text of schema.json: JSON Schema 2020-12 of every shape, under `$defs`."""
    _, components = msgspec.json.schema_components(SHAPES, ref_template="#/$defs/{name}")
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": components}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _interfaces(shapes: tuple[type, ...]) -> list[str]:
    _, components = msgspec.json.schema_components(shapes, ref_template="{name}")
    return [_interface(name, schema) for name, schema in components.items()]


def _interface(name: str, schema: Schema) -> str:
    fields = (_field(key, value, schema["required"]) for key, value in schema["properties"].items())
    comment = "\n".join(f" * {line}".rstrip() for line in cleandoc(schema.get("description", name)).splitlines())
    return f"/**\n{comment}\n */\nexport interface {name} {{\n{''.join(fields)}}}\n"


def _field(key: str, schema: Schema, required: list[str]) -> str:
    return f"  readonly {key}{'' if key in required else '?'}: {type_of(schema)};\n"


def type_of(schema: Schema) -> str:
    """The TypeScript type of a JSON Schema as msgspec writes it."""
    match schema:
        case {"$ref": name}:
            return str(name)
        case {"anyOf": choices}:
            return " | ".join(type_of(choice) for choice in choices)
        case {"enum": values}:
            return " | ".join(json.dumps(value) for value in values)
        case {"type": "array", "items": items}:
            return f"readonly {_in_brackets(type_of(items))}[]"
        case {"type": "object"}:
            return f"Readonly<Record<string, {type_of(schema.get('additionalProperties', {}))}>>"
    return _PLAIN.get(schema.get("type", ""), "unknown")


def _in_brackets(element: str) -> str:
    return f"({element})" if " | " in element else element


def _literal(name: str) -> str:
    return json.dumps(_lean(getattr(vocabulary, name)), indent=2, ensure_ascii=False)


def _lean(value: object) -> object:
    """The value as JSON holds it, without what has its default: every phone loads it."""
    if isinstance(value, msgspec.Struct):
        given = {field.name: (getattr(value, field.name), field.default) for field in msgspec.structs.fields(value)}
        return {name: _lean(part) for name, (part, default) in given.items() if part != default}
    return [_lean(part) for part in value] if isinstance(value, tuple) else value


if __name__ == "__main__":
    write(Path(sys.argv[1]))
