"""A phone's seal, made with the server's own library, and one file of sealing keys for every application of a run."""

import atexit
import base64
import shutil
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from ap_log.domain.sync import PushedEntry, SealingKey
from ap_log.security.sealing import Kem, Purpose, SealingKeys, info_of, make_keys

PADDED_TO = 256
"""Bytes of which the text in a seal is a multiple, so that its length says little."""


@cache
def keys_file() -> Path:
    """A file of sealing keys, there until this process ends."""
    folder = Path(tempfile.mkdtemp(prefix="ap-log-keys-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    make_keys(folder / "sealing-keys.json", datetime(2026, 11, 1, tzinfo=UTC))
    return folder / "sealing-keys.json"


@cache
def sealing_keys() -> SealingKeys:
    """The keys of `keys_file`, as an application that was started has them in its state."""
    return SealingKeys(keys_file())


def key_of(keys: SealingKeys, kem: Kem = "X25519") -> SealingKey:
    """The public key of a kind that phones are given."""
    return next(key for key in keys.public_keys() if key.kem == kem)


def seal(content: bytes, purpose: Purpose, id: str, key: SealingKey) -> bytes:
    """The blob that a phone makes of some content."""
    public, raw = base64.b64decode(key.public), bytes.fromhex(key.id)
    if key.kem == "X25519":
        suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
        return raw + suite.encrypt(content, X25519PublicKey.from_public_bytes(public), info_of(purpose, id))
    suite = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    point = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), public)
    return raw + suite.encrypt(content, point, info_of(purpose, id))


def sealed(entry: PushedEntry, kem: Kem = "X25519") -> PushedEntry:
    """The entry as a phone pushes it: padded, and sealed to the keys that the applications of tests have."""
    assert entry.body is not None
    plain = entry.body.encode()
    padded = plain.ljust(-(-len(plain) // PADDED_TO) * PADDED_TO)
    blob = seal(padded, "entry", entry.id, key_of(sealing_keys(), kem))
    return PushedEntry(entry.id, entry.sha256, sealed=base64.b64encode(blob).decode())
