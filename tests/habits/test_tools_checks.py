"""The checks themselves can fail: the list stops at a failure, and the rules ruff holds for us do bite."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.check import STEPS, Step, main, run_in_order

ROOT = Path(__file__).resolve().parents[2]


def step(title: str, code: str) -> Step:
    return Step(title, "unit", (sys.executable, "-c", code))


def test_the_list_stops_at_the_first_failure_and_returns_its_status(capfd: pytest.CaptureFixture[str]) -> None:
    status = run_in_order([step("First", "pass"), step("Second", "raise SystemExit(3)"), step("Third", "pass")])
    shown = capfd.readouterr().out
    assert status == 3
    assert "Second: FAILED with status 3" in shown
    assert "Third" not in shown


def test_the_list_returns_0_when_everything_holds() -> None:
    assert run_in_order([step("First", "pass"), step("Second", "pass")]) == 0


def test_a_part_nobody_knows_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lints"]) == 2
    assert "lints" in capsys.readouterr().err


def test_the_list_runs_python_and_browser_tests_apart_and_leaves_none_out() -> None:
    pytest_runs = [step.command[1:] for step in STEPS if step.command[0].endswith("pytest")]
    assert [("--ignore=tests/browser" in run, "tests/browser" in run) for run in pytest_runs] == [
        (True, False),
        (False, True),
    ]


def test_the_build_machine_runs_what_people_run() -> None:
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1] == "exec make test"


def test_every_make_command_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    helped = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^  make (\w+)", helped, re.MULTILINE) == phony[1].split()


BANNED = {
    "the clock": "import datetime\n\nprint(datetime.datetime.now(datetime.UTC))\n",
    "today": "import datetime\n\nprint(datetime.date.today())\n",
    "seconds since 1970": "import time\n\nprint(time.time())\n",
    "the environment": "import os\n\nprint(os.environ)\n",
    "one variable": "import os\n\nprint(os.getenv('HOME'))\n",
    "a transaction": "from tortoise.transactions import in_transaction\n\nprint(in_transaction)\n",
}


def refused(code: str, path: str) -> bool:
    """Tell whether ruff would refuse this code in a file at this path for a call that is banned there."""
    ruff = str(Path(sys.executable).with_name("ruff"))
    command = [ruff, "check", "--select=TID251", "--quiet", f"--stdin-filename={path}", "-"]
    done = subprocess.run(command, cwd=ROOT, input=code, text=True, capture_output=True, check=False)
    return "TID251" in done.stdout


@pytest.mark.parametrize("code", BANNED.values(), ids=BANNED.keys())
def test_an_action_may_not_reach_past_its_arguments_for(code: str) -> None:
    assert refused(code, "ap_log/actions/log_entries.py")


@pytest.mark.parametrize(
    ("what", "path"),
    [
        ("the clock", "ap_log/clock.py"),
        ("the environment", "ap_log/settings.py"),
        ("a transaction", "ap_log/store/transaction.py"),
    ],
)
def test_the_one_place_for_it_may(what: str, path: str) -> None:
    assert not refused(BANNED[what], path)
