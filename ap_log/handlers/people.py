"""The administrator's list of people, and the invitations made from it."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ap_log.actions.invite_person import invite_person
from ap_log.actions.revoke_passkeys import revoke_passkeys
from ap_log.domain.devices import ALONE_HOURS
from ap_log.domain.errors import NotFound
from ap_log.presenters import times
from ap_log.presenters.people import staff_row
from ap_log.store import staff
from ap_log.templating import page


async def index(request: Request) -> Response:
    now = request.state.now
    rows = [staff_row(member, now) for member in await staff.list_staff(now)]
    return page(request, "pages/people/index.html", people=rows)


async def invite(request: Request) -> Response:
    """Show the new link in the answer itself: it is kept nowhere, so there is no address to send the browser on to."""
    now = request.state.now
    made = await invite_person(request.path_params["person"], request.state.actor, now)
    return page(
        request,
        "pages/people/invited.html",
        name=made.name,
        link=made.link(request.app.state.settings.origin),
        until=times.when(made.expires_at, now),
    )


async def ask_revocation(request: Request) -> Response:
    """Say what will happen before a person's passkeys are taken away."""
    person = await staff.find_person(request.path_params["person"], request.state.now)
    if person is None:
        raise NotFound
    return page(request, "pages/people/revocation.html", person=person.id, name=person.name, alone=ALONE_HOURS)


async def revoke(request: Request) -> Response:
    await revoke_passkeys(request.path_params["person"], request.state.actor, request.state.now)
    return RedirectResponse("/people", 303)
