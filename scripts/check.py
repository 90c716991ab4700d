"""The one list of checks, run by people and by the build machine alike: in order, stopping at the first failure.

`python -m scripts.check` runs them all; `lint`, `unit` and `browser` run a part.
"""

import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON_SOURCES = ("ap_log", "tests", "bench", "scripts", "hatch_build.py")


@dataclass(frozen=True)
class Step:
    """One check: what it is called, which part it belongs to, and the command that fails when it does not hold."""

    title: str
    part: str
    command: tuple[str, ...]


def tool(name: str, *arguments: str) -> tuple[str, ...]:
    """A program of the environment."""
    return (str(BIN / name), *arguments)


def module(name: str, *arguments: str) -> tuple[str, ...]:
    """A Python module run as a program."""
    return (sys.executable, "-m", name, *arguments)


STEPS = (
    Step("Front end", "build", module("scripts.build_front_end")),
    Step("Format", "lint", tool("ruff", "format", "--check", ".")),
    Step("Lint", "lint", tool("ruff", "check", ".")),
    Step("Types", "lint", tool("mypy", *PYTHON_SOURCES)),
    Step("Layers", "lint", tool("lint-imports")),
    Step("TypeScript: pages", "lint", module("scripts.node", "tsc", "--project", "tsconfig.json")),
    Step("TypeScript: service worker", "lint", module("scripts.node", "tsc", "--project", "tsconfig.worker.json")),
    Step("TypeScript tests", "unit", module("scripts.node", "vitest", "run")),
    Step("Python tests", "unit", tool("pytest", "--ignore=tests/browser", "--numprocesses=2", "--dist=worksteal")),
    Step("Chromium", "browser", module("scripts.chromium")),
    # A process of its own: Playwright's loop and pytest-asyncio's do not share one.
    Step("Browser tests", "browser", tool("pytest", "tests/browser", "--numprocesses=2", "--dist=worksteal")),
)


def main(parts: list[str]) -> int:
    """Run the steps of these parts, or of all; return the first failing status, or 0."""
    unknown = set(parts) - {step.part for step in STEPS}
    if unknown:
        print(f"There is no part called {', '.join(sorted(unknown))}.", file=sys.stderr)
        return 2
    # Types and tests need the generated TypeScript and the built files, so every part builds first.
    return run_in_order(step for step in STEPS if not parts or step.part in (*parts, "build"))


def run_in_order(steps: Iterable[Step]) -> int:
    """Run steps until one fails; return its status, or 0."""
    return next(filter(None, map(run, steps)), 0)


def run(step: Step) -> int:
    """Run one step with its title before and its time after; return its status."""
    print(f"\n── {step.title}", flush=True)
    started = time.monotonic()
    status = subprocess.run(step.command, cwd=ROOT, check=False).returncode
    outcome = "" if status == 0 else f": FAILED with status {status}"
    print(f"── {step.title}{outcome} ({time.monotonic() - started:.1f} s)", flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
