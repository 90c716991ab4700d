"""`ap-log invite EMAIL`: makes an invitation link on the server itself, for the first administrator or in need."""

import argparse
import asyncio
import sys

from ap_log import clock
from ap_log.actions.add_administrator import add_administrator
from ap_log.actions.invite_person import Made, invite_by_email
from ap_log.domain.errors import NotFound
from ap_log.settings import BadSetting, Settings, from_environment
from ap_log.store import engine
from ap_log.store.transaction import Duplicate


def invite(arguments: list[str]) -> int:
    """Print the link once. Exit status 2 and a sentence where there is nobody to invite."""
    parser = argparse.ArgumentParser(prog="ap-log invite", description="Make an invitation link, good once for a day.")
    parser.add_argument("email", help="the person's e-mail address")
    parser.add_argument("--administrator", metavar="NAME", help="add them first, as an administrator of this name")
    asked = parser.parse_args(arguments)
    try:
        settings = from_environment()
        made = asyncio.run(_invite(settings, asked.email, asked.administrator))
    except (BadSetting, engine.NotReady) as refusal:
        print(refusal, file=sys.stderr)
    except NotFound:
        print(f"Nobody who works here has the address {asked.email}", file=sys.stderr)
    except Duplicate:
        print(f"{asked.email} is somebody's address already; leave --administrator out", file=sys.stderr)
    else:
        print(f"For {made.name}, once, until {made.expires_at:%H:%M on %d %B %Y} UTC:\n{made.link(settings.origin)}")
        return 0
    return 2


async def _invite(settings: Settings, email: str, administrator: str | None) -> Made:
    now = clock.now()
    await engine.connect(settings.database_url)
    try:
        if administrator is not None:
            await add_administrator(administrator, email, now)
        return await invite_by_email(email, now)
    finally:
        await engine.disconnect()
