"""Taking back: voiding a warning and withdrawing a decision, each on a page of its own and with a reason.

Whatever is refused once the form has been read, the page comes back with the reason on it.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ap_log.actions.void_warning import void_warning
from ap_log.actions.withdraw_decision import withdraw_decision
from ap_log.domain.errors import NotFound, Refusal
from ap_log.domain.people import Actor
from ap_log.domain.recommendations import Grounds
from ap_log.handlers import forms
from ap_log.handlers.errors import is_spent, page_again
from ap_log.presenters.residents import resident_head
from ap_log.presenters.timeline import decision_item
from ap_log.store import decisions, records, residents

VOID = "pages/decisions/void.html"
WITHDRAWAL = "pages/decisions/withdrawal.html"

TakeBack = Callable[[str, Grounds, Actor, datetime], Awaitable[object]]


async def ask_void(request: Request) -> Response:
    """Ask why a warning is void."""
    return await _page(request, VOID, Grounds(str(uuid4()), ""))


async def void(request: Request) -> Response:
    """Void the warning that a decision made."""
    return await _take_back(request, VOID, void_warning)


async def ask_withdrawal(request: Request) -> Response:
    """Ask why a decision is withdrawn."""
    return await _page(request, WITHDRAWAL, Grounds(str(uuid4()), ""))


async def withdraw(request: Request) -> Response:
    """Withdraw a decision."""
    return await _take_back(request, WITHDRAWAL, withdraw_decision)


async def _take_back(request: Request, template: str, take_back: TakeBack) -> Response:
    form = await forms.read(request)
    grounds = Grounds(form.text("id"), form.text("reason"))
    decision = await decisions.get_decidable_decision(request.state.actor, request.path_params["decision"])
    try:
        await take_back(decision.id, grounds, request.state.actor, request.state.now)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _page(request, template, grounds, refusal)
    return RedirectResponse(f"/residents/{decision.resident_id}#decision-{decision.id}", 303)


async def _page(request: Request, template: str, typed: Grounds, refusal: Refusal | None = None) -> Response:
    actor, now = request.state.actor, request.state.now
    if is_spent(refusal):
        typed = Grounds(str(uuid4()), typed.reason)
    decision = await decisions.get_decidable_decision(actor, request.path_params["decision"])
    request.state.resident = decision.resident_id
    resident = await residents.get_resident(actor, decision.resident_id, now)
    record = await records.get_record(resident)
    shown = next(each for each in record.decisions if each.id == decision.id)
    return page_again(
        request,
        template,
        refusal,
        head=resident_head(record.resident, now),
        decision=decision_item(shown, record, now),
        decision_id=decision.id,
        is_void=shown.void is not None,
        typed=typed,
    )
