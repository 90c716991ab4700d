"""Whether this process can take an entry and keep it. For whoever watches the installation."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from ap_log.domain.errors import Unavailable
from ap_log.handlers import forms
from ap_log.store import engine

SECONDS = 3.0
"""How long the database may take to answer before it counts as not answering."""


async def show(request: Request) -> Response:
    """200 when the database answers and would not forget what it acknowledged; else 503 and a problem."""
    try:
        async with asyncio.timeout(SECONDS):
            faults = await engine.durability_faults(request.app.state.settings.database_url)
    except (TimeoutError, OSError) as error:
        raise Unavailable from error
    if faults:
        raise Unavailable
    return forms.json({"status": "ok"})
