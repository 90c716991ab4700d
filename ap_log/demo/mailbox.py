"""The demo's post office: a real SMTP server on this machine, which keeps every message as a file in a Maildir.

It only ever listens on a loopback address, so nothing from outside can reach it and nothing in it can leave.
"""

import asyncio
import mailbox
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiosmtpd.smtp import SMTP

from ap_log import clock
from ap_log.domain.errors import NotFound
from ap_log.presenters.demo import Letter
from ap_log.settings import BadSetting, Settings, is_loopback
from ap_log.store.engine import is_sqlite

FOLDER = "demo-mail"

MESSAGE_BYTES_LIMIT = 100_000
"""Bytes of one message: a notice is some hundred, and nobody else writes here."""

LIST_LIMIT = 100
"""Letters on the page: an evening of trying things out."""

DEFAULT_PORT = 25


class Mailbox:
    """The letters that have arrived, in one folder. Its methods wait for files: call them in a thread."""

    def __init__(self, folder: Path) -> None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        self._maildir = mailbox.Maildir(folder, create=True)

    def add(self, content: bytes, at: datetime) -> None:
        """Keep one message as it came, with the time of its arrival."""
        letter = mailbox.MaildirMessage(content)
        letter.set_date(at.timestamp())
        self._maildir.add(letter)

    def list_letters(self) -> list[Letter]:
        """The newest letters, newest first."""
        letters = [self._read(name) for name in self._maildir.keys()]  # noqa: SIM118 - a Maildir iterates over messages
        return sorted(letters, key=lambda letter: (letter.at, letter.key), reverse=True)[:LIST_LIMIT]

    def get_letter(self, key: str) -> Letter:
        """One of the letters in the list. Raises NotFound."""
        found = next((letter for letter in self.list_letters() if letter.key == key), None)
        if found is None:
            raise NotFound
        return found

    def _read(self, name: str) -> Letter:
        message = message_from_bytes(self._maildir.get_bytes(name), policy=policy.default)
        arrived = datetime.fromtimestamp(self._maildir.get_message(name).get_date(), UTC)
        return Letter(_key(name), str(message["To"] or ""), str(message["Subject"] or ""), arrived, _text(message))


def _key(name: str) -> str:
    """A file's name made fit for an address: it holds dots and the name of this machine."""
    return sha256(name.encode()).hexdigest()[:16]


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    return "" if body is None else str(body.get_content())


class _PostOffice:
    """What aiosmtpd asks when a message has been received."""

    def __init__(self, letters: Mailbox) -> None:
        self._letters = letters

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        await asyncio.to_thread(self._letters.add, envelope.content, clock.now())
        return "250 OK"


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Mailbox]:
    """Receive the demo's mail at the address of AP_LOG_SMTP_URL for as long as the block runs.

    Raises:
        BadSetting: the address is not one of this machine's own, or something else listens there.
    """
    host, port = _address(settings)
    letters = Mailbox(folder_of(settings.database_url))
    loop = asyncio.get_running_loop()
    protocol = partial(SMTP, _PostOffice(letters), hostname="localhost", data_size_limit=MESSAGE_BYTES_LIMIT, loop=loop)
    try:
        server = await loop.create_server(protocol, host, port)
    except OSError as error:
        raise BadSetting(f"AP_LOG_SMTP_URL: the demo cannot receive mail at {host} port {port}: {error}") from error
    try:
        yield letters
    finally:
        server.close()
        await server.wait_closed()


def folder_of(database_url: str) -> Path:
    """Where the mail of a demo is kept: beside its database file, or in `var` for a database server."""
    data = Path(database_url.removeprefix("sqlite://")).parent if is_sqlite(database_url) else Path("var")
    return data / FOLDER


def empty(database_url: str) -> None:
    """Throw away the mail of an earlier demo: its links lead nowhere in a new one."""
    shutil.rmtree(folder_of(database_url), ignore_errors=True)


def _address(settings: Settings) -> tuple[str, int]:
    parts = urlsplit(settings.smtp_url)
    host = parts.hostname or ""
    if parts.scheme != "smtp" or not is_loopback(host):
        raise BadSetting(
            "AP_LOG_SMTP_URL: the demo receives its own mail, so this must be smtp:// and a loopback address,"
            " such as smtp://127.0.0.1:1025"
        )
    return host, parts.port or DEFAULT_PORT
