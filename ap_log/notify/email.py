"""E-mail through the configured mail server, and no other."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosmtplib

from ap_log.notify import Message, NotDelivered
from ap_log.settings import BadSetting, is_loopback

STEP_LIMIT = 10.0
"""Seconds for any one step of the conversation with the mail server, connecting included."""

SEND_LIMIT = 25.0
"""Seconds for the whole of it, however patiently the server dribbles; shorter than the outbox's lease."""

_DEFAULT_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class Email:
    """The channel for one mail server: `smtp://`, `smtp+starttls://` or `smtps://`, with user and password if needed.

    `origin_host` is the name we give ourselves, in the greeting and in message ids: the machine's own may say more.
    `tls` replaces the system's certificate authorities.

    Raises:
        BadSetting: a password would cross the network in the clear.
    """

    def __init__(self, url: str, mail_from: str, origin_host: str, tls: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        host = parts.hostname or "localhost"
        if parts.password and parts.scheme == "smtp" and not is_loopback(host):
            raise BadSetting(
                "AP_LOG_SMTP_URL: a password needs smtp+starttls:// or smtps://, to cross no network in clear"
            )
        self._mail_from = mail_from
        self._origin_host = origin_host
        self._server: dict[str, Any] = {
            "hostname": host,
            "port": parts.port or _DEFAULT_PORTS[parts.scheme],
            "username": unquote(parts.username) if parts.username else None,
            "password": unquote(parts.password) if parts.password else None,
            "use_tls": parts.scheme == "smtps",
            "start_tls": parts.scheme == "smtp+starttls",
            "tls_context": tls,
            "local_hostname": origin_host,
            "timeout": STEP_LIMIT,
        }

    async def send(self, message: Message) -> None:
        """Hand one message to the mail server. Raises NotDelivered."""
        async with _failures_named():
            await aiosmtplib.send(self._written(message), **self._server)

    def _written(self, message: Message) -> EmailMessage:
        written = EmailMessage()
        written["From"] = self._mail_from
        written["To"] = message.to
        written["Subject"] = message.subject
        written["Date"] = format_datetime(message.made_at)
        # Derived from the key: a message that is sent twice arrives as the same message.
        written["Message-ID"] = f"<{sha256(message.key.encode()).hexdigest()[:40]}@{self._origin_host}>"
        written["Auto-Submitted"] = "auto-generated"
        written.set_content(message.text)
        return written


@asynccontextmanager
async def _failures_named() -> AsyncIterator[None]:
    """Turn what can go wrong into NotDelivered.

    Only a 5xx about the recipient or the message is final. One about ourselves (sign-in, sender, greeting) is for the
    administrator to put right, and the message has to go when they have.
    """
    try:
        async with asyncio.timeout(SEND_LIMIT):
            yield
    except aiosmtplib.SMTPRecipientsRefused as error:
        code = max((refused.code for refused in error.recipients), default=0)
        raise NotDelivered(f"{code}: the mail server refused the recipient", is_final=code >= 500) from error
    except aiosmtplib.SMTPDataError as error:
        raise NotDelivered(f"{error.code}: the mail server refused the message", is_final=error.code >= 500) from error
    except aiosmtplib.SMTPResponseException as error:
        raise NotDelivered(f"{error.code}: the mail server refused AP Log ({type(error).__name__})") from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise NotDelivered(f"The mail server could not be reached ({type(error).__name__})") from error
