"""The three processes of the Procfile: `release` (migrate), `web` and `worker`."""

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial, wraps
from pathlib import Path

from ap_log import clock
from ap_log import worker as loop
from ap_log.app import check_installation, check_web, serve
from ap_log.domain.policy.faults import Refused
from ap_log.security.sealing import make_keys
from ap_log.settings import BadSetting, Settings, from_environment
from ap_log.store import engine, installation, migrating, policies
from ap_log.store.transaction import Duplicate, transaction

Command = Callable[[list[str]], int]


def _command(run: Callable[[Settings], None]) -> Command:
    """A command without arguments that may refuse to start, with a sentence, for what is wrong around it."""

    @wraps(run)
    def command(arguments: list[str]) -> int:
        if arguments:
            print(f"ap-log {run.__name__} takes no arguments", file=sys.stderr)
            return 2
        try:
            run(from_environment())
        except (BadSetting, engine.NotReady) as refusal:
            print(refusal, file=sys.stderr)
            return 2
        except Refused as refusal:
            print("The published policy cannot be loaded:", *refusal.faults, sep="\n", file=sys.stderr)
            return 2
        return 0

    return command


@_command
def migrate(settings: Settings) -> None:
    asyncio.run(_migrate(settings))


@_command
def web(settings: Settings) -> None:
    # Before the server runs: it would bury a refusal of its lifespan under a traceback.
    asyncio.run(check_web(settings))
    serve(settings)


@_command
def worker(settings: Settings) -> None:
    asyncio.run(check_installation(settings))
    asyncio.run(loop.run(settings))


async def _migrate(settings: Settings) -> None:
    make_keys(Path(settings.sealing_keys), clock.now())
    await migrating.migrate(settings.database_url)
    await engine.connect(settings.database_url)
    try:
        with suppress(Duplicate):  # Another release was first with it.
            await transaction(_publish_default)
        if not settings.is_demo:  # Whoever makes a demo says so when it is finished.
            with suppress(Duplicate):
                await transaction(partial(installation.settle_installation, False, clock.now()))
    finally:
        await engine.disconnect()


async def _publish_default() -> None:
    if not await policies.exist():
        await policies.add_shipped_policy(clock.now())
