"""The page behind an invitation link: who is greeted, what a passkey is, and one button."""

from starlette.requests import Request
from starlette.responses import Response

from ap_log.actions.accept_invitation import find_invited
from ap_log.templating import page


async def show(request: Request) -> Response:
    """Raises `InvitationSpent`, alike for a code that was used, has run out, or never was."""
    code = request.path_params["code"]
    invited = await find_invited(code, request.state.now)
    return page(
        request, "pages/invitations/show.html", first_name=invited.name.split()[0], email=invited.email, code=code
    )
