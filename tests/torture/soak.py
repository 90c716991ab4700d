"""Phones that save entries for a long time over a bad network, are killed, and share one server that is killed too.

Real Chromiums with the real app, the real server, and the fault proxy between them. What a phone has called "On this
phone" is counted against what the server holds in the end. `python -m tests.torture.soak 10000` writes `bench/soak.md`.
"""

import asyncio
import random
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import msgspec
from tqdm import tqdm

from ap_log.security.sessions import new_token, token_hash
from ap_log.store import models, sessions
from ap_log.store.migrating import migrate
from scripts.build_front_end import ESBUILD_OPTIONS
from scripts.node import ROOT, run_or_stop
from tests.browser.profiles import a_phone, connected
from tests.browser.serving import Served, free_port, serving
from tests.cast import World, settle
from tests.fault_proxy import Asked, Fault, FaultProxy, all_well, fault_proxy
from tests.torture.soak_writer import Writer

LAST = ROOT / "bench" / "soak.md"

RESIDENTS = 200
"""A house of this many, so that no resident's history grows beyond what a year brings."""

PHONES = {
    "one": (("asha",), "asha"),
    "two": (("rob",), "rob"),
    "three": (("asha", "rob"), "rob"),
    "four": (("asha",), "ben"),
}
"""Who writes on each phone, and whose session it has: on the last two, people carry what others wrote."""

SERVER_KILLS = 8
HEAL_SECONDS = 180
"""How long a queue may take to empty once the network works. After that it is stuck."""

SHARES = {
    Fault.NONE: 40,
    Fault.ANSWER_LOST: 12,
    Fault.REQUEST_LOST: 12,
    Fault.REQUEST_REPEATED: 8,
    Fault.ANSWER_CUT: 6,
    Fault.REQUEST_CUT: 6,
    Fault.DELAYED: 4,
    Fault.PROXY_ERROR: 3,
    Fault.BUSY: 3,
    Fault.PORTAL_PAGE: 2,
    Fault.PORTAL_REDIRECT: 2,
    Fault.NONSENSE: 2,
}


@dataclass(frozen=True)
class Count:
    """What came of it, for people to read and a test to check."""

    rows: dict[str, int]

    @property
    def faults(self) -> dict[str, int]:
        """What may never be other than nought."""
        return {what: self.rows[what] for what in ("lost", "doubled", "misattributed", "queues stuck")}

    def table(self) -> str:
        lines = (f"| {what} | {number:,} |" for what, number in self.rows.items())
        return "\n".join(["| What | Count |", "| --- | ---: |", *lines])


async def soak(entries: int, folder: Path, database_url: str, seed: int = 1) -> Count:
    """Save about this many entries on four phones, let the network heal, and count."""
    chance, started = random.Random(seed), monotonic()
    world, tokens = await _house(database_url)
    script = bundle(folder)
    async with AsyncExitStack() as stack:
        served, proxy = await stack.enter_async_context(_behind_a_proxy(database_url))
        writers = []
        for name, (people, courier) in PHONES.items():
            phone = await stack.enter_async_context(a_phone(folder / name, served.origin))
            writers.append(Writer(phone, script, tokens, people, courier))
        for writer in writers:
            await writer.open(world)
        proxy.plan = _plan(chance)
        kills = await _write_and_kill(writers, served, world, entries, chance)
        proxy.plan = all_well
        stuck = sum([await _is_stuck(writer, world) for writer in writers])
    rows = await _count(database_url, writers)
    about = {
        "queues stuck": stuck,
        "phones killed": sum(writer.kills for writer in writers),
        "server killed": kills,
        "requests through the proxy": sum(proxy.done.values()),
        **{f"… {fault}": number for fault, number in proxy.done.most_common() if fault is not Fault.NONE},
        "seconds": round(monotonic() - started),
    }
    return Count(rows | about)


