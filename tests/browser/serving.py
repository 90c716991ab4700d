"""AP Log itself, started the way the Procfile starts it: web and worker as processes, mail to a real SMTP server."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message

import httpx2
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.sealing import keys_file
from tests.waiting import until

START_SECONDS = 90


class Mailbox:
    """Keeps what the SMTP server received."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        content = envelope.content
        assert isinstance(content, bytes)
        self.messages.append(message_from_bytes(content))
        return "250 Kept"

    def to(self, address: str) -> list[Message]:
        return [message for message in self.messages if message["To"] == address]

    async def has_mail_to(self, address: str) -> None:
        """Wait until there is a message to the address. The server runs in a thread of its own, hence the looking."""
        await until(lambda: self.to(address))


@dataclass
class Served:
    """A running installation. `stop_web` and `start_web` pull the plug and put it back; the database stays."""

    origin: str
    database_url: str
    mailbox: Mailbox
    environment: dict[str, str]
    processes: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)

    async def start(self, name: str) -> None:
        self.processes[name] = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "ap_log", name, env=self.environment
        )
        if name == "web":
            await self._answers()

    async def stop(self, name: str, how: signal.Signals = signal.SIGTERM) -> int:
        process = self.processes.pop(name)
        if process.returncode is None:
            process.send_signal(how)
        return await process.wait()

    async def run(self, *command: str) -> str:
        """Run one `ap-log` command against this installation and return what it printed."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "ap_log", *command, env=self.environment, stdout=asyncio.subprocess.PIPE
        )
        printed, _ = await process.communicate()
        assert process.returncode == 0, printed
        return printed.decode()

    async def _answers(self) -> None:
        async with asyncio.timeout(START_SECONDS), httpx2.AsyncClient() as client:
            while True:
                try:
                    if (await client.get(f"{self.origin}/health")).status_code == 200:
                        return
                except httpx2.TransportError:
                    pass
                await asyncio.sleep(0.05)


@asynccontextmanager
async def serving(database_url: str, *names: str) -> AsyncIterator[Served]:
    """Start the named processes (`web`, `worker`) on a migrated database, and stop all of it at the end."""
    port, mailbox = free_port(), Mailbox()
    mail = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    mail.start()
    origin = f"http://localhost:{port}"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AP_LOG_")},
        "AP_LOG_DATABASE_URL": database_url,
        "AP_LOG_SEALING_KEYS": str(keys_file()),
        "AP_LOG_ORIGIN": origin,
        "AP_LOG_HOST": "127.0.0.1",
        "AP_LOG_PORT": str(port),
        "AP_LOG_SMTP_URL": f"smtp://127.0.0.1:{mail.port}",
        "AP_LOG_MAIL_FROM": "ap-log@example.invalid",
    }
    served = Served(origin, database_url, mailbox, environment)
    try:
        for name in names:
            await served.start(name)
        yield served
    finally:
        for name in list(served.processes):
            await served.stop(name)
        mail.stop()


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
