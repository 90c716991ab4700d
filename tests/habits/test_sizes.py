"""Habits of size: a file is read at a sitting and a function at a glance. The tail is watched, not the middle."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = ("ap_log", "web", "service-worker", "scripts", "bench", "tests")
KINDS = {".py", ".ts", ".scss", ".html"}
NOT_WRITTEN_BY_HAND = ("ap_log/static", "web/src/generated", "ap_log/store/migrations")

FILE, TEST_FILE, FUNCTION = 300, 350, 45

LONGER = {"ap_log/routes.py": 450}
"""Every address stands on one page, with who may use it: that page is as long as the product has addresses."""


def _files() -> Iterator[tuple[str, Path]]:
    for folder in OURS:
        for path in (ROOT / folder).rglob("*"):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in KINDS and not name.startswith(NOT_WRITTEN_BY_HAND) and "node_modules" not in path.parts:
                yield name, path


def _most(name: str) -> int:
    return LONGER.get(name, TEST_FILE if name.startswith("tests/") else FILE)


def test_a_file_is_read_at_a_sitting() -> None:
    lengths = {name: len(path.read_text("utf-8").splitlines()) for name, path in _files()}

    assert len(lengths) > 300
    assert {name: length for name, length in lengths.items() if length > _most(name)} == {}


def test_the_service_worker_is_small() -> None:
    """The one that works; `kill.ts` is another, which takes its place when it does harm."""
    own = [path for name, path in _files() if name.startswith("service-worker/") and path.name != "kill.ts"]

    assert len(own) > 2
    assert sum(len(path.read_text("utf-8").splitlines()) for path in own) <= 200


def test_a_function_is_read_at_a_glance() -> None:
    found = [each for name, path in _files() if path.suffix == ".py" for each in _functions(name, path)]

    assert len(found) > 1000
    assert [each for each in found if each[2] > FUNCTION] == []


def _functions(name: str, path: Path) -> Iterator[tuple[str, str, int]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield name, node.name, (node.end_lineno or node.lineno) - node.lineno + 1
