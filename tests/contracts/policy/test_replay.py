"""`ap-log policy replay` as anybody may check it: the shared cases byte for byte, refusals, and lines in and out."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

import ap_log.domain.policy
from ap_log.commands.policy import main

CASES = Path(__file__).parent / "cases"
DEFAULT = Path(ap_log.domain.policy.__file__).parent / "default.toml"
NAMES = sorted(path.name.removesuffix(".expected.json") for path in CASES.glob("*.expected.json"))


def replay(*timeline: str, stdin: bytes = b"", policies: tuple[Path, ...] = (DEFAULT,)) -> tuple[int, bytes, str]:
    """The exit status, standard output and standard error of one run."""
    out, err = io.BytesIO(), io.StringIO()
    asked = [word for policy in policies for word in ("--policy", str(policy))]
    status = main(["replay", *asked, "--timeline", *timeline], io.BytesIO(stdin), out, err)
    return status, out.getvalue(), err.getvalue()


def case(name: str) -> bytes:
    return (CASES / f"{name}.json").read_bytes()


def expected(name: str) -> bytes:
    return (CASES / f"{name}.expected.json").read_bytes()


def one_line(name: str) -> bytes:
    return json.dumps(json.loads(case(name))).encode()


def test_all_shared_cases_are_here() -> None:
    assert len(NAMES) == 8


@pytest.mark.parametrize("name", NAMES)
def test_a_shared_case_gives_the_expected_bytes(name: str) -> None:
    assert replay(str(CASES / f"{name}.json")) == (0, expected(name), "")


def test_the_command_can_be_run_from_a_shell() -> None:
    found = subprocess.run(
        [sys.executable, "-m", "ap_log", "policy", "replay", "--policy", DEFAULT, "--timeline", "-"],
        input=b"\n".join(one_line(name) for name in NAMES),
        capture_output=True,
        check=False,
    )
    assert (found.returncode, found.stderr) == (0, b"")
    assert found.stdout == b"".join(expected(name) for name in NAMES)


def test_lines_are_answered_in_order_and_a_refused_one_stops_nothing() -> None:
    lines = [one_line("01-red-eyes"), b'{"case": "a"}', b"[]", one_line("07-supply")]
    status, out, err = replay("-", stdin=b"\n".join(lines) + b"\n")
    found = out.splitlines(keepends=True)
    assert (status, err, len(found)) == (2, "", 4)
    assert (found[0], found[3]) == (expected("01-red-eyes"), expected("07-supply"))
    assert found[1] == b'{"faults":["resident: is missing"]}\n'
    assert json.loads(found[2]) == {"faults": ["not a timeline: must be a JSON object"]}


@pytest.mark.parametrize(
    ("case_name", "stdin"),
    [
        ("empty lines are skipped", b"\n\n" + one_line("01-red-eyes") + b"\n\n"),
        ("blanks are nothing either", b"  \t\r\n" + one_line("01-red-eyes") + b"\n"),
        ("Windows line ends", one_line("01-red-eyes") + b"\r\n"),
        ("a last line without its end", one_line("01-red-eyes")),
        ("a byte-order mark", b"\xef\xbb\xbf" + one_line("01-red-eyes") + b"\n"),
    ],
)
def test_lines_may_be_written_by_any_system(case_name: str, stdin: bytes) -> None:
    assert replay("-", stdin=stdin) == (0, expected("01-red-eyes"), ""), case_name


def test_no_lines_are_no_answers() -> None:
    assert replay("-", stdin=b"") == (0, b"", "")


@pytest.mark.parametrize("line", [b"\xff\xfe", b'{"case": "\xed\xa0\x80"}', b"\x00", b"[" * 100_000, "\u2028".encode()])
def test_a_line_of_any_bytes_is_answered_with_its_faults_on_one_line(line: bytes) -> None:
    status, out, err = replay("-", stdin=line + b"\n" + one_line("01-red-eyes") + b"\n")
    refused, answered = out.splitlines(keepends=True)
    assert (status, err, answered) == (2, "", expected("01-red-eyes"))
    assert len(json.loads(refused)["faults"]) == 1


def test_the_faults_of_a_file_go_to_standard_error_one_a_line_and_there_is_no_answer(tmp_path: Path) -> None:
    (tmp_path / "case.json").write_text('{"case": "a b", "facts": [{"type": "event"}]}')
    status, out, err = replay(str(tmp_path / "case.json"))
    assert (status, out) == (2, b"")
    assert err.splitlines() == [
        'case: must be 1 to 64 of A-Z a-z 0-9 . _ : -, not "a b"',
        "resident: is missing",
        "facts 1.id: is missing",
        "facts 1.code: is missing",
        "facts 1.occurred_at: is missing",
    ]


def test_the_faults_of_every_policy_are_named_with_their_file(tmp_path: Path) -> None:
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    first.write_text(DEFAULT.read_text().replace("version = 1", "version = 0"))
    second.write_bytes(b"\xff")
    status, out, err = replay(str(CASES / "01-red-eyes.json"), policies=(first, second, tmp_path / "none.toml"))
    assert (status, out) == (2, b"")
    for line, beginning in zip(
        err.splitlines(),
        [f"{first}: line 4: version: must be", f"{second}: not UTF-8", f"{tmp_path / 'none.toml'}: cannot be read"],
        strict=True,
    ):
        assert line.startswith(beginning)


def test_a_faulty_policy_refuses_before_any_line_is_read(tmp_path: Path) -> None:
    (tmp_path / "faulty.toml").write_text("")
    status, out, err = replay("-", stdin=one_line("01-red-eyes"), policies=(tmp_path / "faulty.toml",))
    assert (status, out) == (2, b"")
    assert "name: is missing" in err


def test_versions_may_be_given_in_any_order(tmp_path: Path) -> None:
    later = tmp_path / "later.toml"
    text = DEFAULT.read_text().replace("version = 1", "version = 2").replace("2026-01-01", "2026-03-01")
    later.write_text(text.replace('"SUB-1" = 0', '"SUB-1" = 1'))
    for policies in ((later, DEFAULT), (DEFAULT, later)):
        _, out, _ = replay(str(CASES / "03-withdrawal.json"), policies=policies)
        answer = json.loads(out)
        assert answer["policy"] == "ap-default/1,ap-default/2"
        assert [episode["step"] for episode in answer["episodes"]] == [3, 1]


def test_the_same_version_twice_is_refused() -> None:
    status, out, err = replay(str(CASES / "01-red-eyes.json"), policies=(DEFAULT, DEFAULT))
    assert (status, out) == (2, b"")
    assert "version: must differ between the versions of a policy" in err


@pytest.mark.parametrize("path", ["nowhere.json", ".", "nul\x00l"])
def test_a_timeline_that_cannot_be_read_is_a_sentence_and_not_a_traceback(path: str) -> None:
    status, out, err = replay(path)
    assert (status, out) == (2, b"")
    assert "cannot be read" in err


@pytest.mark.parametrize(
    "arguments",
    [[], ["replay"], ["replay", "--policy", "a"], ["replay", "--timeline", "-"], ["reply"], ["replay", "--pol", "a"]],
)
def test_a_wrong_command_line_is_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments, io.BytesIO(), io.BytesIO(), io.StringIO()) == 2
    assert "usage: ap-log policy" in capsys.readouterr().err


def test_each_line_is_answered_before_the_next_is_sent() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "ap_log", "policy", "replay", "--policy", DEFAULT, "--timeline", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        for name in ("01-red-eyes", "07-supply"):
            running.stdin.write(one_line(name) + b"\n")
            running.stdin.flush()
            assert running.stdout.readline() == expected(name)
        running.stdin.close()
        assert running.wait(timeout=20) == 0


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "ap_log", "policy", "replay", "--policy", DEFAULT, "--timeline", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        running.stdin.write(one_line("01-red-eyes") + b"\n")
        running.stdin.close()
        assert running.stderr.read() == b""
        assert running.wait(timeout=20) == 0
