"""Breaks the policy engine on purpose, one small change at a time, and counts which changes a test notices.

The table goes into `bench/mutants.md`. A change that no test notices has to be explained there, or this fails.
"""

import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

REPORT = Path(__file__).with_name("mutants.md")
WORKPLACE = Path("mutants")
ENGINE = "ap_log.domain.policy."
SURVIVORS = "## Those no test notices"
KILLED = ("killed", "timeout")


def main() -> None:
    """Run mutmut from nothing, keep and print the table, and name the changes that are neither killed nor explained."""
    shutil.rmtree(WORKPLACE, ignore_errors=True)
    _mutmut("run")
    results = dict(_results(_mutmut("results", "--all", "true")))
    introduction, explanations = REPORT.read_text().split(SURVIVORS)
    text = table(results)
    REPORT.write_text(f"{introduction.split('| Module')[0]}{text}\n\n{SURVIVORS}{explanations}")
    print(text)
    if unexplained := [
        name for name, status in results.items() if status not in KILLED and f"`{name}`" not in explanations
    ]:
        raise SystemExit("Not killed and not explained in bench/mutants.md:\n" + "\n".join(unexplained))


def table(results: Mapping[str, str]) -> str:
    """Markdown: a row for each module and one for all of them."""
    by_module: dict[str, Counter[str]] = defaultdict(Counter)
    for name, status in results.items():
        for row in (name.split(".")[0], "all"):
            by_module[row]["killed" if status in KILLED else "survived"] += 1
    lines = ["| Module | Mutants | Killed | Survived |", "| --- | ---: | ---: | ---: |"]
    for module in [*sorted(by_module.keys() - {"all"}), "all"]:
        counted = by_module[module]
        lines.append(f"| {module} | {counted.total()} | {counted['killed']} | {counted['survived']} |")
    return "\n".join(lines)


def _mutmut(*arguments: str) -> str:
    command = [sys.executable, "-m", "mutmut", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def _results(printed: str) -> Iterable[tuple[str, str]]:
    """The name of each mutant within the engine, and what became of it."""
    return re.findall(rf"^\s*{re.escape(ENGINE)}(\S+): (.+)$", printed, re.MULTILINE)


if __name__ == "__main__":
    main()
