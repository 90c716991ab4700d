"""Opens what phones have sealed to this server, and keeps the keys for it: one file that only our account can read.

A sealed blob is 8 bytes that name the key, then what HPKE gives (RFC 9180, base mode, one shot): the encapsulated key
and the ciphertext. What it is for is bound into it, so that one entry's seal opens as no other entry's.
"""

import base64
import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from ap_log.domain.sync import SealingKey
from ap_log.domain.sync_errors import SealBroken, UnknownSealingKey
from ap_log.store.engine import NotReady

ID_BYTES = 8
"""Bytes of the name of a key, in front of what is sealed to it: the first of its public key's SHA-256."""

Kem = Literal["X25519", "P-256"]
Purpose = Literal["entry", "photo"]
PrivateKey = X25519PrivateKey | EllipticCurvePrivateKey

_SUITES = {
    "X25519": Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM),
    "P-256": Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM),
}
_OTHERS_MAY = 0o077
_LOCK = ".lock"


class KeysNotReady(NotReady):
    """The file of the sealing keys cannot be used as it is; the sentence says why, and the way on."""


class _KeptKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One pair as the file holds it. `private` is PKCS #8 in base64; the newest pair of each kind comes last."""

    id: str
    kem: Kem
    private: str
    made_at: datetime


class _KeptKeys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    keys: tuple[_KeptKey, ...]


class SealingKeys:
    """The keys of one file. They are read again when the file has changed: a rotation needs no restart."""

    def __init__(self, path: Path) -> None:
        """Raises KeysNotReady: the file is not there, or others can read it, or it holds no keys."""
        self._path = path
        self._seen = _version(path)
        self._keys = _read(path)

    def public_keys(self) -> tuple[SealingKey, ...]:
        """What phones seal to: the newest key of each kind."""
        newest = {key.kem: key for key in self._current()}
        return tuple(SealingKey(key.id, key.kem, _base64(public_bytes(_load(key)))) for key in newest.values())

    def open_sealed(self, blob: bytes, purpose: Purpose, id: str) -> bytes:
        """What was sealed as the entry or photo of this id.

        Raises:
            UnknownSealingKey: it was sealed to a key that this server does not have.
            SealBroken: it is damaged, or was sealed as something else.
        """
        name, sealed = blob[:ID_BYTES].hex(), blob[ID_BYTES:]
        key = next((one for one in self._current() if one.id == name), None)
        if key is None:
            raise UnknownSealingKey
        try:
            return _SUITES[key.kem].decrypt(sealed, _load(key), info_of(purpose, id))
        except InvalidTag as error:
            raise SealBroken from error

    def _current(self) -> tuple[_KeptKey, ...]:
        # While the file cannot be read, what was read before goes on opening.
        with suppress(KeysNotReady):
            seen = _version(self._path)
            if seen != self._seen:
                self._keys, self._seen = _read(self._path), seen
        return self._keys


def make_keys(path: Path, now: datetime) -> bool:
    """Make the file with a first pair of each kind; False where there is one, which stays as it is.

    Raises KeysNotReady: it cannot be written.
    """
    with _locked(path):
        if path.exists():
            return False
        _write(path, _new_pairs(now))
        return True


def rotate_keys(path: Path, now: datetime) -> None:
    """Add a pair of each kind, which phones seal to from now on. What was sealed to older ones can still be opened.

    Raises KeysNotReady: the file cannot be read or written.
    """
    with _locked(path):
        _write(path, (*_read(path), *_new_pairs(now)))


def info_of(purpose: Purpose, id: str) -> bytes:
    """What HPKE binds into a seal: what it is for, and under which id."""
    return f"ap-log {purpose} v1 {id}".encode()


def public_bytes(key: PrivateKey) -> bytes:
    """The public key as HPKE writes it: 32 bytes for X25519, an uncompressed point for P-256."""
    if isinstance(key, X25519PrivateKey):
        return key.public_key().public_bytes_raw()
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _new_pairs(now: datetime) -> tuple[_KeptKey, _KeptKey]:
    return _kept("X25519", X25519PrivateKey.generate(), now), _kept("P-256", generate_private_key(SECP256R1()), now)


def _kept(kem: Kem, key: PrivateKey, now: datetime) -> _KeptKey:
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return _KeptKey(hashlib.sha256(public_bytes(key)).digest()[:ID_BYTES].hex(), kem, _base64(private), now)


def _load(key: _KeptKey) -> PrivateKey:
    loaded = load_der_private_key(base64.b64decode(key.private, validate=True), password=None)
    if not isinstance(loaded, X25519PrivateKey if key.kem == "X25519" else EllipticCurvePrivateKey):
        raise ValueError(f"the key {key.id} is not of the kind {key.kem}")
    return loaded


def _version(path: Path) -> tuple[int, int, int]:
    """What is another as soon as another file is in the place."""
    try:
        found = path.stat()
    except OSError as error:
        raise KeysNotReady(f"The sealing keys of AP_LOG_SEALING_KEYS cannot be read: {error}. {_WAY_ON}") from error
    return found.st_ino, found.st_mtime_ns, found.st_size


_WAY_ON = "Run ap-log migrate as the account that AP Log runs as, or put the file back from where it is kept safe"


def _read(path: Path) -> tuple[_KeptKey, ...]:
    try:
        if path.stat().st_mode & _OTHERS_MAY:
            raise KeysNotReady(f"Others can read the sealing keys in {path}. Run chmod 600 on the file")
        keys = msgspec.json.decode(path.read_bytes(), type=_KeptKeys).keys
        for key in keys:
            _load(key)
    except OSError as error:
        raise KeysNotReady(f"The sealing keys of AP_LOG_SEALING_KEYS cannot be read: {error}. {_WAY_ON}") from error
    except ValueError as error:
        raise KeysNotReady(f"The file {path} does not hold sealing keys: {error}") from error
    if {key.kem for key in keys} != set(_SUITES):
        raise KeysNotReady(f"The file {path} does not hold a sealing key of each kind: {', '.join(_SUITES)}")
    return keys


def _write(path: Path, keys: tuple[_KeptKey, ...]) -> None:
    """Whole or not at all, and on the disk before anybody is told: what is sealed to a lost key is lost."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(_KeptKeys(keys))) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Wait until no other process writes this file. Raises KeysNotReady where it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_name(path.name + _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise KeysNotReady(f"The sealing keys of AP_LOG_SEALING_KEYS cannot be written: {error}") from error


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
