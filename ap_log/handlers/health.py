"""Whether this process can take an entry and keep it. For whoever watches the installation."""

import asyncio
import logging

from starlette.requests import Request
from starlette.responses import Response

from ap_log.domain.errors import Unavailable
from ap_log.handlers import forms
from ap_log.store import trial

SECONDS = 3.0
"""How long the database may take before it counts as not answering."""

_log = logging.getLogger(__name__)


async def show(request: Request) -> Response:
    """200 when a row could be written now and its durability settings hold; else 503 and a problem.

    The row is taken back before it is kept. Mail and the worker are not looked at: entries are safe without them.
    """
    try:
        async with asyncio.timeout(SECONDS):
            faults = await trial.write_faults(request.app.state.settings.database_url, request.state.now)
    except (TimeoutError, OSError) as error:
        raise Unavailable from error
    if faults:
        _log.error("Not fit to take an entry: %s", "; ".join(faults))
        raise Unavailable
    return forms.json({"status": "ok"})
