"""The demo's post office takes real mail over SMTP on this machine, and keeps it to be read."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ap_log.demo import mailbox
from ap_log.demo.mailbox import LIST_LIMIT, MESSAGE_BYTES_LIMIT, Mailbox
from ap_log.domain.errors import NotFound
from ap_log.notify import Message, NotDelivered
from ap_log.notify.email import Email
from ap_log.settings import BadSetting, Settings

AT = datetime(2026, 11, 20, 1, 40, tzinfo=UTC)


@pytest.fixture
def port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port of this machine that something listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield int(taken.getsockname()[1])


def settings(folder: Path, smtp_url: str) -> Settings:
    return Settings(database_url=f"sqlite://{folder / 'demo.sqlite3'}", smtp_url=smtp_url, is_demo=True)


def a_message(text: str = "Something needs you.\n") -> Message:
    return Message("key", "dev@example.invalid", "AP Log: something needs you (ABCD-1234)", text, AT)


def channel(port: int) -> Email:
    return Email(f"smtp://127.0.0.1:{port}", "ap-log@localhost", "localhost")


async def test_what_the_real_channel_sends_over_smtp_is_there_to_be_read(tmp_path: Path, port: int) -> None:
    async with mailbox.serving(settings(tmp_path, f"smtp://127.0.0.1:{port}")) as letters:
        await channel(port).send(a_message("Siân waits: http://localhost:8000/notices/ABCD-1234\n"))

        [letter] = letters.list_letters()

    assert (letter.to, letter.subject) == ("dev@example.invalid", "AP Log: something needs you (ABCD-1234)")
    assert letter.text == "Siân waits: http://localhost:8000/notices/ABCD-1234\n"
    assert letters.get_letter(letter.key) == letter
    assert (tmp_path / "demo-mail" / "new").is_dir()


async def test_the_post_office_closes_with_the_web_process(tmp_path: Path, port: int) -> None:
    async with mailbox.serving(settings(tmp_path, f"smtp://127.0.0.1:{port}")):
        pass

    with pytest.raises(NotDelivered):
        await channel(port).send(a_message())


async def test_a_message_larger_than_any_notice_is_refused(tmp_path: Path, port: int) -> None:
    async with mailbox.serving(settings(tmp_path, f"smtp://127.0.0.1:{port}")) as letters:
        with pytest.raises(NotDelivered):
            await channel(port).send(a_message("x" * 70 * (MESSAGE_BYTES_LIMIT // 70 + 1)))

        assert letters.list_letters() == []


@pytest.mark.parametrize(
    "url", ["smtp://mail.example:25", "smtp://192.0.2.7:1025", "smtp://0.0.0.0:1025", "smtps://127.0.0.1:1025"]
)
async def test_the_post_office_only_ever_opens_on_this_machine(tmp_path: Path, url: str) -> None:
    with pytest.raises(BadSetting, match=r"^AP_LOG_SMTP_URL"):
        async with mailbox.serving(settings(tmp_path, url)):
            pass


async def test_a_port_that_is_taken_is_refused_with_a_sentence(tmp_path: Path, taken_port: int) -> None:
    with pytest.raises(BadSetting, match=f"port {taken_port}"):
        async with mailbox.serving(settings(tmp_path, f"smtp://127.0.0.1:{taken_port}")):
            pass


def test_letters_are_listed_newest_first_and_not_without_end(tmp_path: Path) -> None:
    letters = Mailbox(tmp_path / "demo-mail")
    for number in range(LIST_LIMIT + 1):
        letters.add(f"Subject: {number}\n\nText\n".encode(), AT + timedelta(minutes=number))

    listed = letters.list_letters()

    assert [letter.subject for letter in listed] == [str(number) for number in range(LIST_LIMIT, 0, -1)]
    assert listed[0].at == AT + timedelta(minutes=LIST_LIMIT)


@pytest.mark.parametrize("key", ["", "0" * 16, "../new", "new/1"])
def test_a_letter_there_is_not_is_not_found(tmp_path: Path, key: str) -> None:
    letters = Mailbox(tmp_path / "demo-mail")
    letters.add(b"Subject: One\n\nText\n", AT)

    with pytest.raises(NotFound):
        letters.get_letter(key)


def test_a_message_without_words_of_its_own_is_listed_all_the_same(tmp_path: Path) -> None:
    letters = Mailbox(tmp_path / "demo-mail")
    letters.add(b"Content-Type: text/html\n\n<p>Markup</p>\n", AT)

    [letter] = letters.list_letters()

    assert (letter.to, letter.subject, letter.text) == ("", "", "")


@pytest.mark.parametrize(
    ("url", "folder"),
    [("sqlite://var/demo.sqlite3", "var/demo-mail"), ("postgres://localhost/demo", "var/demo-mail")],
)
def test_mail_lies_beside_the_database_or_in_var(url: str, folder: str) -> None:
    assert mailbox.folder_of(url) == Path(folder)
