"""The first page: where a person's duty begins."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ap_log.domain.errors import NotAllowed
from ap_log.domain.people import Actor, Role

_FIRST_PAGES = (
    ("/queue", (Role.MANAGER, Role.DEPUTY, Role.ON_DUTY_MANAGER, Role.AREA_MANAGER)),
    ("/app", (Role.RESIDENTIAL_WORKER, Role.KEY_WORKER)),
    ("/notices", (Role.PROBATION_PRACTITIONER, Role.SENIOR_PROBATION_OFFICER)),
    ("/people", (Role.ADMINISTRATOR,)),
)
"""The first row in which a person has a role is theirs: whoever decides begins with what waits for a decision."""


async def show(request: Request) -> Response:
    """Send a person to the page of their duty, and anybody else to sign in; in the demo, to choose who to be."""
    actor = request.state.actor
    if actor is None and request.app.state.settings.is_demo:
        return RedirectResponse("/demo", 303)
    return RedirectResponse(first_page(actor), 303)


def first_page(actor: Actor | None) -> str:
    """The address at which this person's work begins. Raises NotAllowed for somebody whose duties have all ended."""
    if actor is None:
        return "/sign-in"
    page = next((page for page, roles in _FIRST_PAGES if actor.has(*roles)), None)
    if page is None:
        raise NotAllowed
    return page
