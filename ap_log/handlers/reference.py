"""`GET /api/reference`: what a phone holds to work without signal."""

from starlette.requests import Request
from starlette.responses import Response

from ap_log.handlers import forms
from ap_log.store.reference import get_reference


async def show(request: Request) -> Response:
    """The roster, the histories and the policies, for the places where this person may log."""
    return forms.json(await get_reference(request.state.actor, request.state.now))
