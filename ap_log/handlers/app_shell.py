"""The phone's static pages: the same for everybody, without personal data, so that the service worker may keep them."""

from starlette.requests import Request
from starlette.responses import Response

from ap_log.presenters.entry_form import shell_form
from ap_log.templating import page


async def start(request: Request) -> Response:
    """Where a phone begins: one large button, and what this phone still holds."""
    return page(request, "pages/app/start.html", is_shell=True)


async def log(request: Request) -> Response:
    """The log form, empty; the phone fills in whom it may be about."""
    return page(request, "pages/app/log.html", is_shell=True, form=shell_form())


async def outbox(request: Request) -> Response:
    """What was saved on this phone; the phone fills it in."""
    return page(request, "pages/app/outbox.html", is_shell=True)


async def phone(request: Request) -> Response:
    """What this phone holds, and what its browser makes of it; the phone fills it in."""
    return page(request, "pages/app/phone.html", is_shell=True)


async def offline(request: Request) -> Response:
    """What a phone shows in place of a page that needs signal."""
    return page(request, "pages/app/offline.html", is_shell=True)
