"""Real mail servers on this machine: each takes, refuses or puts off what it is sent, and keeps every byte."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "ap-log", "not-the-cast's"


@dataclass
class MailServer:
    """A server under its URL. `codes` are what it says to recipient and message, 250 being yes."""

    port: int = 0
    rcpt_code: int = 250
    data_code: int = 250
    wire: bytearray = field(default_factory=bytearray)
    envelopes: list[Envelope] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)

    def url(self, scheme: str = "smtp", user: str = "") -> str:
        return f"{scheme}://{user}127.0.0.1:{self.port}"

    def messages(self) -> list[EmailMessage]:
        """What was taken, in the order it came."""
        return [_read(envelope.content) for envelope in self.envelopes]

    async def handle_RCPT(  # noqa: N802 aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt_code == 250:
            envelope.rcpt_tos.append(address)
        return f"{self.rcpt_code} {address}"

    async def handle_DATA(  # noqa: N802 aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.data_code == 250:
            self.envelopes.append(envelope)
            self.sessions.append(session)
        return f"{self.data_code} done"


class _Recorded(SMTP):
    """A server that keeps what came over the wire, after decryption."""

    wire: bytearray

    def data_received(self, data: bytes) -> None:
        self.wire.extend(data)
        super().data_received(data)


@asynccontextmanager
async def mail_server(
    *,
    rcpt_code: int = 250,
    data_code: int = 250,
    starttls: trustme.CA | None = None,
    implicit_tls: trustme.CA | None = None,
    needs_password: bool = False,
) -> AsyncIterator[MailServer]:
    """A mail server on a free port for as long as the context lasts."""
    server = MailServer(rcpt_code=rcpt_code, data_code=data_code)
    options: dict[str, Any] = {"tls_context": _context(starttls), "require_starttls": True} if starttls else {}
    if needs_password:
        options |= {"authenticator": _authenticate, "auth_required": True, "auth_require_tls": starttls is not None}

    def conversation() -> SMTP:
        made = _Recorded(server, hostname="mail.example", **options)
        made.wire = server.wire
        return made

    async with _listening(conversation, _context(implicit_tls)) as port:
        server.port = port
        yield server


@asynccontextmanager
async def _listening(conversation: Callable[[], SMTP], tls: ssl.SSLContext | None) -> AsyncIterator[int]:
    listening = await asyncio.get_running_loop().create_server(conversation, "127.0.0.1", 0, ssl=tls)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()
        await listening.wait_closed()


def _read(content: bytes | str | None) -> EmailMessage:
    assert isinstance(content, bytes)
    return message_from_bytes(content, EmailMessage, policy=default)


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """What a client needs to trust the servers of this authority."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def _context(authority: trustme.CA | None) -> ssl.SSLContext | None:
    if authority is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def _authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: LoginPassword
) -> AuthResult:
    is_right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    # `handled=False` lets the server say 535; otherwise the client waits for an answer that never comes.
    return AuthResult(success=is_right, handled=is_right)
