"""`GET /api/reference`: what a phone holds to work without signal."""

from starlette.requests import Request
from starlette.responses import Response

from ap_log.domain.permissions import Permission, premises_where
from ap_log.handlers import forms
from ap_log.store.reference import get_reference


async def show(request: Request) -> Response:
    """The roster, the histories and the policies, for the places where this person may log.

    On the audit trail goes what was handed out. What is read of it on the phone, without signal, nobody can record.
    """
    actor = request.state.actor
    reference = await get_reference(actor, request.app.state.sealing.public_keys(), request.state.now)
    premises = sorted(premises_where(actor, Permission.LOG_ENTRIES))
    request.state.handed_out = {"premises": premises, "residents": len(reference.residents)}
    return forms.json(reference)
