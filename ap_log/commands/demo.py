"""`ap-log demo create`: makes the demo of invented people in an empty database; where it is there, it is kept."""

import argparse
import asyncio
import sys
from pathlib import Path

from ap_log import clock
from ap_log.demo.create import NotADemo, create
from ap_log.security.sealing import make_keys
from ap_log.settings import BadSetting, from_environment
from ap_log.store.engine import NotReady


def demo(arguments: list[str]) -> int:
    """Make the demo in the database of AP_LOG_DATABASE_URL. Exit status 2 and a sentence where that must not be.

    Its sealing keys are made with it, so that this command alone makes a demo whole.
    """
    parser = argparse.ArgumentParser(prog="ap-log demo", description="A demo of invented people, to be tried out.")
    parser.add_argument("create", choices=["create"], help="make it, unless it is there already")
    parser.parse_args(arguments)
    try:
        settings = from_environment()
        make_keys(Path(settings.sealing_keys), clock.now())
        asyncio.run(create(settings.database_url, clock.now(), _say))
    except (BadSetting, NotADemo, NotReady) as refusal:
        print(refusal, file=sys.stderr)
        return 2
    return 0


def _say(words: str) -> None:
    print(words, flush=True)
