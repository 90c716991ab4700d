"""The sign-in page, and signing out."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ap_log.actions import sign_out as ending
from ap_log.handlers import forms
from ap_log.security.sessions import take_cookie_back
from ap_log.templating import page


async def show(request: Request) -> Response:
    """`?to=` is the page the person was on the way to; anything that is not one of ours is left out.

    `?again=1`: the phone asks for a passkey whoever is signed in, because it is locked or somebody else has it now.
    """
    on_the_way_to = forms.our_page(forms.query(request).text("to")) or "/"
    if request.state.actor is not None and not forms.query(request).flag("again"):
        return RedirectResponse(on_the_way_to, 303)
    has_just_signed_out = forms.query(request).flag("signed-out")
    return page(request, "pages/sign_in/show.html", to=on_the_way_to, has_just_signed_out=has_just_signed_out)


async def sign_out(request: Request) -> Response:
    """Sign out; who is not signed in, or not any more, comes out at the same page."""
    if request.state.session is not None:
        await ending.sign_out(request.state.session.id, request.state.actor, request.state.now)
    response = RedirectResponse("/sign-in?signed-out=1", 303)
    take_cookie_back(response, request.app.state.settings)
    return response
