"""Writes a policy as TOML. The standard library reads TOML and does not write it."""

import json
from datetime import datetime
from typing import Any


def toml_text(table: dict[str, Any]) -> str:
    return "\n".join(_lines(table, ""))


def _lines(table: dict[str, Any], name: str) -> list[str]:
    plain = [f"{json.dumps(key)} = {_value(value)}" for key, value in table.items() if not _is_table(value)]
    lines = ([f"[{name}]"] if name else []) + plain
    for key, value in table.items():
        if isinstance(value, dict):
            lines += _lines(value, f"{name}.{json.dumps(key)}" if name else json.dumps(key))
        elif _is_table(value):
            for entry in value:
                lines += [f"[[{key}]]", *(f"{json.dumps(each)} = {_value(entry[each])}" for each in entry)]
    return lines


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_value(each)}" for key, each in value.items()) + "}"
    return value.isoformat() if isinstance(value, datetime) else json.dumps(value)
