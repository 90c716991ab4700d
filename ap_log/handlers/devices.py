"""The phones of a house: what they hold and have lost, wiping one, sharing one; and an author's own losses."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ap_log.actions.revoke_device import revoke_device, take_device_back
from ap_log.actions.see_losses import see_losses as see
from ap_log.actions.share_device import share_device
from ap_log.domain.devices import ALONE_HOURS
from ap_log.domain.errors import NotFound
from ap_log.domain.permissions import Permission, premises_where
from ap_log.handlers import forms
from ap_log.presenters.devices import SAVED, losses_page, phones_page, short_name
from ap_log.store import phones
from ap_log.templating import page


async def index(request: Request) -> Response:
    """One page of the phones, those that need a person first. `?saved=` is what was just done."""
    actor, now, query = request.state.actor, request.state.now, forms.query(request)
    number = forms.page_number(query)
    premises = premises_where(actor, Permission.MANAGE_PHONES)
    shown = phones_page(await phones.list_phones(actor, number, now), number, phones.PAGE, len(premises), now)
    if number > shown.pages:
        raise NotFound
    return page(request, "pages/devices/index.html", phones=shown, saved=SAVED.get(query.text("saved")))


async def ask_revocation(request: Request) -> Response:
    """Say what will happen before a phone is wiped."""
    found = await phones.get_visible(request.state.actor, request.path_params["device"])
    return page(
        request,
        "pages/devices/revocation.html",
        device=found.id,
        name=short_name(found.id),
        person=found.person.name,
        alone=ALONE_HOURS,
    )


async def revoke(request: Request) -> Response:
    await revoke_device(request.path_params["device"], request.state.actor, request.state.now)
    return RedirectResponse("/devices?saved=wiped", 303)


async def take_back(request: Request) -> Response:
    await take_device_back(request.path_params["device"], request.state.actor, request.state.now)
    return RedirectResponse("/devices?saved=returned", 303)


async def share(request: Request) -> Response:
    """The form says which of the two it is to be, so that sending it twice is harmless."""
    is_shared = (await forms.read(request)).flag("shared")
    await share_device(request.path_params["device"], request.state.actor, request.state.now, is_shared=is_shared)
    return RedirectResponse(f"/devices?saved={'shared' if is_shared else 'not-shared'}", 303)


async def losses(request: Request) -> Response:
    """The entries and photos of this person that were lost and that they have not said they have seen."""
    found = await phones.list_own_losses(request.state.actor)
    saved = SAVED.get(forms.query(request).text("saved"))
    return page(request, "pages/devices/losses.html", losses=losses_page(found, request.state.now), saved=saved)


async def see_losses(request: Request) -> Response:
    """The author has seen those losses that the page showed, and none that came to light since."""
    form = await forms.read(request)
    await see(form.all("loss"), request.state.actor, request.state.now)
    return RedirectResponse("/losses?saved=seen", 303)
