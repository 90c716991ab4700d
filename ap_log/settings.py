"""Every environment variable AP Log reads: its name, what it means, what is refused. Read once, then passed down."""

import ipaddress
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

Value = TypeVar("Value")

PREFIX = "AP_LOG_"

VARIABLES = {
    "AP_LOG_ORIGIN": "The one address people use, such as https://log.example.org, for links, cookies and passkeys.",
    "AP_LOG_HOST": "The address of this machine to listen on: 127.0.0.1 behind a proxy on the same machine.",
    "AP_LOG_PORT": "The port to listen on, 1 to 65535.",
    "AP_LOG_PROXY_HOPS": "How many proxies of yours stand in front, 0 to 5: where the visitor's address is read.",
    "AP_LOG_DATABASE_URL": "sqlite:// and a path, or postgres://user:password@host/name.",
    "AP_LOG_SEALING_KEYS": "The file of the keys that open what phones have sealed; nobody else may read it.",
    "AP_LOG_SMTP_URL": "The mail server for notices: smtp://, smtp+starttls:// or smtps://user:password@host:port.",
    "AP_LOG_MAIL_FROM": "The address that notices come from.",
    "AP_LOG_WORKER_OFF": "1 takes the service worker off every phone that calls, should one do harm. Otherwise 0.",
    "AP_LOG_DEMO": "1 for the demo of invented people, whose sign-in needs no passkey; loopback only. Otherwise 0.",
}

_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]", "::1")
_DATABASES = ("sqlite", "postgres", "postgresql", "asyncpg")
_MAIL_SERVERS = ("smtp", "smtps", "smtp+starttls")


class BadSetting(Exception):
    """A variable holds something AP Log will not start with; the sentence names the variable."""


@dataclass(frozen=True)
class Settings:
    """What an installation decides. `VARIABLES` says what each means."""

    origin: str = "http://localhost:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    proxy_hops: int = 0
    database_url: str = "sqlite://var/ap_log.sqlite3"
    sealing_keys: str = "var/sealing-keys.json"
    smtp_url: str = "smtp://127.0.0.1:1025"
    mail_from: str = "ap-log@localhost"
    is_worker_off: bool = False
    is_demo: bool = False

    def __post_init__(self) -> None:
        if self.is_demo and not (is_loopback(self.host) and is_loopback(self.origin_host)):
            raise BadSetting(
                "AP_LOG_DEMO: the demo lets anybody in without a passkey, so AP_LOG_HOST and AP_LOG_ORIGIN must both be"
                f" loopback, such as 127.0.0.1 and http://localhost:8000, and they are {self.host} and {self.origin}"
            )

    @property
    def origin_host(self) -> str:
        """The host name of the origin, which is also the relying-party id of passkeys."""
        return urlsplit(self.origin).hostname or ""

    @property
    def is_https(self) -> bool:
        return self.origin.startswith("https://")


def from_environment() -> Settings:
    """The settings of this process. Raises `BadSetting`."""
    return read(os.environ)


def read(environment: Mapping[str, str]) -> Settings:
    """Settings from the variables that are set and not empty; the others keep their defaults.

    Raises:
        BadSetting: a value is nonsense, or a variable that starts with AP_LOG_ is not one of ours.
    """
    _refuse_unknown(environment)
    given = {name: value.strip() for name, value in environment.items() if name in VARIABLES and value.strip()}

    def setting(name: str, parse: Callable[[str], Value], default: Value) -> Value:
        if name not in given:
            return default
        try:
            return parse(given[name])
        except ValueError as error:
            raise BadSetting(f"{name}: {error}. {VARIABLES[name]}") from error

    return Settings(
        origin=setting("AP_LOG_ORIGIN", _origin, Settings.origin),
        host=setting("AP_LOG_HOST", _host, Settings.host),
        port=setting("AP_LOG_PORT", lambda text: _number(text, 1, 65535), Settings.port),
        proxy_hops=setting("AP_LOG_PROXY_HOPS", lambda text: _number(text, 0, 5), Settings.proxy_hops),
        database_url=setting("AP_LOG_DATABASE_URL", lambda text: _url(text, _DATABASES), Settings.database_url),
        sealing_keys=setting("AP_LOG_SEALING_KEYS", str, Settings.sealing_keys),
        smtp_url=setting("AP_LOG_SMTP_URL", lambda text: _url(text, _MAIL_SERVERS), Settings.smtp_url),
        mail_from=setting("AP_LOG_MAIL_FROM", _address, Settings.mail_from),
        is_worker_off=setting("AP_LOG_WORKER_OFF", _yes_or_no, Settings.is_worker_off),
        is_demo=setting("AP_LOG_DEMO", _yes_or_no, Settings.is_demo),
    )


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only mean this machine."""
    if host.lower() in _LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    """A misspelt variable would silently be its default, so it is refused."""
    unknown = sorted(name for name in environment if name.startswith(PREFIX) and name not in VARIABLES)
    if unknown:
        raise BadSetting(f"{unknown[0]}: there is no such setting. There are {', '.join(VARIABLES)}")


def _origin(text: str) -> str:
    parts = _split(text.rstrip("/"))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError(f"{text!r} is not an address such as https://log.example.org")
    if parts.path or parts.query or parts.fragment:
        raise ValueError(f"{text!r} has more than scheme, name and port")
    if _is_address(parts.hostname):
        raise ValueError(f"{text!r} has a number for a name, and browsers make passkeys for names only")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError(f"{text!r} is not https, and browsers keep passkeys and offline work to https")
    return _without_default_port(parts)


def _without_default_port(parts: SplitResult) -> str:
    """As browsers write it: lower case, and no port where it is the scheme's own."""
    default = {"http": 80, "https": 443}[parts.scheme]
    port = "" if parts.port in (None, default) else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname}{port}"


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _host(text: str) -> str:
    if any(character in text for character in "/ :@") and not _is_address(text):
        raise ValueError(f"{text!r} is not an address or a name to listen on")
    return text


def _number(text: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise ValueError(f"{text!r} is not a number from {least} to {most}")
    return int(text)


def _url(text: str, schemes: tuple[str, ...]) -> str:
    """The value is not repeated in the refusal: it may hold a password."""
    parts = _split(text)
    if parts.scheme not in schemes or not (parts.netloc or parts.path):
        raise ValueError(f"it must start with {' or '.join(f'{scheme}://' for scheme in schemes)} and go on")
    return text


def _address(text: str) -> str:
    name, at, place = text.rpartition("@")
    if not (name and at and place) or any(character.isspace() for character in text):
        raise ValueError(f"{text!r} is not a mail address")
    return text


def _yes_or_no(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError(f"{text!r} is not 0 or 1")
    return text == "1"


def _split(text: str) -> SplitResult:
    parts = urlsplit(text)
    _ = parts.port  # Raises ValueError where it is not a number.
    return parts