async def _write_and_kill(
    writers: Sequence[Writer], served: Served, world: World, entries: int, chance: random.Random
) -> int:
    """Let all phones write at once, and kill the server now and then; how often it was."""
    kills, each = 0, -(-entries // len(writers))
    total = each * len(writers)
    with tqdm(total=total, unit=" entries", disable=None) as bar:
        writing = asyncio.gather(*(writer.write(each, world, chance, bar) for writer in writers))
        while not writing.done():
            await asyncio.wait({writing}, timeout=0.5)
            saved = sum(len(writer.saved) for writer in writers)
            if saved * (SERVER_KILLS + 1) > total * (kills + 1) and not writing.done():
                await served.stop("web", signal.SIGKILL)
                await served.start("web")
                kills += 1
        await writing
    return kills


async def _is_stuck(writer: Writer, world: World) -> bool:
    for _ in range(HEAL_SECONDS):
        if await writer.count_unsent(world) == 0:
            return False
        await asyncio.sleep(1)
    return True


async def _count(database_url: str, writers: Sequence[Writer]) -> dict[str, int]:
    saved = {key: entry for writer in writers for key, entry in writer.saved.items()}
    unknown = {key: entry for writer in writers for key, entry in writer.unknown.items()}
    async with connected(database_url):
        rows = await models.Entry.all()
    times = Counter(row.entry_id for row in rows)
    known = saved | unknown
    return {
        "entries that a phone called “On this phone”": len(saved),
        "cut off by a kill before the phone could say so": len(unknown),
        "stored by the server": len(rows),
        "lost": len(saved.keys() - times.keys()),
        "doubled": sum(number - 1 for number in times.values()),
        "misattributed": sum(not _is_as_written(row, known) for row in rows),
        "carried in another person's session": sum(row.courier_id != row.author_id for row in rows),
    }


def _is_as_written(row: models.Entry, known: dict[str, dict[str, Any]]) -> bool:
    """Whether a stored entry is one of ours, by its author, about its resident, with its words."""
    entry = known.get(row.entry_id)
    words = msgspec.json.decode(row.body)["words"]
    stored = (row.author_id, row.resident_id, words)
    return entry is not None and stored == (entry["author"], entry["resident"], entry["words"])


def _plan(chance: random.Random) -> Callable[[Asked], Fault]:
    """Faults at random for what the app says to the server; pages and scripts come through."""

    def plan(asked: Asked) -> Fault:
        if not asked.path.startswith("/api/"):
            return Fault.NONE
        return chance.choices(list(SHARES), list(SHARES.values()))[0]

    return plan


def bundle(folder: Path) -> str:
    """The script that saves, with the app's own outbox in it."""
    path = folder / "soak.js"
    source = "tests/torture/soak_phone.ts"
    run_or_stop("esbuild", source, *ESBUILD_OPTIONS, "--format=iife", "--global-name=soak", f"--outfile={path}")
    return path.read_text() + ";globalThis.soak = soak;"


async def _house(database_url: str) -> tuple[World, dict[str, str]]:
    """Elm House with many residents, and a session for each person who writes or carries."""
    async with connected(database_url):
        world = await settle(datetime.now(UTC))
        del world.residents["oak_resident"]
        for number in range(RESIDENTS):
            world.residents[f"resident {number}"] = await models.Resident.create(
                premises_id=world.elm.id,
                name=f"Resident {number}",
                room=str(100 + number),
                crn=f"Y{number:06}",
                legal_status="licence",
                officer_id=world.dev.id,
                key_worker_id=world.asha.id,
                arrived_at=world.now - timedelta(days=60),
            )
        tokens = {key: new_token() for key in ("asha", "rob", "ben")}
        for key, token in tokens.items():
            await sessions.add_session(world.actors[key].id, token_hash(token), world.now)
    return world, tokens


@asynccontextmanager
async def _behind_a_proxy(database_url: str) -> AsyncIterator[tuple[Served, FaultProxy]]:
    """The server, which knows itself by the proxy's address as it would behind any other."""
    async with serving(database_url) as served, fault_proxy(served.origin, free_port()) as proxy:
        served.environment["AP_LOG_ORIGIN"] = served.origin = proxy.origin
        await served.start("web")
        yield served, proxy


async def _main(entries: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite://{folder / 'soak.sqlite3'}"
        await migrate(url)
        count = await soak(entries, folder, url)
    LAST.write_text(
        f"# {entries:,} entries over a bad network\n\n`python -m tests.torture.soak {entries}`\n\n{count.table()}\n"
    )
    print(count.table())  # noqa: T201 the command is run to read it
    if any(count.faults.values()):
        raise SystemExit(1)


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
