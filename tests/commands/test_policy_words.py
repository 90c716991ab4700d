"""`ap-log policy check`, `show` and `diff`: what they print, what they refuse, and their exit status."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

import ap_log.domain.policy
from ap_log.commands.policy import main

DEFAULT = Path(ap_log.domain.policy.__file__).parent / "default.toml"
TEXT = DEFAULT.read_text()
LATER = TEXT.replace("version = 1", "version = 2").replace("2026-01-01", "2026-03-01")


def run(*arguments: str | Path) -> tuple[int, list[str], list[str]]:
    """The exit status, and the lines of standard output and standard error."""
    out, err = io.BytesIO(), io.StringIO()
    status = main([str(argument) for argument in arguments], io.BytesIO(), out, err)
    return status, out.getvalue().decode().splitlines(), err.getvalue().splitlines()


def file(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_policy_without_faults_is_said_to_have_none() -> None:
    assert run("check", DEFAULT) == (0, [f"{DEFAULT}: ap-default/1 has no faults"], [])


def test_every_fault_of_every_file_is_listed_with_its_file_and_line_and_good_files_are_still_said_to_be_good(
    tmp_path: Path,
) -> None:
    first = file(tmp_path, "first.toml", TEXT.replace("1 = 28", "1 = 0").replace("count = 3", "count = 0"))
    second = file(tmp_path, "second.toml", TEXT.replace("CHG = 2", "CHG = 6"))
    assert run("check", first, DEFAULT, second) == (
        2,
        [f"{DEFAULT}: ap-default/1 has no faults"],
        [
            f"{first}: line 11: warning_days.1: must be a whole number from 1 to 3650, not 0",
            f"{first}: line 53: repeat 2.count: must be a whole number from 1 to 1000, not 0",
            f"{second}: line 65: cap.CHG: must be a whole number from 0 to 5, not 6",
        ],
    )


@pytest.mark.parametrize(
    ("content", "fault"),
    [(b"\xff", "not UTF-8"), (b"[", "not TOML"), (b"", "name: is missing"), (None, "cannot be read")],
)
@pytest.mark.parametrize("command", ["check", "show", "diff"])
def test_a_file_that_is_no_policy_is_sentences_and_status_2(
    command: str, content: bytes | None, fault: str, tmp_path: Path
) -> None:
    path = tmp_path / "policy.toml"
    if content is not None:
        path.write_bytes(content)
    status, out, err = run(command, path, *([DEFAULT] if command == "diff" else []))
    assert (status, out) == (2, [])
    assert any(fault in line for line in err)
    assert all(line.startswith(f"{path}: ") for line in err)


@pytest.mark.parametrize("command", ["check", "show"])
def test_a_byte_order_mark_is_no_fault(command: str, tmp_path: Path) -> None:
    status, _, err = run(command, file(tmp_path, "policy.toml", b"\xef\xbb\xbf" + TEXT.encode()))
    assert (status, err) == (0, [])


def test_a_whole_policy_is_shown_in_plain_words_that_fit_a_screen() -> None:
    status, out, err = run("show", DEFAULT)
    assert (status, err) == (0, [])
    assert out[:5] == [
        "ap-default/1, in force from 00:00 on 1 January 2026",
        "",
        "Times",
        "  - Days are counted on the clock of Europe/London.",
        "  - An episode takes in what happens within 12 hours of its first event.",
    ]
    assert "Who is told" in out
    assert max(map(len, out)) <= 96


def test_the_beginning_is_shown_on_the_policys_own_clock(tmp_path: Path) -> None:
    summer = file(tmp_path, "summer.toml", TEXT.replace("2026-01-01T00:00:00Z", "2026-07-01T08:30:00Z"))
    assert run("show", summer)[1][0] == "ap-default/1, in force from 09:30 on 1 July 2026"


def test_changes_are_shown_by_chapter(tmp_path: Path) -> None:
    new = file(tmp_path, "new.toml", LATER.replace("2 = 56", "2 = 42").replace('"RES-1" = 0', '"RES-1" = 1'))
    assert run("diff", DEFAULT, new) == (
        0,
        [
            "Old: ap-default/1, in force from 00:00 on 1 January 2026",
            "New: ap-default/2, in force from 00:00 on 1 March 2026",
            "",
            "Times",
            "  - A first written warning now stays active for 42 days instead of 56.",
            "",
            "Where each event starts",
            "  - RES-1 (late, up to 30 minutes) now starts at step 1, verbal warning, instead of step 0,",
            "    support.",
        ],
        [],
    )


def test_no_difference_is_said(tmp_path: Path) -> None:
    assert run("diff", DEFAULT, file(tmp_path, "new.toml", LATER))[1][2:] == ["", "No difference."]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LATER.replace("ap-default", "north"),
         ["These are not versions of one policy: their names differ, ap-default and north."]),
        (LATER.replace("version = 2", "version = 1"), ["The new version must have a higher number: 1 is not above 1."]),
        (LATER.replace("2026-03-01", "2026-01-01"), ["The new version must be in force later than the old one."]),
        (TEXT, ["The new version must have a higher number: 1 is not above 1.",
                "The new version must be in force later than the old one."]),
    ],
)  # fmt: skip
def test_a_policy_that_cannot_follow_the_old_one_is_compared_all_the_same_and_that_is_said(
    text: str, words: list[str], tmp_path: Path
) -> None:
    status, out, err = run("diff", DEFAULT, file(tmp_path, "new.toml", text))
    assert (status, out[2:], err) == (0, [*words, "", "No difference."], [])


def test_the_faults_of_both_policies_are_named(tmp_path: Path) -> None:
    old, new = file(tmp_path, "old.toml", ""), file(tmp_path, "new.toml", "[")
    status, out, err = run("diff", old, new)
    assert (status, out) == (2, [])
    assert err[0] == f"{old}: base: is missing"
    assert err[-1].startswith(f"{new}: not TOML")


@pytest.mark.parametrize("arguments", [["check"], ["show"], ["show", "a", "b"], ["diff", "a"], ["diff", "a", "b", "c"]])
def test_a_wrong_command_line_is_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*arguments) == (2, [], [])
    assert "usage: ap-log policy" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["check", "show", "diff", "replay"])
def test_each_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command, "--help") == (0, [], [])
    assert f"usage: ap-log policy {command}" in capsys.readouterr().out


def test_all_commands_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help")[0] == 0
    assert "name every fault of policy files" in capsys.readouterr().out


def test_a_file_whose_name_is_no_text_can_be_checked(tmp_path: Path) -> None:
    path = file(tmp_path, "b\udcff.toml", TEXT)
    out = io.BytesIO()
    assert main(["check", str(path)], io.BytesIO(), out, io.StringIO()) == 0
    assert b"b\xff.toml: ap-default/1 has no faults" in out.getvalue()


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "ap_log", "policy", "show", DEFAULT], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(timeout=20) == 0
