"""The demo's own pages: sign in as anybody with one tap, and read the mail that the demo has sent.

These rows are there only for a demo on this machine alone; `app.py` sees to that. `app.state.mailbox` is the demo's
own, which knows how to keep mail; this page only asks it.
"""

import asyncio
from typing import Protocol

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ap_log.actions.invite_person import invite_by_email
from ap_log.actions.sign_in import find_actor
from ap_log.actions.sign_in_to_demo import sign_in_to_demo
from ap_log.domain.errors import NotAllowed
from ap_log.handlers import forms
from ap_log.presenters.demo import EMAIL_DOMAIN, NEWCOMER, Face, Letter, groups_of, letter_page, letter_row
from ap_log.presenters.policy_readings import changes_address
from ap_log.security.sessions import give_cookie
from ap_log.store import policy_readings, staff
from ap_log.templating import page


class Mailbox(Protocol):
    """What these pages ask of the demo's mailbox. Both wait for files."""

    def list_letters(self) -> list[Letter]:
        """The newest letters, newest first."""

    def get_letter(self, key: str) -> Letter:
        """One of them. Raises NotFound."""


async def show(request: Request) -> Response:
    """Everybody one may be, and what to try first."""
    members = await staff.list_staff(request.state.now)
    faces = [
        Face(member.id, member.name, member.email, tuple((duty.role, duty.premises) for duty in member.duties))
        for member in members
    ]
    letters = await asyncio.to_thread(_mailbox(request).list_letters)
    return page(request, "pages/demo/index.html", groups=groups_of(faces), letters=len(letters))


async def sign_in(request: Request) -> Response:
    """Be somebody: end the session of before, start one, and go to the first page of their duty.

    As with a passkey, what changed in the policy comes before it.
    """
    form = await forms.read(request)
    before = request.state.session
    try:
        token = await sign_in_to_demo(form.text("person"), before.id if before else None, request.state.now)
    except NotAllowed:
        return page(request, "pages/demo/refused.html", status=403)
    unread = await policy_readings.find_unread(await find_actor(token, request.state.now))
    response = RedirectResponse(changes_address(unread.policy, to="/") if unread else "/", 303)
    give_cookie(response, token, request.app.state.settings)
    return response


async def invite(request: Request) -> Response:
    """Invite the colleague who has never signed in, and open the invitation as they would."""
    made = await invite_by_email(f"{NEWCOMER}@{EMAIL_DOMAIN}", request.state.now)
    return RedirectResponse(f"/invitations/{made.code}", 303)


async def list_mail(request: Request) -> Response:
    """The mail that has arrived, newest first."""
    letters = await asyncio.to_thread(_mailbox(request).list_letters)
    rows = [letter_row(letter, request.state.now) for letter in letters]
    return page(request, "pages/demo/mail.html", letters=rows)


async def show_mail(request: Request) -> Response:
    """One letter, with its link to follow."""
    letter = await asyncio.to_thread(_mailbox(request).get_letter, request.path_params["message"])
    return page(request, "pages/demo/letter.html", letter=letter_page(letter, request.state.now))


def _mailbox(request: Request) -> Mailbox:
    mailbox: Mailbox = request.app.state.mailbox
    return mailbox
