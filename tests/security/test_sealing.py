"""The sealing keys: what phones seal to this server opens here, and nowhere and as nothing else."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ap_log.domain.sync_errors import SealBroken, UnknownSealingKey
from ap_log.security.sealing import Kem, KeysNotReady, SealingKeys, make_keys, rotate_keys
from tests.sealing import key_of, seal

NOW = datetime(2026, 11, 20, 1, 40, tzinfo=UTC)
ENTRY = "11111111-1111-4111-8111-000000000001"
KEMS = pytest.mark.parametrize("kem", ["X25519", "P-256"])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    make_keys(tmp_path / "keys" / "sealing-keys.json", NOW)
    return tmp_path / "keys" / "sealing-keys.json"


@KEMS
@pytest.mark.parametrize("size", [0, 1, 2000, 4_000_000])
def test_what_is_sealed_to_a_key_of_the_server_opens(file: Path, kem: Kem, size: int) -> None:
    keys, content = SealingKeys(file), b"x" * size

    assert keys.open_sealed(seal(content, "photo", ENTRY, key_of(keys, kem)), "photo", ENTRY) == content


@KEMS
def test_a_seal_opens_only_as_what_it_was_made_for(file: Path, kem: Kem) -> None:
    keys = SealingKeys(file)
    blob = seal(b"words", "entry", ENTRY, key_of(keys, kem))

    for purpose, id in (("photo", ENTRY), ("entry", ENTRY[:-1] + "2")):
        with pytest.raises(SealBroken):
            keys.open_sealed(blob, purpose, id)  # type: ignore[arg-type] # The loop forgets that these are literals.


@KEMS
def test_a_seal_with_any_byte_changed_or_missing_does_not_open(file: Path, kem: Kem) -> None:
    keys = SealingKeys(file)
    blob = seal(b"words", "entry", ENTRY, key_of(keys, kem))

    for place in range(8, len(blob)):
        for broken in (blob[:place], blob[:place] + bytes([blob[place] ^ 1]) + blob[place + 1 :]):
            with pytest.raises(SealBroken):
                keys.open_sealed(broken, "entry", ENTRY)


@pytest.mark.parametrize("blob", [b"", b"1234567", b"12345678", b"12345678" + bytes(100)])
def test_a_key_that_the_server_does_not_have_is_said_to_be_unknown(file: Path, blob: bytes) -> None:
    with pytest.raises(UnknownSealingKey):
        SealingKeys(file).open_sealed(blob, "entry", ENTRY)


def test_making_the_keys_again_changes_nothing(file: Path) -> None:
    before = file.read_bytes()

    assert not make_keys(file, NOW)
    assert file.read_bytes() == before


def test_only_our_account_can_read_the_file(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    rotate_keys(file, NOW)
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(os.listdir(file.parent)) == ["sealing-keys.json", "sealing-keys.json.lock"]


@KEMS
def test_after_a_rotation_phones_seal_to_the_new_key_and_the_old_one_still_opens(file: Path, kem: Kem) -> None:
    keys = SealingKeys(file)
    old = key_of(keys, kem)
    rotate_keys(file, NOW)

    assert key_of(keys, kem) != old
    assert len(keys.public_keys()) == 2
    for key in (old, key_of(keys, kem)):
        assert keys.open_sealed(seal(b"words", "entry", ENTRY, key), "entry", ENTRY) == b"words"


def test_a_file_that_goes_bad_while_we_run_stops_nothing(file: Path) -> None:
    keys = SealingKeys(file)
    key = key_of(keys)
    file.write_text("nonsense")
    assert keys.open_sealed(seal(b"words", "entry", ENTRY, key), "entry", ENTRY) == b"words"
    file.unlink()
    assert key_of(keys) == key


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_can_read_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)

    with pytest.raises(KeysNotReady, match="chmod 600"):
        SealingKeys(file)


def test_a_file_that_is_not_there_is_refused_with_the_way_on(tmp_path: Path) -> None:
    with pytest.raises(KeysNotReady, match="Run ap-log migrate"):
        SealingKeys(tmp_path / "nowhere.json")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "nonsense",
        '{"keys": []}',
        '{"keys": [{"id": "0", "kem": "X25519", "private": "!", "made_at": "2026-11-20T01:40:00Z"}]}',
        '{"keys": [{"id": "0", "kem": "X25519", "private": "AAAA", "made_at": "2026-11-20T01:40:00Z"}]}',
    ],
)
def test_a_file_without_keys_is_refused_with_a_sentence(file: Path, content: str) -> None:
    file.write_text(content)

    with pytest.raises(KeysNotReady, match=r"does not hold (sealing keys|a sealing key of each kind): "):
        SealingKeys(file)


def test_a_key_under_the_name_of_the_other_kind_is_refused(file: Path) -> None:
    swapped = file.read_text().replace("X25519", "?").replace("P-256", "X25519").replace("?", "P-256")
    file.write_text(swapped)

    with pytest.raises(KeysNotReady, match="is not of the kind"):
        SealingKeys(file)
