"""`ap-log keys`, and the keys that `ap-log migrate` makes: shown by name, added to, and never printed."""

from pathlib import Path

import pytest

from ap_log.commands.keys import keys
from ap_log.commands.serve import migrate
from ap_log.security.sealing import SealingKeys


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the settings say that the keys are; nothing is there yet."""
    monkeypatch.setenv("AP_LOG_SEALING_KEYS", str(tmp_path / "keys" / "sealing-keys.json"))
    monkeypatch.setenv("AP_LOG_DATABASE_URL", f"sqlite://{tmp_path / 'ap_log.sqlite3'}")
    return tmp_path / "keys" / "sealing-keys.json"


def test_migrating_makes_the_keys_once(file: Path) -> None:
    assert migrate([]) == 0
    made = file.read_bytes()
    assert migrate([]) == 0
    assert file.read_bytes() == made


def test_rotating_shows_the_new_keys_and_no_secret(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    migrate([])
    before = {key.id for key in SealingKeys(file).public_keys()}
    assert keys(["rotate"]) == 0
    said, now = capsys.readouterr().out, {key.id for key in SealingKeys(file).public_keys()}
    assert not before & now
    assert all(name in said for name in now)
    assert keys(["show"]) == 0
    assert {line.split()[1] for line in capsys.readouterr().out.splitlines()} == now
    assert "private" not in said


@pytest.mark.parametrize("what", ["show", "rotate"])
def test_without_a_file_there_is_a_sentence(file: Path, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert keys([what]) == 2
    assert capsys.readouterr().err.startswith("The sealing keys of AP_LOG_SEALING_KEYS cannot be read")


def test_a_file_that_others_can_read_stops_everything(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    migrate([])
    file.chmod(0o644)
    assert keys(["show"]) == 2
    assert "chmod 600" in capsys.readouterr().err
