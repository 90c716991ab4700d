"""`ap-log backup`: says whether a backup holds everything, and that the database was restored from one."""

import argparse
import asyncio
import sys

from ap_log import clock
from ap_log.actions.note_restore import note_restore
from ap_log.actions.verify_backup import verify_backup
from ap_log.domain.backups import Comparison, Received
from ap_log.settings import BadSetting, from_environment
from ap_log.store import engine, migrating
from ap_log.store.backups import UnreadableCopy, is_live

_SHOWN = 20
"""How many missing things are named; the rest is counted."""


def backup(arguments: list[str]) -> int:
    """Exit status 0 for a good backup, 1 for one with holes or damage, 2 with a sentence where nothing was compared."""
    asked = _parser().parse_args(arguments)
    try:
        live = from_environment().database_url
        if asked.what == "restored":
            return asyncio.run(_restored(live))
        return asyncio.run(_verify(asked.database_url, live))
    except (BadSetting, engine.NotReady, UnreadableCopy) as refusal:
        print(refusal, file=sys.stderr)
        return 2


def report(comparison: Comparison) -> list[str]:
    """What was found, in sentences."""
    counts = comparison.compared.items()
    said = ", ".join(f"{count:,} {_plural(kind, count)}" for kind, count in counts) or "nothing"
    lines = [f"Looked for {said}."]
    if comparison.newer:
        lines.append(f"{comparison.newer:,} came after the copy was made, and are in no backup yet.")
    lines += [_missing(received) for received in comparison.missing[:_SHOWN]]
    if len(comparison.missing) > _SHOWN:
        lines.append(f"and {len(comparison.missing) - _SHOWN:,} more are missing.")
    lines += [f"Damaged: {item.kind} {item.id} has other bytes than its digest says" for item in comparison.damaged]
    return [*lines, _verdict(comparison)]


def _missing(received: Received) -> str:
    return f"Missing: {received.item.kind} {received.item.id}, received {received.received_at:%d %B %Y %H:%M:%S} UTC"


def _verdict(comparison: Comparison) -> str:
    if not comparison.is_good:
        return "This is not a good backup: do not rely on it. Phones keep what they have."
    if comparison.up_to is None:
        return "Nothing in the copy can be compared yet. Phones keep what they have."
    return f"Nothing received up to {comparison.up_to:%d %B %Y %H:%M:%S} UTC is missing. Phones may let go of that."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ap-log backup", description="Backups of the database of AP_LOG_DATABASE_URL."
    )
    whats = parser.add_subparsers(dest="what", required=True)
    verify = whats.add_parser("verify", help="compare a backup, restored somewhere else, with the database")
    verify.add_argument("database_url", help="where it was restored to: sqlite:// and a path, or postgres://…")
    whats.add_parser("restored", help="say that the database was restored, so that phones bring back what it lacks")
    return parser


async def _verify(copy: str, live: str) -> int:
    if not engine.is_known(copy):
        raise UnreadableCopy("The copy must be a sqlite:// or postgres:// URL")
    await engine.connect(live)
    try:
        await migrating.require_newest(live)
        if await is_live(copy, live):
            raise UnreadableCopy("That is the live database itself: restore the backup somewhere else first")
        comparison = await verify_backup(copy, clock.now())
    finally:
        await engine.disconnect()
    print(*report(comparison), sep="\n")
    return 0 if comparison.is_good else 1


async def _restored(live: str) -> int:
    await engine.connect(live)
    try:
        await migrating.require_newest(live)
        await note_restore(clock.now())
    finally:
        await engine.disconnect()
    print("Noted. Each phone offers what it still has at its next contact, and sends again what is missing here.")
    return 0


def _plural(kind: str, count: int) -> str:
    if count == 1:
        return kind
    return f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"
