"""E-mail through real mail servers: encrypted, signed in, refused, put off, and silent about everybody."""

import asyncio
import ssl
from datetime import UTC, datetime

import pytest
import trustme

from ap_log.notify import Message, NotDelivered
from ap_log.notify import email as email_channel
from ap_log.notify.email import Email
from ap_log.settings import BadSetting
from tests.notify.mail_servers import PASSWORD, USER, mail_server, trusting

MESSAGE = Message(
    key="notice:1:email",
    to="dev@example.invalid",
    subject="AP Log: something needs you (K7QD-4MXR)",
    text="Something in AP Log needs you.\n",
    made_at=datetime(2026, 11, 20, 1, 40, tzinfo=UTC),
)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def channel(url: str, tls: ssl.SSLContext | None = None) -> Email:
    return Email(url, "ap-log@example.invalid", "log.example", tls)


async def refusal(url: str, tls: ssl.SSLContext | None = None) -> NotDelivered:
    with pytest.raises(NotDelivered) as raised:
        await channel(url, tls).send(MESSAGE)
    return raised.value


async def test_a_message_arrives_as_it_was_written() -> None:
    async with mail_server() as server:
        await channel(server.url()).send(MESSAGE)
    [headers] = server.messages()
    assert server.envelopes[0].rcpt_tos == ["dev@example.invalid"]
    assert headers["Subject"] == "AP Log: something needs you (K7QD-4MXR)"
    assert headers["From"] == "ap-log@example.invalid"
    assert headers["Date"] == "Fri, 20 Nov 2026 01:40:00 +0000"
    assert headers["Auto-Submitted"] == "auto-generated"


async def test_a_repeat_is_the_same_message_and_another_one_is_not() -> None:
    other = Message("notice:2:email", MESSAGE.to, MESSAGE.subject, MESSAGE.text, MESSAGE.made_at)
    async with mail_server() as server:
        for message in (MESSAGE, MESSAGE, other):
            await channel(server.url()).send(message)
    first, again, second = (headers["Message-ID"] for headers in server.messages())
    assert first == again != second
    assert first.endswith("@log.example>")


async def test_the_greeting_gives_the_configured_name_and_not_this_machines() -> None:
    async with mail_server() as server:
        await channel(server.url()).send(MESSAGE)
    assert server.sessions[0].host_name == "log.example"


async def test_starttls_is_used_before_anything_is_said(authority: trustme.CA) -> None:
    async with mail_server(starttls=authority) as server:
        await channel(server.url("smtp+starttls"), trusting(authority)).send(MESSAGE)
    assert server.sessions[0].ssl is not None


async def test_a_connection_encrypted_from_the_start(authority: trustme.CA) -> None:
    async with mail_server(implicit_tls=authority) as server:
        await channel(server.url("smtps"), trusting(authority)).send(MESSAGE)
    assert len(server.envelopes) == 1


async def test_a_server_that_offers_no_starttls_gets_nothing() -> None:
    async with mail_server() as server:
        failure = await refusal(server.url("smtp+starttls"))
    assert not failure.is_final
    assert b"MAIL FROM" not in server.wire


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
async def test_a_certificate_that_nobody_vouches_for_gets_nothing(authority: trustme.CA, scheme: str) -> None:
    is_implicit = scheme == "smtps"
    async with mail_server(
        starttls=None if is_implicit else authority, implicit_tls=authority if is_implicit else None
    ) as server:
        failure = await refusal(server.url(scheme))
    assert not failure.is_final
    assert b"MAIL FROM" not in server.wire


async def test_the_password_signs_in_and_a_wrong_one_is_tried_again_later(authority: trustme.CA) -> None:
    async with mail_server(starttls=authority, needs_password=True) as server:
        right = server.url("smtp+starttls", user=f"{USER}:{PASSWORD.replace(chr(39), '%27')}@")
        await channel(right, trusting(authority)).send(MESSAGE)
        failure = await refusal(server.url("smtp+starttls", user=f"{USER}:wrong@"), trusting(authority))
    assert len(server.envelopes) == 1
    assert not failure.is_final


def test_a_password_may_not_cross_the_network_in_the_clear() -> None:
    with pytest.raises(BadSetting, match="AP_LOG_SMTP_URL"):
        channel("smtp://ap-log:secret@mail.example")
    channel("smtp://ap-log:secret@127.0.0.1")


@pytest.mark.parametrize(
    ("rcpt_code", "data_code", "is_final", "said"),
    [
        (550, 250, True, "550: the mail server refused the recipient"),
        (451, 250, False, "451: the mail server refused the recipient"),
        (250, 554, True, "554: the mail server refused the message"),
        (250, 452, False, "452: the mail server refused the message"),
    ],
)
async def test_a_5xx_is_final_and_a_4xx_is_not(rcpt_code: int, data_code: int, is_final: bool, said: str) -> None:
    async with mail_server(rcpt_code=rcpt_code, data_code=data_code) as server:
        failure = await refusal(server.url())
    assert (failure.is_final, str(failure)) == (is_final, said)


async def test_a_server_that_is_not_there_is_tried_again(unused_port: int) -> None:
    failure = await refusal(f"smtp://127.0.0.1:{unused_port}")
    assert not failure.is_final
    assert "could not be reached" in str(failure)


async def test_a_server_that_says_nothing_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(email_channel, "SEND_LIMIT", 0.2)
    left = asyncio.Event()
    silent = await asyncio.get_running_loop().create_server(lambda: _Silent(left), "127.0.0.1", 0)
    async with silent:
        failure = await refusal(f"smtp://127.0.0.1:{silent.sockets[0].getsockname()[1]}")
        await asyncio.wait_for(left.wait(), 5)  # The connection was closed, not forgotten.
    assert not failure.is_final


class _Silent(asyncio.Protocol):
    """A server that takes a connection and says nothing for as long as the other side waits."""

    def __init__(self, left: asyncio.Event) -> None:
        self._left = left

    def connection_lost(self, error: Exception | None) -> None:
        self._left.set()


@pytest.fixture
async def unused_port() -> int:
    """A port that nobody listens on: one that was free a moment ago."""
    server = await asyncio.get_running_loop().create_server(asyncio.Protocol, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return port
