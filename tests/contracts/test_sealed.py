"""Sealed blobs that the server and a phone have made, and the pairs of keys that open them.

tests/web/sync.test.ts opens the same ones with the phone's library.
"""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ap_log.domain.sync_errors import SealBroken
from ap_log.security.sealing import PrivateKey, Purpose, SealingKeys, public_bytes

VECTOR: dict[str, Any] = json.loads((Path(__file__).parent / "sync" / "sealed.json").read_text("utf-8"))
CASES = VECTOR["cases"]
NAMES = [case["name"] for case in CASES]

MADE_AT = "2026-11-01T00:00:00Z"


@pytest.fixture
def keys(tmp_path: Path) -> SealingKeys:
    file = tmp_path / "keys.json"
    kept = [{"id": key["id"], "kem": key["kem"], "private": _kept(key), "made_at": MADE_AT} for key in VECTOR["keys"]]
    file.write_text(json.dumps({"keys": kept}))
    file.chmod(0o600)
    return SealingKeys(file)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_server_opens_what_either_side_has_sealed_and_finds_the_bytes_of_the_digest(
    keys: SealingKeys, case: dict[str, Any]
) -> None:
    opened = keys.open_sealed(base64.b64decode(case["blob"]), case["purpose"], case["id"])
    if case["purpose"] == "entry":
        assert len(opened) % 256 == 0
        opened = opened.rstrip(b" ")
        assert opened.decode() == case["text"]
    assert hashlib.sha256(opened).hexdigest() == case["sha256"]


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_it_opens_as_nothing_else_and_not_with_one_bit_changed(keys: SealingKeys, case: dict[str, Any]) -> None:
    blob = base64.b64decode(case["blob"])
    other: Purpose = "photo" if case["purpose"] == "entry" else "entry"
    for changed in (blob[:-1] + bytes([blob[-1] ^ 1]), blob[:-1], blob[:20]):
        with pytest.raises(SealBroken):
            keys.open_sealed(changed, case["purpose"], case["id"])
    with pytest.raises(SealBroken):
        keys.open_sealed(blob, other, case["id"])
    with pytest.raises(SealBroken):
        keys.open_sealed(blob, case["purpose"], case["id"][:-1] + "0")


@pytest.mark.parametrize("key", VECTOR["keys"], ids=[key["kem"] for key in VECTOR["keys"]])
def test_a_key_is_named_by_the_first_eight_bytes_of_the_digest_of_its_public_part(key: dict[str, str]) -> None:
    assert public_bytes(_private(key)) == base64.b64decode(key["public"])
    assert hashlib.sha256(base64.b64decode(key["public"])).hexdigest()[:16] == key["id"]


def _private(key: dict[str, str]) -> PrivateKey:
    raw = base64.b64decode(key["private"])
    if key["kem"] == "X25519":
        return X25519PrivateKey.from_private_bytes(raw)
    return derive_private_key(int.from_bytes(raw), SECP256R1())


def _kept(key: dict[str, str]) -> str:
    kept = _private(key).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return base64.b64encode(kept).decode()
