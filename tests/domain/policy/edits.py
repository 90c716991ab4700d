"""Edits of a document, for tests that spoil one thing of a good one."""

from collections.abc import Callable

from tests.domain.policy.histories import Json

Edit = Callable[[Json], object]


def put(path: str, value: object) -> Edit:
    """Puts a value at a path such as `repeat.0.days`."""

    def edit(document: Json) -> None:
        table, key = _at(document, path)
        table[key] = value  # type: ignore[index]

    return edit


def drop(path: str) -> Edit:
    def edit(document: Json) -> None:
        table, key = _at(document, path)
        del table[key]  # type: ignore[attr-defined]

    return edit


def _at(document: Json, path: str) -> tuple[object, str | int]:
    *steps, last = path.split(".")
    table: object = document
    for step in steps:
        table = table[int(step)] if isinstance(table, list) else table[step]  # type: ignore[index]
    return table, int(last) if isinstance(table, list) else last
