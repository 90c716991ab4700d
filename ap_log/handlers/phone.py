"""`POST /api/phone`: a phone says what it holds, signed in or not, and is told what it has to know."""

from starlette.requests import Request
from starlette.responses import Response

from ap_log.actions.report_phone import report_phone
from ap_log.domain.devices import PhoneReport
from ap_log.handlers import forms


async def report(request: Request) -> Response:
    """Take the report. Only those of nobody who is signed in are counted: a stranger's are all refused."""
    state = request.state
    if state.session is None:
        request.app.state.reports.count(request, state.now)
    said = await forms.read_json(request, PhoneReport)
    return forms.json(await report_phone(said, state.session, state.now))
