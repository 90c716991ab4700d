"""The residents of the premises a person may see, and one resident's page."""

from starlette.requests import Request
from starlette.responses import Response

from ap_log.domain.permissions import Permission, may, premises_where
from ap_log.handlers import forms
from ap_log.presenters.residents import houses, resident_page
from ap_log.store import policies, queue, records, residents
from ap_log.templating import page


async def index(request: Request) -> Response:
    """Who lives where, on which rung, and what waits."""
    found = await residents.list_residents(request.state.actor, request.state.now)
    rows = await queue.list_house(found, request.state.now)
    can_log = may(request.state.actor, Permission.LOG_ENTRIES)
    return page(request, "pages/residents/index.html", houses=houses(rows, request.state.now), can_log=can_log)


async def show(request: Request) -> Response:
    """One resident: what waits, where they stand, and their record."""
    actor, now = request.state.actor, request.state.now
    resident = await residents.get_resident(actor, request.path_params["resident"], now)
    request.state.resident = resident.id
    book = await policies.get_book()
    policy = book.in_force_at(now) or book.policies[0]
    shown = resident_page(await records.get_record(resident), policy, now)
    decided = f"decision-{forms.query(request).text('decided')}"
    return page(
        request,
        "pages/residents/show.html",
        resident=shown,
        issued=next((item for item in shown.timeline if item.anchor == decided), None),
        can_decide=resident.premises_id in premises_where(actor, Permission.DECIDE),
        can_log=resident.premises_id in premises_where(actor, Permission.LOG_ENTRIES),
    )
