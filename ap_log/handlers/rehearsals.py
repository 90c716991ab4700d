"""Rehearsals of a draft: asking for one, watching it run, and what would have differed, down to the entries."""

from datetime import datetime
from uuid import uuid4

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ap_log.actions.ask_rehearsal import Asked, ask_rehearsal
from ap_log.domain.errors import NotFound, Refusal
from ap_log.domain.rehearsals import RUNGS, Choice, Rehearsal, default_since
from ap_log.handlers import forms
from ap_log.handlers.errors import is_spent, page_again
from ap_log.handlers.forms import Form
from ap_log.presenters.policy_publication import fault_lines
from ap_log.presenters.rehearsal import RehearsalPage, changed_by, rehearsal_line, rehearsal_page, rehearsal_progress
from ap_log.presenters.rehearsal_differences import differences_page
from ap_log.presenters.times import ZONE
from ap_log.store import policies, policy_drafts, rehearsals
from ap_log.store.rehearsals import PAGE
from ap_log.templating import page

_LONGEST_NUMBER = 4


class Typed(msgspec.Struct, frozen=True):
    """The form as it is on the page: its own id, and a date in three parts."""

    id: str
    day: str
    month: str
    year: str

    def asked(self) -> Asked:
        """The day begins at midnight where the premises are."""
        return Asked(self.id, _midnight(self.year, self.month, self.day))


async def index(request: Request) -> Response:
    """The rehearsals of a draft, and the form that asks for another."""
    book = await policies.get_book()
    since = default_since(book.policies[0].effective_from, request.state.now).astimezone(ZONE)
    return await _form(request, Typed(str(uuid4()), str(since.day), str(since.month), str(since.year)))


async def ask(request: Request) -> Response:
    """Ask for a rehearsal."""
    form = await forms.read(request)
    typed = Typed(form.text("id"), form.text("since-day"), form.text("since-month"), form.text("since-year"))
    draft = await policy_drafts.get_draft(request.path_params["draft"])
    try:
        asked = await ask_rehearsal(draft.id, typed.asked(), request.state.actor, request.state.now)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _form(request, typed, refusal)
    return RedirectResponse(f"/rehearsals/{asked}", 303)


async def show(request: Request) -> Response:
    """One rehearsal: how far it is, or what it found."""
    return page(request, "pages/rehearsals/show.html", rehearsal=await _shown(request, await _rehearsal(request)))


async def progress(request: Request) -> Response:
    """How far one is, for its page to ask again and again."""
    return forms.json(rehearsal_progress(await _rehearsal(request), request.state.now))


async def differences(request: Request) -> Response:
    """One page of the episodes that would have differed, all of them or those of one choice."""
    actor, now, query = request.state.actor, request.state.now, forms.query(request)
    rehearsal = await _rehearsal(request)
    choice, number = _choice(query, rehearsal), forms.page_number(query)
    names = await rehearsals.premises_names(rehearsal.premises)
    total = await rehearsals.count_differences(actor, rehearsal, choice)
    found = await rehearsals.list_differences(actor, rehearsal, choice, number)
    has_unjudged = rehearsal.summary is not None and rehearsal.summary.unjudged > 0
    shown = differences_page(choice, names, found, total, number, PAGE, now, has_unjudged=has_unjudged)
    if number > shown.pages:
        raise NotFound
    request.state.handed_out = {"residents": sorted({each.resident_id for each in found})}
    of = await _shown(request, rehearsal)
    return page(request, "pages/rehearsals/differences.html", rehearsal=of, of=shown)


async def _rehearsal(request: Request) -> Rehearsal:
    return await rehearsals.get_rehearsal(request.state.actor, request.path_params["rehearsal"])


async def _shown(request: Request, rehearsal: Rehearsal) -> RehearsalPage:
    names = await rehearsals.premises_names(rehearsal.premises)
    has_list = await rehearsals.has_list(rehearsal.id)
    draft = await policy_drafts.get_draft(rehearsal.draft_id)
    versions = await policies.list_versions()
    based_on = next(each.policy for each in versions if each.label == draft.based_on)
    changed = changed_by(await rehearsals.get_text(rehearsal.id), based_on)
    return rehearsal_page(rehearsal, draft, changed, names, request.state.now, has_list=has_list)


async def _form(request: Request, typed: Typed, refusal: Refusal | None = None) -> Response:
    if is_spent(refusal):
        typed = msgspec.structs.replace(typed, id=str(uuid4()))
    draft = await policy_drafts.get_draft(request.path_params["draft"])
    asked = await rehearsals.list_rehearsals(request.state.actor, draft.id)
    return page_again(
        request,
        "pages/rehearsals/index.html",
        refusal,
        draft=draft,
        faults=fault_lines(draft),
        typed=typed,
        lines=[rehearsal_line(each, draft.revision, request.state.now) for each in asked],
    )


def _choice(query: Form, rehearsal: Rehearsal) -> Choice:
    """What the address chooses. Raises NotFound for a rung or premises that the rehearsal does not have."""
    then, draft, premises = (query.text("then"), query.text("draft"), query.text("premises"))
    if {then, draft} - {"", *RUNGS} or premises not in ("", *rehearsal.premises):
        raise NotFound
    return Choice(then or None, draft or None, premises or None)


def _midnight(year: str, month: str, day: str) -> datetime | None:
    if any(not (part.isascii() and part.isdigit()) or len(part) > _LONGEST_NUMBER for part in (year, month, day)):
        return None
    try:
        return datetime(int(year), int(month), int(day), tzinfo=ZONE)
    except ValueError:
        return None
